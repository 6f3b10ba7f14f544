//! `approve --listen`: the recordings sound before they are signed, through the same player as on a station.

use std::path::PathBuf;

use tough::schema::Target;

use super::tell;
use crate::{
    cli::{Context, Failure},
    office::{folder::Office, meta},
    text::office as say,
};

/// One recording of a proposal, and where it lies.
struct Heard {
    name: String,
    path: PathBuf,
    #[cfg_attr(not(feature = "station"), allow(dead_code, reason = "only the player checks it again"))]
    target: Target,
}

/// Plays what is to be heard on `device`; without one, or in a build that makes no sound, names the files.
///
/// # Errors
/// Refused: a file is gone or altered. Machine: the device does not play.
pub async fn hear(
    ctx: &Context,
    office: &Office,
    targets: Vec<(String, Target)>,
    device: Option<&str>,
) -> Result<(), Failure> {
    let found = targets.into_iter().map(|(name, target)| {
        let sha256 = meta::target_digest(&target);
        match sha256.and_then(|sha256| office.content_path(&sha256, &name)) {
            Some(path) => Ok(Heard { name, path, target }),
            None => Err(Failure::Refused(say::content_gone(name))),
        }
    });
    let all = found.collect::<Result<Vec<_>, _>>()?;
    #[cfg(feature = "station")]
    if let Some(device) = device {
        return sound::play(ctx, device, &all).await;
    }
    if device.is_some() {
        tell(ctx, &say::listen_silent_build());
    }
    for heard in &all {
        tell(ctx, &say::listen(&heard.name, heard.path.display()));
    }
    Ok(())
}

#[cfg(feature = "station")]
mod sound {
    use std::sync::Arc;

    use chrono::TimeDelta;

    use super::{super::tell, Heard};
    use crate::{
        cli::{Context, Failure},
        office::{meta::target_digest, withdraw::id_of, words::meta_of},
        playout::{
            Command, Ended, Event, Program, ProgramItem,
            player::Player,
            sink::{Settings, SinkSpec},
        },
        text::office as say,
    };

    /// A device may stand still for so long before listening is given up.
    const SPARE: TimeDelta = TimeDelta::seconds(30);

    /// One after the other, each whole and named before it sounds.
    pub(super) async fn play(ctx: &Context, device: &str, all: &[Heard]) -> Result<(), Failure> {
        let sink = SinkSpec::parse(device)?;
        let broken = |e: std::io::Error| Failure::Machine(say::listen_failed(device, e.to_string()));
        let (player, mut events) =
            Player::spawn(sink, Arc::clone(&ctx.clock), Settings::default()).map_err(broken)?;
        for (token, heard) in (1..).zip(all) {
            let Some((item, seconds)) = item(heard) else {
                return Err(Failure::Refused(say::content_gone(&heard.name)));
            };
            tell(ctx, &say::listening(&heard.name, seconds));
            let must_end_by = ctx.clock.now().wall + item.frames.span() + SPARE;
            let wanted = item.frames;
            player.send(Command::Load(Program { token, items: vec![item], level_cdb: 0, must_end_by }));
            player.send(Command::Start { token, at: ctx.clock.now().wall });
            loop {
                match events.recv().await {
                    Some(Event::Finished { token: t, how: Ended::Complete, sent }) if t == token => {
                        let whole = sent.iter().any(|s| s.frames == wanted);
                        if whole {
                            break;
                        }
                        return Err(Failure::Machine(say::listen_cut(&heard.name, device)));
                    }
                    Some(Event::Finished { token: t, .. }) if t == token => {
                        return Err(Failure::Machine(say::listen_cut(&heard.name, device)));
                    }
                    Some(Event::Lost(why)) => return Err(Failure::Machine(say::listen_failed(device, why))),
                    Some(_) => {}
                    None => return Err(Failure::Machine(say::listen_cut(&heard.name, device))),
                }
            }
        }
        player.send(Command::Shutdown);
        while events.recv().await.is_some() {}
        Ok(())
    }

    fn item(heard: &Heard) -> Option<(ProgramItem, u64)> {
        let meta = meta_of(&heard.target)?;
        let item = ProgramItem {
            bulletin: id_of(&heard.name)?.parse().ok()?,
            path: heard.path.clone(),
            sha256: target_digest(&heard.target)?,
            frames: meta.frames,
        };
        Some((item, meta.frames.seconds_up()))
    }
}
