//! The test tone: three notes, twice, so that a person at the PA can say that it is heard.

use std::{io::Write, sync::Arc, time::Duration};

use chrono::TimeDelta;

use super::{
    Command, Event, Program, ProgramItem, decode,
    player::Player,
    sink::{Settings, SinkSpec},
};
use crate::{
    clock::Clock,
    digest::Digest,
    durable::Incoming,
    text::{Text, playout as say},
};

const TONE: &[u8] = include_bytes!("../../audio/test-tone.opus");
/// A sink that says nothing for so long will not.
const PATIENCE: Duration = Duration::from_secs(15);

/// Plays the tone on `sink` and returns when it has ended (about 8 s).
///
/// # Errors
/// The sink cannot be opened or was lost: what the system said.
pub fn play(sink: SinkSpec, clock: Arc<dyn Clock>, settings: Settings) -> Result<(), Text> {
    let broken = |e: std::io::Error| say::tone_failed(&e);
    let mut file = Incoming::create(&std::env::temp_dir()).map_err(broken)?;
    file.write_all(TONE).map_err(broken)?;
    let frames = decode::frames(TONE).map_err(|e| e.text())?;
    let item = ProgramItem {
        bulletin: "test-tone".parse().map_err(Text::same)?,
        path: file.path().to_owned(),
        sha256: Digest::of(TONE),
        frames,
    };
    let must_end_by = clock.now().wall + TimeDelta::minutes(5);
    let (player, events) = Player::spawn(sink, clock, settings).map_err(broken)?;
    player.send(Command::Open);
    player.send(Command::Load(Program { token: 1, items: vec![item], level_cdb: 0, must_end_by }));
    let ended = listen(&player, events);
    player.send(Command::Shutdown);
    ended
}

fn listen(
    player: &super::player::PlayerHandle,
    mut events: tokio::sync::mpsc::UnboundedReceiver<Event>,
) -> Result<(), Text> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.map_err(|e| say::tone_failed(&e))?;
    let (mut open, mut ready, mut started) = (false, false, false);
    loop {
        let next = runtime.block_on(async { tokio::time::timeout(PATIENCE, events.recv()).await });
        match next {
            Err(_) | Ok(None) => return Err(say::tone_silent()),
            Ok(Some(Event::Opened(_))) => open = true,
            Ok(Some(Event::Ready { .. })) => ready = true,
            Ok(Some(Event::Lost(why))) => return Err(why),
            Ok(Some(Event::Finished { .. })) => return Ok(()),
            Ok(Some(_)) => {}
        }
        if open && ready && !started {
            started = true;
            player.send(Command::Start { token: 1, at: chrono::DateTime::UNIX_EPOCH });
        }
    }
}
