//! Which works an occurrence airs, in which language. Only signed files and dates enter, neither local history nor what
//! is on disk: so boxes within earshot air the same.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};

use super::file::{Entry, Pick};
use crate::{
    bulletin::{Bulletin, Category, Kind, LangTag},
    ids::{BulletinId, WorkId},
};

/// The recordings of a feed, indexed for the languages of one station.
#[derive(Debug, Default)]
pub struct Works {
    by_id: BTreeMap<BulletinId, Arc<Bulletin>>,
    /// Translations of each work in a language that station or policy lists, the preferred first.
    by_work: BTreeMap<WorkId, Vec<Arc<Bulletin>>>,
    /// The same by category; works sorted by id.
    by_category: BTreeMap<Category, Vec<Vec<Arc<Bulletin>>>>,
}

impl Works {
    /// `languages`: the station's in its order, then the policy's.
    pub fn new(languages: &[LangTag], mut bulletins: Vec<Arc<Bulletin>>) -> Self {
        // Ids break ties, so the order of the input does not matter.
        bulletins.sort_by(|a, b| a.id.cmp(&b.id));
        let mut works = Self::default();
        let mut suiting = Vec::new();
        for bulletin in bulletins {
            if let Some(rank) = suits(&bulletin, languages) {
                suiting.push((rank, bulletin.clone()));
            }
            works.by_id.insert(bulletin.id.clone(), bulletin);
        }
        suiting.sort_by_key(|(rank, _)| *rank);
        let mut by_category: BTreeMap<Category, BTreeMap<WorkId, Vec<Arc<Bulletin>>>> = BTreeMap::new();
        for (_, bulletin) in suiting {
            let work = &bulletin.meta.work;
            if let Some(category) = bulletin.meta.category {
                by_category
                    .entry(category)
                    .or_default()
                    .entry(work.clone())
                    .or_default()
                    .push(bulletin.clone());
            }
            works.by_work.entry(work.clone()).or_default().push(bulletin);
        }
        works.by_category =
            by_category.into_iter().map(|(c, works)| (c, works.into_values().collect())).collect();
        works
    }

    /// What a playlist entry airs in the `k`-th occurrence (from 0), due at `due`. Validity is asked at `due`: for
    /// recordings valid on whole days that is the local day, and one that begins or ends within a day never leaves a hole.
    pub fn choose(&self, entry: &Entry, k: u64, due: DateTime<Utc>) -> Vec<Arc<Bulletin>> {
        match entry {
            Entry::Chime(id) => self.valid(id, Kind::Chime, due).into_iter().collect(),
            Entry::Bulletin(id) => {
                let named = self.valid(id, Kind::Bulletin, due);
                let translations = named.as_ref().and_then(|b| self.by_work.get(&b.meta.work));
                translations.and_then(|t| preferred(t, due)).cloned().or(named).into_iter().collect()
            }
            Entry::Category { category, pick, count } => {
                let works = self.by_category.get(category).map_or(&[] as &[_], Vec::as_slice);
                let live = works
                    .iter()
                    .filter_map(|translations| preferred(translations, due).map(|b| (translations, b)));
                match pick {
                    Pick::Rotate => rotate(&live.map(|(_, b)| b).collect::<Vec<_>>(), k, *count),
                    Pick::Newest => {
                        let mut live: Vec<_> = live.collect();
                        // Stable: ties stay in the order of work ids.
                        live.sort_by_cached_key(|(translations, _)| Reverse(since(translations, due)));
                        live.into_iter().take(*count).map(|(_, b)| b.clone()).collect()
                    }
                }
            }
        }
    }

    /// Every recording that an entry may air, at any time.
    pub fn reach(&self, entry: &Entry) -> Vec<Arc<Bulletin>> {
        match entry {
            Entry::Chime(id) => self.by_id.get(id).cloned().into_iter().collect(),
            Entry::Bulletin(id) => {
                let named = self.by_id.get(id).cloned();
                let translations = named.as_ref().and_then(|b| self.by_work.get(&b.meta.work)).cloned();
                named.into_iter().chain(translations.into_iter().flatten()).collect()
            }
            Entry::Category { category, .. } => {
                self.by_category.get(category).map_or(Vec::new(), |works| works.concat())
            }
        }
    }

    /// Whether, from an instant on, any entry of a playlist that names no single recording could choose this one: its
    /// language is listed, and no translation of the same work that goes before it is valid for as long as it is.
    pub fn may_choose(&self, bulletin: &Bulletin, from: DateTime<Utc>) -> bool {
        let translations = self.by_work.get(&bulletin.meta.work).map_or(&[] as &[_], Vec::as_slice);
        let Some(place) = translations.iter().position(|b| b.id == bulletin.id) else {
            return false;
        };
        let first = bulletin.meta.valid_from.max(from);
        let stands_for = |other: &Arc<Bulletin>| {
            other.meta.category == bulletin.meta.category
                && other.meta.valid_from <= first
                && other.meta.valid_until >= bulletin.meta.valid_until
        };
        !translations.iter().take(place).any(stands_for)
    }

    fn valid(&self, id: &BulletinId, kind: Kind, at: DateTime<Utc>) -> Option<Arc<Bulletin>> {
        self.by_id.get(id).filter(|b| b.meta.kind == kind && b.is_valid_at(at)).cloned()
    }
}

/// The `k`-th turn of `count` works: ((k·count + j) mod n), j < min(count, n).
fn rotate(live: &[&Arc<Bulletin>], k: u64, count: usize) -> Vec<Arc<Bulletin>> {
    let n = live.len();
    let first = |j: usize| ((u128::from(k) * count as u128 + j as u128) % n as u128) as usize;
    (0..count.min(n)).map(|j| Arc::clone(live[first(j)])).collect()
}

/// The first translation that may air.
fn preferred(translations: &[Arc<Bulletin>], at: DateTime<Utc>) -> Option<&Arc<Bulletin>> {
    translations.iter().find(|b| b.is_valid_at(at))
}

/// When the youngest translation of a work that may air became valid.
fn since(translations: &[Arc<Bulletin>], at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    translations.iter().filter(|b| b.is_valid_at(at)).map(|b| b.meta.valid_from).max()
}

/// How well a bulletin suits: the rank of its best language among `languages`, then where that stands in the bulletin
/// itself (its main language first). None for chimes and for languages that nobody lists.
fn suits(bulletin: &Bulletin, languages: &[LangTag]) -> Option<(usize, usize)> {
    if bulletin.meta.kind != Kind::Bulletin {
        return None;
    }
    let spoken = bulletin.meta.languages.iter().enumerate();
    spoken.filter_map(|(i, l)| languages.iter().position(|wanted| wanted == l).map(|rank| (rank, i))).min()
}
