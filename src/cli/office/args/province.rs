//! The verbs of those who keep the province's lists: stations, areas, keys, publication.

use std::path::PathBuf;

use super::{Desk, HubArgs};
use crate::{
    bulletin::LangTag,
    ids::{AreaId, StationId},
    office::keys::PublicKey,
    text::office as say,
};

/// `registry …`
#[derive(Debug, clap::Args)]
pub struct Registry {
    /// What is to be done.
    #[command(subcommand)]
    pub deed: RegistryDeed,
}

/// The deeds of `registry`.
#[derive(Debug, clap::Subcommand)]
#[allow(missing_docs, reason = "each verb's help says it")]
pub enum RegistryDeed {
    #[command(about = say::help_registry_show().here())]
    Show {
        #[arg(long, value_name = "DIR", default_value = ".", help = say::help_dir().here())]
        dir: PathBuf,
        #[command(flatten)]
        hub: HubArgs,
    },
    #[command(about = say::help_registry_add().here())]
    Add(Box<StationArgs>),
    #[command(about = say::help_registry_edit().here())]
    Edit(Box<StationArgs>),
    #[command(about = say::help_registry_remove().here())]
    Remove {
        #[arg(value_name = "STATION", help = say::help_station_id().here())]
        id: StationId,
        #[command(flatten)]
        desk: Desk,
    },
    #[command(about = say::help_registry_set().here())]
    Set {
        #[arg(value_name = "FILE", help = say::help_registry_file().here())]
        file: PathBuf,
        #[command(flatten)]
        desk: Desk,
    },
}

/// A station's fields.
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct StationArgs {
    #[arg(value_name = "STATION", help = say::help_station_id().here())]
    pub id: StationId,
    #[arg(long, value_name = "HEX", help = say::help_station_key().here())]
    pub key: Option<PublicKey>,
    #[arg(long, value_name = "AREA", value_delimiter = ',', help = say::help_station_areas().here())]
    pub areas: Option<Vec<AreaId>>,
    #[arg(long, value_name = "TAG", value_delimiter = ',', help = say::help_station_languages().here())]
    pub languages: Option<Vec<LangTag>>,
    #[arg(long, value_name = "TAG", value_delimiter = ',', help = say::help_station_tags().here())]
    pub tags: Option<Vec<String>>,
    #[arg(long, value_name = "TEXT", help = say::help_station_commune().here())]
    pub commune: Option<String>,
    #[arg(long, value_name = "TEXT", help = say::help_station_place().here())]
    pub place: Option<String>,
    #[arg(long, value_name = "TEXT", help = say::help_station_contact().here())]
    pub contact: Option<String>,
    #[command(flatten)]
    pub desk: Desk,
}

/// `delegate AREA`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Delegate {
    #[arg(value_name = "AREA", required_unless_present = "list", help = say::help_delegate_area().here())]
    pub area: Option<AreaId>,
    #[arg(long, value_name = "FILE", required_unless_present_any = ["list", "revoke"], help = say::help_delegate_public().here())]
    pub public: Option<PathBuf>,
    #[arg(long, conflicts_with = "public", help = say::help_delegate_revoke().here())]
    pub revoke: bool,
    #[arg(long, conflicts_with_all = ["area", "public", "revoke"], help = say::help_delegate_list().here())]
    pub list: bool,
    #[arg(long, short, help = say::help_yes().here())]
    pub yes: bool,
    #[command(flatten)]
    pub desk: Desk,
}

/// `rotate ROLE`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Rotate {
    #[arg(value_name = "ROLE", help = say::help_rotate_role().here())]
    pub role: String,
    #[arg(long, value_name = "NAME|KEY", help = say::help_rotate_remove().here())]
    pub remove: Option<String>,
    #[arg(long, value_name = "FILE", help = say::help_rotate_add().here())]
    pub add: Option<PathBuf>,
    #[arg(long, value_name = "N", help = say::help_rotate_threshold().here())]
    pub threshold: Option<u64>,
    #[arg(long, short, help = say::help_yes().here())]
    pub yes: bool,
    #[arg(long, help = say::help_protect_online().here())]
    pub protect_online: bool,
    #[command(flatten)]
    pub desk: Desk,
}

/// `push FILE`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Push {
    #[arg(value_name = "FILE", help = say::help_push_file().here())]
    pub file: PathBuf,
    #[arg(long, short, help = say::help_yes().here())]
    pub yes: bool,
    #[command(flatten)]
    pub desk: Desk,
}

/// `publish`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Publish {
    #[arg(long, value_name = "ROLE", help = say::help_publish_only().here())]
    pub only: Vec<String>,
    #[command(flatten)]
    pub desk: Desk,
}

/// `renew`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Renew {
    #[command(flatten)]
    pub desk: Desk,
}

/// `export DIR`
#[derive(Debug, clap::Args)]
#[allow(missing_docs, reason = "each option's help says it")]
pub struct Export {
    #[arg(value_name = "DIR", help = say::help_export_to().here())]
    pub to: PathBuf,
    #[arg(long, value_name = "DIR", default_value = ".", help = say::help_dir().here())]
    pub dir: PathBuf,
}
