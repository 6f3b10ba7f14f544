//! `list`, `approve`, `sign`, `merge`, `withdraw`, `recall`.

use serde_json::json;

use super::{
    answer,
    args::{self, Approve, List, Merge, Sign, Withdraw},
    ask::{self, Asker, confirm},
    ceremony::{changes_json, show, signature, signed},
    feed::publish_now,
    listen, tell,
};
use crate::{
    cli::{Answer, Context, Failure},
    office::{
        approve::{self, Choice},
        desk::Desk,
        folder::Office,
        hand::Hand,
        list::{self, State},
        merge, meta, root,
        staging::Shelf,
        withdraw,
        words::day,
    },
    text::{Text, bulletin, office as say},
};

pub(super) fn list(ctx: &Context, args: &List) -> Answer {
    let office = Office::open(&args.dir, None)?;
    let desk = Desk::open(&office, ctx.clock.now().wall)?;
    let entries = list::list(&desk, args.search.as_deref())?;
    let line = |e: &list::Entry| {
        let state = match e.state {
            State::Imported => say::state_imported(),
            State::Waiting => say::state_waiting(),
            State::Published => say::state_published(),
            State::Expired => say::state_expired(),
            State::Withdrawn => say::state_withdrawn(e.reason.as_deref().unwrap_or("-")),
        };
        let title = e.meta.title.to(ctx.lang);
        let sort = e.meta.category.map_or_else(|| bulletin::kind(e.meta.kind), bulletin::category);
        say::list_line(&e.id, title, sort, e.meta.frames.seconds_up(), day(e.meta.valid_until), state)
    };
    let lines: Vec<_> = entries.iter().map(line).collect();
    let text = if lines.is_empty() { say::list_empty() } else { Text::join(&lines, "\n") };
    answer(ctx, &json!({"bulletins": entries}), &text)
}

pub(super) async fn approve(ctx: &Context, args: &Approve) -> Answer {
    let shelf = if args.urgent_audio { Shelf::UrgentAudio } else { Shelf::Bulletins };
    let choice = Choice {
        only: args.only(),
        remove: args.remove.iter().cloned().collect(),
        second: args.second.clone(),
        again: args.again,
    };
    let (desk, listen) = (&args.desk, args.listen.as_deref());
    sign_proposal(ctx, desk, shelf.role(), args.yes, listen, |desk, hand| {
        approve::propose(desk, shelf, &choice, hand)
    })
    .await
}

/// Shows what is new, plays it, asks, signs. While the person looks and listens the folder is not locked: a withdrawal
/// must not wait for him. What he saw is then proposed again, and must be the same.
async fn sign_proposal(
    ctx: &Context,
    args: &args::Desk,
    role: &str,
    yes: bool,
    listen: Option<&str>,
    propose: impl Fn(&Desk<'_>, &Hand) -> crate::office::Result<approve::Proposal>,
) -> Answer {
    let office = Office::open(&args.dir, args.keys.keys.as_deref())?;
    let now = ctx.clock.now().wall;
    let mut asker = Asker::new(ctx, &args.keys)?;
    let hand = ask::hand(ctx, &office, role, args, &mut asker)?;
    let (seen, sound) = {
        let desk = Desk::open(&office, now)?;
        let seen = propose(&desk, &hand)?;
        let sound = approve::to_hear(&desk, &seen);
        (seen, sound)
    };
    match (seen.changes.is_empty(), seen.signed.version.get()) {
        (true, 1) => tell(ctx, &say::first_empty()),
        _ => show(ctx, &seen.changes),
    }
    listen::hear(ctx, &office, sound, listen).await?;
    let (version, until) = (seen.signed.version.get(), day(meta::instant(seen.signed.expires)));
    confirm(ctx, yes, &say::ask_sign(&hand.name, say::role(role), version, until))?;
    let mut desk = Desk::open(&office, now)?;
    let proposal = propose(&desk, &hand)?;
    if proposal.signed != seen.signed || proposal.waiting != seen.waiting {
        return Err(Failure::Refused(say::changed_meanwhile()));
    }
    let done = approve::sign(&mut desk, proposal, &hand)?;
    let json = json!({"ok": true, "signed": [signature(&done)], "changes": changes_json(&seen.changes)});
    answer(ctx, &json, &signed(&done))
}

pub(super) async fn sign(ctx: &Context, args: &Sign) -> Answer {
    if args.role == "root" && !args.fresh {
        return sign_root(ctx, args);
    }
    if !args.fresh {
        let (desk, listen) = (&args.desk, args.listen.as_deref());
        let propose = |desk: &Desk<'_>, hand: &Hand| approve::propose_waiting(desk, &args.role, hand);
        return sign_proposal(ctx, desk, &args.role, args.yes, listen, propose).await;
    }
    let (office, hand) = at_hand(ctx, &args.desk, &args.role)?;
    let days = chrono::TimeDelta::days(crate::office::desk::days(&args.role) as i64);
    let version = {
        let desk = Desk::open(&office, ctx.clock.now().wall)?;
        if args.role == "root" { root::next(&desk)?.version.get() } else { desk.next_version(&args.role) }
    };
    show(ctx, &[]);
    let until = day(ctx.clock.now().wall + days);
    confirm(ctx, args.yes, &say::ask_sign(&hand.name, say::role(&args.role), version, until))?;
    let mut desk = Desk::open(&office, ctx.clock.now().wall)?;
    let done = match args.role.as_str() {
        "root" => root::fresh(&mut desk, &hand)?,
        role => approve::fresh(&mut desk, role, &hand)?,
    };
    answer(ctx, &json!({"ok": true, "signed": [signature(&done)], "changes": []}), &signed(&done))
}

/// The draft of root: shown, and signed if it is still the same.
fn sign_root(ctx: &Context, args: &Sign) -> Answer {
    let (office, hand) = at_hand(ctx, &args.desk, "root")?;
    let now = ctx.clock.now().wall;
    let (seen, changes) = {
        let desk = Desk::open(&office, now)?;
        let seen = root::waiting(&desk, &hand)?.clone();
        let changes = root::changes(&desk, &seen.signed);
        (seen, changes)
    };
    show(ctx, &changes);
    let (version, until) = (seen.signed.version.get(), day(meta::instant(seen.signed.expires)));
    confirm(ctx, args.yes, &say::ask_sign(&hand.name, say::role("root"), version, until))?;
    let mut desk = Desk::open(&office, now)?;
    if root::waiting(&desk, &hand)?.signed != seen.signed {
        return Err(Failure::Refused(say::changed_meanwhile()));
    }
    let done = root::sign_draft(&mut desk, &hand)?;
    let json = json!({"ok": true, "signed": [signature(&done)], "changes": changes_json(&changes)});
    answer(ctx, &json, &signed(&done))
}

fn at_hand(ctx: &Context, args: &args::Desk, role: &str) -> Result<(Office, Hand), Failure> {
    let office = Office::open(&args.dir, args.keys.keys.as_deref())?;
    let mut asker = Asker::new(ctx, &args.keys)?;
    let hand = ask::hand(ctx, &office, role, args, &mut asker)?;
    Ok((office, hand))
}

pub(super) fn merge(ctx: &Context, args: &Merge) -> Answer {
    let office = Office::open(&args.dir, None)?;
    let done = merge::merge(&office, &args.from)?;
    let text = say::merged(done.drafts.join(", "), done.files, done.recordings);
    answer(
        ctx,
        &json!({"ok": true, "drafts": done.drafts, "files": done.files, "recordings": done.recordings}),
        &text,
    )
}

pub(super) fn withdraw(ctx: &Context, args: &Withdraw) -> Answer {
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    let mut asker = Asker::new(ctx, &args.desk.keys)?;
    let hand = ask::hand(ctx, &office, withdraw::ROLE, &args.desk, &mut asker)?;
    let done = {
        let mut desk = Desk::open(&office, ctx.clock.now().wall)?;
        withdraw::withdraw(&mut desk, &args.id, &args.reason, &hand)?
    };
    let (published, text) = publish_now(ctx, &office, &done, &mut asker)?;
    answer(ctx, &json!({"ok": true, "signed": [signature(&done)], "published": published}), &text)
}
