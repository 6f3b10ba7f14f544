//! What the system says when a file or a line does not do its work.

use std::io::ErrorKind;

use super::{Text, catalogue};

catalogue! {
    not_found() { "không tìm thấy" / "not found" }
    denied() { "không có quyền" / "permission denied" }
    full() { "ổ đĩa đã đầy" / "no space left" }
    read_only() { "ổ đĩa chỉ cho đọc" / "read-only file system" }
    not_a_folder() { "không phải thư mục" / "not a directory" }
    a_folder() { "là thư mục, không phải tệp" / "is a directory" }
    exists() { "đã có sẵn" / "already exists" }
    refused() { "máy kia từ chối kết nối" / "connection refused" }
    broken() { "kết nối bị ngắt" / "connection broken" }
    too_slow() { "quá thời gian chờ" / "timed out" }
}

/// The words of a common kind; others are told as the system puts them.
pub(super) fn known(kind: ErrorKind) -> Option<Text> {
    Some(match kind {
        ErrorKind::NotFound => not_found(),
        ErrorKind::PermissionDenied => denied(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => full(),
        ErrorKind::ReadOnlyFilesystem => read_only(),
        ErrorKind::NotADirectory => not_a_folder(),
        ErrorKind::IsADirectory => a_folder(),
        ErrorKind::AlreadyExists => exists(),
        ErrorKind::ConnectionRefused => refused(),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => broken(),
        ErrorKind::TimedOut => too_slow(),
        _ => return None,
    })
}
