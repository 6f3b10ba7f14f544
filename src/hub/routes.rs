//! Everything that can be asked, in one table: method, path, rule, handler. The router is made from it, and so is the
//! test that tries every role on every route: what is not in the table does not exist.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, Method, header},
    middleware,
    routing::{self, MethodRouter},
};
use tower_http::{csrf::CsrfLayer, set_header::SetResponseHeaderLayer};

use super::{
    Hub,
    api::{self, describe::Doc},
    fail, feed, metrics, pages,
    rule::Rule,
    station, who,
};

/// The longest body, unless a route says otherwise.
const BODY: usize = 1 << 20;
/// Nothing is loaded, run, framed or sent elsewhere than here; no inline script or style.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// One line of the table.
pub struct Route {
    /// How.
    pub method: Method,
    /// Where, with `{names}`.
    pub path: &'static str,
    /// Who may.
    pub rule: Rule,
    /// What answers.
    pub handler: MethodRouter<Hub>,
    /// What the API's description says of it; see `api::describe`.
    pub doc: Option<Box<Doc>>,
}

/// `GET`.
pub fn get<H, T>(path: &'static str, rule: Rule, handler: H) -> Route
where
    H: axum::handler::Handler<T, Hub>,
    T: 'static,
{
    Route { method: Method::GET, path, rule, handler: routing::get(handler), doc: None }
}

/// `POST`.
pub fn post<H, T>(path: &'static str, rule: Rule, handler: H) -> Route
where
    H: axum::handler::Handler<T, Hub>,
    T: 'static,
{
    Route { method: Method::POST, path, rule, handler: routing::post(handler), doc: None }
}

/// The table, a part a room.
pub fn all() -> Vec<Route> {
    let rooms = [pages::routes(), api::routes(), metrics::routes(), feed::routes(), station::routes()];
    rooms.into_iter().flatten().collect()
}

/// The router of the table.
pub fn router(hub: &Hub) -> Router {
    let mut router = Router::new();
    for route in all() {
        let gate = middleware::from_fn_with_state((hub.clone(), route.rule), who::gate);
        router = router.route(route.path, route.handler.layer(gate));
    }
    let fixed = |name, value| SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value));
    router
        .fallback(|| async { fail::Fail::NotFound })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(CsrfLayer::new())
        .layer(middleware::from_fn_with_state(hub.clone(), fail::render))
        .layer(fixed(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .with_state(hub.clone())
}
