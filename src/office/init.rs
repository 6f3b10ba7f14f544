//! `office init`: keys for every role of DESIGN 4's table, first root, targets and delegated roles, as drafts that
//! `publish` turns into a feed. Whose key lies on another machine gives its public half and signs his drafts there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use tough::schema::{DelegatedRole, Delegations, PathPattern, PathSet, RoleType, Root, Targets};

use super::{
    Error, Result, draft,
    folder::Office,
    hand::{Ask, Question},
    keys::{Cost, KeyFile, Passphrase, Public, PublicKey, SecretKey},
    meta,
    people::{People, stem},
    withdraw,
};
use crate::{
    durable,
    feed::roles::{AREA_DAYS, DELEGATIONS, POLICY, REGISTRY, ROOT_DAYS, WITHDRAWN, area_role},
    ids::AreaId,
    text::{Text, office as say},
};

/// One person of the first ceremony.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// Gets a new key here.
    New(String),
    /// Has one already, on his own machine.
    Known(Public),
}

/// What `init` is told.
#[derive(Debug, Clone)]
pub struct Setup {
    /// Who keeps root and targets.
    pub root: Vec<Holder>,
    /// How many of them must sign; 1 is allowed, with a lasting warning.
    pub root_threshold: u64,
    /// Editors and approvers: two of them approve a bulletin.
    pub editors: Vec<Holder>,
    /// Duty officers: urgent orders.
    pub duty: Vec<Holder>,
    /// Who keeps the registry of stations.
    pub registrars: Vec<Holder>,
    /// Areas with the key of their office.
    pub areas: Vec<(AreaId, Holder)>,
    /// `policy.yaml`.
    pub policy: String,
    /// `registry/stations.yaml`.
    pub registry: String,
    /// Whether the online keys get a passphrase too; without, a timer can renew.
    pub protect_online: bool,
    /// How dear the passphrases are to guess.
    pub cost: Cost,
}

/// Keys made and drafts written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Key files by holder's name, to be carried to their holders.
    pub keys: Vec<(String, KeyFile)>,
    /// SHA-256 of `1.root.json`: what people compare when a station is enrolled. None while signatures lack.
    pub root: crate::digest::Digest,
}

/// Makes the keys and the drafts.
///
/// # Errors
/// Usage: too few people for a threshold. Refused: the folder is in use already.
pub fn init(office: &Office, setup: &Setup, now: DateTime<Utc>, ask: Ask<'_>) -> Result<Made> {
    init_with(office, setup, None, now, ask)
}

/// [`init`], with public keys for snapshot and timestamp that were made elsewhere: their secret halves never come here.
///
/// # Errors
/// See [`init`].
pub fn init_with(
    office: &Office,
    setup: &Setup,
    elsewhere: Option<[PublicKey; 2]>,
    now: DateTime<Utc>,
    ask: Ask<'_>,
) -> Result<Made> {
    enough(setup)?;
    if office.marker().exists() || !KeyFile::all(office.keys())?.is_empty() {
        return Err(Error::Refused(say::folder_in_use(office.dir().display())));
    }
    office.create()?;
    let _lock = office.lock()?;
    let mut ring =
        Ring { office, cost: setup.cost, ask, people: People::default(), open: Vec::new(), made: Vec::new() };
    let root = ring.group(&setup.root, "root-")?;
    let editors = ring.group(&setup.editors, "")?;
    let duty = ring.group(&setup.duty, "")?;
    let registrars = ring.group(&setup.registrars, "")?;
    let mut areas = BTreeMap::new();
    for (area, holder) in &setup.areas {
        areas.insert(area.clone(), ring.group(std::slice::from_ref(holder), &format!("area-{area}-"))?);
    }
    let [snapshot, timestamp] = match elsewhere {
        Some(keys) => keys,
        None => {
            [ring.online("snapshot", setup.protect_online)?, ring.online("timestamp", setup.protect_online)?]
        }
    };
    let staff: BTreeSet<PublicKey> = editors.union(&duty).copied().collect();
    let roles = BTreeMap::from([
        ("withdrawals", staff),
        ("urgent", duty.clone()),
        ("urgent-audio", duty),
        ("registry", registrars),
        ("bulletins", editors),
    ]);
    let first = first_root(&root, setup.root_threshold, snapshot, timestamp, now)?;
    let first = meta::signed_by(first, ring.of(&root))?;
    let targets = first_targets(office, setup, &roles, &areas, &ring.people, now)?;
    let targets = meta::signed_by(targets, ring.of(&root))?;
    for (name, keys) in &roles {
        let role = meta::signed_by(first_role(office, setup, name, now)?, ring.of(keys))?;
        draft::save(office, name, &role)?;
    }
    for (area, keys) in &areas {
        let role = meta::signed_by(empty(AREA_DAYS, now)?, ring.of(keys))?;
        draft::save(office, &area_role(area), &role)?;
    }
    draft::save(office, "targets", &targets)?;
    draft::save(office, "root", &first)?;
    let made = std::mem::take(&mut ring.made);
    durable::replace(&office.marker(), b"{\"format\":1}\n").map_err(Error::io(&office.marker()))?;
    Ok(Made { keys: made, root: crate::digest::Digest::of(&meta::to_json(&first)?) })
}

fn enough(setup: &Setup) -> Result<()> {
    let least = |who: Text, have: usize, need: u64| {
        if have as u64 >= need { Ok(()) } else { Err(Error::Usage(say::too_few(who, need, have))) }
    };
    least(say::role("root"), people(&setup.root), setup.root_threshold.max(1))?;
    least(say::seat_editor(), people(&setup.editors), 2)?;
    least(say::seat_duty(), people(&setup.duty), 2)?;
    least(say::seat_registrar(), people(&setup.registrars), 1)
}

/// How many different people these are.
fn people(holders: &[Holder]) -> usize {
    let name = |holder: &Holder| match holder {
        Holder::New(name) => name.clone(),
        Holder::Known(public) => public.name.clone(),
    };
    holders.iter().map(name).collect::<BTreeSet<_>>().len()
}

/// The keys under way: made, opened, and whose they are.
struct Ring<'a> {
    office: &'a Office,
    cost: Cost,
    ask: Ask<'a>,
    people: People,
    open: Vec<SecretKey>,
    made: Vec<(String, KeyFile)>,
}

impl Ring<'_> {
    /// The keys of these people. One named in two groups of the same prefix has one key.
    fn group(&mut self, holders: &[Holder], prefix: &str) -> Result<BTreeSet<PublicKey>> {
        holders.iter().map(|holder| self.holder(holder, prefix)).collect()
    }

    fn words(&mut self, name: &str, file: &KeyFile) -> Result<Passphrase> {
        (self.ask)(&Question { name, file, new: true })
    }

    fn holder(&mut self, holder: &Holder, prefix: &str) -> Result<PublicKey> {
        let name = match holder {
            Holder::New(name) => name,
            Holder::Known(public) => {
                self.people.0.insert(public.public, public.name.clone());
                return Ok(public.public);
            }
        };
        let stem = format!("{prefix}{}", stem(name));
        let is_his = |made: &&(String, KeyFile)| made.0 == *name && made.1.stem().starts_with(&stem);
        if let Some((_, file)) = self.made.iter().find(is_his) {
            return Ok(Public::load(&file.public())?.public);
        }
        let file = self.free(&stem);
        let words = self.words(name, &file)?;
        let key = SecretKey::generate()?;
        key.save(&file, name, Some((&words, self.cost)))?;
        self.people.0.insert(key.public(), name.clone());
        self.made.push((name.clone(), file));
        let public = key.public();
        self.open.push(key);
        Ok(public)
    }

    /// The key file `stem`, or `stem-2`, …: two people may differ by an accent alone.
    fn free(&self, stem: &str) -> KeyFile {
        let taken = |file: &KeyFile| self.made.iter().any(|(_, made)| made == file);
        let all = (1u32..).map(|n| if n == 1 { stem.to_owned() } else { format!("{stem}-{n}") });
        let mut files = all.map(|stem| KeyFile::new(self.office.keys(), &stem));
        files.find(|file| !taken(file)).unwrap_or_else(|| KeyFile::new(self.office.keys(), stem))
    }

    fn online(&mut self, role: &str, protect: bool) -> Result<PublicKey> {
        let (key, file) = (SecretKey::generate()?, KeyFile::new(self.office.keys(), role));
        let words = if protect { Some(self.words(role, &file)?) } else { None };
        key.save(&file, role, words.as_ref().map(|w| (w, self.cost)))?;
        self.made.push((role.to_owned(), file));
        Ok(key.public())
    }

    fn of<'a>(&'a self, keys: &'a BTreeSet<PublicKey>) -> impl Iterator<Item = &'a SecretKey> {
        self.open.iter().filter(|key| keys.contains(&key.public()))
    }
}

fn first_root(
    root: &BTreeSet<PublicKey>,
    threshold: u64,
    snapshot: PublicKey,
    timestamp: PublicKey,
    now: DateTime<Utc>,
) -> Result<Root> {
    let keys = meta::key_map(root.iter().chain([&snapshot, &timestamp]))?;
    let roles = HashMap::from([
        (RoleType::Root, meta::role_keys(root, threshold)?),
        (RoleType::Targets, meta::role_keys(root, threshold)?),
        (RoleType::Snapshot, meta::role_keys([&snapshot], 1)?),
        (RoleType::Timestamp, meta::role_keys([&timestamp], 1)?),
    ]);
    Ok(Root {
        spec_version: meta::SPEC.into(),
        consistent_snapshot: true,
        version: meta::version(1),
        expires: meta::in_days(now, ROOT_DAYS)?,
        keys,
        roles,
        _extra: HashMap::new(),
    })
}

/// A role of version 1 without targets.
pub fn empty(days: u64, now: DateTime<Utc>) -> Result<Targets> {
    let mut role = Targets::new(meta::SPEC.into(), meta::version(1), meta::in_days(now, days)?);
    role.delegations = None;
    Ok(role)
}

fn first_targets(
    office: &Office,
    setup: &Setup,
    roles: &BTreeMap<&str, BTreeSet<PublicKey>>,
    areas: &BTreeMap<AreaId, BTreeSet<PublicKey>>,
    people: &People,
    now: DateTime<Utc>,
) -> Result<Targets> {
    let mut targets = empty(ROOT_DAYS, now)?;
    let mut delegations = Delegations::new();
    for role in DELEGATIONS {
        let keys = roles.get(role.name).cloned().unwrap_or_default();
        delegations.keys.extend(meta::key_map(&keys)?);
        delegations.roles.push(delegate(role.name, role.paths, &keys, role.threshold)?);
    }
    for (area, keys) in areas {
        delegations.keys.extend(meta::key_map(keys)?);
        let paths = format!("areas/{area}/*");
        delegations.roles.push(delegate(&area_role(area), &[paths.as_str()], keys, 1)?);
    }
    targets.delegations = Some(delegations);
    people.put_into(&mut targets);
    put(office, &mut targets, POLICY, setup.policy.as_bytes())?;
    Ok(targets)
}

/// An entry of the delegations.
pub fn delegate(
    name: &str,
    paths: &[&str],
    keys: &BTreeSet<PublicKey>,
    threshold: u64,
) -> Result<DelegatedRole> {
    let pattern = |p: &&str| PathPattern::new(*p).map_err(|e| Error::Machine(say::other(e.to_string())));
    Ok(DelegatedRole {
        name: name.to_owned(),
        keyids: keys.iter().map(meta::key_id).collect::<Result<_>>()?,
        threshold: meta::version(threshold),
        paths: PathSet::Paths(paths.iter().map(pattern).collect::<Result<_>>()?),
        terminating: true,
        targets: None,
    })
}

fn first_role(office: &Office, setup: &Setup, name: &str, now: DateTime<Utc>) -> Result<Targets> {
    let days = DELEGATIONS.iter().find(|r| r.name == name).map_or(AREA_DAYS, |r| r.days);
    let mut role = empty(days, now)?;
    match name {
        "withdrawals" => put(office, &mut role, WITHDRAWN, &meta::to_json(&withdraw::none())?)?,
        "registry" => put(office, &mut role, REGISTRY, setup.registry.as_bytes())?,
        _ => {}
    }
    Ok(role)
}

/// Lists `bytes` under `name`, and keeps them for the publication.
pub fn put(office: &Office, role: &mut Targets, name: &str, bytes: &[u8]) -> Result<()> {
    let sha256 = office.keep(bytes)?;
    let target = meta::target(bytes.len() as u64, &sha256, HashMap::new());
    role.targets.insert(named(name)?, target);
    Ok(())
}

/// A target's name, checked by `tough` for safety as a path.
pub fn named(name: &str) -> Result<tough::TargetName> {
    tough::TargetName::new(name).map_err(|e| Error::Refused(say::other(e.to_string())))
}
