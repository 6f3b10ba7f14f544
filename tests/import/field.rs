//! What people reported in public about other programs, made anew, each with its right outcome.

use std::{fmt::Write, path::PathBuf, sync::Mutex};

use loaxa::office::import::{ImportFault, Imported, Warning};

use crate::bench::{MATERIAL, Material, Office};

/// Makes the file of a row.
type Make = fn(&Material) -> PathBuf;
/// Judges what came of it; an error says what is wrong.
type Right = fn(&Result<Imported, ImportFault>) -> bool;

struct Row(&'static str, Make, Right);

/// Accepted with this many seconds found, to 50 ms.
fn long(made: &Result<Imported, ImportFault>, seconds: f64) -> bool {
    made.as_ref().is_ok_and(|m| (m.decoded.0 as f64 / 1000.0 - seconds).abs() <= 0.05)
}

/// Refused, for a cause that lies in the recording.
fn refused(made: &Result<Imported, ImportFault>) -> bool {
    made.as_ref().is_err_and(|e| !e.is_machine())
}

fn cut(made: &Result<Imported, ImportFault>) -> bool {
    matches!(made, Err(ImportFault::CutShort { .. }))
}

/// Cut short, and both lengths are told.
fn cut_with_lengths(made: &Result<Imported, ImportFault>) -> bool {
    matches!(made, Err(ImportFault::CutShort { declared: Some(d), decoded: Some(f), .. }) if f.0 + 300 < d.0)
}

fn joined(made: &Result<Imported, ImportFault>) -> bool {
    matches!(made, Err(ImportFault::Joined(_) | ImportFault::Longer(..)))
}

fn half(m: &Material, whole: &str, name: &str) -> PathBuf {
    let bytes = m.bytes(whole);
    m.write(name, &bytes[..bytes.len() / 2])
}

const ROWS: &[Row] = &[
    Row(
        "VBR without a header",
        |m| m.made("v.mp3", "ffmpeg -i s10.wav -c:a libmp3lame -q:a 4 -write_xing 0 $1"),
        |r| long(r, 10.0) && has(r, |w| *w == Warning::LengthUnstated),
    ),
    Row(
        "5 s of silence before it",
        |m| {
            m.made(
                "lead.mp3",
                "sox -D s10.wav lead.wav pad 5 0; ffmpeg -i lead.wav -c:a libmp3lame -q:a 4 -write_xing 0 $1",
            )
        },
        |r| {
            long(r, 15.0)
                && has(r, |w| matches!(w, Warning::LeadingSilence(s) if (4900..5300).contains(&s.0)))
        },
    ),
    Row("three mp3s in one", |m| m.made("glued.mp3", "cat x.mp3 x.mp3 x.mp3 > $1"), joined),
    Row(
        "ID3v2.4 with restrictions",
        |m| m.write("restricted.mp3", &[&ID3_RESTRICTED[..], &m.bytes("x.mp3")].concat()),
        |r| long(r, 10.0) || refused(r),
    ),
    Row(
        "a Xing header that is too short",
        |m| m.write("xing38.mp3", &short_xing(m.bytes("x.mp3"))),
        |r| r.is_ok() || refused(r),
    ),
    Row(
        "64 kB of junk before it",
        |m| m.write("junk.mp3", &[&noise(65_536)[..], &m.bytes("x.mp3")].concat()),
        |r| long(r, 10.0) || refused(r),
    ),
    Row(
        "2 MB of zeros before it",
        |m| m.write("zeros.mp3", &[&vec![0; 2_000_000][..], &m.bytes("x.mp3")].concat()),
        |r| long(r, 10.0) || refused(r),
    ),
    Row(
        "6,000 bytes zeroed in the middle",
        |m| {
            let mut bytes = m.bytes("x.mp3");
            let middle = bytes.len() / 2;
            bytes[middle..middle + 6000].fill(0);
            m.write("hole.mp3", &bytes)
        },
        |r| matches!(r, Err(ImportFault::Damaged(Some(at), _)) if (4000..6000).contains(&at.0)),
    ),
    Row("half an mp3", |m| half(m, "x.mp3", "half.mp3"), cut_with_lengths),
    Row("half a wav", |m| half(m, "s10.wav", "half.wav"), cut_with_lengths),
    Row(
        "half a flac",
        |m| {
            m.made("s.flac", "ffmpeg -i s10.wav $1");
            half(m, "s.flac", "half.flac")
        },
        cut_with_lengths,
    ),
    Row(
        "half an m4a",
        |m| {
            m.made("s.m4a", "ffmpeg -i s10.wav -c:a aac $1");
            half(m, "s.m4a", "half.m4a")
        },
        cut,
    ),
    Row(
        "half an m4a made for streaming",
        |m| {
            m.made("fast.m4a", "ffmpeg -i s10.wav -c:a aac -movflags +faststart $1");
            half(m, "fast.m4a", "halffast.m4a")
        },
        cut_with_lengths,
    ),
    Row(
        "half an ogg",
        |m| {
            m.made("o.ogg", "ffmpeg -i s10.wav -c:a libopus $1");
            half(m, "o.ogg", "half.ogg")
        },
        cut,
    ),
    Row(
        "half an mp3 without a header",
        |m| {
            m.made("nx.mp3", "ffmpeg -i s10.wav -b:a 64k -write_xing 0 $1");
            half(m, "nx.mp3", "halfnx.mp3")
        },
        cut,
    ),
    Row(
        "half a wma",
        |m| {
            m.made("s.wma", "ffmpeg -i s10.wav $1");
            half(m, "s.wma", "half.wma")
        },
        cut,
    ),
    Row(
        "half a piped flac",
        |m| {
            m.made("p.flac", "ffmpeg -i s10.wav -f flac - | cat > $1");
            half(m, "p.flac", "halfp.flac")
        },
        refused,
    ),
    Row(
        "half a streamed wav",
        |m| {
            m.made("ps.wav", "ffmpeg -i s10.wav -f wav - | cat > $1");
            half(m, "ps.wav", "halfps.wav")
        },
        // Only ears can tell, when a whole sample happens to be the last: it is said.
        |r| cut(r) || has(r, |w| *w == Warning::LengthUnstated),
    ),
    Row(
        "m4a whose sample table claims 4 thousand million",
        |m| {
            m.made("stts0.m4a", "ffmpeg -i s10.wav -c:a aac $1");
            let mut bytes = m.bytes("stts0.m4a");
            let at = bytes.windows(4).position(|w| w == b"stts").unwrap();
            bytes[at + 8..at + 12].fill(0xFF);
            m.write("stts.m4a", &bytes)
        },
        refused,
    ),
    Row("a streamed wav", |m| m.made("p.wav", "ffmpeg -i s10.wav -f wav - | cat > $1"), |r| long(r, 10.0)),
    Row("wav of 8 bits", |m| m.made("u8.wav", "ffmpeg -i s10.wav -c:a pcm_u8 $1"), |r| long(r, 10.0)),
    Row("wav of 24 bits", |m| m.made("s24.wav", "ffmpeg -i s10.wav -c:a pcm_s24le $1"), |r| long(r, 10.0)),
    Row("wav of floats", |m| m.made("f32.wav", "ffmpeg -i s10.wav -c:a pcm_f32le $1"), |r| long(r, 10.0)),
    Row("wav by A-law", |m| m.made("alaw.wav", "ffmpeg -i s10.wav -c:a pcm_alaw $1"), |r| long(r, 10.0)),
    Row(
        "wav of six channels",
        |m| {
            m.made("s51.wav", "ffmpeg -i s10.wav -af 'pan=5.1|FL=c0|FR=c0|FC=c0|BL=0*c0|BR=0*c0|LFE=0*c0' $1")
        },
        |r| long(r, 10.0),
    ),
    Row("wav at 8 kHz", |m| m.made("s8k.wav", "ffmpeg -i s10.wav -ar 8000 $1"), |r| long(r, 10.0)),
    Row(
        "two oggs in one",
        |m| m.made("two.ogg", "ffmpeg -i s10.wav -c:a libvorbis one.ogg; cat one.ogg one.ogg > $1"),
        joined,
    ),
    Row(
        "the sound of a film",
        |m| {
            m.made(
                "film.mp4",
                "ffmpeg -f lavfi -i testsrc=s=160x120:r=5:d=14 -i s10.wav -c:v mpeg4 -c:a aac $1",
            )
        },
        |r| long(r, 10.0),
    ),
    Row(
        "10 min of nothing at the end",
        |m| m.made("tail.flac", "sox -D s10.wav -r 16000 $1 pad 0 600"),
        |r| matches!(r, Err(ImportFault::SilentEnd(loaxa::office::import::fault::End::Finish, s, _)) if s.0 > 599_000),
    ),
    Row(
        "quiet speech at the end",
        |m| m.made("quiet.wav", "sox -D s10.wav q.wav gain -35; sox -D s10.wav q.wav $1"),
        |r| r.as_ref().is_ok_and(|m| m.frames.0 == 20 * 48_000),
    ),
    Row(
        "a cover of 12 MB",
        |m| {
            m.write("cover.ppm", &[&b"P6 2000 2000 255\n"[..], &noise(12_000_000)].concat());
            m.made("cover.mp3", "ffmpeg -i cover.ppm cover.png; ffmpeg -i x.mp3 -i cover.png -map 0 -map 1 -c copy -id3v2_version 3 $1")
        },
        |r| long(r, 10.0),
    ),
    Row("an empty file", |m| m.write("empty.mp3", b""), refused),
    Row("one byte", |m| m.write("one.mp3", b"x"), refused),
    Row("a web page", |m| m.write("page.mp3", b"<!DOCTYPE html><html><title>404</title></html>"), refused),
    Row("random bytes", |m| m.write("random.mp3", &noise(100_000)), refused),
    Row(
        "a tag alone",
        |m| m.write("tag.mp3", &[&b"ID3\x03\0\0\0\0\x02\x01"[..], &[0; 257]].concat()),
        refused,
    ),
    Row(
        "a picture",
        |m| m.made("picture.mp3", "ffmpeg -f lavfi -i color=s=64x64:d=1 -frames:v 1 -f image2 -c:v png $1"),
        refused,
    ),
    Row(
        "silence",
        |m| m.made("silence.wav", "sox -n -r 48000 -c 1 $1 trim 0 3"),
        |r| matches!(r, Err(ImportFault::Silent)),
    ),
    Row(
        "almost silence",
        |m| m.made("whisper.wav", "sox -D s10.wav -b 24 $1 gain -45"),
        |r| matches!(r, Err(ImportFault::NearlySilent(_))),
    ),
    Row(
        "opposite phase",
        |m| m.made("anti.wav", "sox -D s10.wav n.wav vol -1; sox -M s10.wav n.wav $1"),
        |r| matches!(r, Err(ImportFault::AntiPhase(..))),
    ),
    Row(
        "a blip of 0.3 s",
        |m| m.made("blip.wav", "sox -D s10.wav $1 trim 1 0.3"),
        |r| matches!(r, Err(ImportFault::TooShort(_))),
    ),
    Row(
        "twenty minutes and a bit",
        |m| m.made("long.mp3", "ffmpeg -f lavfi -i sine=300:r=16000:d=1205 -b:a 16k -ac 1 $1"),
        |r| matches!(r, Err(ImportFault::TooLong(..))),
    ),
    Row(
        "two tracks",
        |m| m.made("tracks.mka", "ffmpeg -i s10.wav -i s10.wav -map 0 -map 1 -c:a flac $1"),
        |r| matches!(r, Err(ImportFault::SeveralTracks(2))),
    ),
    Row(
        "a film without sound",
        |m| m.made("mute.mp4", "ffmpeg -f lavfi -i testsrc=s=160x120:r=5:d=2 -c:v mpeg4 $1"),
        |r| matches!(r, Err(ImportFault::NoSound)),
    ),
];

const ID3_RESTRICTED: [u8; 22] = *b"ID3\x04\0\x40\0\0\0\x0C\0\0\0\x0C\x01\x10\x01\xFF\0\0\0\0";

fn has(made: &Result<Imported, ImportFault>, warning: fn(&Warning) -> bool) -> bool {
    made.as_ref().is_ok_and(|m| m.warnings.iter().any(warning))
}

/// Repeatable noise.
fn noise(n: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    (0..n).map(|_| next()).collect()
}

/// The frame with the Xing header cut to 38 bytes.
fn short_xing(mp3: Vec<u8>) -> Vec<u8> {
    let at = mp3.windows(4).position(|w| w == b"Xing" || w == b"Info").unwrap();
    let start = (0..at).rev().find(|i| mp3[*i] == 0xFF && mp3[i + 1] & 0xE0 == 0xE0).unwrap();
    let next = (at..).find(|i| mp3[*i..i + 2] == mp3[start..start + 2]).unwrap();
    [&mp3[..start + 38], &mp3[next..]].concat()
}

#[test]
fn every_recording_of_the_field_has_its_right_outcome() {
    let office = Office::new();
    let results = Mutex::new(vec![None; ROWS.len()]);
    let next = Mutex::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let i = {
                        let mut next = next.lock().unwrap();
                        *next += 1;
                        *next - 1
                    };
                    let Some(Row(name, make, right)) = ROWS.get(i) else { break };
                    let file = make(&MATERIAL);
                    let started = std::time::Instant::now();
                    let made = office.import(&file);
                    let right = right(&made);
                    results.lock().unwrap()[i] = Some((*name, right, told(&made)));
                    eprintln!(
                        "{} {name}: {:.1} s: {made:?}",
                        if right { "ok" } else { "WRONG" },
                        started.elapsed().as_secs_f32()
                    );
                }
            });
        }
    });
    let results: Vec<_> = results.into_inner().unwrap().into_iter().flatten().collect();
    let wrong: Vec<_> = results.iter().filter(|r| !r.1).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let mut messages = String::new();
    for (name, _, told) in &results {
        writeln!(messages, "## {name}\n{told}").unwrap();
    }
    insta::assert_snapshot!(messages);
    assert!(office.files().iter().all(|f| !f.starts_with("work")), "{:?}", office.files());
}

/// The outcome for people, numbers and decoders' words left out: these belong to the version of ffmpeg.
fn told(made: &Result<Imported, ImportFault>) -> String {
    let lines = match made {
        Ok(m) => std::iter::once("accepted".to_owned())
            .chain(m.warnings.iter().map(|w| format!("vi: {}\nen: {}", w.text().vi, w.text().en)))
            .collect::<Vec<_>>(),
        Err(e) => {
            let (what, remedy) = (e.what(), e.remedy());
            vec![format!("vi: {}\n    {}\nen: {}\n    {}", what.vi, remedy.vi, what.en, remedy.en)]
        }
    };
    let mut out = String::new();
    for line in lines {
        let mut last = ' ';
        let line = match (line.find("báo: "), line.find(")\n    chép")) {
            (Some(from), Some(to)) => line.replace(&line[from + "báo: ".len()..to], "…"),
            _ => line,
        };
        for c in line.chars() {
            match c {
                c if c.is_ascii_digit() => {
                    if last != '#' {
                        out.push('#');
                    }
                    last = '#';
                }
                c => {
                    out.push(c);
                    last = c;
                }
            }
        }
        out.push('\n');
    }
    out
}
