//! The card's mixer, set at each opening: a power cut or a re-plug forgets it.

use alsa::mixer::{Mixer, Selem, SelemChannelId, SelemId};

use crate::text::{Text, playout as words};

/// Elements that carry the way to the amplifier, in the order in which they are looked for.
const USUAL: [&str; 7] = ["PCM", "Master", "Speaker", "Headphone", "Line Out", "Digital", "Playback"];

/// Sets the volume in percent of the element's range and unmutes it; gives what the card says then.
pub fn set(pcm: &str, element: Option<&str>, percent: u8) -> Result<u8, Text> {
    with(pcm, element, |selem| {
        let (low, high) = selem.get_playback_volume_range();
        selem.set_playback_volume_all(raw(percent, low, high))?;
        if selem.has_playback_switch() {
            selem.set_playback_switch_all(1)?;
        }
        read(selem)
    })
}

/// The volume in percent.
pub fn get(pcm: &str, element: Option<&str>) -> Result<u8, Text> {
    with(pcm, element, read)
}

fn read(selem: &Selem<'_>) -> Result<u8, alsa::Error> {
    let (low, high) = selem.get_playback_volume_range();
    let channel = SelemChannelId::all().iter().find(|c| selem.has_playback_channel(**c));
    let now = selem.get_playback_volume(channel.copied().unwrap_or(SelemChannelId::FrontLeft))?;
    Ok(percent(now, low, high))
}

fn with<T>(
    pcm: &str,
    element: Option<&str>,
    act: impl FnOnce(&Selem<'_>) -> Result<T, alsa::Error>,
) -> Result<T, Text> {
    let card = card(pcm).ok_or_else(|| words::mixer_no_card(pcm))?;
    let mixer = Mixer::new(&card, false).map_err(|e| words::mixer_failed(card.as_str(), e.to_string()))?;
    let named = |name: &str| mixer.find_selem(&SelemId::new(name, 0)).filter(Selem::has_playback_volume);
    let selem = match element {
        Some(name) => named(name),
        None => USUAL
            .iter()
            .find_map(|name| named(name))
            .or_else(|| mixer.iter().filter_map(Selem::new).find(Selem::has_playback_volume)),
    };
    let selem = selem.ok_or_else(|| words::mixer_absent(card.as_str()))?;
    act(&selem).map_err(|e| words::mixer_failed(card.as_str(), e.to_string()))
}

/// The control device of a PCM such as `plughw:CARD=Audio,DEV=0`.
fn card(pcm: &str) -> Option<String> {
    let rest = pcm.split_once(':')?.1;
    let card = rest.split(',').find_map(|part| part.strip_prefix("CARD="))?;
    (!card.is_empty()).then(|| format!("hw:{card}"))
}

fn raw(percent: u8, low: i64, high: i64) -> i64 {
    low + ((high - low) * i64::from(percent.min(100)) + 50) / 100
}

fn percent(raw: i64, low: i64, high: i64) -> u8 {
    let range = (high - low).max(1);
    (((raw - low) * 100 + range / 2) / range).clamp(0, 100) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_of_a_range_reads_back_and_ends_are_ends() {
        assert_eq!((raw(0, -10, 55), raw(100, -10, 55), raw(255, 0, 7)), (-10, 55, 7));
        for p in 0..=100 {
            assert_eq!(percent(raw(p, 0, 200), 0, 200), p);
        }
        assert_eq!(percent(3, 3, 3), 0);
    }

    #[test]
    fn the_control_device_is_that_of_the_card() {
        assert_eq!(card("plughw:CARD=Audio,DEV=0").as_deref(), Some("hw:Audio"));
        assert_eq!((card("pulse"), card("plughw:CARD=,DEV=0")), (None, None));
    }
}
