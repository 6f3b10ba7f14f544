//! Files that are made to harm: they read no other file, and cost bounded time, memory and disk.

use std::{fs, time::Duration};

use loaxa::office::import::{
    ImportFault, Limits, Options,
    fault::{Bound, Look},
};

use crate::bench::{MATERIAL, Office};

/// A store that holds anything but folders after a refusal kept something of an attack.
fn refused(office: &Office, name: &str, bytes: &[u8]) -> ImportFault {
    let file = MATERIAL.write(name, bytes);
    let fault = office.import(&file).expect_err(name);
    assert!(!fault.is_machine(), "{name}: {fault}");
    assert_eq!(office.files(), Vec::<String>::new(), "{name}");
    fault
}

#[test]
fn playlists_under_any_name_are_refused_and_read_nothing() {
    let office = Office::new();
    let target = MATERIAL.path("s10.wav").display().to_string();
    let lists = [
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n"),
        format!("#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile://{target}\n"),
        "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n".to_owned(),
        format!("ffconcat version 1.0\nfile '{target}'\n"),
        format!("file '{target}'\nfile '{target}'\n"),
        format!("[playlist]\nFile1={target}\nNumberOfEntries=1\n"),
        format!(
            "<?xml version=\"1.0\"?><playlist><trackList><track><location>{target}</location></track></trackList></playlist>"
        ),
        format!(
            "<?xml version=\"1.0\"?><MPD type=\"static\"><Period><BaseURL>{target}</BaseURL></Period></MPD>"
        ),
        format!("\u{feff}  {target}\n"),
    ];
    for (i, list) in lists.iter().enumerate() {
        for ext in ["mp3", "wav", "m3u8"] {
            let fault = refused(&office, &format!("list{i}.{ext}"), list.as_bytes());
            assert!(matches!(fault, ImportFault::NotSound(Look::Playlist)), "{list}: {fault:?}");
        }
    }
}

#[test]
fn formats_that_open_other_files_are_refused_although_they_carry_no_playlist_words() {
    let office = Office::new();
    let sdp = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n";
    refused(&office, "sdp.mp3", sdp.as_bytes());
    // An HLS list behind a tag and a null byte: no text any more, so only the list of formats stands before it.
    let mut hidden = b"ID3\x03\0\0\0\0\0\x0A\0\0\0\0\0\0\0\0\0\0".to_vec();
    hidden.extend_from_slice(
        format!("#EXTM3U\n#EXTINF:10,\n{}\n\0", MATERIAL.path("s10.wav").display()).as_bytes(),
    );
    refused(&office, "hidden.mp3", &hidden);
    // A QuickTime film whose sound lies in another file, named by an alias.
    MATERIAL.sh("ffmpeg -i s10.wav -c:a pcm_s16le -f mov ref.mov");
    let mut film = MATERIAL.bytes("ref.mov");
    let at = film.windows(4).position(|w| w == b"url ").expect("a data reference");
    // Flag 1 says that the data are in this file; without it ffmpeg looks for the file named.
    film[at + 4..at + 8].copy_from_slice(&[0, 0, 0, 0]);
    let file = MATERIAL.write("ref-outside.mov", &film);
    if let Ok(made) = office.import(&file) {
        assert_eq!(made.decoded.0, 10_000, "its own samples, and nothing else");
    }
}

#[test]
fn what_is_no_file_is_not_opened() {
    let office = Office::new();
    MATERIAL.sh("mkfifo pipe.mp3");
    for path in [MATERIAL.path("pipe.mp3"), MATERIAL.path("."), "/dev/zero".into()] {
        assert!(matches!(office.import(&path), Err(ImportFault::NotAFile)), "{}", path.display());
    }
    assert!(office.import(&MATERIAL.path("absent.mp3")).unwrap_err().is_machine());
}

#[test]
fn every_bound_of_a_child_ends_it_with_its_cause() {
    let office = Office::new();
    let long = MATERIAL.made("bounds.wav", "ffmpeg -f lavfi -i sine=300:r=48000:d=1100 $1");
    let with = |limits| office.import_with(&long, Options { limits, ..Options::default() }, &mut |_| ());
    let bound = |made| match made {
        Err(ImportFault::Bound(bound)) => bound,
        other => panic!("{other:?}"),
    };
    let limits = Limits::default();
    assert_eq!(bound(with(Limits { child_cpu_s: 1, ..limits })), Bound::Cpu);
    assert_eq!(bound(with(Limits { child_wall: Duration::from_millis(300), ..limits })), Bound::Wall);
    assert!(matches!(with(Limits { bytes: 1000, ..limits }), Err(ImportFault::TooBig(..))));
    assert!(matches!(with(Limits { longest_s: 60, ..limits }), Err(ImportFault::TooLong(..))));
    assert_eq!(office.files(), Vec::<String>::new());
}

#[test]
fn mutilated_headers_end_in_an_answer() {
    let office = Office::new();
    MATERIAL.sh("sox -D s10.wav short.wav trim 0 1; ffmpeg -i short.wav m.m4a; ffmpeg -i short.wav -c:a libvorbis m.ogg; \
                 ffmpeg -i short.wav m.mp3; ffmpeg -i short.wav m.flac");
    let mut random = fastrand::Rng::with_seed(111);
    for name in ["m.m4a", "m.ogg", "m.mp3", "m.flac", "short.wav"] {
        let whole = MATERIAL.bytes(name);
        for i in 0..4 {
            let mut bytes = whole.clone();
            for _ in 0..12 {
                let at = random.usize(..bytes.len().min(2000));
                bytes[at] = random.u8(..);
            }
            let file = MATERIAL.write(&format!("mutant{i}-{name}"), &bytes);
            if let Err(fault) = office.import(&file) {
                assert!(!fault.is_machine(), "{name} {i}: {fault:?}");
            }
        }
    }
    let left: Vec<_> = fs::read_dir(office.dir.path().join("work")).unwrap().collect();
    assert!(left.is_empty());
}
