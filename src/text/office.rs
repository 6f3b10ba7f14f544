//! Words of the room `office`.

mod answers;
mod gates;
mod help;
mod roles;

use super::catalogue;

pub use answers::*;
pub use gates::*;
pub use help::*;
pub use roles::*;

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
        "Cần ít nhất {need} người cho {role}, mới có {have}." / "At least {need} people are needed for {role}, there are {have}."
    }
    metadata_unreadable(name, why) {
        "{name}: không đọc được siêu dữ liệu ({why})." / "{name}: this metadata cannot be read ({why})."
    }
    feed_damaged(file) {
        "{file}: nguồn phát trong thư mục bị hỏng. Hãy lấy lại nguồn phát từ bản sao lưu trước khi làm tiếp."
        / "{file}: the feed in this folder is damaged. Restore it from a copy before going on."
    }
    feed_unsigned(role) {
        "Nguồn phát trong thư mục: {role} thiếu chữ ký hợp lệ. Hãy lấy lại nguồn phát từ bản sao lưu."
        / "The feed in this folder: {role} lacks valid signatures. Restore the feed from a copy."
    }
    role_not_listed(role) {
        "Nguồn phát trong thư mục: bản liệt kê thiếu vai trò {role}." / "The feed in this folder: its snapshot lacks role {role}."
    }
    drafts_differ(role) {
        "Hai bản nháp của {role} có nội dung khác nhau nên không gộp được. Hãy thống nhất giữ một bản."
        / "The two drafts of {role} differ in content, so they cannot be merged. Agree on one of them."
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
    not_published() {
        "Chưa có nguồn phát nào trong thư mục này. Hãy chạy `loaxa office publish` trước."
        / "Nothing was published in this folder yet. Run `loaxa office publish` first."
    }
    no_such_role(role) { "Không có vai trò `{role}`." / "There is no role `{role}`." }
    no_key_for(role, holders) {
        "Máy này không có khóa được ký {role}. Người được ký: {holders}. Hãy chỉ thư mục khóa bằng --keys hoặc người ký bằng --as."
        / "No key on this machine may sign {role}. Who may: {holders}. Name the key folder by --keys, or the person by --as."
    }
    several_keys_for(role, a, b) {
        "Máy này có nhiều khóa được ký {role} ({a}, {b}…). Hãy chọn một người bằng --as TÊN."
        / "Several keys on this machine may sign {role} ({a}, {b}, …). Choose one by --as NAME."
    }
    signed_already(name) {
        "{name} đã ký bản nháp này. Hãy chuyển thư mục cho người còn lại ký."
        / "{name} has signed this draft already. Hand the folder to whoever is to sign next."
    }
    names_others(named, name) {
        "Bản nháp ghi người duyệt là {named}, không có {name}. Muốn {name} duyệt thay: chạy lại với --again --second TÊN, rồi cả hai cùng ký lại."
        / "The draft names {named} as approvers, not {name}. For {name} to stand in: run again with --again --second NAME; both then sign anew."
    }
    nothing_to_approve() {
        "Không có gì mới để phê duyệt. Hãy nhập bản ghi trước: loaxa office import TỆP"
        / "There is nothing new to approve. Import a recording first: loaxa office import FILE"
    }
    no_draft(role) {
        "Không có bản nháp nào của {role} đang chờ ký." / "No draft of {role} waits for a signature."
    }
    draft_unsigned(role) {
        "Bản nháp drafts/{role}.json có nội dung mà chưa người nào được quyền ký. Hãy xem rồi ký trước: loaxa office sign {role}; nếu không ai nhận bản nháp đó, hãy xóa tệp."
        / "The draft drafts/{role}.json holds what nobody who may sign it has signed. Look at it and sign first: loaxa office sign {role}; if nobody knows it, delete the file."
    }
    draft_waits(role) {
        "Một bản nháp đang chờ ký; ký bản đó là có hạn mới: loaxa office sign {role}"
        / "A draft waits; signing it brings a fresh expiry: loaxa office sign {role}"
    }
    second_unknown(names) {
        "Người thứ hai (--second) không có trong những người được ký: {names}."
        / "The second person (--second) is not among those who may sign: {names}."
    }
    second_needed(names) {
        "Nhiều người có thể ký thứ hai. Hãy chọn một người bằng --second TÊN: {names}."
        / "Several people could sign second. Choose one by --second NAME: {names}."
    }
    not_listed(id) { "Không có mục nào mang mã `{id}`. Xem: loaxa office list" / "Nothing is called `{id}`. See: loaxa office list" }
    not_staged(id) {
        "Không có bản ghi `{id}` nào đang chờ phê duyệt. Xem: loaxa office list"
        / "No recording `{id}` waits for approval. See: loaxa office list"
    }
    withdrawn_id(id) {
        "Mã `{id}` đã bị thu hồi và không bao giờ dùng lại. Hãy nhập bản ghi với mã khác (--id)."
        / "The id `{id}` was withdrawn and is never used again. Import the recording under another id (--id)."
    }
    withdrawn_already(id) { "`{id}` đã bị thu hồi từ trước." / "`{id}` was withdrawn before." }
    station_exists(id) { "Đài `{id}` đã có trong danh bạ. Muốn sửa: loaxa office registry edit {id}" / "Station `{id}` is registered already. To change it: loaxa office registry edit {id}" }
    station_unknown(id) { "Không có đài `{id}` trong danh bạ." / "There is no station `{id}` in the registry." }
    station_key_twice(a, b) {
        "Hai đài `{a}` và `{b}` cùng một khóa. Mỗi máy phải có khóa riêng: hãy ghi danh lại một máy."
        / "Stations `{a}` and `{b}` have the same key. Each box has its own: enrol one of them again."
    }
    area_unknown(area) {
        "Chưa có khu vực `{area}`. Hãy ủy quyền trước: loaxa office delegate {area} --public TỆP"
        / "There is no area `{area}`. Delegate it first: loaxa office delegate {area} --public FILE"
    }
    area_reserved(area) { "Tên khu vực `{area}` được dành riêng, hãy chọn tên khác." / "The area name `{area}` is reserved; choose another." }
    rotate_nothing() {
        "Chưa nói thay khóa nào: hãy ghi --remove TÊN, --add TỆP, hoặc cả hai."
        / "It is not said what to change: give --remove NAME, --add FILE, or both."
    }
    nobody_named(name, role, names) {
        "Không có khóa nào của “{name}” trong vai trò `{role}`. Người đang giữ khóa: {names}."
        / "No key of “{name}” in role `{role}`. Those who hold one: {names}."
    }
    several_keys(name, role) {
        "“{name}” có nhiều khóa trong vai trò `{role}`. Hãy ghi ít nhất 8 chữ số đầu của khóa cần bỏ."
        / "“{name}” has several keys in role `{role}`. Give the first 8 or more digits of the one to remove."
    }
    push_unknown(file) {
        "{file}: không nhận ra đây là schedule.yaml, stations.yaml hay policy.yaml. Hãy chạy: loaxa office check {file}"
        / "{file}: this is neither a schedule.yaml nor a stations.yaml nor a policy.yaml. Run: loaxa office check {file}"
    }
    role_expired(named, at, role) {
        "ĐÃ HẾT HẠN từ {at}: {named}. Đài không nhận thêm gì của phần này. Ký lại ngay: loaxa office sign {role} --fresh"
        / "EXPIRED at {at}: {named}. Stations take nothing new of it. Sign it again now: loaxa office sign {role} --fresh"
    }
    role_expires(named, at, role) {
        "Sắp hết hạn, lúc {at}: {named}. Ký lại trước lúc đó: loaxa office sign {role} --fresh"
        / "Expires soon, at {at}: {named}. Sign it again before that: loaxa office sign {role} --fresh"
    }
    root_threshold_one() {
        "Chú ý: một mình một người đổi được khóa gốc. Nên có ba người giữ và hai người ký: loaxa office rotate root --add TỆP --threshold 2"
        / "Note: one person alone can change the root. Better three holders of whom two sign: loaxa office rotate root --add FILE --threshold 2"
    }
    export_not_empty(dir) {
        "{dir}: thư mục đang chứa thứ khác; không có gì bị thay đổi. Hãy chỉ một thư mục trống hoặc một bản sao cũ của nguồn phát."
        / "{dir}: this folder holds something else; nothing was changed. Name an empty folder or an earlier copy of the feed."
    }
    stick_readme() {
        "Thư mục này là bản sao nguồn phát của đài truyền thanh.\n\nTrên máy của đài: cắm USB rồi chạy `loaxa station import THƯ_MỤC_NÀY`.\nMáy tự kiểm tra mọi chữ ký; tệp bị sửa sẽ bị từ chối và đài vẫn dùng bản cũ.\nKhông cần giữ bí mật thư mục này. Đừng đổi tên hay xóa tệp nào trong đó.\n"
        / "This folder is a copy of the feed of the commune loudspeakers.\n\nOn the station: plug the stick in and run `loaxa station import THIS_FOLDER`.\nEvery signature is checked; an altered file is refused, and the station keeps what it had.\nNothing here is secret. Do not rename or delete any of its files.\n"
    }
    removed(name, title) { "BỎ {name}{title}" / "REMOVED {name}{title}" }
    added_file(name, text) { "THÊM {name}{text}" / "ADDED {name}{text}" }
    added_recording(name, title, facts, transcript) {
        "THÊM {name} “{title}”\n    {facts}\n    Lời:\n{transcript}" / "ADDED {name} “{title}”\n    {facts}\n    Text:\n{transcript}"
    }
    described(category, languages, seconds, from, until, by) {
        "{category}; tiếng: {languages}; {seconds} giây; hiệu lực {from} đến {until}; người duyệt: {by}"
        / "{category}; languages: {languages}; {seconds} s; valid {from} to {until}; approved by: {by}"
    }
    changed_file(name, lines) { "SỬA {name}{lines}" / "CHANGED {name}{lines}" }
    changed_recording(name, title, fields) { "SỬA {name} “{title}”: {fields}" / "CHANGED {name} “{title}”: {fields}" }
    other_sound(old, new) {
        "ÂM THANH KHÁC ({old} giây thành {new} giây)" / "OTHER SOUND ({old} s becomes {new} s)"
    }
    field_changed(field, old, new) { "{field}: “{old}” thành “{new}”" / "{field}: “{old}” becomes “{new}”" }
    fact(field, value) { "{field}: {value}" / "{field}: {value}" }
    field_kind() { "loại bản ghi" / "kind" }
    field_title() { "tiêu đề" / "title" }
    field_title_en() { "tiêu đề tiếng Anh" / "English title" }
    field_work() { "tác phẩm" / "work" }
    field_category() { "chuyên mục" / "category" }
    field_languages() { "ngôn ngữ" / "languages" }
    field_from() { "hiệu lực từ" / "valid from" }
    field_until() { "hiệu lực đến" / "valid until" }
    field_hotline() { "đường dây nóng" / "hotline" }
    field_directive() { "văn bản chỉ đạo" / "directive" }
    field_frames() { "số mẫu âm thanh" / "frames" }
    field_peak() { "đỉnh (1/100 dBTP)" / "true peak (1/100 dBTP)" }
    field_original() { "bản gốc (SHA-256)" / "original (SHA-256)" }
    field_loudness() { "độ to (1/100 LUFS)" / "loudness (1/100 LUFS)" }
    field_transcript() { "lời" / "text" }
    other_keys(n) { "{n} KHÓA KHÁC LOẠI" / "{n} KEY(S) OF ANOTHER KIND" }
    role_paths(role, old, new) {
        "SỬA {role}: được ghi “{new}”, trước đây “{old}”" / "CHANGED {role}: may list “{new}”, was “{old}”"
    }
    role_order(old, new) {
        "SỬA thứ tự vai trò: “{old}” thành “{new}”" / "CHANGED order of roles: “{old}” becomes “{new}”"
    }
    person_renamed(key, old, new) {
        "SỬA tên người giữ khóa {key}: “{old}” thành “{new}”" / "CHANGED holder of key {key}: “{old}” becomes “{new}”"
    }
    other_field(name) { "SỬA trường `{name}`" / "CHANGED field `{name}`" }
    role_added(role, need, people) {
        "THÊM {role}: cần {need} chữ ký trong số {people}" / "ADDED {role}: {need} signature(s) of {people}"
    }
    role_removed(role, people) { "BỎ {role} (đang giữ: {people})" / "REMOVED {role} (held by {people})" }
    role_changed(role, come, gone, old, new) {
        "SỬA {role}: thêm khóa của {come}; bỏ khóa của {gone}; số chữ ký {old} thành {new}"
        / "CHANGED {role}: keys added: {come}; keys removed: {gone}; signatures {old} becomes {new}"
    }
}
