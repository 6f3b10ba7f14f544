//! All that decides what one station owes.
