//! What an office does: make keys, import recordings, approve, sign, publish. It holds secrets; nothing here runs on a station.
//!
//! `keys` and `people` say who signs; `folder` is what is passed from one person to the next; `meta` builds, signs and
//! counts; `draft` waits for signatures; `ceremony` plans who may sign what; `gates` is pure and decides what may be published; `publish` writes the feed.
//! One file a verb. A new verb gets its own file here and its words in `cli/office.rs`.

pub mod approve;
pub mod ceremony;
pub mod delegate;
pub mod desk;
pub mod draft;
pub mod error;
pub mod export;
pub mod feed_files;
pub mod folder;
pub mod gates;
pub mod hand;
pub mod handover;
pub mod import;
pub mod init;
pub mod keys;
pub mod list;
pub mod merge;
pub mod meta;
pub mod people;
pub mod policy;
pub mod publish;
pub mod push;
pub mod registry;
pub mod remote;
pub mod renew;
pub mod root;
pub mod rotate;
pub mod staging;
pub mod tidy;
pub mod urgent;
pub mod view;
pub mod withdraw;
pub mod words;

pub use error::{Error, Result};
