//! `publish`, `renew`, `export`, and the lists that one person signs: `urgent`, `registry`, `push`.

use serde_json::json;

use super::{
    answer,
    args::{Export, Publish, Push, Registry, RegistryDeed, Renew, StationArgs, Urgent},
    ask::{self, Asker, confirm},
    ceremony::{read, show, signature, signed},
    tell,
};
use crate::{
    cli::{Answer, Context, Failure},
    feed::UrgentOrder,
    office::{
        approve::Signature,
        desk::Desk,
        export,
        folder::Office,
        hand,
        keys::KeyFile,
        meta, publish, push,
        registry::{self, Deed, Edit, Station},
        renew, urgent,
        words::day,
    },
    text::{Text, office as say},
};

pub(super) fn publish(ctx: &Context, args: &Publish) -> Answer {
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    let mut asker = Asker::new(ctx, &args.desk.keys)?;
    let online = hand::online(&KeyFile::all(office.keys())?, &mut |q| asker.ask(q))?;
    let only: Vec<&str> = args.only.iter().map(String::as_str).collect();
    let only = if only.is_empty() { None } else { Some(only.as_slice()) };
    let done = publish::publish(&office, ctx.clock.now().wall, &online, only)?;
    for (role, missing) in &done.waiting {
        tell(ctx, &say::still_waiting(say::role(role), *missing));
    }
    let warnings = warn(ctx, &done.warnings);
    let one = |(role, version): (&String, &u64)| Text::join([&say::role(role), &Text::same(version)], " ");
    let roles: Vec<_> = done.roles.iter().map(one).collect();
    let json = json!({
        "ok": true, "snapshot": done.snapshot, "timestamp": done.timestamp, "roles": done.roles,
        "waiting": done.waiting, "warnings": warnings,
    });
    let text = match roles.is_empty() {
        true => say::published_nothing(done.snapshot),
        false => say::published(done.snapshot, Text::join(&roles, ", ")),
    };
    answer(ctx, &json, &text)
}

/// Publishes the list that was signed at once if this machine has the online keys; else says who must. With both in words.
pub(super) fn publish_now(
    ctx: &Context,
    office: &Office,
    signed: &Signature,
    asker: &mut Asker<'_>,
) -> Result<(bool, Text), Failure> {
    let role = signed.role.as_str();
    let by = say::signed_only(say::role(role), signed.version, signed.signed_by.join(", "));
    if super::hub::is_remote() {
        return Ok((false, by));
    }
    let online = hand::online(&KeyFile::all(office.keys())?, &mut |q| asker.ask(q))?;
    if online.is_empty() {
        return Ok((false, Text::join([&by, &say::publish_elsewhere()], "\n")));
    }
    let done = publish::publish(office, ctx.clock.now().wall, &online, Some(&[role]))?;
    warn(ctx, &done.warnings);
    Ok((true, Text::join([&by, &say::published(done.snapshot, say::role(role))], "\n")))
}

pub(super) fn renew(ctx: &Context, args: &Renew) -> Answer {
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    let mut asker = Asker::new(ctx, &args.desk.keys)?;
    let online = hand::online(&KeyFile::all(office.keys())?, &mut |q| asker.ask(q))?;
    let done = renew::renew(&office, ctx.clock.now().wall, &online)?;
    let warnings = warn(ctx, &done.warnings);
    let json =
        json!({"ok": true, "timestamp": done.timestamp, "snapshot": done.snapshot, "warnings": warnings});
    answer(ctx, &json, &say::renewed(done.timestamp))
}

/// Tells what wants a person soon, and gives the same for the JSON document.
fn warn(ctx: &Context, warnings: &[Text]) -> Vec<String> {
    for warning in warnings {
        tell(ctx, warning);
    }
    warnings.iter().map(|w| w.to(ctx.lang).to_owned()).collect()
}

pub(super) fn export(ctx: &Context, args: &Export) -> Answer {
    let office = Office::open(&args.dir, None)?;
    let done = export::export(&office, &args.to)?;
    let json = json!({"ok": true, "files": done.files, "written": done.written, "removed": done.removed});
    answer(ctx, &json, &say::exported(args.to.display(), done.files, done.written, done.removed))
}

pub(super) fn urgent(ctx: &Context, args: &Urgent) -> Answer {
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    let now = ctx.clock.now().wall;
    let order = UrgentOrder {
        id: args.id.clone(),
        audio: args.audio.clone(),
        areas: args.areas.iter().cloned().collect(),
        not_before: args.not_before.unwrap_or(now),
        until: args.until,
        repeats: args.repeats,
        gap_s: args.gap,
        reason: args.reason.clone(),
    };
    let mut asker = Asker::new(ctx, &args.desk.keys)?;
    let done = {
        let hand = ask::hand(ctx, &office, urgent::ROLE, &args.desk, &mut asker)?;
        let mut desk = Desk::open(&office, now)?;
        urgent::urgent(&mut desk, &order, &hand)?
    };
    let (published, text) = publish_now(ctx, &office, &done, &mut asker)?;
    let json = json!({"ok": true, "order": order, "signed": [signature(&done)], "published": published});
    answer(ctx, &json, &text)
}

pub(super) fn push(ctx: &Context, args: &Push) -> Answer {
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    let (file, text) = (args.file.display().to_string(), read(&args.file)?);
    let sort = push::sort(&file, &text)?;
    let now = ctx.clock.now().wall;
    push::check(&Desk::open(&office, now)?, &sort, &file, &text)?;
    let mut asker = Asker::new(ctx, &args.desk.keys)?;
    let hand = ask::hand(ctx, &office, &sort.role(), &args.desk, &mut asker)?;
    let (next, changes) = push::plan(&Desk::open(&office, now)?, &sort, &text)?;
    show(ctx, &changes);
    let until = day(meta::instant(next.expires));
    confirm(ctx, args.yes, &say::ask_sign(&hand.name, sort.path(), next.version.get(), until))?;
    let mut desk = Desk::open(&office, now)?;
    if push::plan(&desk, &sort, &text)?.0 != next {
        return Err(Failure::Refused(say::changed_meanwhile()));
    }
    let done = push::push(&mut desk, &sort, next, &hand)?;
    answer(ctx, &json!({"ok": true, "path": sort.path(), "signed": [signature(&done)]}), &signed(&done))
}

pub(super) fn registry(ctx: &Context, args: &Registry) -> Answer {
    let now = ctx.clock.now().wall;
    let (desk_args, deed) = match &args.deed {
        RegistryDeed::Show { dir, .. } => {
            let office = Office::open(dir, None)?;
            let registry = registry::current(&Desk::open(&office, now)?)?;
            return answer(ctx, &json!(registry), &Text::same(registry::to_yaml(&registry)?));
        }
        RegistryDeed::Add(args) => (&args.desk, Deed::Add(station(args)?)),
        RegistryDeed::Edit(args) => (&args.desk, Deed::Edit(args.id.clone(), edit(args))),
        RegistryDeed::Remove { id, desk } => (desk, Deed::Remove(id.clone())),
        RegistryDeed::Set { file, desk } => {
            (desk, Deed::Whole(registry::parse(&file.display().to_string(), &read(file)?)?))
        }
    };
    let office = Office::open(&desk_args.dir, desk_args.keys.keys.as_deref())?;
    let mut asker = Asker::new(ctx, &desk_args.keys)?;
    let hand = ask::hand(ctx, &office, registry::ROLE, desk_args, &mut asker)?;
    let mut desk = Desk::open(&office, now)?;
    let done: Signature = registry::change(&mut desk, deed, &hand)?;
    if let Some(draft) = desk.draft(registry::ROLE) {
        show(ctx, &desk.changes(registry::ROLE, &draft.signed));
    }
    answer(ctx, &json!({"ok": true, "signed": [signature(&done)]}), &signed(&done))
}

fn station(args: &StationArgs) -> Result<Station, Failure> {
    let absent = |option: &str| Failure::Usage(say::station_option(&args.id, option));
    Ok(Station {
        id: args.id.clone(),
        key: args.key.ok_or_else(|| absent("--key"))?,
        areas: args.areas.clone().ok_or_else(|| absent("--areas"))?,
        languages: args.languages.clone().unwrap_or_default(),
        tags: args.tags.clone().unwrap_or_default(),
        commune: args.commune.clone().ok_or_else(|| absent("--commune"))?,
        place: args.place.clone(),
        contact: args.contact.clone(),
    })
}

fn edit(args: &StationArgs) -> Edit {
    Edit {
        key: args.key,
        areas: args.areas.clone(),
        languages: args.languages.clone(),
        tags: args.tags.clone(),
        commune: args.commune.clone(),
        place: args.place.clone(),
        contact: args.contact.clone(),
    }
}
