//! What a transfer costs on a metered line, estimated from above the socket.
//!
//! Counted exactly: request line and headers that we set, status line and headers that came, body bytes as they came
//! (still compressed). Added by rule: 45 bytes for the headers `host` and `accept` beside the host's name; 22 bytes of
//! TLS framing for each message and each started 16 KiB;
//! 80 bytes of TCP/IP for each started 1,400 bytes (40 for the segment, 40 for its share of acknowledgements and their
//! options); for a new connection 360 bytes of TCP/IP and DNS and, with TLS, 4,000 of handshake for the first one (most of it is
//! the server's certificates) and 900 for later ones, which resume its session as nearly every server allows.
//! Whether a connection is new follows from what the pool does: one that ended a body and rested under `Limits::rest` is used again.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reqwest::{Response, Url, header::HeaderMap};

use crate::clock::Uptime;

const TCP_CONNECT: u64 = 360;
const TLS_CONNECT: u64 = 4_000;
const TLS_RESUME: u64 = 900;

#[derive(Debug)]
pub(super) struct Wire {
    tls: bool,
    /// How long the pool keeps a connection that rests.
    rest: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    total: u64,
    /// A connection was made before.
    met: bool,
    /// When each resting connection came to rest.
    resting: Vec<Uptime>,
}

impl Wire {
    pub(super) fn new(tls: bool, rest: Duration) -> Self {
        Self { tls, rest, state: Mutex::default() }
    }

    pub(super) fn total(&self) -> u64 {
        self.lock().total
    }

    pub(super) fn request(&self, url: &Url, headers: &HeaderMap, now: Uptime) {
        let host = url.host_str().map_or(0, str::len);
        let line = "GET  HTTP/1.1\r\n\r\n".len() + url.path().len();
        let agent = "user-agent: loaxa/\r\n".len() + env!("CARGO_PKG_VERSION").len();
        let message = (line + agent + host + 45) as u64 + size(headers);
        let mut state = self.lock();
        state.resting.retain(|since| now.0.saturating_sub(since.0) < self.rest);
        if state.resting.pop().is_none() {
            let handshake = if state.met { TLS_RESUME } else { TLS_CONNECT };
            state.total += TCP_CONNECT + if self.tls { handshake } else { 0 };
            state.met = true;
        }
        state.total += self.framed(message);
    }

    pub(super) fn answer(&self, response: &Response) {
        let line = "HTTP/1.1 200 \r\n\r\n".len() as u64
            + response.status().canonical_reason().map_or(0, str::len) as u64;
        let message = line + size(response.headers());
        self.lock().total += self.framed(message);
    }

    pub(super) fn piece(&self, bytes: u64) {
        self.lock().total += self.framed(bytes);
    }

    /// A body was read to its end at `now`: its connection rests.
    pub(super) fn whole(&self, now: Uptime) {
        self.lock().resting.push(now);
    }

    fn framed(&self, bytes: u64) -> u64 {
        let tls = if self.tls { bytes.div_ceil(16_384) * 22 } else { 0 };
        bytes + tls + bytes.div_ceil(1_400) * 80
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(headers: &HeaderMap) -> u64 {
    headers.iter().map(|(name, value)| (name.as_str().len() + value.len() + ": \r\n".len()) as u64).sum()
}
