//! What a person may see: the own area and what is below, with communes that became part of one of these.

use std::collections::BTreeSet;

use crate::{
    hub::{
        Fail, Hub,
        db::{
            areas::{self, Area, Tree},
            inspect::{self, Cut, Station},
        },
        who::Person,
    },
    text::{Lang, hub_inspect as words},
};

/// The tree, seen from a person's area.
pub struct Scope {
    /// The whole tree.
    pub tree: Tree,
    /// The person's area.
    pub top: String,
    seen: BTreeSet<String>,
}

/// One choice of a form.
pub struct Choice {
    /// The value.
    pub value: String,
    /// What people read.
    pub title: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Scope {
    /// What `person` sees now.
    pub async fn of(hub: &Hub, person: &Person) -> Result<Self, Fail> {
        Ok(Self::new(areas::tree(&hub.db).await?, &person.area))
    }

    fn new(tree: Tree, top: &str) -> Self {
        let seen = with_merged(&tree, top);
        Self { tree, top: top.to_owned(), seen }
    }

    /// The area asked for, the person's own by default; one that is not the person's to see does not exist.
    pub fn area(&self, asked: Option<&str>) -> Result<&Area, Fail> {
        let id = asked.unwrap_or(&self.top);
        self.tree.get(id).filter(|_| self.sees(id)).ok_or(Fail::NotFound)
    }

    /// Whether records of this commune are this person's to see.
    pub fn sees(&self, commune: &str) -> bool {
        self.seen.contains(commune)
    }

    /// What lies in `area`; none when that is everything there is.
    pub fn inside(&self, area: &str) -> Option<Vec<String>> {
        let inside = with_merged(&self.tree, area);
        (inside.len() < self.tree.all().count()).then(|| inside.into_iter().collect())
    }

    /// Records of `area`.
    pub fn cut(&self, area: &str, now: bool) -> Cut {
        Cut { now, communes: self.inside(area) }
    }

    /// The communes in `area` that are not part of another one.
    pub fn communes(&self, area: &str) -> BTreeSet<String> {
        let within =
            |a: &&Area| a.kind == "commune" && a.merged_into.is_none() && self.tree.is_within(&a.id, area);
        self.tree.all().filter(within).map(|a| a.id.clone()).collect()
    }

    /// A station that is in sight now; others do not exist.
    pub async fn station(&self, hub: &Hub, id: &str) -> Result<Station, Fail> {
        let station = inspect::station(&hub.db, id).await?;
        station.filter(|s| self.sees(&s.commune)).ok_or(Fail::NotFound)
    }

    /// The areas to choose from, from the top down, each under the one above.
    pub fn choices(&self, chosen: &str, lang: Lang) -> Vec<Choice> {
        let mut out = Vec::new();
        self.list(&self.top, 0, chosen, lang, &mut out);
        let listed: BTreeSet<String> = out.iter().map(|c| c.value.clone()).collect();
        for id in self.seen.iter().filter(|id| !listed.contains(*id)) {
            out.push(self.choice(id, 1, chosen, lang));
        }
        out
    }

    fn list(&self, id: &str, depth: usize, chosen: &str, lang: Lang, out: &mut Vec<Choice>) {
        if depth > 16 {
            return;
        }
        out.push(self.choice(id, depth, chosen, lang));
        let mut children: Vec<_> = self.tree.children(id).collect();
        children.sort_by_key(|area| super::figures::order(&area.title));
        for child in children {
            self.list(&child.id, depth + 1, chosen, lang, out);
        }
    }

    fn choice(&self, id: &str, depth: usize, chosen: &str, lang: Lang) -> Choice {
        let title = self.title(id, lang);
        let title = format!("{}{title}", "\u{2003}".repeat(depth));
        Choice { value: id.to_owned(), title, chosen: id == chosen }
    }

    /// The name of an area, and that it is part of another one.
    pub fn title(&self, id: &str, lang: Lang) -> String {
        match self.tree.get(id) {
            Some(area) if area.merged_into.is_some() => words::merged(&area.title).to(lang).to_owned(),
            _ => self.tree.title(id).to_owned(),
        }
    }
}

fn with_merged(tree: &Tree, top: &str) -> BTreeSet<String> {
    let mut inside: BTreeSet<String> = tree.below(top).into_iter().map(str::to_owned).collect();
    loop {
        let joins = |a: &&Area| {
            !inside.contains(&a.id) && a.merged_into.as_ref().is_some_and(|into| inside.contains(into))
        };
        let more: Vec<String> = tree.all().filter(joins).map(|a| a.id.clone()).collect();
        if more.is_empty() {
            return inside;
        }
        for id in more {
            inside.extend(tree.below(&id).into_iter().map(str::to_owned));
        }
    }
}
