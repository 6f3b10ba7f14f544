//! The pages that stand in the frame of every page, those that the person may see. A page's rule is the table's, so that the
//! menu never offers what is refused.

use std::sync::OnceLock;

use axum::http::Method;

use crate::{
    hub::{
        routes,
        rule::{self, Asker, Role, Rule},
    },
    text::{Text, hub_account as acc},
};

/// A path, and what people call it.
type Page = (&'static str, fn() -> Text);

/// All that may stand there, in order. A path that is not in the table is left out.
const PAGES: &[Page] = &[
    ("/overview", acc::menu_overview),
    ("/alarms", acc::menu_alarms),
    ("/stations", acc::menu_stations),
    ("/areas", acc::menu_areas),
    ("/office", acc::menu_office),
    ("/accounts", acc::menu_accounts),
    ("/webhooks", acc::menu_webhooks),
    ("/audit", acc::menu_audit),
    ("/me", acc::menu_me),
];

/// One of them.
pub struct Entry {
    /// Where.
    pub path: &'static str,
    /// What people call it.
    pub title: Text,
    /// Whether it is the page that is shown.
    pub here: bool,
}

/// The menu of `role` on the page `here`.
pub fn of(role: Role, here: &str) -> Vec<Entry> {
    static RULES: OnceLock<Vec<(&'static str, Rule)>> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let pages = routes::all().into_iter().filter(|route| route.method == Method::GET);
        pages.map(|route| (route.path, route.rule)).collect()
    });
    let may = |path| rules.iter().any(|r| r.0 == path && rule::allows(r.1, Asker::Account(role)));
    let shown = PAGES.iter().filter(|page| may(page.0));
    shown.map(|(path, title)| Entry { path, title: title(), here: here == *path }).collect()
}

/// Spaces that show how deep an area lies in a list.
pub fn indent(depth: &usize) -> String {
    "\u{a0}\u{a0}\u{a0}".repeat(*depth)
}
