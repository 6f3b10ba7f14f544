//! Verbs with `--hub`: the folder is brought up to the hub, the verb does its work here with this person's own key, and
//! what it signed is handed over. What the gates at the hub say is shown as if they stood here.

use std::cell::RefCell;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{
    args::{Approve, Command, Init, Publish, Registry, RegistryDeed},
    ceremony, tell,
};
use crate::{
    cli::{Answer, Context, Exit, Failure},
    office::{
        Error,
        folder::Office,
        handover::{Done, State},
        keys::PublicKey,
        remote::{self, Hub, Pushed},
        staging::Shelf,
    },
    text::{Text, hub_feed as say, office as words},
};

/// `--hub`, `--token-file`
#[derive(Debug, Clone, Default, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct HubArgs {
    #[arg(long, value_name = "URL", help = say::help_hub().here())]
    pub hub: Option<String>,
    #[arg(long, value_name = "FILE", requires = "hub", help = say::help_token_file().here())]
    pub token_file: Option<std::path::PathBuf>,
}

tokio::task_local! {
    /// What a verb answered, until the hub has said the rest.
    static HELD: RefCell<Option<(Value, Text)>>;
}

/// Keeps an answer back while a verb works with a hub; false when there is none, and it is to be printed.
pub(super) fn hold(json: &Value, text: &Text) -> bool {
    HELD.try_with(|held| held.replace(Some((json.clone(), text.clone())))).is_ok()
}

/// Whether the verb works with a hub: then it publishes nothing here.
pub(super) fn is_remote() -> bool {
    HELD.try_with(|_| ()).is_ok()
}

/// The options of a verb that can work with a hub.
pub(super) fn of(command: &Command) -> Option<&HubArgs> {
    let args = match command {
        Command::Init(a) => &a.hub,
        Command::Import(a) => &a.hub,
        Command::List(a) => &a.hub,
        Command::Approve(a) => &a.desk.hub,
        Command::Sign(a) => &a.desk.hub,
        Command::Withdraw(a) | Command::Recall(a) => &a.desk.hub,
        Command::Urgent(a) => &a.desk.hub,
        Command::Registry(Registry { deed }) => match deed {
            RegistryDeed::Show { hub, .. } => hub,
            RegistryDeed::Add(a) | RegistryDeed::Edit(a) => &a.desk.hub,
            RegistryDeed::Remove { desk, .. } | RegistryDeed::Set { desk, .. } => &desk.hub,
        },
        Command::Delegate(a) => &a.desk.hub,
        Command::Rotate(a) => &a.desk.hub,
        Command::Push(a) => &a.desk.hub,
        Command::Publish(a) => &a.desk.hub,
        Command::Renew(a) => &a.desk.hub,
        Command::Key(_) | Command::Merge(_) | Command::Export(_) => return None,
    };
    args.hub.is_some().then_some(args)
}

/// The folder that a verb works in.
fn folder(command: &Command) -> Option<Office> {
    let of = |desk: &super::args::Desk| Some(Office::at(&desk.dir, desk.keys.keys.as_deref()));
    match command {
        Command::Import(a) => Some(Office::at(&a.dir, None)),
        Command::List(a) => Some(Office::at(&a.dir, None)),
        Command::Approve(a) => of(&a.desk),
        Command::Sign(a) => of(&a.desk),
        Command::Withdraw(a) | Command::Recall(a) => of(&a.desk),
        Command::Urgent(a) => of(&a.desk),
        Command::Registry(Registry { deed }) => match deed {
            RegistryDeed::Show { dir, .. } => Some(Office::at(dir, None)),
            RegistryDeed::Add(a) | RegistryDeed::Edit(a) => of(&a.desk),
            RegistryDeed::Remove { desk, .. } | RegistryDeed::Set { desk, .. } => of(desk),
        },
        Command::Delegate(a) => of(&a.desk),
        Command::Rotate(a) => of(&a.desk),
        Command::Push(a) => of(&a.desk),
        _ => None,
    }
}

/// The role whose recordings a verb plays.
fn sound_of(command: &Command) -> Option<&str> {
    match command {
        Command::Approve(Approve { urgent_audio: true, .. }) => Some(Shelf::UrgentAudio.role()),
        Command::Approve(_) => Some(Shelf::Bulletins.role()),
        Command::Sign(a) => Some(&a.role),
        _ => None,
    }
}

/// Carries a verb out with the hub of `args`.
///
/// # Errors
/// Those of the verb; or the hub refuses or does not answer: what was signed waits here, and the next command with
/// `--hub` hands it over.
pub(super) async fn run(ctx: &Context, command: &Command, args: &HubArgs) -> Answer {
    let hub = connect(args)?;
    match command {
        Command::Init(init) => return begin(ctx, init, &hub).await,
        Command::Publish(publish) => return ask_to_publish(ctx, publish, &hub).await,
        Command::Renew(_) => return Err(Failure::Usage(say::local_only())),
        _ => {}
    }
    let office = folder(command).ok_or_else(|| Failure::Usage(say::local_only()))?;
    let pulled = remote::pull(&office, &hub, sound_of(command), ctx.clock.now().wall).await?;
    for text in &pulled.told {
        tell(ctx, text);
    }
    let (json, text) = held(ctx, command).await?;
    if matches!(
        command,
        Command::Import(_)
            | Command::List(_)
            | Command::Registry(Registry { deed: RegistryDeed::Show { .. } })
    ) {
        return super::answer(ctx, &json, &text);
    }
    let pushed = match remote::push(&office, &hub, &pulled.state).await {
        Ok(pushed) => pushed,
        Err(error) => {
            tell(ctx, &text);
            return Err(error.into());
        }
    };
    let done = match publication(ctx, command, &hub, &pushed).await {
        Ok(done) => done,
        Err(error) => {
            tell(ctx, &text);
            tell(ctx, &handed(&pushed));
            return Err(error);
        }
    };
    if done.is_some()
        && let Err(error) = remote::pull(&office, &hub, None, ctx.clock.now().wall).await
    {
        tell(ctx, &error.text());
    }
    said(ctx, json, &text, &pushed, done.as_ref())
}

/// Does the verb's own work, and gives its answer.
async fn held(ctx: &Context, command: &Command) -> Result<(Value, Text), Failure> {
    HELD.scope(RefCell::new(None), async {
        super::local(ctx, command).await?;
        Ok(HELD.with(|held| held.take()).unwrap_or_else(|| (json!({"ok": true}), Text::same(""))))
    })
    .await
}

/// What one person alone may order is published at once, and what has its second signature; a change of keys once
/// nothing lacks a signature any more.
async fn publication(
    ctx: &Context,
    command: &Command,
    hub: &Hub,
    pushed: &Pushed,
) -> Result<Option<Done>, Failure> {
    let complete = pushed.drafts.iter().filter(|(_, w)| w.missing == 0);
    let complete: Vec<String> = complete.map(|(role, _)| role.clone()).collect();
    let only = match command {
        Command::Sign(_) | Command::Rotate(_) | Command::Delegate(_) => {
            let lacking: Vec<_> =
                hub.state().await?.drafts.into_iter().filter(|(_, w)| w.missing > 0).collect();
            for (role, waiting) in &lacking {
                tell(ctx, &say::waits(words::role(role), waiting.missing));
            }
            if pushed.drafts.is_empty() || !lacking.is_empty() {
                tell(ctx, &say::publish_later());
                return Ok(None);
            }
            None
        }
        _ if complete.is_empty() => return Ok(None),
        _ => Some(complete),
    };
    Ok(Some(hub.publish(only).await?))
}

fn handed(pushed: &Pushed) -> Text {
    let roles: Vec<_> = pushed.drafts.keys().map(|role| words::role(role)).collect();
    if roles.is_empty() { say::nothing_handed() } else { say::handed_over(Text::join(&roles, ", ")) }
}

fn said(ctx: &Context, mut json: Value, text: &Text, pushed: &Pushed, done: Option<&Done>) -> Answer {
    let mut lines = vec![text.clone(), handed(pushed)];
    if let Some(done) = done {
        lines.push(published(ctx, done));
    }
    if let Some(object) = json.as_object_mut() {
        object.insert("published".into(), done.is_some().into());
        object.insert("handed_over".into(), json!(pushed.drafts));
        object.insert("publication".into(), json!(done));
    }
    lines.retain(|line| !line.vi.is_empty());
    super::answer(ctx, &json, &Text::join(&lines, "\n"))
}

fn published(ctx: &Context, done: &Done) -> Text {
    for (role, missing) in &done.waiting {
        tell(ctx, &say::waits(words::role(role), *missing));
    }
    for warning in &done.warnings {
        tell(ctx, warning);
    }
    let one = |(role, version): (&String, &u64)| Text::join([&words::role(role), &Text::same(version)], " ");
    let roles: Vec<_> = done.roles.iter().map(one).collect();
    match roles.is_empty() {
        true => say::published_nothing(),
        false => say::published(done.snapshot, done.timestamp, Text::join(&roles, ", ")),
    }
}

/// A new province: people's keys are made here, the online ones are the hub's.
async fn begin(ctx: &Context, args: &Init, hub: &Hub) -> Answer {
    let state = hub.state().await?;
    if state.published.is_some() || !state.drafts.is_empty() {
        return Err(Failure::Refused(say::hub_has_feed()));
    }
    let key = |role: &str| -> Result<PublicKey, Failure> {
        let key = state.keys.get(role).map(|key| key.public);
        key.ok_or_else(|| Failure::Refused(say::hub_without_keys()))
    };
    let online = [key("snapshot")?, key("timestamp")?];
    let work = async {
        ceremony::init(ctx, args, Some(online))?;
        Ok::<_, Failure>(HELD.with(|held| held.take()).unwrap_or_else(|| (json!({}), Text::same(""))))
    };
    let (json, text) = HELD.scope(RefCell::new(None), work).await?;
    let office = Office::at(&args.dir, args.keys.keys.as_deref());
    let (pushed, done) = hand_over_all(ctx, &office, hub, &state).await.inspect_err(|_| tell(ctx, &text))?;
    said(ctx, json, &text, &pushed, Some(&done))
}

async fn hand_over_all(
    ctx: &Context,
    office: &Office,
    hub: &Hub,
    state: &State,
) -> Result<(Pushed, Done), Failure> {
    let pushed = remote::push(office, hub, state).await?;
    let done = hub.publish(None).await?;
    remote::pull(office, hub, None, ctx.clock.now().wall).await?;
    Ok((pushed, done))
}

/// Hands over what still waits in this folder, if it is one, and asks for the publication.
async fn ask_to_publish(ctx: &Context, args: &Publish, hub: &Hub) -> Answer {
    let office = Office::at(&args.desk.dir, args.desk.keys.keys.as_deref());
    let pushed = match office.marker().exists() {
        true => {
            let state = hub.state().await?;
            let healed = remote::heal(&office, hub, &state).await?;
            if !healed.is_empty() {
                let roles: Vec<_> = healed.iter().map(|role| words::role(role)).collect();
                tell(ctx, &say::brought_back(Text::join(&roles, ", ")));
            }
            let state = if healed.is_empty() { state } else { hub.state().await? };
            remote::push(&office, hub, &state).await?
        }
        false => Pushed::default(),
    };
    let done = hub.publish((!args.only.is_empty()).then(|| args.only.clone())).await?;
    if office.marker().exists() {
        remote::pull(&office, hub, None, ctx.clock.now().wall).await?;
    }
    let text = published(ctx, &done);
    let json = json!({
        "ok": true, "snapshot": done.snapshot, "timestamp": done.timestamp, "roles": done.roles,
        "waiting": done.waiting, "warnings": done.warnings.iter().map(|w| w.to(ctx.lang)).collect::<Vec<_>>(),
        "handed_over": pushed.drafts,
    });
    super::answer(ctx, &json, &text).map(|_| Exit::Yes)
}

fn connect(args: &HubArgs) -> Result<Hub, Failure> {
    let url = args.hub.as_deref().unwrap_or_default();
    let (text, from) = match &args.token_file {
        Some(path) => (
            Zeroizing::new(std::fs::read_to_string(path).map_err(Error::io(path))?),
            path.display().to_string(),
        ),
        None => {
            let token = std::env::var("LOAXA_HUB_TOKEN").map_err(|_| Failure::Usage(say::no_token()))?;
            (Zeroizing::new(token), "LOAXA_HUB_TOKEN".to_owned())
        }
    };
    let token = text.trim();
    let plain = !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
    if !plain {
        return Err(Failure::Usage(say::bad_token(from)));
    }
    Ok(Hub::new(url, Zeroizing::new(token.to_owned()))?)
}
