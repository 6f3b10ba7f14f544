//! Bodies of requests, within bounds of length and time.

use std::time::Duration;

use axum::{body::Body, http::HeaderMap};
use futures_util::StreamExt;

use crate::hub::{Fail, Hub};

/// Whoever sends may think for so long.
const GRACE: Duration = Duration::from_secs(15);
/// And sends at least so many bytes a second after that, on the average.
const RATE: u64 = 1024;

/// Reads a body of at most `longest` bytes. One that says it is longer is refused before a byte of it is read.
///
/// # Errors
/// Too long, too slow, or the line broke.
pub(super) async fn read(
    hub: &Hub,
    headers: &HeaderMap,
    body: Body,
    longest: usize,
) -> Result<Vec<u8>, Fail> {
    let length =
        headers.get("content-length").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<u64>().ok());
    if length.is_some_and(|length| length > longest as u64) {
        return Err(Fail::TooLong);
    }
    let start = hub.clock.now().up.0;
    let mut bytes = Vec::new();
    let mut pieces = body.into_data_stream();
    loop {
        let left = (start + allowed(bytes.len())).saturating_sub(hub.clock.now().up.0);
        let piece = tokio::select! {
            piece = pieces.next() => piece,
            () = hub.clock.sleep(left) => return Err(Fail::TooSlow),
        };
        let Some(piece) = piece else { return Ok(bytes) };
        // The station sees the same broken line, and sends again.
        let piece = piece.map_err(|_| Fail::TooSlow)?;
        if bytes.len() + piece.len() > longest {
            return Err(Fail::TooLong);
        }
        bytes.extend_from_slice(&piece);
    }
}

/// How long so many bytes may take.
fn allowed(bytes: usize) -> Duration {
    GRACE + Duration::from_millis(bytes as u64 * 1000 / RATE)
}
