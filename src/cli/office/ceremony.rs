//! `init`, `key`, `delegate`, `rotate`: who may sign what.

use std::{fs, path::Path};

use serde_json::json;

use super::{
    answer,
    args::{Delegate, Init, Key, Rotate},
    ask::Asker,
    tell,
};
use crate::{
    cli::{Answer, Context, Failure},
    office::{
        Error,
        approve::Signature,
        delegate,
        desk::Desk,
        folder::Office,
        hand::Question,
        init::{self, Holder, Setup},
        keys::{Cost, KeyFile, Public, SecretKey},
        people::stem,
        policy, registry,
        rotate::{self, Swap},
    },
    text::{Text, office as say},
};
use tough::schema::RoleType;

pub(super) fn init(ctx: &Context, args: &Init) -> Answer {
    let office = Office::at(&args.dir, args.keys.keys.as_deref());
    let setup = setup(args)?;
    let mut asker = Asker::new(ctx, &args.keys)?;
    let made = init::init(&office, &setup, ctx.clock.now().wall, &mut |q| asker.ask(q))?;
    let keys: Vec<_> =
        made.keys.iter().map(|(name, file)| json!({"name": name, "file": file.secret()})).collect();
    let lines: Vec<_> = made
        .keys
        .iter()
        .map(|(name, file)| Text::same(format!("  {name}: {}", file.secret().display())))
        .collect();
    if setup.root_threshold < 2 {
        tell(ctx, &say::root_threshold_one());
    }
    if !setup.protect_online {
        tell(ctx, &say::online_unprotected());
    }
    let text = say::init_done(args.dir.display(), made.root, Text::join(&lines, "\n"));
    answer(ctx, &json!({"ok": true, "dir": args.dir, "root_sha256": made.root, "keys": keys}), &text)
}

fn setup(args: &Init) -> Result<Setup, Failure> {
    let holders = |names: &[String]| names.iter().map(|n| holder(n)).collect::<Result<Vec<_>, Failure>>();
    let or = |names: &Vec<String>, other: &Vec<String>| {
        if names.is_empty() { other.clone() } else { names.clone() }
    };
    let mut areas = Vec::new();
    for area in &args.area {
        let wrong = || Failure::Usage(say::area_form(area));
        let (id, name) = area.split_once('=').ok_or_else(wrong)?;
        areas.push((id.parse().map_err(|_| wrong())?, holder(name)?));
    }
    let policy = args.policy.as_deref().map(read).transpose()?;
    let registry = match &args.registry {
        Some(path) => read(path)?,
        None => registry::to_yaml(&registry::Registry::default())?,
    };
    Ok(Setup {
        root: holders(&args.root)?,
        root_threshold: args.root_threshold,
        editors: holders(&args.editor)?,
        duty: holders(&or(&args.duty, &args.editor))?,
        registrars: holders(&or(&args.registrar, &args.editor))?,
        areas,
        policy: policy.unwrap_or_else(|| policy::FIRST.to_owned()),
        registry,
        protect_online: args.protect_online,
        cost: Cost::STRONG,
    })
}

/// A `.pub.json` is the key of somebody at another machine; anything else is the name of somebody who gets a key here.
fn holder(given: &str) -> Result<Holder, Failure> {
    match given.ends_with(".pub.json") {
        true => Ok(Holder::Known(Public::load(Path::new(given))?)),
        false => Ok(Holder::New(given.to_owned())),
    }
}

pub(super) fn read(path: &Path) -> Result<String, Failure> {
    Ok(fs::read_to_string(path).map_err(Error::io(path))?)
}

pub(super) fn key(ctx: &Context, args: &Key) -> Answer {
    let dir = args.keys.keys.clone().unwrap_or_else(|| ".".into());
    crate::durable::create_dir(&dir).map_err(Error::io(&dir))?;
    let file = KeyFile::new(&dir, &stem(&args.name));
    let mut asker = Asker::new(ctx, &args.keys)?;
    if file.secret().exists() {
        return Err(Failure::Refused(say::key_exists(file.secret().display())));
    }
    let words = asker.ask(&Question { name: &args.name, file: &file, new: true })?;
    let key = SecretKey::generate()?;
    key.save(&file, &args.name, Some((&words, Cost::STRONG)))?;
    let json =
        json!({"ok": true, "public": key.public(), "file": file.secret(), "public_file": file.public()});
    answer(ctx, &json, &say::key_done(&args.name, file.secret().display(), file.public().display()))
}

pub(super) fn delegate(ctx: &Context, args: &Delegate) -> Answer {
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    let mut desk = Desk::open(&office, ctx.clock.now().wall)?;
    if args.list {
        return areas(ctx, &desk);
    }
    let Some(area) = args.area.clone() else { return Err(Failure::Usage(say::area_form(""))) };
    let deed = match &args.public {
        Some(path) => delegate::Deed::Grant(area.clone(), Public::load(path)?),
        None => delegate::Deed::Revoke(area.clone()),
    };
    let mut asker = Asker::new(ctx, &args.desk.keys)?;
    let hand = desk.hand("targets", args.desk.who.as_deref(), &mut |q| asker.ask(q))?;
    let grant = matches!(deed, delegate::Deed::Grant(..));
    let done = delegate::delegate(&mut desk, deed, &hand)?;
    let mut text = signed(&done);
    if grant {
        text = Text::join([&text, &say::area_signs_next(crate::feed::roles::area_role(&area))], "\n");
    }
    answer(ctx, &json!({"ok": true, "signed": [signature(&done)]}), &text)
}

fn areas(ctx: &Context, desk: &Desk<'_>) -> Answer {
    let people = desk.people();
    let mut rows = Vec::new();
    for (role, who) in desk.delegations().into_iter().flat_map(|t| delegate::authorities(&t.signed)) {
        if let Some(area) = role.strip_prefix("area-") {
            let holder = who.keys.first().and_then(|k| people.name(k)).unwrap_or("?").to_owned();
            rows.push((area.to_owned(), holder));
        }
    }
    let lines: Vec<_> = rows.iter().map(|(area, holder)| Text::same(format!("{area}: {holder}"))).collect();
    let json: Vec<_> = rows.iter().map(|(area, holder)| json!({"area": area, "holder": holder})).collect();
    answer(ctx, &json!({"areas": json}), &Text::join(&lines, "\n"))
}

pub(super) fn rotate(ctx: &Context, args: &Rotate) -> Answer {
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    let mut desk = Desk::open(&office, ctx.clock.now().wall)?;
    let mut asker = Asker::new(ctx, &args.desk.keys)?;
    let online = match args.role.as_str() {
        "snapshot" => Some(RoleType::Snapshot),
        "timestamp" => Some(RoleType::Timestamp),
        _ => None,
    };
    let by = if online.is_some() || args.role == "root" { "root" } else { "targets" };
    let hand = desk.hand(by, args.desk.who.as_deref(), &mut |q| asker.ask(q))?;
    let done = match online {
        Some(role) => {
            rotate::online(&mut desk, role, args.protect_online, Cost::STRONG, &hand, &mut |q| asker.ask(q))?
        }
        None => {
            let add = args.add.as_deref().map(Public::load).transpose()?;
            let swap = Swap { remove: args.remove.clone(), add, threshold: args.threshold };
            rotate::rotate(&mut desk, &args.role, &swap, &hand)?
        }
    };
    let mut lines: Vec<Text> = done.signed.iter().map(signed).collect();
    lines.extend(done.sign_again.iter().map(say::sign_again));
    lines.extend(done.made.iter().map(|file| say::online_made(file.secret().display())));
    let signatures: Vec<_> = done.signed.iter().map(signature).collect();
    let json = json!({"ok": true, "signed": signatures, "sign_again": done.sign_again, "made": done.made.map(|f| f.secret())});
    answer(ctx, &json, &Text::join(&lines, "\n"))
}

/// What a signature led to, for people.
pub(super) fn signed(done: &Signature) -> Text {
    let who = done.signed_by.join(", ");
    match done.missing {
        0 => say::signed_complete(&done.role, done.version, who),
        missing => say::signed_waiting(&done.role, done.version, who, missing),
    }
}

/// The same as JSON.
pub(super) fn signature(done: &Signature) -> serde_json::Value {
    json!({"role": done.role, "version": done.version, "signed_by": done.signed_by, "missing": done.missing})
}
