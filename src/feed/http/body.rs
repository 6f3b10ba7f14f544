//! The body of one answer, given up when it stalls or crawls.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::Response;

use super::{Limits, reason, silent, wire::Wire};
use crate::{
    clock::{Clock, Uptime},
    feed::{audio::Body, source::FetchError},
    text,
};

pub(super) struct HttpBody {
    name: String,
    response: Response,
    clock: Arc<dyn Clock>,
    limits: Limits,
    wire: Arc<Wire>,
    window: Window,
}

/// Bytes that came since `began`.
struct Window {
    began: Uptime,
    bytes: u64,
}

impl HttpBody {
    pub(super) fn new(
        name: &str,
        response: Response,
        clock: Arc<dyn Clock>,
        limits: Limits,
        wire: Arc<Wire>,
    ) -> Self {
        let window = Window { began: clock.now().up, bytes: 0 };
        Self { name: name.to_owned(), response, clock, limits, wire, window }
    }

    /// Whether a window has passed in which fewer bytes came than `min_rate` wants.
    fn crawls(&mut self, bytes: u64) -> bool {
        self.window.bytes += bytes;
        let now = self.clock.now().up;
        let passed: Duration = now.0.saturating_sub(self.window.began.0);
        if passed < self.limits.window {
            return false;
        }
        let slow = (self.window.bytes as f64) < self.limits.min_rate as f64 * passed.as_secs_f64();
        self.window = Window { began: now, bytes: 0 };
        slow
    }
}

#[async_trait]
impl Body for HttpBody {
    async fn next(&mut self) -> Result<Option<Bytes>, FetchError> {
        let piece = tokio::select! {
            piece = self.response.chunk() => piece,
            () = self.clock.sleep(self.limits.idle) => return Err(silent(&self.name, self.limits.idle)),
        };
        let piece = piece.map_err(|e| FetchError::Broken(text::sync::cut(self.name.as_str(), reason(e))))?;
        let Some(piece) = piece else {
            self.wire.whole(self.clock.now().up);
            return Ok(None);
        };
        self.wire.piece(piece.len() as u64);
        if self.crawls(piece.len() as u64) {
            let rate = self.limits.min_rate;
            return Err(FetchError::Broken(text::sync::too_slow(self.name.as_str(), rate)));
        }
        Ok(Some(piece))
    }
}
