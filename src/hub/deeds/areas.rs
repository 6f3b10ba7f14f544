//! The tree of areas, as an admin keeps it. Nothing here touches a record: what aired in a commune aired there.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Doer, words};
use crate::{
    hub::{
        Fail,
        db::{
            areas::{self, Area, Tree},
            micros,
        },
    },
    ids::AreaId,
    text::hub_account as acc,
};

/// An area to add.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = AddArea)]
pub struct Add {
    /// Its id for ever: a-z, 0-9 and inner hyphens. An office's schedule carries it.
    pub id: String,
    /// As people call it.
    pub title: String,
    /// The area above.
    pub parent: String,
    /// `area` or `commune`.
    pub kind: String,
}

/// Another name.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RenameArea)]
pub struct Rename {
    /// As people call it.
    pub title: String,
}

/// Another place in the tree.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MoveArea)]
pub struct Move {
    /// The area above.
    pub parent: String,
}

/// A merger of communes.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = MergeArea)]
pub struct Merge {
    /// The commune that goes on.
    pub into: String,
}

/// An area.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Area)]
pub struct Shown {
    /// Its id.
    pub id: String,
    /// As people call it.
    pub title: String,
    /// The area above; none at the top.
    pub parent: Option<String>,
    /// `province`, `area` or `commune`.
    pub kind: String,
    /// The commune that it is part of now.
    pub merged_into: Option<String>,
}

impl From<&Area> for Shown {
    fn from(a: &Area) -> Self {
        let a = a.clone();
        Self { id: a.id, title: a.title, parent: a.parent, kind: a.kind, merged_into: a.merged_into }
    }
}

/// The doer's area and what is below, each after the one above, with its depth from 0.
pub fn in_order<'a>(tree: &'a Tree, top: &'a str) -> Vec<(usize, &'a Area)> {
    let mut out = Vec::new();
    let mut next = vec![(0, top)];
    while let Some((depth, id)) = next.pop() {
        // A circle, which moving refuses, must not hang a page.
        if depth > tree.all().count() {
            break;
        }
        out.extend(tree.get(id).map(|area| (depth, area)));
        let mut below: Vec<_> = tree.children(id).collect();
        below.sort_by(|a, b| b.title.cmp(&a.title));
        next.extend(below.into_iter().map(|area| (depth + 1, area.id.as_str())));
    }
    out
}

/// All that the doer sees.
///
/// # Errors
/// The database.
pub async fn list(doer: &Doer) -> Result<Vec<Shown>, Fail> {
    let tree = doer.tree().await?;
    Ok(in_order(&tree, &doer.person.area).into_iter().map(|(_, area)| area.into()).collect())
}

/// An area that can have others below: seen by the doer, no commune, not merged.
fn above(doer: &Doer, tree: &Tree, id: &str) -> Result<(), Fail> {
    let good = doer.sees(tree, id).is_ok()
        && tree.get(id).is_some_and(|a| a.kind != "commune" && a.merged_into.is_none());
    if good { Ok(()) } else { Err(Fail::Refused(acc::choose_above())) }
}

/// An area that the doer sees and that is still one of its own.
fn own<'a>(doer: &Doer, tree: &'a Tree, id: &str) -> Result<&'a Area, Fail> {
    doer.sees(tree, id)?;
    let area = tree.get(id).ok_or(Fail::NotFound)?;
    match &area.merged_into {
        Some(into) => Err(Fail::Refused(acc::merged_already(tree.title(into)))),
        None => Ok(area),
    }
}

/// Adds an area.
///
/// # Errors
/// Refused: id, title, kind or the area above is wrong, or the id is taken.
pub async fn add(doer: &Doer, add: Add) -> Result<(), Fail> {
    let tree = doer.tree().await?;
    let id: AreaId = add.id.trim().parse().map_err(|_| Fail::Refused(acc::id_rule()))?;
    let title = words::needed(acc::area_title(), &add.title)?;
    if !["area", "commune"].contains(&add.kind.as_str()) {
        return Err(Fail::Refused(acc::choose_kind()));
    }
    above(doer, &tree, &add.parent)?;
    if tree.get(id.as_str()).is_some() || id.is_urgent() {
        return Err(Fail::Refused(acc::id_taken(&id)));
    }
    doer.note("area-added", format!("{id} {} {title}", add.parent)).await?;
    areas::put(&doer.hub.db, &id, Some(&add.parent), &title, &add.kind).await?;
    Ok(())
}

/// Another name.
///
/// # Errors
/// Not found, refused.
pub async fn rename(doer: &Doer, id: &str, to: Rename) -> Result<(), Fail> {
    let tree = doer.tree().await?;
    let area = own(doer, &tree, id)?;
    let title = words::needed(acc::area_title(), &to.title)?;
    doer.note("area-renamed", format!("{id}: {} -> {title}", area.title)).await?;
    put(doer, area, area.parent.as_deref(), &title).await
}

/// Another area above. Its accounts keep seeing what is below them; those of the old area above see it no more.
///
/// # Errors
/// Not found, refused: also below itself, or the doer's own area.
pub async fn shift(doer: &Doer, id: &str, to: Move) -> Result<(), Fail> {
    let tree = doer.tree().await?;
    let area = own(doer, &tree, id)?;
    above(doer, &tree, &to.parent)?;
    if id == doer.person.area || tree.is_within(&to.parent, id) {
        return Err(Fail::Refused(acc::not_below_itself()));
    }
    doer.note("area-moved", format!("{id}: {} -> {}", area.parent.as_deref().unwrap_or("-"), to.parent))
        .await?;
    put(doer, area, Some(&to.parent), &area.title).await
}

async fn put(doer: &Doer, area: &Area, parent: Option<&str>, title: &str) -> Result<(), Fail> {
    let id: AreaId = area.id.parse().map_err(Fail::machine)?;
    areas::put(&doer.hub.db, &id, parent, title, &area.kind).await?;
    Ok(())
}

/// Merges a commune into another: stations and accounts go over, records stay.
///
/// # Errors
/// Not found, refused.
pub async fn merge(doer: &Doer, id: &str, to: Merge) -> Result<(), Fail> {
    let tree = doer.tree().await?;
    let from = own(doer, &tree, id)?;
    let into = own(doer, &tree, &to.into).map_err(|_| Fail::Refused(acc::choose_commune()))?;
    if from.kind != "commune"
        || into.kind != "commune"
        || from.id == into.id
        || tree.is_within(&into.id, &from.id)
    {
        return Err(Fail::Refused(acc::choose_commune()));
    }
    doer.note("area-merged", format!("{id} -> {}", into.id)).await?;
    if !areas::merge(&doer.hub.db, id, &into.id, micros(doer.now())).await? {
        return Err(Fail::Refused(acc::merged_already(tree.title(&into.id))));
    }
    Ok(())
}
