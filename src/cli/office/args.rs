//! The grammar of `loaxa office …`. `province` has the verbs of those who keep the province's lists.

mod province;

use std::{collections::BTreeSet, path::PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    bulletin::{Category, Kind, LangTag},
    ids::{AreaId, BulletinId, SlotId, WorkId},
    text::office as say,
};

pub use super::hub::HubArgs;
pub use province::{Delegate, Export, Publish, Push, Registry, RegistryDeed, Renew, Rotate, StationArgs};

/// The verbs.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "each verb's help says it")]
pub enum Command {
    #[command(about = say::help_init().here())]
    Init(Init),
    #[command(about = say::help_key().here())]
    Key(Key),
    #[command(about = say::help_import().here())]
    Import(Box<Import>),
    #[command(about = say::help_list().here())]
    List(List),
    #[command(about = say::help_approve().here())]
    Approve(Approve),
    #[command(about = say::help_sign().here())]
    Sign(Sign),
    #[command(about = say::help_merge().here())]
    Merge(Merge),
    #[command(about = say::help_withdraw().here())]
    Withdraw(Withdraw),
    #[command(about = say::help_urgent().here())]
    Urgent(Urgent),
    #[command(about = say::help_recall().here())]
    Recall(Withdraw),
    #[command(about = say::help_registry().here())]
    Registry(Registry),
    #[command(about = say::help_delegate().here())]
    Delegate(Delegate),
    #[command(about = say::help_rotate().here())]
    Rotate(Rotate),
    #[command(about = say::help_push().here())]
    Push(Push),
    #[command(about = say::help_publish().here())]
    Publish(Publish),
    #[command(about = say::help_renew().here())]
    Renew(Renew),
    #[command(about = say::help_export().here())]
    Export(Export),
}

/// Where the keys are and how they are opened.
#[derive(Debug, Clone, clap::Args)]
pub struct Keys {
    /// `--keys`
    #[arg(long, value_name = "DIR", help = say::help_keys().here())]
    pub keys: Option<PathBuf>,
    /// `--passphrase-fd`
    #[arg(long, value_name = "N", help = say::help_passphrase_fd().here())]
    pub passphrase_fd: Option<u32>,
}

/// Where the office is and who acts.
#[derive(Debug, Clone, clap::Args)]
pub struct Desk {
    /// `--dir`
    #[arg(long, value_name = "DIR", default_value = ".", help = say::help_dir().here())]
    pub dir: PathBuf,
    /// Keys.
    #[command(flatten)]
    pub keys: Keys,
    /// `--as`
    #[arg(long = "as", value_name = "NAME", help = say::help_as().here())]
    pub who: Option<String>,
    /// A hub to work with.
    #[command(flatten)]
    pub hub: HubArgs,
}

/// `init DIR`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Init {
    #[arg(value_name = "DIR", help = say::help_init_dir().here())]
    pub dir: PathBuf,
    #[arg(long, value_name = "NAME|FILE", required = true, help = say::help_init_root().here())]
    pub root: Vec<String>,
    #[arg(long, value_name = "N", default_value_t = 2, help = say::help_init_threshold().here())]
    pub root_threshold: u64,
    #[arg(long, value_name = "NAME|FILE", required = true, help = say::help_init_editor().here())]
    pub editor: Vec<String>,
    #[arg(long, value_name = "NAME|FILE", help = say::help_init_duty().here())]
    pub duty: Vec<String>,
    #[arg(long, value_name = "NAME|FILE", help = say::help_init_registrar().here())]
    pub registrar: Vec<String>,
    #[arg(long, value_name = "AREA=NAME|FILE", help = say::help_init_area().here())]
    pub area: Vec<String>,
    #[arg(long, value_name = "FILE", help = say::help_init_policy().here())]
    pub policy: Option<PathBuf>,
    #[arg(long, value_name = "FILE", help = say::help_init_registry().here())]
    pub registry: Option<PathBuf>,
    #[arg(long, help = say::help_protect_online().here())]
    pub protect_online: bool,
    #[command(flatten)]
    pub keys: Keys,
    #[command(flatten)]
    pub hub: HubArgs,
}

/// `key NAME`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Key {
    #[arg(value_name = "NAME", help = say::help_key_name().here())]
    pub name: String,
    #[arg(long, conflicts_with = "passphrase_fd", help = say::help_key_unprotected().here())]
    pub unprotected: bool,
    #[command(flatten)]
    pub keys: Keys,
}

/// `import FILE…`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Import {
    #[arg(value_name = "FILE", required = true, help = say::help_import_files().here())]
    pub files: Vec<PathBuf>,
    #[arg(long, value_name = "DIR", default_value = ".", help = say::help_dir().here())]
    pub dir: PathBuf,
    #[arg(long, help = say::help_import_urgent().here())]
    pub urgent: bool,
    #[arg(long, help = say::help_import_trim().here())]
    pub trim: bool,
    #[arg(long, value_name = "ID", help = say::help_import_id().here())]
    pub id: Option<BulletinId>,
    #[arg(long, value_name = "ID", help = say::help_import_work().here())]
    pub work: Option<WorkId>,
    #[arg(long, value_name = "bulletin|chime", value_parser = kind, help = say::help_import_kind().here())]
    pub kind: Option<Kind>,
    #[arg(long, value_name = "TEXT", help = say::help_import_title().here())]
    pub title: Option<String>,
    #[arg(long, value_name = "TEXT", help = say::help_import_title_en().here())]
    pub title_en: Option<String>,
    #[arg(long, value_name = "law|tricks|justice|support|models", value_parser = category, help = say::help_import_category().here())]
    pub category: Option<Category>,
    #[arg(long, value_name = "TAG", value_delimiter = ',', help = say::help_import_language().here())]
    pub language: Vec<LangTag>,
    #[arg(long, value_name = "NUMBER", help = say::help_import_hotline().here())]
    pub hotline: Option<String>,
    #[arg(long, value_name = "NUMBER", help = say::help_import_directive().here())]
    pub directive: Option<String>,
    #[arg(long, value_name = "YYYY-MM-DD", help = say::help_import_from().here())]
    pub valid_from: Option<NaiveDate>,
    #[arg(long, value_name = "YYYY-MM-DD", help = say::help_import_until().here())]
    pub valid_until: Option<NaiveDate>,
    #[arg(long, value_name = "TEXT", help = say::help_import_transcript().here())]
    pub transcript: Option<String>,
    #[command(flatten)]
    pub hub: HubArgs,
}

fn word<T: serde::de::DeserializeOwned>(s: &str) -> Result<T, String> {
    serde_json::from_value(s.into()).map_err(|_| say::unknown_word(s).here())
}

fn kind(s: &str) -> Result<Kind, String> {
    word(s)
}

fn category(s: &str) -> Result<Category, String> {
    word(s)
}

/// `list`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct List {
    #[arg(long, value_name = "DIR", default_value = ".", help = say::help_dir().here())]
    pub dir: PathBuf,
    #[arg(long, value_name = "TEXT", help = say::help_search().here())]
    pub search: Option<String>,
    #[command(flatten)]
    pub hub: HubArgs,
}

/// `approve [ID…]`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Approve {
    #[arg(value_name = "ID", help = say::help_approve_ids().here())]
    pub ids: Vec<BulletinId>,
    #[arg(long, value_name = "ID", help = say::help_approve_remove().here())]
    pub remove: Vec<BulletinId>,
    #[arg(long, value_name = "NAME", help = say::help_approve_second().here())]
    pub second: Option<String>,
    #[arg(long, help = say::help_approve_again().here())]
    pub again: bool,
    #[arg(long, help = say::help_approve_urgent().here())]
    pub urgent_audio: bool,
    #[arg(long, value_name = "DEVICE", num_args = 0..=1, require_equals = true, default_missing_value = "default", help = say::help_listen().here())]
    pub listen: Option<String>,
    #[arg(long, short, help = say::help_yes().here())]
    pub yes: bool,
    #[command(flatten)]
    pub desk: Desk,
}

/// `sign ROLE`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Sign {
    #[arg(value_name = "ROLE", help = say::help_sign_role().here())]
    pub role: String,
    #[arg(long, help = say::help_sign_fresh().here())]
    pub fresh: bool,
    #[arg(long, value_name = "DEVICE", num_args = 0..=1, require_equals = true, default_missing_value = "default", help = say::help_listen().here())]
    pub listen: Option<String>,
    #[arg(long, short, help = say::help_yes().here())]
    pub yes: bool,
    #[command(flatten)]
    pub desk: Desk,
}

/// `merge DIR`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Merge {
    #[arg(value_name = "DIR", help = say::help_merge_from().here())]
    pub from: PathBuf,
    #[arg(long, value_name = "DIR", default_value = ".", help = say::help_dir().here())]
    pub dir: PathBuf,
}

/// `withdraw ID`, `recall ID`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Withdraw {
    #[arg(value_name = "ID", help = say::help_withdraw_id().here())]
    pub id: String,
    #[arg(long, value_name = "TEXT", help = say::help_reason().here())]
    pub reason: String,
    #[command(flatten)]
    pub desk: Desk,
}

/// `urgent ID`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Urgent {
    #[arg(value_name = "ID", help = say::help_urgent_id().here())]
    pub id: SlotId,
    #[arg(long, value_name = "ID", help = say::help_urgent_audio().here())]
    pub audio: BulletinId,
    #[arg(long, value_name = "AREA", required = true, value_delimiter = ',', help = say::help_urgent_areas().here())]
    pub areas: Vec<AreaId>,
    #[arg(long, value_name = "T", help = say::help_urgent_not_before().here())]
    pub not_before: Option<DateTime<Utc>>,
    #[arg(long, value_name = "T", help = say::help_urgent_until().here())]
    pub until: DateTime<Utc>,
    #[arg(long, value_name = "N", default_value_t = 1, help = say::help_urgent_repeats().here())]
    pub repeats: u32,
    #[arg(long, value_name = "SECONDS", default_value_t = 0, help = say::help_urgent_gap().here())]
    pub gap: u32,
    #[arg(long, value_name = "TEXT", help = say::help_reason().here())]
    pub reason: String,
    #[command(flatten)]
    pub desk: Desk,
}

impl Approve {
    /// The named recordings as a set.
    pub fn only(&self) -> BTreeSet<BulletinId> {
        self.ids.iter().cloned().collect()
    }
}
