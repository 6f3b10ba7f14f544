//! A server that speaks HTTP badly on purpose, byte by byte.

use std::{
    io::{Read, Write},
    net::TcpListener,
    time::{Duration, Instant},
};

use loaxa::feed::{
    audio::AudioSource,
    http::{HttpSource, Limits},
    source::{FetchError, Source},
};

use crate::world::{limits, run, source};

const NAME: &str = "metadata/timestamp.json";

/// Answers every connection with these bytes, one piece every `pause`; then it goes on listening, and says nothing more.
fn answering(pieces: Vec<Vec<u8>>, pause: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, pieces) = (stream.unwrap(), pieces.clone());
            std::thread::spawn(move || {
                let mut request = [0; 4_096];
                if stream.read(&mut request).is_err() {
                    return;
                }
                for piece in &pieces {
                    if stream.write_all(piece).is_err() {
                        return;
                    }
                    std::thread::sleep(pause);
                }
                // Until the client hangs up.
                while stream.read(&mut request).is_ok_and(|n| n > 0) {}
            });
        }
    });
    url
}

fn once(answer: &[u8]) -> HttpSource {
    source(&answering(vec![answer.to_vec()], Duration::ZERO), None, limits())
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_head_that_drips_or_never_ends_is_given_up() {
    let drip =
        vec![b"HTTP/1.1 200 OK\r\nx-a: ".to_vec()].into_iter().chain(vec![b"a".to_vec(); 10_000]).collect();
    let patience = Limits { connect: Duration::from_millis(300), ..limits() };
    let dripping = source(&answering(drip, Duration::from_millis(20)), None, patience);
    let endless = once(
        &[&b"HTTP/1.1 200 OK\r\n"[..], &b"x-filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(50_000)]
            .concat(),
    );
    run(async {
        for source in [dripping, endless] {
            let begun = Instant::now();
            assert!(matches!(source.fetch(NAME, 99).await, Err(FetchError::Broken(_))));
            assert!(begun.elapsed() < Duration::from_secs(20));
        }
    });
}

#[test]
fn lengths_that_lie_and_answers_that_nobody_asked_for_bring_nothing() {
    let zipped = gzipped(b"{}");
    let with = |head: &str, body: &[u8]| [head.as_bytes(), body].concat();
    let gzip = |body: &[u8]| {
        with(
            &format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", body.len()),
            body,
        )
    };
    for (what, answer) in [
        (
            "longer than its length says: the rest is another answer",
            with("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n", b"{}"),
        ),
        ("two lengths", with("HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 9\r\n\r\n", b"{}")),
        ("a negative length", with("HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n", b"{}")),
        (
            "a part that nobody asked for",
            with(
                "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-1/2\r\ncontent-length: 2\r\n\r\n",
                b"{}",
            ),
        ),
        ("unchanged, with nothing held", with("HTTP/1.1 304 Not Modified\r\n\r\n", b"")),
        ("no content", with("HTTP/1.1 204 No Content\r\n\r\n", b"")),
        (
            "switching protocols",
            with("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", b"{}"),
        ),
        ("gzip with something after it", gzip(&[&zipped[..], b"{}"].concat())),
        ("gzip in gzip, said once", gzip(&gzipped(&[&zipped[..], b"."].concat())[..9])),
        ("no HTTP at all", b"{}".to_vec()),
    ] {
        let got = run(async { once(&answer).fetch(NAME, 1_000).await });
        assert!(got.as_ref().map_or(true, |bytes| bytes != b"{}"), "{what}: {got:?}");
    }
    // Trailers are no content, and a second gzip member is more of the same: both are capped and checked like the rest.
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: etag\r\n\r\n2\r\n{}\r\n0\r\netag: \"x\"\r\n\r\n";
    assert_eq!(run(async { once(chunked).fetch(NAME, 99).await }), Ok(b"{}".to_vec()));
    let members = gzip(&[&zipped[..], &gzipped(&[b' '; 5_000])].concat());
    assert!(matches!(run(async { once(&members).fetch(NAME, 99).await }), Err(FetchError::Refused(_))));
}

#[test]
fn no_redirect_leads_to_a_file_or_into_the_machine() {
    for to in [
        "file:///etc/hostname",
        "data:,{}",
        "ftp://127.0.0.1/x",
        "http://[::1]:22/",
        "//127.0.0.2/x",
        "gopher://x",
    ] {
        let answer = format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
        let got = run(async { once(answer.as_bytes()).fetch(NAME, 1_000).await });
        assert!(matches!(got, Err(FetchError::Refused(_) | FetchError::Broken(_))), "{to}: {got:?}");
    }
}

#[test]
fn audio_of_another_length_or_place_is_refused_before_a_byte_is_kept() {
    for (head, from) in [
        ("HTTP/1.1 200 OK\r\ncontent-length: 9", 0),
        ("HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-9/10\r\ncontent-length: 10", 5),
        ("HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 5-9/11\r\ncontent-length: 5", 5),
        (
            "HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 5-99999999999999999999/10\r\ncontent-length: 18446744073709551615",
            5,
        ),
        ("HTTP/1.1 206 Partial Content\r\ncontent-range: lines 5-9/10\r\ncontent-length: 5", 5),
        ("HTTP/1.1 206 Partial Content\r\ncontent-length: 5", 5),
        ("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 10", 0),
        ("HTTP/1.1 416 Range Not Satisfiable\r\ncontent-length: 0", 5),
    ] {
        let answer = format!("{head}\r\n\r\n0123456789");
        let got = run(async {
            once(answer.as_bytes()).open("targets/a.opus", from, Some("\"t\""), 10).await.map(|o| o.from)
        });
        assert!(matches!(got, Err(FetchError::Refused(_) | FetchError::Broken(_))), "{head}: {got:?}");
    }
}
