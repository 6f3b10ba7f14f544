//! systemd-timedated over D-Bus (org.freedesktop.timedate1): was the clock synchronised; set it.

use std::{future::Future, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{sync::mpsc, task::JoinHandle};

use crate::clock::{Clock, Uptime};

const SERVICE: &str = "org.freedesktop.timedate1";
const PATH: &str = "/org/freedesktop/timedate1";
/// What timedated says to SetTime while a network time service runs.
const AUTOMATIC: &str = "org.freedesktop.timedate1.AutomaticTimeSyncEnabled";

/// It is asked so often until the clock is synchronised.
const ASK: Duration = Duration::from_secs(5);
/// A bus or a service that takes longer does not answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// A time service that is told to stop does so within this.
const STOPPING: Duration = Duration::from_secs(5);
/// A time service that starts may set the clock to what it remembers; by then it has.
const STARTING: Duration = Duration::from_secs(3);
/// A clock that was set and left alone is not further away than this.
const KEPT: TimeDelta = TimeDelta::seconds(30);

/// What systemd says of the clock: it is synchronised or not; or why it does not say.
pub type Said = Result<bool, String>;

/// Asks until the clock is synchronised, in a task of its own, so that a bus that hangs holds nobody up; tells when the
/// answer changes.
pub fn watch(clock: Arc<dyn Clock>, tell: mpsc::UnboundedSender<Said>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut told = None;
        loop {
            let said = within(&*clock, is_synchronised()).await.map_err(|e| e.to_string());
            let synchronised = said == Ok(true);
            if told.as_ref() != Some(&said) {
                told = Some(said.clone());
                if tell.send(said).is_err() {
                    return;
                }
            }
            if synchronised {
                return;
            }
            clock.sleep(ASK).await;
        }
    })
}

/// `asking`, unless it takes too long.
async fn within<T>(clock: &dyn Clock, asking: impl Future<Output = zbus::Result<T>>) -> zbus::Result<T> {
    tokio::select! {
        answer = asking => answer,
        () = clock.sleep(PATIENCE) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
    }
}

async fn proxy() -> zbus::Result<zbus::Proxy<'static>> {
    let bus = zbus::Connection::system().await?;
    // The state of the clock changes without a signal: nothing is to be remembered.
    let proxy = zbus::proxy::Builder::new(&bus).destination(SERVICE).path(PATH).interface(SERVICE);
    proxy.cache_properties(zbus::proxy::CacheProperties::No).build().await
}

/// Whether the kernel says that the clock is synchronised now.
///
/// # Errors
/// No bus, no such service, or it does not answer.
pub async fn is_synchronised() -> zbus::Result<bool> {
    proxy().await?.get_property("NTPSynchronized").await
}

/// How setting the clock left the network time service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// As it was.
    AsItWas,
    /// Off: it put the clock back to a wrong time that it remembered.
    Off,
}

/// Sets the wall clock and the battery clock to what a person says is right at this moment. A network time service that
/// runs refuses this, with or without a network; so it is stopped meanwhile.
///
/// # Errors
/// No permission; no bus or no such service; or it does not answer.
pub async fn set(clock: &dyn Clock, to: DateTime<Utc>) -> zbus::Result<Left> {
    within(clock, proxy()).await.map(drop)?;
    let proxy = proxy().await?;
    let began = clock.now().up;
    match set_time(clock, &proxy, to, began).await {
        Err(e) if is_automatic(&e) => {}
        other => return other.map(|()| Left::AsItWas),
    }
    set_ntp(clock, &proxy, false).await?;
    let done = set_once_stopped(clock, &proxy, to, began).await;
    // Whatever came of it: the next network must find the service running.
    let started = set_ntp(clock, &proxy, true).await;
    done.and(started)?;
    clock.sleep(STARTING).await;
    if (clock.now().wall - at(clock, to, began)).abs() <= KEPT || is_synchronised().await? {
        return Ok(Left::AsItWas);
    }
    set_ntp(clock, &proxy, false).await?;
    set_once_stopped(clock, &proxy, to, began).await?;
    Ok(Left::Off)
}

/// What the clock must show now, if it had to show `to` at `began`.
fn at(clock: &dyn Clock, to: DateTime<Utc>, began: Uptime) -> DateTime<Utc> {
    to + TimeDelta::from_std(clock.now().up.0.saturating_sub(began.0)).unwrap_or_default()
}

async fn set_time(
    clock: &dyn Clock,
    proxy: &zbus::Proxy<'_>,
    to: DateTime<Utc>,
    began: Uptime,
) -> zbus::Result<()> {
    let (relative, interactive) = (false, false);
    let time = (at(clock, to, began).timestamp_micros(), relative, interactive);
    within(clock, proxy.call("SetTime", &time)).await
}

/// A service that was told to stop still runs for a moment.
async fn set_once_stopped(
    clock: &dyn Clock,
    proxy: &zbus::Proxy<'_>,
    to: DateTime<Utc>,
    began: Uptime,
) -> zbus::Result<()> {
    let end = clock.now().up.0 + STOPPING;
    loop {
        match set_time(clock, proxy, to, began).await {
            Err(e) if is_automatic(&e) && clock.now().up.0 < end => clock.sleep(STOPPING / 25).await,
            other => return other,
        }
    }
}

async fn set_ntp(clock: &dyn Clock, proxy: &zbus::Proxy<'_>, on: bool) -> zbus::Result<()> {
    let interactive = false;
    within(clock, proxy.call("SetNTP", &(on, interactive))).await
}

fn is_automatic(error: &zbus::Error) -> bool {
    matches!(error, zbus::Error::MethodError(name, ..) if name.as_str() == AUTOMATIC)
}
