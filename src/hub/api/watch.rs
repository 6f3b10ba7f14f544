//! Overview, alarms, webhooks.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::accounts::{Done, done};
use crate::hub::{
    Fail, Reply,
    deeds::{Doer, alarms, overview},
    extract::{Asked, Body, Named},
    routes::{Route, get, post},
    rule::{Role, Rule},
};

const ADMIN: Rule = Rule::Only(&[Role::Admin]);

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    vec![
        get("/api/overview", Rule::Anyone, seen)
            .says("Communes by state, the worst first")
            .gives::<overview::Overview>(),
        get("/api/alarms", Rule::Anyone, list)
            .says("Alarms, the newest first")
            .asks::<AlarmQuery>()
            .gives::<AlarmPage>(),
        post("/api/alarms/{alarm}/seen", OFFICE, see).says("See to an alarm").gives::<Done>(),
        get("/api/webhooks", ADMIN, hooks).says("Webhooks").gives::<Vec<alarms::Hook>>(),
        post("/api/webhooks", ADMIN, make)
            .says("Make a webhook")
            .takes::<alarms::Make>()
            .gives::<alarms::Secret>(),
        post("/api/webhooks/{webhook}/close", ADMIN, close).says("Close a webhook").gives::<Done>(),
    ]
}

/// Who sees to alarms.
const OFFICE: Rule = Rule::Only(&[Role::Admin, Role::Area, Role::Inspector, Role::Operator]);

async fn seen(doer: Doer) -> Result<Json<overview::Overview>, Fail> {
    Ok(Json(overview::look(&doer.hub, &doer.person.area).await?))
}

/// Which alarms.
#[derive(Deserialize, IntoParams)]
struct AlarmQuery {
    /// Only those that nobody has seen to.
    open: Option<bool>,
    /// `next` of the page before.
    before: Option<String>,
}

/// A page of alarms.
#[derive(Serialize, ToSchema)]
struct AlarmPage {
    alarms: Vec<alarms::Alarm>,
    /// Where the next page begins; none: this is the last.
    next: Option<String>,
}

async fn list(doer: Doer, Asked(q): Asked<AlarmQuery>) -> Result<Json<AlarmPage>, Fail> {
    let (alarms, next) = alarms::list(&doer, q.open.unwrap_or(false), q.before.as_deref()).await?;
    Ok(Json(AlarmPage { alarms, next }))
}

async fn see(doer: Doer, Named(id): Named<String>) -> Reply {
    alarms::see(&doer, &id).await?;
    done()
}

async fn hooks(doer: Doer) -> Result<Json<Vec<alarms::Hook>>, Fail> {
    Ok(Json(alarms::hooks(&doer).await?))
}

async fn make(doer: Doer, Body(make): Body<alarms::Make>) -> Result<Json<alarms::Secret>, Fail> {
    Ok(Json(alarms::make(&doer, make).await?))
}

async fn close(doer: Doer, Named(id): Named<String>) -> Reply {
    alarms::close(&doer, &id).await?;
    done()
}
