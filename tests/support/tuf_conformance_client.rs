//! The client that the official TUF conformance suite drives (theupdateframework/tuf-conformance, CLIENT-CLI.md): a thin
//! shell around the workflow that stations use, without what loaxa asks beyond TUF.
//!
//! ```text
//! cargo build --features conformance --bin tuf-conformance-client
//! pytest tuf_conformance --entrypoint target/debug/tuf-conformance-client
//! ```

#![allow(clippy::disallowed_methods, reason = "a test program: the suite fakes the system's clock")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use async_trait::async_trait;
use chrono::Utc;
use clap::{Parser, Subcommand};
use loaxa::{
    digest::Digest,
    feed::{
        Mode, Now, Store,
        disk::Disk,
        roles,
        source::{FetchError, Source},
        trust::{Rules, Update},
        verify,
    },
    text::Text,
};

#[derive(Parser)]
struct Args {
    #[arg(long)]
    metadata_dir: PathBuf,
    #[arg(long)]
    metadata_url: Option<String>,
    #[arg(long)]
    target_name: Vec<String>,
    #[arg(long)]
    target_base_url: Option<String>,
    #[arg(long)]
    target_dir: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Init { trusted_root: PathBuf },
    Refresh,
    Download,
}

/// Plain HTTP from the suite's server on loopback.
struct Http {
    client: reqwest::Client,
    metadata: String,
    targets: String,
}

#[async_trait]
impl Source for Http {
    async fn fetch(&self, name: &str, max: u64) -> Result<Vec<u8>, FetchError> {
        let url = match name.split_once('/') {
            Some((roles::METADATA_DIR, file)) => format!("{}/{file}", self.metadata),
            Some((roles::TARGETS_DIR, file)) => format!("{}/{file}", self.targets),
            _ => return Err(FetchError::Absent),
        };
        eprintln!("GET {url}");
        let broken = |e: reqwest::Error| FetchError::Broken(Text::same(e));
        let mut response = self.client.get(url).send().await.map_err(broken)?;
        if response.status() == reqwest::StatusCode::NOT_FOUND {
            return Err(FetchError::Absent);
        }
        if !response.status().is_success() {
            return Err(FetchError::Broken(Text::same(response.status())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broken)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > max {
                return Err(FetchError::Refused(Text::same(format!("more than {max} bytes"))));
            }
        }
        Ok(bytes)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> anyhow::Result<()> {
    if let Verb::Init { trusted_root } = &args.verb {
        Store::enrol(&args.metadata_dir, &fs::read(trusted_root)?)?;
        return Ok(());
    }
    let trim = |url: &Option<String>| url.as_deref().unwrap_or_default().trim_end_matches('/').to_owned();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let http = Http { client, metadata: trim(&args.metadata_url), targets: trim(&args.target_base_url) };
    let disk = Disk::new(&args.metadata_dir);
    let now = Now { wall: Utc::now(), trusted: true };
    let mut update = Update::begin(&disk, Some(&http), Mode::Online, now, Rules { signed_at: false })?;
    let done = update.top_level().await;
    update.save()?;
    done?;
    if let Verb::Download = args.verb {
        let dir = args.target_dir.context("--target-dir")?;
        for path in &args.target_name {
            download(&mut update, path, &dir).await?;
        }
    }
    update.finish()?;
    Ok(())
}

async fn download(update: &mut Update<'_>, path: &str, dir: &Path) -> anyhow::Result<()> {
    let Some(target) = update.find(path).await? else {
        bail!("{path}: nobody describes it");
    };
    let goal = dir.join(roles::file_name(path));
    if fs::read(&goal).is_ok_and(|held| Some(Digest::of(&held)) == verify::target_digest(&target)) {
        eprintln!("{path}: held already");
        return Ok(());
    }
    fs::write(goal, update.fetch_target(path, &target, u64::MAX).await?)?;
    Ok(())
}
