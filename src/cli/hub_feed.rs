//! `loaxa hub key | feed | backup | restore`: what the server's operator does on the machine itself.

use std::{path::PathBuf, sync::Arc};

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Answer, Context, answer};
use crate::{
    hub::{Hub, backup, config::Config, feed, feed::first},
    text::{Text, hub_feed as say},
};

/// `hub key`
#[derive(Debug, Args)]
pub struct Key {
    /// New ones beside those that are there.
    #[arg(long, help = say::help_key_again().here())]
    again: bool,
}

/// `hub feed …`
#[derive(Debug, Subcommand)]
pub enum FeedVerb {
    /// A feed from elsewhere.
    #[command(about = say::help_feed_init().here())]
    Init(Arriving),
}

/// Where a feed comes from.
#[derive(Debug, Args)]
pub struct Arriving {
    /// What `office export` wrote.
    #[arg(value_name = "DIR", help = say::help_feed_from().here())]
    from: PathBuf,
}

/// `hub backup DIR`, `hub restore DIR`
#[derive(Debug, Args)]
pub struct Folder {
    /// The copy.
    #[arg(value_name = "DIR", help = say::help_backup_dir().here())]
    dir: PathBuf,
}

pub(super) fn key(ctx: &Context, config: &Config, args: &Key) -> Answer {
    let keys = first::make_keys(&feed::folder(&config.data), args.again)?;
    let line = |(role, file, key): &(&str, crate::office::keys::KeyFile, crate::office::keys::Public)| {
        say::key_line(*role, key.public.to_string(), file.public().display())
    };
    let json: Vec<_> = keys
        .iter()
        .map(|(role, file, key)| json!({"role": role, "public": key.public, "public_file": file.public()}))
        .collect();
    answer(
        ctx,
        &json!({"ok": true, "keys": json}),
        &Text::join(&keys.iter().map(line).collect::<Vec<_>>(), "\n"),
    )
}

pub(super) fn feed(ctx: &Context, config: &Config, verb: &FeedVerb) -> Answer {
    let FeedVerb::Init(args) = verb;
    let root = first::bring(&feed::folder(&config.data), &args.from)?;
    answer(ctx, &json!({"ok": true, "root_sha256": root}), &say::feed_taken(root))
}

pub(super) async fn backup(ctx: &Context, hub: Hub, args: &Folder) -> Answer {
    let done = backup::backup(&hub, &args.dir).await;
    hub.db.close().await;
    let files = done?;
    answer(ctx, &json!({"ok": true, "files": files}), &say::backed_up(args.dir.display(), files))
}

pub(super) async fn restore(ctx: &Context, config: Config, args: &Folder) -> Answer {
    let files = backup::restore(config, Arc::clone(&ctx.clock), &args.dir).await?;
    answer(ctx, &json!({"ok": true, "files": files}), &say::restored(files))
}
