//! systemd-timedated over D-Bus (org.freedesktop.timedate1): was the clock synchronised; set it.

use chrono::{DateTime, Utc};

const SERVICE: &str = "org.freedesktop.timedate1";
const PATH: &str = "/org/freedesktop/timedate1";

/// Whether the kernel says that the clock is synchronised now.
///
/// # Errors
/// No bus, no such service, or it does not answer.
pub async fn is_synchronised() -> zbus::Result<bool> {
    let bus = zbus::Connection::system().await?;
    zbus::Proxy::new(&bus, SERVICE, PATH, SERVICE).await?.get_property("NTPSynchronized").await
}

/// Sets the wall clock and the battery clock.
///
/// # Errors
/// No permission; automatic synchronisation is on; no such service.
pub async fn set(to: DateTime<Utc>) -> zbus::Result<()> {
    let bus = zbus::Connection::system().await?;
    let proxy = zbus::Proxy::new(&bus, SERVICE, PATH, SERVICE).await?;
    let (usec, relative, interactive) = (to.timestamp_micros(), false, false);
    proxy.call("SetTime", &(usec, relative, interactive)).await
}
