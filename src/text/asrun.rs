//! Words of the room `asrun`.

use super::catalogue;

catalogue! {
    key_file(path, why) {
        "Không mở được tệp khóa {path}: {why}. Hãy kiểm tra đường dẫn và quyền đọc." /
        "The key file {path} cannot be used: {why}. Check the path and who may read it."
    }
    not_a_key(path) {
        "Tệp {path} không chứa khóa Ed25519. Cần 64 chữ số thập lục phân hoặc tệp PEM." /
        "{path} holds no Ed25519 key. Give 64 hex digits or a PEM file."
    }
    key_open(path, mode) {
        "Người khác có thể đọc khóa bí mật {path} (quyền {mode}). Hãy chạy: chmod 600 {path}" /
        "Others may read the private key {path} (mode {mode}). Run: chmod 600 {path}"
    }
    no_random() {
        "Hệ thống không cấp được số ngẫu nhiên để tạo khóa. Hãy khởi động lại máy rồi thử lại." /
        "The system gives no random numbers for a key. Restart the machine and try again."
    }
    locked(dir) {
        "Một chương trình khác đang ghi nhật ký phát sóng trong {dir}. Hãy dừng chương trình đó trước." /
        "Another process is writing the as-run log in {dir}. Stop it first."
    }
    journal_io(path, why) {
        "Không ghi được nhật ký phát sóng: {path}: {why}." /
        "The as-run log cannot be written: {path}: {why}."
    }
}
