//! What people did, for admins.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Doer, alarms::place, day};
use crate::{
    hub::{
        Fail,
        db::{
            audit::{self, Filter},
            instant,
        },
    },
    text::hub_account as acc,
};

/// So many a page.
const PAGE: i64 = 100;

/// What is asked.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Whose deeds.
    pub login: Option<String>,
    /// Which.
    pub what: Option<String>,
    /// From this day, included.
    pub from: Option<String>,
    /// To this day, included.
    pub to: Option<String>,
    /// `next` of the page before.
    pub before: Option<String>,
}

/// A page of deeds.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditPage)]
pub struct Page {
    /// The newest first.
    pub deeds: Vec<Deed>,
    /// Where the next page begins; none: this is the last.
    pub next: Option<String>,
}

/// A deed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Deed {
    /// When, RFC 3339.
    pub at: String,
    /// Who.
    pub login: String,
    /// From which address.
    pub address: String,
    /// Area of the account.
    pub area: String,
    /// A word.
    pub what: String,
    /// On what.
    pub detail: String,
}

fn parse(text: Option<&String>) -> Result<Option<NaiveDate>, Fail> {
    let text = text.map(|t| t.trim()).filter(|t| !t.is_empty());
    text.map(|t| t.parse().map_err(|_| Fail::Refused(acc::day_rule(t)))).transpose()
}

/// The deeds in the doer's area, newest first.
///
/// # Errors
/// Refused: a day cannot be read.
pub async fn list(doer: &Doer, asked: &Asked) -> Result<Page, Fail> {
    let from = parse(asked.from.as_ref())?.map_or(0, day::begins);
    let to = parse(asked.to.as_ref())?.and_then(|d| d.succ_opt()).map_or(i64::MAX, day::begins);
    let text = |t: &Option<String>| t.as_deref().unwrap_or_default().trim().to_owned();
    let filter = Filter { login: text(&asked.login), what: text(&asked.what), from, to };
    let (at, id) = place(asked.before.as_deref());
    let rows = audit::page(&doer.hub.db, &doer.person.area, &filter, (at, &id), PAGE).await?;
    let last = (rows.len() as i64 == PAGE).then(|| rows.last()).flatten();
    let next = last.map(|row| format!("{}-{}", row.deed.at, hex::encode(&row.id)));
    let shown = |row: audit::Row| {
        let d = row.deed;
        let at = instant(d.at).to_rfc3339();
        Deed { at, login: d.login, address: d.address, area: d.area, what: d.what, detail: d.detail }
    };
    Ok(Page { deeds: rows.into_iter().map(shown).collect(), next })
}
