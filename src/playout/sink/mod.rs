//! Where sound goes: a file each. A sink takes mono frames at 48 kHz and pulls them from an [`Engine`].
//!
//! `device` is whatever cpal reaches (ALSA, PulseAudio), `wav` a virtual PA with no card. A new kind of sink is a line
//! in [`SinkSpec`] and one in [`open`]. A sink that is dropped is closed.

pub mod device;
pub mod list;
pub mod steady;
pub mod volume;
pub mod wav;
pub mod wav_file;

use std::{fmt, path::PathBuf, sync::Arc};

use super::{engine::Engine, monitor::Monitor};
use crate::{
    clock::Clock,
    fault::{Faults, Place},
    text::{Text, playout as words},
};

/// Frames of a period: 200 ms. Wake-ups cost more than decoding.
pub const PERIOD: u32 = 9_600;

/// Which sink, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinkSpec {
    /// A PCM of ALSA by its stable name, such as `plughw:CARD=Audio,DEV=0`.
    Alsa(String),
    /// A sink of PulseAudio (or PipeWire) by its name.
    Pulse(String),
    /// Whatever the system calls its default.
    Default,
    /// A virtual PA: a WAV file that grows in real time.
    Wav(PathBuf),
}

impl SinkSpec {
    /// Reads `alsa:…`, `pulseaudio:…`, `default` or `wav:PATH`. Refuses names of cards that change from boot to boot.
    pub fn parse(text: &str) -> Result<Self, Faults> {
        let fault = |what, remedy| Err(Faults::one(Place::default(), what, remedy));
        match text.split_once(':') {
            Some(("alsa" | "pulseaudio" | "wav", "")) => {
                fault(words::sink_unnamed(text), words::sink_unnamed_remedy())
            }
            None if text == "default" => Ok(Self::Default),
            Some(("alsa", name)) => match unstable(name) {
                None => Ok(Self::Alsa(name.to_owned())),
                Some(Unstable::Number) => fault(words::sink_number(name), words::sink_number_remedy()),
                Some(Unstable::Raw) => {
                    let plug = name.replacen("hw:", "plughw:", 1);
                    fault(words::sink_raw(name), words::sink_raw_remedy(plug))
                }
            },
            Some(("pulseaudio", name)) => Ok(Self::Pulse(name.to_owned())),
            Some(("wav", path)) => Ok(Self::Wav(PathBuf::from(path))),
            _ => fault(words::sink_unknown(text), words::sink_unknown_remedy()),
        }
    }
}

enum Unstable {
    Number,
    Raw,
}

/// Why an ALSA name is not to be stored, if so.
fn unstable(name: &str) -> Option<Unstable> {
    let (kind, rest) = name.split_once(':')?;
    let card = rest.split(',').next().unwrap_or_default();
    let card = card.strip_prefix("CARD=").unwrap_or(card);
    let hardware = matches!(kind, "hw" | "plughw" | "sysdefault" | "default" | "dmix");
    if hardware && !card.is_empty() && card.bytes().all(|b| b.is_ascii_digit()) {
        return Some(Unstable::Number);
    }
    (kind == "hw").then_some(Unstable::Raw)
}

impl fmt::Display for SinkSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Alsa(name) => write!(f, "alsa:{name}"),
            Self::Pulse(name) => write!(f, "pulseaudio:{name}"),
            Self::Default => f.write_str("default"),
            Self::Wav(path) => write!(f, "wav:{}", path.display()),
        }
    }
}

/// How a sink is used.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Mixer volume in percent, set at each opening; none leaves it alone. Only for `alsa:`.
    pub volume: Option<u8>,
    /// The mixer's element, such as `PCM`; else the first of the usual ones.
    pub mixer: Option<String>,
    /// How much later than the device says its frames are heard, in microseconds: measured at the amplifier.
    pub calibration_us: i64,
}

/// What a sink needs to run.
pub struct Feed {
    /// Gives the frames.
    pub engine: Engine,
    /// Shared with the engine; errors are counted there.
    pub monitor: Arc<Monitor>,
    /// Where time comes from.
    pub clock: Arc<dyn Clock>,
    /// Told once when the sink cannot go on.
    pub failed: Box<dyn Fn(Text) + Send + Sync>,
}

/// A running sink.
pub struct OpenSink {
    /// What the system calls it, for people.
    pub name: String,
    /// Dropping it closes.
    _stream: Box<dyn Send>,
}

/// Opens and starts the sink; the text says why not. May take long where a sound server hangs.
pub fn open(spec: &SinkSpec, settings: &Settings, feed: Feed) -> Result<OpenSink, Text> {
    match spec {
        SinkSpec::Wav(path) => {
            let stream = wav::Wav::open(path, feed).map_err(|e| e.text(path))?;
            Ok(OpenSink { name: spec.to_string(), _stream: Box::new(stream) })
        }
        _ => {
            let (stream, name) = device::open(spec, settings, feed)?;
            if let (SinkSpec::Alsa(pcm), Some(percent)) = (spec, settings.volume) {
                match volume::set(pcm, settings.mixer.as_deref(), percent) {
                    Ok(got) => tracing::info!(sink.name = %spec, "volume {got} % of the mixer's range"),
                    Err(why) => tracing::warn!(sink.name = %spec, "{}", why.en),
                }
            }
            Ok(OpenSink { name, _stream: Box::new(stream) })
        }
    }
}

/// Whether timestamps of such a sink are exact from its first callback on.
pub fn is_exact(spec: &SinkSpec) -> bool {
    matches!(spec, SinkSpec::Wav(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sink_is_written_as_it_is_read() {
        for text in
            ["alsa:plughw:CARD=Audio,DEV=0", "alsa:pulse", "pulseaudio:pa", "default", "wav:/tmp/a:b.wav"]
        {
            assert_eq!(SinkSpec::parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_changes_from_boot_to_boot_is_refused_with_a_remedy() {
        for text in ["alsa:hw:0,0", "alsa:plughw:1", "alsa:plughw:CARD=0,DEV=0", "alsa:hw:CARD=Audio,DEV=0"] {
            let faults = SinkSpec::parse(text).unwrap_err();
            assert!(faults.0[0].remedy.en.contains("plughw:CARD="), "{text}: {faults}");
        }
        for text in ["", "alsa", "alsa:", "wav:", "pulseaudio:", "jack:x", "Default", "wav"] {
            assert!(SinkSpec::parse(text).is_err(), "{text}");
        }
    }
}
