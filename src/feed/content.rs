//! What loaxa makes of a verified feed: the [`Feed`] of one station.
//!
//! Withdrawals and urgent orders come first, then the policy, the registry, bulletins, areas. Each role and each small
//! file stands on its own: what is wrong with it is named in [`Feed::stale`], what was in force before stays.

mod health;
mod listing;

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use tough::schema::{DelegatedRole, Target, Targets};

pub use listing::*;

use super::{
    Feed, Signed, UrgentOrder, Who,
    formats::{self, NoEntry, Withdrawals},
    memory::Seen,
    refusal::{Refusal, Why},
    roles,
    trust::{self, Update},
    verify::{self, Verified},
};
use crate::{
    bulletin::Bulletin,
    digest::Digest,
    ids::{AreaId, BulletinId, SlotId},
    text::{Text, feed as say},
};

/// Days after the newest `signed_at` on which held bulletins and schedules are still in force.
pub const HELD_DAYS: i64 = 90;

/// Makes the feed of `who` from what `update` trusts, fetching what is missing if it has a source.
///
/// # Errors
/// Only from a stick with an expired timestamp or snapshot: a fixed role is expired, so nothing of the stick counts.
pub async fn assemble(update: &mut Update<'_>, who: &Who) -> Result<Feed, Refusal> {
    let mut all = Assembly { feed: Feed::default(), browser_keys: Vec::new(), update };
    all.withdrawals().await;
    let orders = all.urgent_orders().await;
    all.recordings("urgent-audio").await;
    all.policy().await;
    all.registry(who).await;
    all.recordings("bulletins").await;
    all.areas().await;
    all.feed.urgents = orders;
    let Assembly { mut feed, update, .. } = all;
    if update.is_staged()
        && let Some((role, at)) = roles::DELEGATIONS.iter().find_map(|r| update.expired.get_key_value(r.name))
    {
        return Err(Refusal::new(role, Why::Expired { at: *at }));
    }
    health::examine(update, &mut feed);
    settle(update, &mut feed);
    Ok(feed)
}

/// Leaves out what must not sound, and what is too old to.
fn settle(update: &mut Update<'_>, feed: &mut Feed) {
    feed.withdrawn = update.memory.withdrawn.clone();
    feed.bulletins.retain(|id, _| !feed.withdrawn.contains(id.as_str()));
    let over = |order: &UrgentOrder| update.now.trusted && order.until <= update.start;
    let mine = |order: &UrgentOrder| order.areas.iter().any(|area| feed.areas.contains(area));
    feed.urgents.retain(|id, order| !feed.withdrawn.contains(id.as_str()) && !over(order) && mine(order));
    feed.held_until = update.memory.signed_at.map(|at| at + TimeDelta::days(HELD_DAYS));
    if update.now.trusted && feed.held_until.is_some_and(|until| update.start >= until) {
        feed.bulletins.clear();
        feed.schedules.clear();
        feed.urgents.clear();
        update.stale.insert("feed".into(), say::too_old(HELD_DAYS));
    }
    feed.signed_at = update.memory.signed_at;
    feed.checked_at = update.memory.checked_at;
    feed.stale = std::mem::take(&mut update.stale);
    feed.unkept = std::mem::take(&mut update.unkept);
}

struct Assembly<'u, 'a> {
    feed: Feed,
    browser_keys: Vec<Vec<u8>>,
    update: &'u mut Update<'a>,
}

impl Assembly<'_, '_> {
    /// Every id on the list is remembered at once: a shorter list revives nothing.
    async fn withdrawals(&mut self) {
        let Some(role) = self.role("withdrawals").await else {
            return;
        };
        let read = |bytes: &[u8]| Withdrawals::read(bytes).map(|_| ());
        let Some((bytes, _)) =
            self.listed_file(roles::WITHDRAWN, &role.role, trust::WITHDRAWN_MAX, &read).await
        else {
            return;
        };
        if let Ok(list) = Withdrawals::read(&bytes) {
            self.update.memory.withdrawn.extend(list.withdrawn.into_iter().map(|w| w.id));
        }
        if let Err(refusal) = self.update.save() {
            self.update.note(refusal);
        }
    }

    async fn urgent_orders(&mut self) -> BTreeMap<SlotId, UrgentOrder> {
        let mut orders = BTreeMap::new();
        let Some(role) = self.role("urgent").await else {
            return orders;
        };
        for path in listed_paths(&role.role) {
            let name = path.strip_prefix("urgent/").and_then(|p| p.strip_suffix(".json"));
            let Some(id) = name.and_then(|n| n.parse::<SlotId>().ok()) else {
                self.update.note(Refusal::new(path, Why::Content(say::bulletin_name())));
                continue;
            };
            let read = |bytes: &[u8]| UrgentOrder::read(id.as_str(), bytes).map(|_| ());
            let file = self.listed_file(&path, &role.role, trust::URGENT_MAX, &read).await;
            if let Some(Ok(order)) = file.map(|(bytes, _)| UrgentOrder::read(id.as_str(), &bytes)) {
                orders.insert(id, order);
            }
        }
        self.forget_unlisted("urgent/", &role.role);
        orders
    }

    async fn policy(&mut self) {
        let read = |bytes: &[u8]| formats::browser_keys(utf8(bytes)?).map(|_| ());
        if let Some(targets) = self.update.targets.clone() {
            let file = self.listed_file(roles::POLICY, &targets.role, trust::POLICY_MAX, &read).await;
            self.feed.policy = file.and_then(signed);
        }
        match &self.feed.policy {
            Some(policy) => self.browser_keys = formats::browser_keys(&policy.text).unwrap_or_default(),
            None => {
                self.update.stale.entry(roles::POLICY.into()).or_insert_with(say::policy_none);
            }
        }
    }

    async fn registry(&mut self, who: &Who) {
        let role = self.role("registry").await;
        let file = match &role {
            Some(role) => {
                let read = |bytes: &[u8]| match formats::own_areas(utf8(bytes)?, who) {
                    Err(NoEntry::Unreadable(why)) => Err(why),
                    _ => Ok(()),
                };
                self.listed_file(roles::REGISTRY, &role.role, trust::REGISTRY_MAX, &read).await
            }
            None => None,
        };
        self.feed.registry = file.and_then(signed);
        match self.feed.registry.as_ref().map(|registry| formats::own_areas(&registry.text, who)) {
            Some(Ok(areas)) => self.feed.areas = areas,
            Some(Err(NoEntry::Absent(why) | NoEntry::Unreadable(why))) => {
                self.update.stale.insert(roles::REGISTRY.into(), why);
            }
            None => {
                self.update.stale.entry(roles::REGISTRY.into()).or_insert_with(say::registry_none);
            }
        }
    }

    /// `bulletins` and `urgent-audio`. What was parsed of the role is dropped on return; of 500 bulletins it is ten
    /// times what stays.
    async fn recordings(&mut self, name: &'static str) {
        let Some(role) = self.role(name).await else {
            return;
        };
        for (path, target) in role.role.targets {
            let path = path.raw();
            match recording(name, path, target) {
                Ok(bulletin) => {
                    let twice = say::bulletin_twice(&bulletin.id);
                    // Bulletins come second and win: two people and the browser rule stand behind them.
                    let id = bulletin.id.clone();
                    match name {
                        "urgent-audio" => self.feed.urgent_audio.insert(id.clone()),
                        _ => self.feed.urgent_audio.remove(&id),
                    };
                    if self.feed.bulletins.insert(id, Arc::new(bulletin)).is_some() {
                        self.update.note(Refusal::new(path, Why::Content(twice)));
                    }
                }
                Err(why) => self.update.note(Refusal::new(path, Why::Content(why))),
            }
        }
    }

    async fn areas(&mut self) {
        for area in self.feed.areas.clone() {
            let Some(role) = self.role(&roles::area_role(&area)).await else {
                continue;
            };
            let text = |bytes: &[u8]| utf8(bytes).map(|_| ());
            for (path, is_schedule) in
                [(roles::schedule_path(&area), true), (roles::area_stations_path(&area), false)]
            {
                let file = self.listed_file(&path, &role.role, trust::AREA_FILE_MAX, &text).await;
                let files = if is_schedule { &mut self.feed.schedules } else { &mut self.feed.area_stations };
                if let Some(file) = file.and_then(signed) {
                    files.insert(area.clone(), file);
                }
            }
            self.forget_unlisted(&format!("areas/{area}/"), &role.role);
        }
        if !self.feed.areas.is_empty() {
            let areas: Vec<String> = self.feed.areas.iter().map(AreaId::to_string).collect();
            let obeyed = |path: &String| match path.strip_prefix("areas/").and_then(|p| p.split_once('/')) {
                Some((area, _)) => areas.iter().any(|a| a == area),
                None => true,
            };
            self.update.memory.in_force.retain(|path, _| obeyed(path));
        }
    }

    /// A delegated role of top-level targets, if one is in force; what is wrong is named.
    async fn role(&mut self, name: &str) -> Option<Verified<Targets>> {
        let top = Arc::clone(self.update.targets.as_ref()?);
        let mut delegations = top.role.delegations.iter().flat_map(|d| &d.roles);
        let Some(delegation) = delegations.find(|role| role.name == name) else {
            self.update.note(Refusal::new(name, Why::NotListed));
            return None;
        };
        if let Err(refusal) = check_delegation(delegation) {
            self.update.note(refusal);
            return None;
        }
        let outcome = self.ask(&top.role, delegation).await;
        if let Some(refusal) = outcome.refused {
            self.update.note(refusal);
        }
        if let Some(role) = &outcome.role {
            health::note_role(&mut self.feed, self.update, name, &role.role, &role.role._extra);
        }
        outcome.role
    }

    async fn ask(&mut self, top: &Targets, delegation: &DelegatedRole) -> trust::Outcome {
        let browser_keys = &self.browser_keys;
        let accept = |verified: &Verified<Targets>| {
            check_listing(delegation, &verified.role)?;
            if delegation.name == "bulletins" {
                check_browsers("bulletins", verified, browser_keys)
            } else {
                Ok(())
            }
        };
        self.update.delegated(top, delegation, &accept).await
    }

    /// The content of a small file that `role` lists, or that which was in force before if the listed one is not to be
    /// had or makes no sense. A file that is no longer listed is gone, the policy and the registry excepted.
    async fn listed_file(
        &mut self,
        path: &str,
        role: &Targets,
        max: u64,
        read: Read<'_>,
    ) -> Option<(Vec<u8>, Seen)> {
        let target = role.targets.iter().find(|(name, _)| name.raw() == path).map(|(_, target)| target);
        if target.is_none() && !matches!(path, roles::POLICY | roles::REGISTRY) {
            return None;
        }
        let refusal = match target {
            Some(target) => match self.new_file(path, target, role.version.get(), max, read).await {
                Ok(file) => return Some(file),
                Err(refusal) => refusal,
            },
            None => Refusal::new(path, Why::NotListed),
        };
        self.update.note(refusal);
        let seen = self.update.memory.in_force.get(path)?.clone();
        let bytes = self.update.disk.file(&seen.sha256)?;
        read(&bytes).is_ok().then_some((bytes, seen))
    }

    async fn new_file(
        &mut self,
        path: &str,
        target: &Target,
        version: u64,
        max: u64,
        read: Read<'_>,
    ) -> Result<(Vec<u8>, Seen), Refusal> {
        let sha256 = verify::target_digest(target).ok_or_else(|| Refusal::new(path, Why::Hash))?;
        let content = |bytes: &[u8]| read(bytes).map_err(|why| Refusal::new(path, Why::Content(why)));
        let bytes = match self.update.disk.file(&sha256) {
            Some(bytes) => {
                content(&bytes)?;
                bytes
            }
            None => {
                let bytes = self.update.fetch_target(path, target, max).await?;
                content(&bytes)?;
                self.update.disk.put_file(path, &sha256, &bytes)?;
                bytes
            }
        };
        let seen = Seen { version, sha256 };
        self.update.memory.in_force.insert(path.to_owned(), seen.clone());
        Ok((bytes, seen))
    }

    fn forget_unlisted(&mut self, folder: &str, role: &Targets) {
        let listed = listed_paths(role);
        self.update.memory.in_force.retain(|path, _| !path.starts_with(folder) || listed.contains(path));
    }
}

/// Says what is wrong with the content of a small file.
type Read<'f> = &'f (dyn Fn(&[u8]) -> Result<(), Text> + Sync);

fn listed_paths(role: &Targets) -> Vec<String> {
    let mut paths: Vec<String> = role.targets.keys().map(|name| name.raw().to_owned()).collect();
    paths.sort();
    paths
}

fn utf8(bytes: &[u8]) -> Result<&str, Text> {
    std::str::from_utf8(bytes).map_err(|_| say::not_utf8())
}

fn signed((bytes, seen): (Vec<u8>, Seen)) -> Option<Signed> {
    let text = String::from_utf8(bytes).ok()?;
    Some(Signed { text, sha256: seen.sha256, version: seen.version })
}

/// The bulletin that a target of `role` describes.
fn recording(role: &str, path: &str, target: Target) -> Result<Bulletin, Text> {
    let name =
        path.strip_prefix(role).and_then(|p| p.strip_prefix('/')).and_then(|p| p.strip_suffix(".opus"));
    let id: BulletinId = name.and_then(|n| n.parse().ok()).ok_or_else(say::bulletin_name)?;
    let sha256: Digest = verify::target_digest(&target).ok_or_else(say::hash)?;
    let custom = serde_json::Value::Object(target.custom.into_iter().collect());
    let meta = serde_json::from_value(custom).map_err(|e| say::bulletin_meta(&e))?;
    Ok(Bulletin { id, sha256, length: target.length, meta })
}
