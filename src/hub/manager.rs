//! What the service manager is told: sd_notify(3). Ready once requests are answered; then, three times as often as its
//! watchdog wants, that the hub still answers: the question is put to the database, without which nothing is answered.

use std::time::Duration;

use sd_notify::NotifyState;

use super::{Hub, db::areas};

/// Told so often without a watchdog.
const USUAL: Duration = Duration::from_secs(30);

/// Goes on until it is dropped.
pub async fn keep(hub: Hub) {
    tell(&[NotifyState::Ready, NotifyState::Status(&hub.config.address())]);
    let every = sd_notify::watchdog_enabled().map_or(USUAL, |limit| USUAL.min(limit / 3));
    loop {
        hub.clock.sleep(every).await;
        match areas::tree(&hub.db).await {
            Ok(_) => tell(&[NotifyState::Watchdog]),
            Err(error) => tracing::error!(%error, "the database does not answer"),
        }
    }
}

/// The hub is ending.
pub fn stopping() {
    tell(&[NotifyState::Stopping]);
}

/// A datagram that does not wait: the manager's socket takes it or not.
fn tell(news: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(news) {
        tracing::debug!(%error, "the service manager was not told");
    }
}
