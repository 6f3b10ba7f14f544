//! What a file that is no recording looks like, by its first bytes. Pure.

use super::fault::Look;

/// Bytes that are looked at.
pub(super) const HEAD: usize = 64 * 1024;

/// A definite other kind of file; none when it may be sound, or is unknown.
pub(super) fn definite(head: &[u8]) -> Option<Look> {
    const MAGIC: [(&[u8], Look); 21] = [
        (b"\x89PNG\r\n\x1a\n", Look::Picture),
        (b"\xFF\xD8\xFF", Look::Picture),
        (b"GIF87a", Look::Picture),
        (b"GIF89a", Look::Picture),
        (b"BM", Look::Picture),
        (b"II*\0", Look::Picture),
        (b"MM\0*", Look::Picture),
        (b"%PDF-", Look::Pdf),
        (b"Rar!\x1A\x07", Look::Archive),
        (b"7z\xBC\xAF\x27\x1C", Look::Archive),
        (b"\x1F\x8B\x08", Look::Archive),
        (b"BZh", Look::Archive),
        (b"\xFD7zXZ\0", Look::Archive),
        (b"\x28\xB5\x2F\xFD", Look::Archive),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Look::Document),
        (b"{\\rtf", Look::Document),
        (b"\x7FELF", Look::Program),
        (b"MZ", Look::Program),
        (b"#!/", Look::Program),
        (b"#EXTM3U", Look::Playlist),
        (b"ffconcat", Look::Playlist),
    ];
    if head.is_empty() {
        return Some(Look::Empty);
    }
    if head.starts_with(b"PK\x03\x04") {
        let office =
            [&b"word/"[..], b"xl/", b"ppt/", b"mimetypeapplication/vnd.oasis", b"[Content_Types].xml"];
        return Some(if office.iter().any(|w| contains(head, w)) { Look::Document } else { Look::Archive });
    }
    if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        return Some(Look::Picture);
    }
    if let Some((_, look)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(*look);
    }
    text(head)
}

/// What it looks like once ffmpeg has found no sound in it.
pub(super) fn guess(head: &[u8]) -> Look {
    match definite(head) {
        Some(look) => look,
        None if head.iter().all(|b| *b == 0) => Look::Zeros,
        None if head.starts_with(b"ID3") => Look::TagOnly,
        None => Look::Unknown,
    }
}

/// Text of any kind is no recording. The head may end in the middle of a character.
fn text(head: &[u8]) -> Option<Look> {
    if let [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] = head {
        return wide_text(rest);
    }
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let readable = match std::str::from_utf8(head) {
        Ok(_) => head,
        Err(e) if e.error_len().is_none() => &head[..e.valid_up_to()],
        Err(_) => return None,
    };
    let strange = |b: &u8| *b < 9 || (14..32).contains(b) && *b != 27 || *b == 127;
    if readable.len() < 4 || readable.iter().any(strange) {
        return None;
    }
    Some(kind_of_text(&String::from_utf8_lossy(readable)))
}

/// UTF-16: every other byte of what matters here is zero.
fn wide_text(head: &[u8]) -> Option<Look> {
    let ascii: String = head.iter().filter(|b| **b != 0).map(|b| char::from(*b)).collect();
    let zeros = head.iter().filter(|b| **b == 0).count();
    (zeros * 4 > head.len()).then(|| kind_of_text(&ascii))
}

fn kind_of_text(text: &str) -> Look {
    let start: String = text.trim_start().chars().take(2000).collect::<String>().to_lowercase();
    let any = |words: &[&str]| words.iter().any(|w| start.starts_with(w));
    if any(&["#extm3u", "ffconcat", "[playlist]", "<asx", "<smil"])
        || start.contains("<playlist")
        || start.contains("<mpd")
    {
        return Look::Playlist;
    }
    if any(&["<!doctype html", "<html", "<head", "<body", "<script"]) || start.contains("<html") {
        return Look::Html;
    }
    if start.contains("<svg") {
        return Look::Picture;
    }
    // A bare list of names of recordings is an m3u too.
    let lines: Vec<&str> =
        start.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    let sound = |l: &&str| {
        l.starts_with("http://")
            || l.starts_with("https://")
            || l.starts_with("file ")
            || [".mp3", ".wav", ".m4a", ".ogg", ".aac", ".flac", ".ts", ".wma"].iter().any(|e| l.ends_with(e))
    };
    if !lines.is_empty() && lines.iter().all(sound) { Look::Playlist } else { Look::Text }
}

fn contains(head: &[u8], word: &[u8]) -> bool {
    head.windows(word.len()).any(|w| w == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_no_recording_is_called_what_it_is() {
        for (head, look) in [
            (&b""[..], Look::Empty),
            (b"<!DOCTYPE html><html>", Look::Html),
            (b"\xEF\xBB\xBF\n <html lang=vi>", Look::Html),
            (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", Look::Playlist),
            (b"ffconcat version 1.0\nfile x.wav\n", Look::Playlist),
            (b"file /srv/secret.wav\nfile b.wav\n", Look::Playlist),
            (b"http://example.org/a.mp3\n", Look::Playlist),
            (b"<?xml version=\"1.0\"?><playlist version=\"1\">", Look::Playlist),
            (b"\x89PNG\r\n\x1a\n....", Look::Picture),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Look::Picture),
            (b"PK\x03\x04....word/document.xml", Look::Document),
            (b"PK\x03\x04....a.mp3", Look::Archive),
            ("Kính thưa bà con".as_bytes(), Look::Text),
            (b"\xFF\xFE<\0h\0t\0m\0l\0>\0", Look::Html),
        ] {
            assert_eq!(definite(head), Some(look), "{:?}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn sound_and_noise_are_left_to_ffmpeg() {
        for head in [
            &b"ID3\x04\0\0\0\0\0\0"[..],
            b"RIFF\xFF\xFF\xFF\xFFWAVEfmt ",
            b"OggS\0\x02",
            b"fLaC\0\0\0\x22",
            b"\xFF\xFB\x90\x64",
            &[0; 100],
        ] {
            assert_eq!(definite(head), None);
        }
        assert_eq!(guess(&[0; 100]), Look::Zeros);
        assert_eq!(guess(b"ID3\x04\0\0\0\0\0\0"), Look::TagOnly);
        assert_eq!(guess(&[200, 3, 7, 99]), Look::Unknown);
    }
}
