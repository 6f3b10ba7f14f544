//! Words of sync and enrolment.

use super::catalogue;

catalogue! {
    /// The address of the feed is not usable.
    bad_url(why) {
        "Địa chỉ nguồn phát không dùng được: {why}." / "The address of the feed cannot be used: {why}."
    }
    url_scheme() { "địa chỉ phải bắt đầu bằng https:// hoặc http://" / "it must begin with https:// or http://" }
    url_credentials() {
        "không được ghi tên đăng nhập hay mật khẩu trong địa chỉ" / "it must not hold a user name or password"
    }
    url_query() { "không được có dấu ? hoặc # trong địa chỉ" / "it must not hold ? or #" }
    url_syntax() { "viết sai dạng" / "it is not a well-formed URL" }
    bad_ca(file, why) {
        "Không đọc được tệp chứng chỉ {file}: {why}." / "The certificate file {file} cannot be read: {why}."
    }
    tls_setup(why) { "Không khởi tạo được kết nối mạng: {why}." / "The network client cannot be set up: {why}." }
    /// A name that could leave its folder.
    bad_name(name) {
        "Nguồn phát nêu tên tệp không an toàn: {name}." / "The feed names an unsafe file: {name}."
    }
    unreachable(host, why) { "Không kết nối được tới {host}: {why}." / "{host} cannot be reached: {why}." }
    cut(name, why) { "Đang tải {name} thì bị ngắt: {why}." / "The transfer of {name} broke off: {why}." }
    silent(name, seconds) {
        "Máy chủ không trả lời trong {seconds} giây khi tải {name}." / "No answer for {seconds} s while fetching {name}."
    }
    too_slow(name, rate) {
        "Đường truyền quá chậm khi tải {name} (dưới {rate} byte mỗi giây)." /
        "The transfer of {name} is too slow (under {rate} bytes a second)."
    }
    took_too_long(name, seconds) {
        "Tải {name} quá lâu (hơn {seconds} giây)." / "The transfer of {name} took more than {seconds} s."
    }
    status(name, code) {
        "Máy chủ báo lỗi {code} khi tải {name}." / "The server answered {code} for {name}."
    }
    elsewhere(name) {
        "Máy chủ chuyển {name} sang một trang khác nên loaxa không tải (có thể SIM hết dung lượng, hoặc mạng đòi đăng nhập)." /
        "The server sends {name} to another site, which is refused (a used-up data plan, or a network that wants a login?)."
    }
    too_long(name, max) {
        "Tệp {name} dài hơn mức cho phép ({max} byte)." / "{name} is longer than allowed ({max} bytes)."
    }
    too_short(name, got, want) {
        "Tệp {name} bị thiếu: có {got} byte, cần {want} byte." / "{name} is short: {got} bytes of {want}."
    }
    other_length(name, got, want) {
        "Tệp {name} ở nguồn phát dài {got} byte, khác với {want} byte đã ký." /
        "{name} has {got} bytes at the feed, not the {want} that are signed."
    }
    bad_gzip(name) {
        "Tệp {name} nén bị hỏng." / "{name} is damaged: its compression does not hold."
    }
    odd_encoding(name) {
        "Máy chủ gửi {name} bằng kiểu nén không hỗ trợ." / "The server sent {name} in an unsupported encoding."
    }
    odd_range(name) {
        "Máy chủ trả lời sai khi tải tiếp {name}." / "The server answered wrongly when {name} was to be resumed."
    }
    wrong_bytes(name) {
        "Nội dung {name} không khớp với bản đã được duyệt; loaxa đã bỏ bản tải về." /
        "The content of {name} is not what was approved; the download was dropped."
    }
    spent() {
        "đã dùng hết mức dữ liệu của ngày hôm nay, ngày mai tải tiếp" /
        "the data budget of today is used up; it goes on tomorrow"
    }
    no_room(mb) {
        "ổ đĩa thiếu {mb} MB và không còn bản tin cũ nào được phép xóa" /
        "the disk lacks {mb} MB, and no old bulletin may go"
    }
    later() { "sẽ tải ở lần sau" / "it comes in a later pass" }
    no_line() { "chưa kết nối được với nguồn phát" / "the feed cannot be reached" }
    count_lost(why) {
        "Không ghi được số liệu dung lượng mạng đã dùng: {why}." / "The count of data used cannot be written: {why}."
    }
    not_there(id) {
        "Nguồn phát chưa có tệp âm thanh của bản tin {id}." / "The feed does not hold the audio of bulletin {id} yet."
    }
    /// The disk, the folder or a permission failed.
    disk(path, why) { "Lỗi ổ đĩa ở {path}: {why}." / "Disk error at {path}: {why}." }
    no_folder(path) { "Không có thư mục {path}." / "There is no folder {path}." }
    not_a_file(name) {
        "Mục {name} trong thư mục không phải tệp thường (có thể là liên kết), nên không được đọc." /
        "{name} in the folder is not a plain file (a link, perhaps) and is not read."
    }

    /// Enrolment.
    enrolled_already(station) {
        "Máy này đã ghi danh là đài {station}. Nếu thật sự muốn ghi danh lại, thêm --again." /
        "This box is already enrolled as station {station}. To enrol it anew, add --again."
    }
    enrolled_unreadable() {
        "Máy này đã ghi danh nhưng tệp ghi lại bị hỏng. Nếu muốn ghi danh lại, thêm --again." /
        "This box was enrolled, but the record of it is damaged. To enrol it anew, add --again."
    }
    yaml_areas() { "tỉnh điền mã khu vực, rộng nhất trước: tỉnh, rồi đến xã" / "the province fills in the areas, the widest first" }
    yaml_commune() { "tỉnh điền tên xã" / "the province fills in the commune" }
    not_enrolled() {
        "Máy này chưa ghi danh làm đài. Hãy chạy: sudo loaxa station setup" /
        "This box is not enrolled as a station yet. Run: sudo loaxa station setup"
    }
    other_station(enrolled, configured) {
        "Máy này đã ghi danh là đài {enrolled}, nhưng tệp cấu hình ghi đài {configured}." /
        "This box is enrolled as station {enrolled}, but its configuration says {configured}."
    }
    in_use(name) {
        "Một chương trình loaxa khác đang tải {name}." / "Another loaxa is fetching {name} just now."
    }
    no_ca(file) {
        "Tệp {file} không có chứng chỉ nào dạng PEM." / "The file {file} holds no PEM certificate."
    }

    /// The command line.
    help_station() { "Mã của đài, do tỉnh cấp" / "The station's id, given by the province" }
    help_root() { "Tệp gốc (root.json) do tỉnh giao" / "The root file (root.json) that the province handed over" }
    help_feed() { "Địa chỉ nguồn phát, ví dụ https://loa.tinh.vn/feed/" / "Address of the feed, such as https://example.vn/feed/" }
    help_hub() {
        "Địa chỉ máy chủ của tỉnh, cùng với --code: máy chủ cho biết tên đài, gốc tin cậy và nguồn phát" /
        "Address of the province's hub, with --code: it tells the station's id, the root and the feed"
    }
    help_code() { "Mã ghi danh dùng một lần do máy chủ cấp" / "The one-time code that the hub gave" }
    help_ca() { "Chứng chỉ của máy chủ riêng (PEM)" / "Certificate authorities of an own server (PEM)" }
    help_again() { "Ghi danh lại, thay lần cũ (khóa nhật ký được giữ)" / "Enrol anew over an old enrolment (the log's key is kept)" }
    help_import_dir() { "Thư mục nguồn phát, ví dụ trên USB" / "The folder of the feed, such as on a USB stick" }
    enrolled(station) { "Máy này được ghi danh là đài {station}." / "Station {station} is enrolled." }
    enrolled_fingerprint(fingerprint) {
        "Mã đối chiếu của tệp gốc (SHA-256, hãy đọc qua điện thoại cho tỉnh so lại):\n    {fingerprint}" /
        "Fingerprint of the root (SHA-256 of the file; compare it with the province by telephone):\n    {fingerprint}"
    }
    enrolled_register(yaml) {
        "Gửi đoạn sau cho tỉnh để đăng ký (ghi vào registry/stations.yaml):\n\n{yaml}" /
        "Send this to the province, for registry/stations.yaml:\n\n{yaml}"
    }
    done_fresh(version) {
        "Nguồn phát là bản mới nhất (số {version})." / "The feed is up to date (version {version})."
    }
    done_refused(why) {
        "Không cập nhật được nguồn phát, vẫn dùng bản đang có: {why}" /
        "The feed could not be brought up to date, the one held stays in force: {why}"
    }
    done_stale(what, why) { "Không dùng được bản mới của {what}: {why}" / "Not up to date, {what}: {why}" }
    done_tell() {
        "Đài vẫn dùng bản đang có. Nếu lần sau vẫn vậy, hãy báo cho nơi quản lý nguồn phát của tỉnh và đọc các dòng trên." /
        "The station goes on with what it holds. If it is the same next time, tell those who publish the feed, and read them these lines."
    }
    done_fetched(count) { "Đã tải {count} tệp âm thanh." / "Recordings fetched: {count}." }
    done_missing(count) { "Còn thiếu {count} tệp âm thanh:" / "Recordings still missing: {count}" }
    done_missing_one(id, have, length, why) {
        "    {id}: có {have} trong {length} kB; {why}" / "    {id}: {have} of {length} kB; {why}"
    }
    done_damaged(id) {
        "Tệp của bản tin {id} trên ổ đĩa bị sai khác, đã xóa." / "The file of bulletin {id} was altered on disk and is gone."
    }
    done_used(bytes, today, month) {
        "Lần này dùng {bytes} kB mạng; hôm nay {today} MB, tháng này {month} MB." /
        "This pass used {bytes} kB of the line; today {today} MB, this month {month} MB."
    }
}
