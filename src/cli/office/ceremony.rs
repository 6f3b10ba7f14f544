//! `init`, `key`, `delegate`, `rotate`: who may sign what.

use std::{fs, path::Path};

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{
    answer,
    args::{self, Delegate, Init, Key, Rotate},
    ask::{self, Asker, confirm},
    tell,
};
use crate::{
    cli::{Answer, Context, Failure},
    office::{
        Error,
        approve::Signature,
        ceremony::Plan,
        delegate,
        desk::Desk,
        folder::Office,
        hand::{Hand, Question},
        import::clean_title,
        init::{self, Holder, Setup},
        keys::{Cost, KeyFile, Public, PublicKey, SecretKey},
        meta,
        people::stem,
        policy, registry,
        rotate::{self, Rotation, Swap},
        words::{Change, day},
    },
    text::{Text, office as say},
};
use tough::schema::RoleType;

/// With `online`, the keys for snapshot and timestamp were made elsewhere, and stay there.
pub(super) fn init(ctx: &Context, args: &Init, online: Option<[PublicKey; 2]>) -> Answer {
    let office = Office::at(&args.dir, args.keys.keys.as_deref());
    let setup = setup(args)?;
    let mut asker = Asker::new(ctx, &args.keys)?;
    let made = init::init_with(&office, &setup, online, ctx.clock.now().wall, &mut |q| asker.ask(q))?;
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
    if !setup.protect_online && online.is_none() {
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
        false => Ok(Holder::New(person(given)?)),
    }
}

/// A person's name as it will stand in the feed: one clean line in NFC.
fn person(given: &str) -> Result<String, Failure> {
    clean_title(given).map_err(|_| Failure::Usage(say::name_unclean(given)))
}

pub(super) fn read(path: &Path) -> Result<String, Failure> {
    Ok(fs::read_to_string(path).map_err(Error::io(path))?)
}

pub(super) fn key(ctx: &Context, args: &Key) -> Answer {
    let dir = args.keys.keys.clone().unwrap_or_else(|| ".".into());
    crate::durable::create_dir(&dir).map_err(Error::io(&dir))?;
    let name = person(&args.name)?;
    let file = KeyFile::new(&dir, &stem(&name));
    let mut asker = Asker::new(ctx, &args.keys)?;
    if file.secret().exists() {
        return Err(Failure::Refused(say::key_exists(file.secret().display())));
    }
    let words = match args.unprotected {
        true => None,
        false => Some(asker.ask(&Question { name: &name, file: &file, new: true })?),
    };
    let key = SecretKey::generate()?;
    key.save(&file, &name, words.as_ref().map(|w| (w, Cost::STRONG)))?;
    let json =
        json!({"ok": true, "public": key.public(), "file": file.secret(), "public_file": file.public()});
    answer(ctx, &json, &say::key_done(&name, file.secret().display(), file.public().display()))
}

pub(super) fn delegate(ctx: &Context, args: &Delegate) -> Answer {
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    if args.list {
        return areas(ctx, &Desk::open(&office, ctx.clock.now().wall)?);
    }
    let Some(area) = args.area.clone() else { return Err(Failure::Usage(say::area_form(""))) };
    let deed = match &args.public {
        Some(path) => delegate::Deed::Grant(area.clone(), Public::load(path)?),
        None => delegate::Deed::Revoke(area.clone()),
    };
    let plan = |desk: &Desk<'_>| delegate::plan(desk, &deed);
    let seen = look(ctx, &office, &args.desk, "targets", args.yes, &plan)?;
    let mut desk = seen.unchanged(&office, &plan)?;
    let done = delegate::sign(&mut desk, seen.plan, &deed, &seen.hand)?;
    let mut text = signed(&done);
    if matches!(deed, delegate::Deed::Grant(..)) {
        text = Text::join([&text, &say::area_signs_next(crate::feed::roles::area_role(&area))], "\n");
    }
    let json = json!({"ok": true, "signed": [signature(&done)], "changes": changes_json(&seen.changes)});
    answer(ctx, &json, &text)
}

/// What a person looked at and said yes to.
struct Seen {
    now: DateTime<Utc>,
    hand: Hand,
    plan: Plan,
    changes: Vec<Change>,
}

/// Makes the plan from the folder as it is.
type Planner<'a> = &'a dyn Fn(&Desk<'_>) -> crate::office::Result<Plan>;

impl Seen {
    /// The folder, locked, if the plan comes out of it as it was seen.
    fn unchanged<'a>(&self, office: &'a Office, plan: Planner<'_>) -> Result<Desk<'a>, Failure> {
        let desk = Desk::open(office, self.now)?;
        if plan(&desk)? == self.plan { Ok(desk) } else { Err(Failure::Refused(say::changed_meanwhile())) }
    }
}

/// Shows all that a plan changes, drafts of others included, and asks. The folder is not locked meanwhile; whoever signs
/// takes it by [`Seen::unchanged`].
fn look(
    ctx: &Context,
    office: &Office,
    args: &args::Desk,
    role: &str,
    yes: bool,
    plan: Planner<'_>,
) -> Result<Seen, Failure> {
    let now = ctx.clock.now().wall;
    let mut asker = Asker::new(ctx, &args.keys)?;
    // First, so that nobody types a passphrase for a plan that is refused.
    plan(&Desk::open(office, now)?)?;
    let hand = ask::hand(ctx, office, role, args, &mut asker)?;
    let seen = {
        let desk = Desk::open(office, now)?;
        let plan = plan(&desk)?;
        let changes = plan.changes(&desk);
        Seen { now, hand, plan, changes }
    };
    show(ctx, &seen.changes);
    let root = seen.plan.root.as_ref().map(|r| ("root", r.version.get(), r.expires));
    let Some((name, version, until)) =
        root.or(seen.plan.targets.as_ref().map(|t| ("targets", t.version.get(), t.expires)))
    else {
        return Err(Failure::Usage(say::rotate_nothing()));
    };
    let until = day(meta::instant(until));
    confirm(ctx, yes, &say::ask_sign(&seen.hand.name, say::role(name), version, until))?;
    Ok(seen)
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
    let (done, changes) = match args.role.as_str() {
        "snapshot" => rotate_online(ctx, &office, args, RoleType::Snapshot)?,
        "timestamp" => rotate_online(ctx, &office, args, RoleType::Timestamp)?,
        role => {
            let add = args.add.as_deref().map(Public::load).transpose()?;
            let swap = Swap { remove: args.remove.clone(), add, threshold: args.threshold };
            let by = if role == "root" { "root" } else { "targets" };
            let plan = |desk: &Desk<'_>| rotate::plan(desk, role, &swap);
            let seen = look(ctx, &office, &args.desk, by, args.yes, &plan)?;
            let mut desk = seen.unchanged(&office, &plan)?;
            (rotate::sign(&mut desk, seen.plan, &seen.hand)?, seen.changes)
        }
    };
    let mut lines: Vec<Text> = done.signed.iter().map(signed).collect();
    lines.extend(done.sign_again.iter().map(|role| say::sign_again(say::role(role), role)));
    lines.extend(done.made.iter().map(|file| say::online_made(file.secret().display())));
    let signatures: Vec<_> = done.signed.iter().map(signature).collect();
    let json = json!({
        "ok": true, "signed": signatures, "sign_again": done.sign_again, "made": done.made.map(|f| f.secret()),
        "changes": changes_json(&changes),
    });
    answer(ctx, &json, &Text::join(&lines, "\n"))
}

/// The new key is made by the server (`--add`), or here: then it is written only once the person said yes.
fn rotate_online(
    ctx: &Context,
    office: &Office,
    args: &Rotate,
    role: RoleType,
) -> Result<(Rotation, Vec<Change>), Failure> {
    let made = match &args.add {
        Some(_) => None,
        None => Some(rotate::new_online(&Desk::open(office, ctx.clock.now().wall)?, role)?),
    };
    let public = match (&made, &args.add) {
        (Some((key, _)), _) => key.public(),
        (None, Some(path)) => Public::load(path)?.public,
        (None, None) => return Err(Failure::Usage(say::rotate_nothing())),
    };
    let plan = |desk: &Desk<'_>| rotate::plan_online(desk, role, &public);
    let seen = look(ctx, office, &args.desk, "root", args.yes, &plan)?;
    let (name, mut asker) = (role.to_string(), Asker::new(ctx, &args.desk.keys)?);
    let words = match &made {
        Some((_, file)) if args.protect_online => {
            Some(asker.ask(&Question { name: &name, file, new: true })?)
        }
        _ => None,
    };
    let mut desk = seen.unchanged(office, &plan)?;
    if let Some((key, file)) = &made {
        key.save(file, &name, words.as_ref().map(|w| (w, Cost::STRONG)))?;
    }
    let mut done = rotate::sign(&mut desk, seen.plan, &seen.hand)?;
    done.made = made.map(|(_, file)| file);
    Ok((done, seen.changes))
}

/// Tells the person what will be signed.
pub(super) fn show(ctx: &Context, changes: &[Change]) {
    for change in changes {
        tell(ctx, &change.text);
    }
    if changes.is_empty() {
        tell(ctx, &say::no_changes());
    }
}

/// The same as JSON.
pub(super) fn changes_json(changes: &[Change]) -> Vec<serde_json::Value> {
    let one = |c: &Change| json!({"sort": c.sort, "subject": c.subject, "vi": c.text.vi, "en": c.text.en});
    changes.iter().map(one).collect()
}

/// What a signature led to, for people.
pub(super) fn signed(done: &Signature) -> Text {
    let who = done.signed_by.join(", ");
    match done.missing {
        0 => say::signed_complete(say::role(&done.role), done.version, who),
        missing => say::signed_waiting(say::role(&done.role), done.version, who, missing),
    }
}

/// The same as JSON.
pub(super) fn signature(done: &Signature) -> serde_json::Value {
    json!({"role": done.role, "version": done.version, "signed_by": done.signed_by, "missing": done.missing})
}
