//! Stories that need an environment of their own, which a test must not change for its whole process: the player finds a
//! sound server by it. Each story is an ignored test, run in a child of the test binary.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, dead_code)]

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::Mutex,
    thread::{self, JoinHandle},
};

use super::pulse_server::environment;

const DIR: &str = "LOAXA_TEST_PULSE_DIR";

type Told = JoinHandle<Result<String, String>>;

/// Starts all `stories` side by side (they mostly wait); each is an ignored test, run in a process whose environment
/// points at a folder of its own.
pub struct Stories(HashMap<&'static str, Mutex<Option<Told>>>);

impl Stories {
    pub fn start(stories: &[&'static str]) -> Self {
        super::speech::make_all();
        let told = |story: &&'static str| {
            let story = *story;
            (story, Mutex::new(Some(thread::spawn(move || run(story)))))
        };
        Self(stories.iter().map(told).collect())
    }

    /// Waits for a story; panics with what it printed if it failed, else prints its figures.
    pub fn told(&self, story: &str) {
        let thread = self.0[story].lock().unwrap().take().unwrap();
        match thread.join().unwrap() {
            Ok(told) => told.lines().filter(|l| l.starts_with("figure: ")).for_each(|l| println!("{l}")),
            Err(told) => panic!("{story}:\n{told}"),
        }
    }
}

fn run(story: &str) -> Result<String, String> {
    let dir = tempfile::tempdir().unwrap();
    let alsa = dir.path().join("asound.conf");
    let socket = dir.path().join("native");
    let conf = format!(
        "</usr/share/alsa/alsa.conf>\npcm.town {{\n type pulse\n server \"unix:{}\"\n device pa\n hint {{ show on\n \
         description \"Pulse through ALSA\" }}\n}}\n",
        socket.display()
    );
    std::fs::write(&alsa, conf).unwrap();
    super::child::run(story, |child| {
        child
            .env(DIR, dir.path())
            .env(super::speech::DIR_NAME, super::speech::dir())
            .envs(environment(dir.path()))
            .env("ALSA_CONFIG_PATH", &alsa)
            .env_remove("PULSE_COOKIE");
    })
}

/// The folder of a story; none when it was started by hand.
pub fn dir() -> Option<PathBuf> {
    std::env::var_os(DIR).map(PathBuf::from)
}
