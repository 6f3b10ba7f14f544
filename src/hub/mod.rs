//! Where offices, stations and inspectors meet. It holds the online keys of the feed and the receipt key, no other: what
//! it serves to stations was signed elsewhere, and what it shows to inspectors was signed by stations.
//!
//! `config` is what its file says; `serve` listens; `routes` is the one table of what can be asked, each with its `rule`;
//! `who` finds out who asks. `db` is the only room that speaks SQL, `blobs` the only one that touches feed files.
//! `account` logs in, `deeds` is what people change, the same for pages and API; `overview` says in a word how a station is,
//! `webhook` tells other systems of alarms, `feed` takes signed files and publishes, `station` takes heartbeats and logs,
//! `report` counts (pure), `pages` and `api` show. Nothing here makes a signature of an office, an area or a station.

pub mod account;
pub mod api;
pub mod audit;
pub mod backup;
pub mod blobs;
pub mod config;
pub mod db;
pub mod deeds;
pub mod export;
pub mod extract;
pub mod fail;
pub mod feed;
pub mod live;
pub mod manager;
pub mod metrics;
pub mod overview;
pub mod pages;
pub mod report;
pub mod routes;
pub mod rule;
pub mod serve;
pub mod state;
pub mod station;
pub mod turns;
pub mod webhook;
pub mod who;

pub use fail::{Fail, Reply};
pub use state::Hub;
