//! What libraries and the system say in English only, in words for people: errors of input and output, of JSON, of YAML.
//!
//! English keeps the library's own sentence. Vietnamese says the kind, with the number or the place that whoever helps
//! on the telephone asks for.

use std::io::{self, ErrorKind};

use serde_json::error::Category;

use super::{Lang, Phrase, Text, catalogue};

catalogue! {
    with_code(what, code) { "{what} (mã lỗi {code})" / "{what} (error {code})" }
    at_line(what, line, column) { "{what}, dòng {line} cột {column}" / "{what}, line {line} column {column}" }
    absent() { "không có tệp hoặc thư mục này" / "there is no such file or folder" }
    denied() { "không có quyền" / "permission denied" }
    exists() { "đã có sẵn" / "it exists already" }
    full() { "ổ đĩa đã đầy" / "the disk is full" }
    read_only() { "ổ đĩa chỉ cho đọc" / "the disk is read-only" }
    a_folder() { "đây là thư mục, không phải tệp" / "it is a folder, not a file" }
    not_a_folder() { "đây không phải là thư mục" / "it is not a folder" }
    not_empty() { "thư mục không trống" / "the folder is not empty" }
    refused() { "máy chủ từ chối kết nối" / "the connection is refused" }
    broke_off() { "kết nối bị ngắt" / "the connection broke off" }
    timed_out() { "chờ quá lâu" / "it took too long" }
    no_network() { "không có mạng" / "there is no network" }
    cut_short() { "tệp bị cụt" / "it ends too early" }
    garbled() { "nội dung bị hỏng" / "its content is damaged" }
    busy() { "đang có chương trình khác dùng" / "it is in use" }
    no_memory() { "máy thiếu bộ nhớ" / "there is not enough memory" }
    disk_fails() { "ổ đĩa đọc ghi bị lỗi, có thể sắp hỏng" / "the disk fails to read or write" }
    not_json() { "sai cú pháp JSON" / "not JSON" }
    other_json() { "nội dung không đúng mẫu" / "not of this format" }
    yaml_quote() { "dấu ngoặc kép chưa đóng" / "a quote is not closed" }
    yaml_bracket() { "dấu ngoặc [ ] hoặc {{ }} chưa đóng hoặc thiếu dấu phẩy" / "a bracket is not closed, or a comma is missing" }
    yaml_indent() { "lề thụt vào không khớp" / "the indentation does not fit" }
    yaml_colon() { "thiếu dấu hai chấm, hoặc thiếu dấu cách sau dấu hai chấm" / "a colon is missing, or the space behind it" }
    yaml_other() { "sai cú pháp YAML" / "not YAML" }
}

impl Phrase for &io::Error {
    fn phrase(&self, lang: Lang) -> String {
        io(self).to(lang).to_owned()
    }
}

impl Phrase for &serde_yaml::Error {
    fn phrase(&self, lang: Lang) -> String {
        yaml_shape(self).to(lang).to_owned()
    }
}

impl Phrase for &serde_json::Error {
    fn phrase(&self, lang: Lang) -> String {
        json(self).to(lang).to_owned()
    }
}

/// Errno of a device that fails (Linux `EIO`), which Rust puts in no kind.
const EIO: i32 = 5;

/// What the system says.
pub fn io(error: &io::Error) -> Text {
    let kind = match error.kind() {
        ErrorKind::NotFound => absent(),
        ErrorKind::PermissionDenied => denied(),
        ErrorKind::AlreadyExists => exists(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => full(),
        ErrorKind::ReadOnlyFilesystem => read_only(),
        ErrorKind::IsADirectory => a_folder(),
        ErrorKind::NotADirectory => not_a_folder(),
        ErrorKind::DirectoryNotEmpty => not_empty(),
        ErrorKind::ConnectionRefused => refused(),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => broke_off(),
        ErrorKind::TimedOut => timed_out(),
        ErrorKind::NetworkDown | ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => no_network(),
        ErrorKind::UnexpectedEof => cut_short(),
        ErrorKind::InvalidData => garbled(),
        ErrorKind::ResourceBusy | ErrorKind::WouldBlock | ErrorKind::AddrInUse => busy(),
        ErrorKind::OutOfMemory => no_memory(),
        _ if error.raw_os_error() == Some(EIO) => disk_fails(),
        _ => Text::same(error),
    };
    let vi = match error.raw_os_error() {
        Some(code) if kind.vi != kind.en => with_code(&kind, code).vi,
        _ => kind.vi,
    };
    Text { vi, en: error.to_string() }
}

/// What the reader of JSON says.
pub fn json(error: &serde_json::Error) -> Text {
    let kind = match error.classify() {
        Category::Io | Category::Eof => cut_short(),
        Category::Syntax => not_json(),
        Category::Data => other_json(),
    };
    let vi = match error.line() {
        0 => kind.vi,
        line => at_line(kind, line, error.column()).vi,
    };
    Text { vi, en: error.to_string() }
}

/// What serde_yaml says.
pub fn yaml_shape(error: &serde_yaml::Error) -> Text {
    let vi = match error.location() {
        Some(at) => at_line(other_json(), at.line(), at.column()).vi,
        None => other_json().vi,
    };
    Text { vi, en: error.to_string() }
}

/// What the reader of YAML says; `info` is its sentence (saphyr-parser 0.3).
pub fn yaml(info: &str) -> Text {
    let has = |parts: &[&str]| parts.iter().any(|part| info.contains(part));
    let kind = if has(&["quoted scalar", "unclosed quote"]) {
        yaml_quote()
    } else if has(&["flow ", "',' or ']'", "',' or '}'", "node content", "unclosed bracket"]) {
        yaml_bracket()
    } else if has(&["indentation", "indent", "block collection", "block mapping"]) {
        yaml_indent()
    } else if has(&["simple key", "expect ':'", "mapping values"]) {
        yaml_colon()
    } else {
        yaml_other()
    };
    Text { vi: kind.vi, en: info.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_said_in_vietnamese_with_its_number() {
        let said = |code| io(&io::Error::from_raw_os_error(code));
        assert_eq!(said(2).vi, "không có tệp hoặc thư mục này (mã lỗi 2)");
        assert_eq!(said(2).en, "No such file or directory (os error 2)");
        assert_eq!(said(13).vi, "không có quyền (mã lỗi 13)");
        assert_eq!(said(28).vi, "ổ đĩa đã đầy (mã lỗi 28)");
        assert_eq!(said(30).vi, "ổ đĩa chỉ cho đọc (mã lỗi 30)");
        assert_eq!(said(5).vi, "ổ đĩa đọc ghi bị lỗi, có thể sắp hỏng (mã lỗi 5)");
        assert_eq!(io(&io::Error::other("x")).vi, "x", "what nobody knows is passed on");
    }

    #[test]
    fn a_place_in_json_is_told() {
        let said = |text: &str| serde_json::from_str::<Vec<u8>>(text).map_err(|e| json(&e).vi);
        assert_eq!(said("[1, ").unwrap_err(), "tệp bị cụt, dòng 1 cột 4");
        assert_eq!(said("[1 2]").unwrap_err(), "sai cú pháp JSON, dòng 1 cột 4");
        assert_eq!(said("[300]").unwrap_err(), "nội dung không đúng mẫu, dòng 1 cột 4");
    }
}
