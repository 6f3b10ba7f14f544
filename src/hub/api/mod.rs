//! What pages do, as JSON for programs: a token (`Authorization: Bearer …`) or a session, the same rules, the same deeds.
//! `describe` makes the OpenAPI description out of the table of routes, so it cannot tell of another API than there is.

mod accounts;
pub mod describe;
mod places;
mod watch;

use super::routes::Route;

/// The routes of the API.
pub fn routes() -> Vec<Route> {
    [describe::routes(), accounts::routes(), places::routes(), watch::routes()]
        .into_iter()
        .flatten()
        .collect()
}
