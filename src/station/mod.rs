//! The daemon: everything that happens on the box in the commune, around one pure controller.
//!
//! `controller` decides; `run` carries events to it and its orders to `hands` (journal, player). `sync` brings what is
//! new, on a thread of its own. `control` is the only way in, and nothing that comes through it can make a sound.

pub mod budget;
pub mod config;
pub mod control;
pub mod controller;
mod deeds;
pub mod enroll;
pub mod feeding;
mod hands;
pub mod hub_client;
mod hub_link;
pub mod in_force;
pub mod layout;
pub mod manager;
pub mod memory;
pub mod run;
mod start;
pub mod status;
pub mod sync;
pub mod timedate;
pub mod trusted_time;
pub mod upload;
pub mod wants;
