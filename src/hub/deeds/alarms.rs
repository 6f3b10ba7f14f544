//! Alarms: seen to by somebody. And the systems that are told of them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Doer;
use crate::{
    hub::{
        Fail,
        account::secret,
        db::{
            instant, micros,
            webhooks::{self, Webhook},
        },
        live::News,
        webhook::{self, Kind},
    },
    text::hub_account as acc,
};

/// So many alarms a page.
pub const PAGE: i64 = 100;

/// An alarm.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Alarm {
    /// Its name, hex.
    pub id: String,
    /// When, RFC 3339.
    pub at: String,
    /// `silent`, `back`, `urgent`, `stale`, `log-…`.
    pub kind: String,
    /// Of which station; empty when of none.
    pub station: String,
    /// Where the station belonged.
    pub commune: String,
    /// More.
    pub detail: String,
    /// The login of whoever saw to it; empty while it is open.
    pub seen_by: String,
}

impl From<webhooks::Alarm> for Alarm {
    fn from(a: webhooks::Alarm) -> Self {
        Self {
            id: hex::encode(a.id),
            at: instant(a.at).to_rfc3339(),
            kind: a.kind,
            station: a.station,
            commune: a.commune,
            detail: a.detail,
            seen_by: a.seen_by,
        }
    }
}

/// A webhook to make.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MakeWebhook)]
pub struct Make {
    /// Where it is told: `https://…`.
    pub url: String,
    /// Alarms of this area and below.
    pub area: String,
    /// `silent`, `back`, `urgent`, `log`, `stale`, with spaces between.
    pub kinds: String,
}

/// A webhook.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct Hook {
    /// Its name, hex.
    pub id: String,
    /// Where it is told.
    pub url: String,
    /// Alarms of this area and below.
    pub area: String,
    /// Of which kinds.
    pub kinds: String,
    /// Whether it was closed.
    pub closed: bool,
    /// How many deliveries arrived in the last days.
    pub arrived: i64,
    /// How many wait, or were given up.
    pub open: i64,
}

/// A new webhook's secret. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WebhookSecret)]
pub struct Secret {
    /// The key of HMAC-SHA256, as these 64 letters.
    pub secret: String,
}

/// A place in a list, for the next page: `<microseconds>-<hex>`.
pub fn place(text: Option<&str>) -> (i64, Vec<u8>) {
    let found = text
        .and_then(|t| t.split_once('-'))
        .and_then(|(at, id)| Some((at.parse().ok()?, hex::decode(id).ok()?)));
    found.unwrap_or((i64::MAX, Vec::new()))
}

/// The alarms that the doer sees, newest first, and where the next page begins.
///
/// # Errors
/// The database.
pub async fn list(
    doer: &Doer,
    open: bool,
    before: Option<&str>,
) -> Result<(Vec<Alarm>, Option<String>), Fail> {
    let (at, id) = place(before);
    let all = webhooks::alarms(&doer.hub.db, &doer.person.area, open, (at, &id), PAGE).await?;
    let next = (all.len() as i64 == PAGE).then(|| all.last()).flatten();
    let next = next.map(|last| format!("{}-{}", last.at, hex::encode(&last.id)));
    Ok((all.into_iter().map(Alarm::from).collect(), next))
}

/// The doer sees to an alarm.
///
/// # Errors
/// Not found, or somebody did before.
pub async fn see(doer: &Doer, id: &str) -> Result<(), Fail> {
    let id = hex::decode(id).map_err(|_| Fail::NotFound)?;
    let alarm = webhooks::alarm(&doer.hub.db, &id).await?.ok_or(Fail::NotFound)?;
    doer.sees(&doer.tree().await?, &alarm.commune)?;
    if alarm.seen_at.is_some() {
        return Err(Fail::Refused(acc::alarm_seen_already(&alarm.seen_by)));
    }
    doer.note("alarm-seen", format!("{} {}", alarm.kind, alarm.station)).await?;
    webhooks::see(&doer.hub.db, &id, &doer.person.login, micros(doer.now())).await?;
    doer.hub.live.tell(News::Alarm);
    Ok(())
}

/// The webhooks of the doer's area and below.
///
/// # Errors
/// The database.
pub async fn hooks(doer: &Doer) -> Result<Vec<Hook>, Fail> {
    let tree = doer.tree().await?;
    let went = webhooks::went(&doer.hub.db).await?;
    let all = webhooks::all(&doer.hub.db).await?.into_iter().filter(|h| doer.sees(&tree, &h.area).is_ok());
    let shown = |h: Webhook| {
        let went = went.iter().find(|w| w.webhook == h.id).cloned().unwrap_or_default();
        Hook {
            id: hex::encode(h.id),
            url: h.url,
            area: h.area,
            kinds: h.kinds,
            closed: h.closed_at.is_some(),
            arrived: went.arrived,
            open: went.open,
        }
    };
    Ok(all.map(shown).collect())
}

/// Makes a webhook.
///
/// # Errors
/// Refused: address, area or kinds are wrong.
pub async fn make(doer: &Doer, make: Make) -> Result<Secret, Fail> {
    let tree = doer.tree().await?;
    let url = webhook::address(&make.url, doer.hub.config.private_webhooks)
        .ok_or_else(|| Fail::Refused(acc::webhook_url_rule()))?;
    doer.sees(&tree, &make.area).map_err(|_| Fail::Refused(acc::choose_area()))?;
    let kinds: Option<Vec<_>> = make.kinds.split_whitespace().map(Kind::parse).collect();
    let kinds = kinds.filter(|k| !k.is_empty()).ok_or_else(|| Fail::Refused(acc::choose_kinds()))?;
    let (secret, _) = secret::new()?;
    let hook = Webhook {
        id: secret::random::<16>()?.to_vec(),
        url: url.into(),
        area: make.area,
        kinds: kinds.into_iter().map(Kind::word).collect::<Vec<_>>().join(" "),
        secret: secret.as_bytes().to_vec(),
        made_at: micros(doer.now()),
        closed_at: None,
    };
    doer.note("webhook-made", format!("{} {}", hook.url, hook.kinds)).await?;
    webhooks::make(&doer.hub.db, &hook).await?;
    Ok(Secret { secret })
}

/// Closes a webhook.
///
/// # Errors
/// Not found.
pub async fn close(doer: &Doer, id: &str) -> Result<(), Fail> {
    let id = hex::decode(id).map_err(|_| Fail::NotFound)?;
    let tree = doer.tree().await?;
    let hook = webhooks::all(&doer.hub.db).await?.into_iter().find(|h| h.id == id && h.closed_at.is_none());
    let hook = hook.filter(|h| doer.sees(&tree, &h.area).is_ok()).ok_or(Fail::NotFound)?;
    doer.note("webhook-closed", &hook.url).await?;
    webhooks::close(&doer.hub.db, &id, micros(doer.now())).await?;
    Ok(())
}
