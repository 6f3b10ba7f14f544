//! What a station owes in a span of time.
/// Sound after a shorter pause belongs to the same session.
pub const SESSION_PAUSE: chrono::TimeDelta = chrono::TimeDelta::minutes(5);
