//! What an office asks of the hub under `/api/feed/`. Who may do what with which role, `may` says.

use axum::{
    Json,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing,
};

use super::{contents, drafts, drafts::Books, first, may, publish};
use crate::{
    digest::Digest,
    feed::trust::limits,
    hub::{
        Fail, Hub, Reply, audit,
        routes::{Route, get, post},
        rule::Rule,
        who::{Address, Person},
    },
    office::handover::{CONTENT_MAX, Done, Order, State as Told, Versions},
    text::hub_feed as say,
};

const OFFICES: Rule = Rule::Only(may::ROLES);

/// The routes of this file.
pub fn routes() -> Vec<Route> {
    let put = |path, handler| Route { method: Method::PUT, path, rule: OFFICES, handler, doc: None };
    let draft = routing::put(take_draft).layer(DefaultBodyLimit::max(limits::TARGETS_MAX as usize));
    vec![
        get("/api/feed/state", OFFICES, state)
            .says("What is published, and what waits with which signatures"),
        get("/api/feed/draft/{role}", OFFICES, give_draft).says("The draft of a role"),
        put("/api/feed/draft/{role}", draft).says("Hands over a signed draft; signatures are united"),
        get("/api/feed/content/{sha256}", OFFICES, give_content).says("A content by its hash"),
        put("/api/feed/content/{sha256}", routing::put(take_content))
            .says("Hands over a content; it must hash to its name"),
        post("/api/feed/publish", OFFICES, publish_now)
            .says("Publishes what has its signatures and passes the gates"),
        post("/api/feed/renew", Rule::Only(&[crate::hub::rule::Role::Admin]), renew_now)
            .says("Signs snapshot and timestamp anew"),
    ]
}

async fn state(State(hub): State<Hub>, person: Person) -> Reply {
    let trouble = hub.feed.trouble();
    let told = super::glance(&hub, move |office| {
        let books = Books::open(office)?;
        let mut told = Told {
            published: books.published.as_ref().map(Versions::of),
            drafts: Default::default(),
            contents: Vec::new(),
            may: Vec::new(),
            keys: Default::default(),
            trouble,
        };
        for role in books.roles() {
            if may::read(&person, &role)
                && let Some((waiting, here)) = books.waiting(office, &role)?
            {
                told.drafts.insert(role.clone(), waiting);
                told.contents.extend(here);
            }
            if may::write(&person, &role) {
                told.may.push(role);
            }
        }
        told.contents.sort();
        told.contents.dedup();
        told.keys = first::public_keys(office)?.into_iter().map(|(r, _, key)| (r.to_owned(), key)).collect();
        Ok(told)
    });
    Ok(Json(told.await?).into_response())
}

async fn give_draft(State(hub): State<Hub>, person: Person, Path(role): Path<String>) -> Reply {
    if !may::read(&person, &role) {
        return Err(Fail::Forbidden);
    }
    let found = super::glance(&hub, move |office| {
        let books = Books::open(office)?;
        let is = match role.as_str() {
            "root" => books.drafts.root.is_some(),
            _ => books.drafts.roles.contains_key(&role),
        };
        if is { drafts::bytes(office, &role).map(Some) } else { Ok(None) }
    });
    let bytes = found.await?.ok_or(Fail::NotFound)?;
    let tag = tag(&Digest::of(&bytes))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json")), (header::ETAG, tag)], bytes)
        .into_response())
}

async fn take_draft(
    State(hub): State<Hub>,
    person: Person,
    from: Address,
    Path(role): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    if !may::write(&person, &role) {
        return Err(Fail::Forbidden);
    }
    let seen = headers.get(header::IF_MATCH).and_then(|v| v.to_str().ok()?.trim_matches('"').parse().ok());
    let named = role.clone();
    let waiting = super::at_desk(&hub, move |office| drafts::take(office, &named, &body, seen)).await?;
    audit::note(&hub, &person, &from, "feed-draft", &format!("{role} {}", waiting.version)).await?;
    Ok(Json(waiting).into_response())
}

async fn give_content(State(hub): State<Hub>, person: Person, Path(sha256): Path<String>) -> Reply {
    let sha256 = digest(&sha256)?;
    let bytes = contents::give(&hub, &person, sha256).await?.ok_or(Fail::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

async fn take_content(
    State(hub): State<Hub>,
    person: Person,
    from: Address,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Reply {
    let sha256 = digest(&sha256)?;
    let said = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|n| n > CONTENT_MAX) {
        return Err(Fail::Refused(say::too_large(CONTENT_MAX >> 20)));
    }
    let new = contents::take(&hub, &person, sha256, body).await?;
    if new {
        audit::note(&hub, &person, &from, "feed-content", &sha256.to_string()).await?;
    }
    Ok(if new { StatusCode::CREATED } else { StatusCode::NO_CONTENT }.into_response())
}

async fn publish_now(
    State(hub): State<Hub>,
    person: Person,
    from: Address,
    order: Option<Json<Order>>,
) -> Reply {
    let order = order.map(|Json(order)| order).unwrap_or_default();
    if order.only.iter().flatten().any(|role| !may::write(&person, role)) {
        return Err(Fail::Forbidden);
    }
    let what = order.only.as_ref().map_or_else(|| "*".to_owned(), |roles| roles.join(" "));
    audit::note(&hub, &person, &from, "feed-publish", &what).await?;
    let done = publish::publish(&hub, order.only).await?;
    tracing::info!(login = %person.login, feed.timestamp = done.timestamp, "{what} was published");
    Ok(Json(Done::from(done)).into_response())
}

async fn renew_now(State(hub): State<Hub>, person: Person, from: Address) -> Result<Response, Fail> {
    audit::note(&hub, &person, &from, "feed-renew", "").await?;
    let done = publish::renew(&hub).await?;
    let told = serde_json::json!({
        "timestamp": done.timestamp, "snapshot": done.snapshot, "warnings": done.warnings,
    });
    Ok(Json(told).into_response())
}

fn digest(text: &str) -> Result<Digest, Fail> {
    text.parse().map_err(|_| Fail::NotFound)
}

fn tag(sha256: &Digest) -> Result<HeaderValue, Fail> {
    HeaderValue::from_str(&format!("\"{sha256}\"")).map_err(Fail::machine)
}
