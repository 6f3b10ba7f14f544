//! Words of the room `office`.

use super::catalogue;

catalogue! {
    io(path, why) { "{path}: máy không đọc hoặc ghi được ({why})." / "{path}: cannot be read or written ({why})." }
    other(why) { "{why}" / "{why}" }
    no_random() {
        "Máy không tạo được khóa mới. Hãy khởi động lại máy rồi thử lại."
        / "This machine could not make a new key. Restart it and try again."
    }
    key_exists(path) {
        "{path} đã có. Khóa trong đó có thể là bản duy nhất nên không được ghi đè; hãy chọn tên khác hoặc cất tệp đó đi trước."
        / "{path} exists. The key in it may be the only copy, so it is not overwritten; choose another name or put that file away first."
    }
    key_too_open(path, mode) {
        "{path}: người khác trên máy đọc được khóa này (quyền {mode}). Hãy chạy: chmod 600 {path}"
        / "{path}: others on this machine can read this key (mode {mode}). Run: chmod 600 {path}"
    }
    key_broken(path) {
        "{path}: không phải tệp khóa Ed25519 còn nguyên vẹn. Hãy lấy bản sao lưu của khóa."
        / "{path}: not an intact Ed25519 key file. Take the backup copy of this key."
    }
    passphrase_wrong(path) { "{path}: sai mật khẩu." / "{path}: wrong passphrase." }
    passphrase_short(least) {
        "Mật khẩu quá ngắn: cần ít nhất {least} ký tự." / "The passphrase is too short: at least {least} characters."
    }
    not_a_public_key(path, why) {
        "{path}: không phải tệp khóa công khai (.pub.json): {why}." / "{path}: not a public key file (.pub.json): {why}."
    }
    no_office(dir) {
        "{dir}: chưa phải thư mục của cơ quan phát. Hãy chạy `loaxa office init {dir}` hoặc chỉ đúng thư mục bằng --dir."
        / "{dir}: not an office folder yet. Run `loaxa office init {dir}`, or name the folder by --dir."
    }
    locked(dir) {
        "{dir}: một lệnh khác đang làm việc với thư mục này. Hãy đợi lệnh đó xong rồi thử lại."
        / "{dir}: another command is at work in this folder. Wait until it is done, then try again."
    }
    folder_in_use(dir) {
        "{dir}: đã có khóa hoặc nguồn phát trong thư mục này; không có gì bị thay đổi. Hãy chọn thư mục mới."
        / "{dir}: this folder already holds keys or a feed; nothing was changed. Choose a new folder."
    }
    too_few(role, need, have) {
        "Vai trò {role} cần ít nhất {need} người, mới có {have}." / "Role {role} needs at least {need} people, there are {have}."
    }
    metadata_unreadable(name, why) {
        "{name}: không đọc được siêu dữ liệu ({why})." / "{name}: this metadata cannot be read ({why})."
    }
    feed_damaged(file) {
        "{file}: nguồn phát trong thư mục bị hỏng. Hãy lấy lại nguồn phát từ bản sao lưu trước khi làm tiếp."
        / "{file}: the feed in this folder is damaged. Restore it from a copy before going on."
    }
    feed_unsigned(role) {
        "Nguồn phát trong thư mục: vai trò {role} thiếu chữ ký hợp lệ. Hãy lấy lại nguồn phát từ bản sao lưu."
        / "The feed in this folder: role {role} lacks valid signatures. Restore the feed from a copy."
    }
    role_not_listed(role) {
        "Nguồn phát trong thư mục: bản liệt kê thiếu vai trò {role}." / "The feed in this folder: its snapshot lacks role {role}."
    }
    drafts_differ(role) {
        "Hai bản nháp của vai trò {role} có nội dung khác nhau nên không gộp được. Hãy thống nhất giữ một bản."
        / "The two drafts of role {role} differ in content, so they cannot be merged. Agree on one of them."
    }
    root_incomplete() {
        "Khóa gốc chưa đủ chữ ký nên chưa phát hành được." / "The root still lacks signatures, so nothing can be published yet."
    }
    targets_incomplete() {
        "Danh sách ủy quyền (targets) chưa đủ chữ ký nên chưa phát hành được."
        / "The delegations (targets) still lack signatures, so nothing can be published yet."
    }
    online_key_absent(role) {
        "Máy này không có khóa trực tuyến `{role}` của nguồn phát. Hãy phát hành trên máy giữ khóa đó, hoặc chỉ thư mục khóa bằng --keys."
        / "The feed's online key `{role}` is not on this machine. Publish where that key is, or name the key folder by --keys."
    }
    content_gone(name) {
        "{name}: tệp nội dung không còn trong thư mục. Hãy nhập lại." / "{name}: its content is gone from this folder. Import it again."
    }
    role_missing(role) { "vai trò `{role}` chưa có siêu dữ liệu" / "role `{role}` has no metadata yet" }
    role_missing_remedy(role) {
        "người giữ khóa của `{role}` ký bản nháp đầu tiên: loaxa office sign {role}"
        / "whoever holds the key of `{role}` signs its first draft: loaxa office sign {role}"
    }
}
