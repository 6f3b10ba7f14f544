//! The free tree of areas. Small (hundreds of rows) and read whole: who sees what is decided in memory.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;

use super::{Db, Result, reading, writing};
use crate::ids::AreaId;

/// A node of the tree.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Area {
    /// Its id; of an area with an office, the one that its schedule carries.
    pub id: String,
    /// The area above; none at the top.
    pub parent: Option<String>,
    /// As people call it.
    pub title: String,
    /// `province`, `area` or `commune`.
    pub kind: String,
    /// The commune that it is part of now. Old records keep this one.
    pub merged_into: Option<String>,
}

/// All areas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree(BTreeMap<String, Area>);

impl Tree {
    /// The area of this id.
    pub fn get(&self, id: &str) -> Option<&Area> {
        self.0.get(id)
    }

    /// All, by id.
    pub fn all(&self) -> impl Iterator<Item = &Area> {
        self.0.values()
    }

    /// What people call it; its id when it is unknown.
    pub fn title<'a>(&'a self, id: &'a str) -> &'a str {
        self.get(id).map_or(id, |area| area.title.as_str())
    }

    /// The areas directly below.
    pub fn children<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Area> {
        self.0.values().filter(move |area| area.parent.as_deref() == Some(id))
    }

    /// Whether `id` is `top` or lies below it. A circle, which [`put`] refuses, would end the walk.
    pub fn is_within(&self, id: &str, top: &str) -> bool {
        let mut at = Some(id);
        let mut steps = 0;
        while let Some(here) = at {
            if here == top {
                return true;
            }
            steps += 1;
            at = self.get(here).and_then(|a| a.parent.as_deref()).filter(|_| steps <= self.0.len());
        }
        false
    }

    /// `top` and everything below.
    pub fn below(&self, top: &str) -> BTreeSet<&str> {
        self.0.keys().map(String::as_str).filter(|id| self.is_within(id, top)).collect()
    }

    /// Names from the top down, for people: `Tỉnh Bắc Ninh › Yên Thế › Xã Xuân Lương`.
    pub fn path(&self, id: &str) -> String {
        let mut names = Vec::new();
        let mut at = self.get(id);
        while let Some(area) = at.filter(|_| names.len() <= self.0.len()) {
            names.push(area.title.as_str());
            at = area.parent.as_deref().and_then(|p| self.get(p));
        }
        names.reverse();
        names.join(" › ")
    }
}

/// The tree as it is now.
///
/// # Errors
/// The database.
pub async fn tree(db: &Db) -> Result<Tree> {
    let rows: Vec<Area> = reading!(db, pool => {
        sqlx::query_as("SELECT id, parent, title, kind, merged_into FROM area").fetch_all(pool).await?
    });
    Ok(Tree(rows.into_iter().map(|area| (area.id.clone(), area)).collect()))
}

/// Adds an area, or moves and renames one. Records that were received keep the commune that they were received for.
///
/// # Errors
/// The database; a parent that does not exist is refused by it.
pub async fn put(db: &Db, id: &AreaId, parent: Option<&str>, title: &str, kind: &str) -> Result<()> {
    writing!(db, tx => {
        sqlx::query(
            "INSERT INTO area (id, parent, title, kind) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, title = excluded.title, kind = excluded.kind",
        )
        .bind(id.as_str())
        .bind(parent)
        .bind(title)
        .bind(kind)
        .execute(&mut *tx)
        .await?;
    });
    Ok(())
}

/// Merges commune `from` into `into`: its stations and accounts go over, and it stays below the other, so that whoever sees
/// the new commune sees what the old one aired. Lines written before `now`, microseconds, keep counting for the old one. False when `from` was merged before.
///
/// # Errors
/// The database.
pub async fn merge(db: &Db, from: &str, into: &str, now: i64) -> Result<bool> {
    let merged = writing!(db, tx => {
        let merged = sqlx::query("UPDATE area SET merged_into = $1, parent = $2 WHERE id = $3 AND merged_into IS NULL")
            .bind(into)
            .bind(into)
            .bind(from)
            .execute(&mut *tx)
            .await?
            .rows_affected();
        if merged == 1 {
            sqlx::query(
                "INSERT INTO station_home (station, since, commune) SELECT id, $1, $2 FROM station WHERE commune = $3 \
                 ON CONFLICT (station, since) DO UPDATE SET commune = excluded.commune",
            )
            .bind(now)
            .bind(into)
            .bind(from)
            .execute(&mut *tx)
            .await?;
            sqlx::query("UPDATE station SET commune = $1 WHERE commune = $2")
                .bind(into)
                .bind(from)
                .execute(&mut *tx)
                .await?;
            sqlx::query("UPDATE account SET area = $1 WHERE area = $2")
                .bind(into)
                .bind(from)
                .execute(&mut *tx)
                .await?;
        }
        merged
    });
    Ok(merged == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(rows: &[(&str, Option<&str>)]) -> Tree {
        let area = |(id, parent): &(&str, Option<&str>)| Area {
            id: (*id).into(),
            parent: parent.map(str::to_owned),
            title: id.to_uppercase(),
            kind: "area".into(),
            merged_into: None,
        };
        Tree(rows.iter().map(|row| (row.0.to_owned(), area(row))).collect())
    }

    #[test]
    fn an_area_sees_itself_and_what_is_below() {
        let tree = tree(&[
            ("tinh", None),
            ("yen-the", Some("tinh")),
            ("xa", Some("yen-the")),
            ("khac", Some("tinh")),
        ]);
        assert_eq!(tree.below("yen-the").into_iter().collect::<Vec<_>>(), ["xa", "yen-the"]);
        assert!(tree.is_within("xa", "tinh"));
        assert!(!tree.is_within("khac", "yen-the"));
        assert_eq!(tree.path("xa"), "TINH › YEN-THE › XA");
    }

    #[test]
    fn a_circle_ends() {
        let tree = tree(&[("a", Some("b")), ("b", Some("a"))]);
        assert!(!tree.is_within("a", "c"));
        assert!(tree.path("a").len() < 40);
    }
}
