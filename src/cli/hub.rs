//! `loaxa hub …`: the server, and what its operator does on the machine itself.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use super::{Answer, Context, Exit, Failure, answer, hub_feed};
use crate::{
    hub::{
        Hub,
        account::password,
        config::Config,
        db::{
            accounts::{self, Account},
            areas,
        },
        rule::Role,
        serve,
    },
    ids::AreaId,
    text::{hub as say, hub_feed as feed_say},
};

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Serves.
    #[command(about = say::help_run().here())]
    Run,
    /// Accounts.
    #[command(about = say::help_admin().here(), subcommand)]
    Admin(Admin),
    /// Stations.
    #[command(about = crate::text::hub_station::help_station().here(), subcommand)]
    Station(super::hub_station::Verb),
    /// The online keys.
    #[command(about = feed_say::help_key().here())]
    Key(hub_feed::Key),
    /// The feed.
    #[command(about = feed_say::help_feed().here(), subcommand)]
    Feed(hub_feed::FeedVerb),
    /// A copy of everything.
    #[command(about = feed_say::help_backup().here())]
    Backup(hub_feed::Folder),
    /// And back.
    #[command(about = feed_say::help_restore().here())]
    Restore(hub_feed::Folder),
}

/// What the server's operator does to accounts.
#[derive(Debug, Subcommand)]
pub enum Admin {
    /// Makes one.
    #[command(about = say::help_admin_add().here())]
    Add(Add),
}

/// An account to make.
#[derive(Debug, Args)]
pub struct Add {
    /// What its holder types.
    #[arg(help = say::help_login().here())]
    login: String,
    /// What people call the holder.
    #[arg(long, help = say::help_name().here())]
    name: String,
    /// What it is for.
    #[arg(long, default_value = "admin", help = say::help_role().here())]
    role: String,
    /// Its area.
    #[arg(long, help = say::help_area().here())]
    area: String,
    /// The area's name, when this founds it.
    #[arg(long, help = say::help_area_title().here())]
    area_title: Option<String>,
    /// Where the password comes from.
    #[arg(long, value_name = "FD", help = say::help_password_fd().here())]
    password_fd: Option<u32>,
}

/// Runs a verb.
///
/// # Errors
/// Refused, wrong use, or the machine.
pub fn run(ctx: &Context, verb: Verb) -> Answer {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::Machine(crate::text::cli::no_runtime(&e)))?;
    runtime.block_on(async {
        match verb {
            Verb::Run => serve_until_asked(ctx).await,
            Verb::Admin(Admin::Add(add)) => add_account(ctx, add).await,
            Verb::Station(verb) => super::hub_station::run(ctx, &open(ctx).await?, verb).await,
            Verb::Key(key) => hub_feed::key(ctx, &config(ctx)?, &key),
            Verb::Feed(verb) => hub_feed::feed(ctx, &config(ctx)?, &verb),
            Verb::Backup(to) => hub_feed::backup(ctx, open(ctx).await?, &to).await,
            Verb::Restore(from) => hub_feed::restore(ctx, config(ctx)?, &from).await,
        }
    })
}

fn config(ctx: &Context) -> Result<Config, Failure> {
    let Some(path) = &ctx.config else { return Ok(Config::default()) };
    let text = std::fs::read_to_string(path)
        .map_err(|e| Failure::Usage(say::config_unreadable(path.display(), &e)))?;
    Ok(Config::read(&path.display().to_string(), &text)?)
}

async fn open(ctx: &Context) -> Result<Hub, Failure> {
    serve::open(config(ctx)?, std::sync::Arc::clone(&ctx.clock)).await
}

async fn serve_until_asked(ctx: &Context) -> Answer {
    let mut config = config(ctx)?;
    let no_listen = |e: std::io::Error| Failure::Machine(say::no_listen(config.listen.to_string(), &e));
    let listener = tokio::net::TcpListener::bind(config.listen).await.map_err(no_listen)?;
    // Port 0 asks the system for a free one.
    config.listen = listener.local_addr().map_err(no_listen)?;
    let hub = serve::open(config, std::sync::Arc::clone(&ctx.clock)).await?;
    let no_signals = |e: std::io::Error| Failure::Machine(say::no_signals(&e));
    let mut term = signal(SignalKind::terminate()).map_err(no_signals)?;
    let mut int = signal(SignalKind::interrupt()).map_err(no_signals)?;
    let text = say::running(hub.config.address());
    answer(ctx, &serde_json::json!({"url": hub.config.address(), "database": hub.db.engine()}), &text)?;
    if accounts::all(&hub.db).await.map_err(database)?.is_empty() {
        let config = ctx.config.as_ref().map(|c| format!("--config {} ", c.display())).unwrap_or_default();
        let example =
            "hub admin add LOGIN --name \"Nguyễn Văn An\" --area bac-ninh --area-title \"Tỉnh Bắc Ninh\"";
        eprintln!("{}", say::no_admin_yet(format!("loaxa {config}{example}")).to(ctx.lang));
    }
    let stop = async {
        tokio::select! { _ = term.recv() => {} _ = int.recv() => {} }
    };
    serve::serve(hub, listener, stop).await?;
    Ok(Exit::Yes)
}

async fn add_account(ctx: &Context, add: Add) -> Answer {
    let role = Role::parse(&add.role).ok_or_else(|| Failure::Usage(say::unknown_role(&add.role)))?;
    let area: AreaId = add.area.parse().map_err(|_| Failure::Usage(say::no_such_area(&add.area)))?;
    let typed = read_password(ctx, add.password_fd)?;
    if !password::LETTERS.contains(&typed.chars().count()) {
        return Err(Failure::Refused(say::short_password(*password::LETTERS.start())));
    }
    let hub = open(ctx).await?;
    let tree = areas::tree(&hub.db).await.map_err(database)?;
    match (tree.get(area.as_str()), &add.area_title) {
        (Some(_), _) => {}
        (None, Some(title)) if tree.all().next().is_none() => {
            areas::put(&hub.db, &area, None, title, "province").await.map_err(database)?;
        }
        (None, _) => return Err(Failure::Refused(say::no_such_area(&area))),
    }
    let account = Account {
        login: add.login,
        name: add.name,
        role: role.word().into(),
        area: area.as_str().into(),
        password: password::hash(&typed).map_err(|f| Failure::Machine(f.text()))?,
        closed_at: None,
        first_until: None,
    };
    if !accounts::make(&hub.db, &account, hub.now()).await.map_err(database)? {
        return Err(Failure::Refused(say::login_taken(&account.login)));
    }
    hub.db.close().await;
    let said = say::account_made(&account.login);
    answer(ctx, &serde_json::json!({"login": account.login}), &said)
}

/// One line from the file descriptor, else from the terminal without echo.
fn read_password(ctx: &Context, fd: Option<u32>) -> Result<String, Failure> {
    let failed = |e: std::io::Error| Failure::Machine(say::no_password(&e));
    let typed = match fd {
        Some(fd) => {
            let path = PathBuf::from(format!("/proc/self/fd/{fd}"));
            std::fs::read_to_string(path).map_err(failed)?
        }
        None => rpassword::prompt_password(say::ask_password().to(ctx.lang)).map_err(failed)?,
    };
    Ok(typed.lines().next().unwrap_or_default().to_owned())
}

pub(super) fn database(error: sqlx::Error) -> Failure {
    Failure::Machine(say::no_database(error.to_string()))
}
