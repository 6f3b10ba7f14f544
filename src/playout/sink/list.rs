//! Which devices there are: for the questions of `station setup`.

use rodio::cpal::{
    self, HostId,
    traits::{DeviceTrait, HostTrait},
};

use super::SinkSpec;

/// A device that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// How it is written in the configuration.
    pub spec: SinkSpec,
    /// What the system calls it.
    pub name: String,
}

/// Real cards first, each by its stable name, then sinks of a sound server if one runs, then the default.
/// Takes 60 to 120 ms.
pub fn devices() -> Vec<Listed> {
    let mut all = cards();
    all.extend(servers());
    let name = "default".to_owned();
    all.push(Listed { spec: SinkSpec::Default, name });
    all
}

fn cards() -> Vec<Listed> {
    let stable = |id: &str| id.starts_with("plughw:CARD=") && SinkSpec::parse(&format!("alsa:{id}")).is_ok();
    listed(HostId::Alsa, |id| stable(id).then(|| SinkSpec::Alsa(id.to_owned())))
}

fn servers() -> Vec<Listed> {
    listed(HostId::PulseAudio, |id| Some(SinkSpec::Pulse(id.to_owned())))
}

fn listed(host: HostId, spec: impl Fn(&str) -> Option<SinkSpec>) -> Vec<Listed> {
    let Ok(devices) = cpal::host_from_id(host).and_then(|h| h.devices()) else {
        return Vec::new();
    };
    let outputs = devices.filter(|d| d.description().is_ok_and(|d| d.supports_output()));
    outputs.filter_map(|d| Some(Listed { spec: spec(d.id().ok()?.id())?, name: d.to_string() })).collect()
}
