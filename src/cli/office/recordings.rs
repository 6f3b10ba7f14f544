//! `list`, `approve`, `sign`, `merge`, `withdraw`, `recall`.

use serde_json::json;

use super::{
    answer,
    args::{self, Approve, List, Merge, Sign, Withdraw},
    ask::{Asker, confirm},
    ceremony::{signature, signed},
    feed::publish_now,
    tell,
};
use crate::{
    cli::{Answer, Context, Failure},
    office::{
        approve::{self, Choice},
        desk::Desk,
        folder::Office,
        hand::Hand,
        list::{self, State},
        merge, rotate,
        staging::Shelf,
        withdraw,
        words::{Change, day},
    },
    text::{Text, office as say},
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
        say::list_line(&e.id, title, e.meta.frames.seconds_up(), day(e.meta.valid_until), state)
    };
    let lines: Vec<_> = entries.iter().map(line).collect();
    let text = if lines.is_empty() { say::list_empty() } else { Text::join(&lines, "\n") };
    answer(ctx, &json!({"bulletins": entries}), &text)
}

pub(super) fn approve(ctx: &Context, args: &Approve) -> Answer {
    let shelf = if args.urgent_audio { Shelf::UrgentAudio } else { Shelf::Bulletins };
    let choice = Choice {
        only: args.only(),
        remove: args.remove.iter().cloned().collect(),
        second: args.second.clone(),
        again: args.again,
    };
    sign_proposal(ctx, &args.desk, shelf.role(), args.yes, |desk, hand| {
        approve::propose(desk, shelf, &choice, hand)
    })
}

/// Shows what is new, asks, signs. While the person looks and listens the folder is not locked: a withdrawal must not
/// wait for him. What he saw is then proposed again, and must be the same.
fn sign_proposal(
    ctx: &Context,
    args: &args::Desk,
    role: &str,
    yes: bool,
    propose: impl Fn(&Desk<'_>, &Hand) -> crate::office::Result<approve::Proposal>,
) -> Answer {
    let office = Office::open(&args.dir, args.keys.keys.as_deref())?;
    let now = ctx.clock.now().wall;
    let (hand, seen) = {
        let desk = Desk::open(&office, now)?;
        let mut asker = Asker::new(ctx, &args.keys)?;
        let hand = desk.hand(role, args.who.as_deref(), &mut |q| asker.ask(q))?;
        let seen = propose(&desk, &hand)?;
        if let Some(name) = approve::unseen(&desk, &seen) {
            return Err(Failure::Refused(say::content_gone(name)));
        }
        show(ctx, &seen.changes);
        for (name, target) in approve::to_hear(&desk, &seen) {
            let sha256 = crate::office::meta::target_digest(&target);
            if let Some(path) = sha256.and_then(|sha256| office.content_path(&sha256, &name)) {
                tell(ctx, &say::listen(&name, path.display()));
            }
        }
        (hand, seen)
    };
    confirm(ctx, yes, &say::ask_sign(&hand.name, role))?;
    let mut desk = Desk::open(&office, now)?;
    let proposal = propose(&desk, &hand)?;
    if proposal.signed != seen.signed || proposal.waiting != seen.waiting {
        return Err(Failure::Refused(say::changed_meanwhile()));
    }
    let done = approve::sign(&mut desk, proposal, &hand)?;
    let json = json!({"ok": true, "signed": [signature(&done)], "changes": changes_json(&seen.changes)});
    answer(ctx, &json, &signed(&done))
}

fn show(ctx: &Context, changes: &[Change]) {
    for change in changes {
        tell(ctx, &change.text);
    }
    if changes.is_empty() {
        tell(ctx, &say::no_changes());
    }
}

fn changes_json(changes: &[Change]) -> Vec<serde_json::Value> {
    changes
        .iter()
        .map(|c| json!({"sort": c.sort, "subject": c.subject, "vi": c.text.vi, "en": c.text.en}))
        .collect()
}

pub(super) fn sign(ctx: &Context, args: &Sign) -> Answer {
    if args.role != "root" && !args.fresh {
        return sign_proposal(ctx, &args.desk, &args.role, args.yes, |desk, hand| {
            approve::propose_waiting(desk, &args.role, hand)
        });
    }
    let office = Office::open(&args.desk.dir, args.desk.keys.keys.as_deref())?;
    let mut desk = Desk::open(&office, ctx.clock.now().wall)?;
    let mut asker = Asker::new(ctx, &args.desk.keys)?;
    let hand = desk.hand(&args.role, args.desk.who.as_deref(), &mut |q| asker.ask(q))?;
    let changes = if args.fresh { Vec::new() } else { rotate::root_changes(&desk) };
    show(ctx, &changes);
    confirm(ctx, args.yes, &say::ask_sign(&hand.name, &args.role))?;
    let done = match (args.role.as_str(), args.fresh) {
        ("root", true) => rotate::fresh_root(&mut desk, &hand)?,
        ("root", false) => rotate::sign_root_draft(&mut desk, &hand)?,
        (role, _) => approve::fresh(&mut desk, role, &hand)?,
    };
    let json = json!({"ok": true, "signed": [signature(&done)], "changes": changes_json(&changes)});
    answer(ctx, &json, &signed(&done))
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
    let done = {
        let mut desk = Desk::open(&office, ctx.clock.now().wall)?;
        let hand = desk.hand(withdraw::ROLE, args.desk.who.as_deref(), &mut |q| asker.ask(q))?;
        withdraw::withdraw(&mut desk, &args.id, &args.reason, &hand)?
    };
    let published = publish_now(ctx, &office, withdraw::ROLE, &mut asker)?;
    let text = Text::join([&signed(&done), &published.1], "\n");
    answer(ctx, &json!({"ok": true, "signed": [signature(&done)], "published": published.0}), &text)
}
