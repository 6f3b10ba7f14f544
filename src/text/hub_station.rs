//! Words of the room `hub::station`: what a hub answers stations, and what is said of them.

use super::catalogue;

catalogue! {
    prove() {
        "Đài phải chứng minh bằng khóa nhật ký của mình." /
        "A station must prove itself by the key of its log."
    }
    too_long() { "Nội dung gửi lên quá dài." / "What was sent is too long." }
    too_slow() { "Nội dung gửi lên đến quá chậm." / "What was sent came too slowly." }
    not_registered() {
        "Danh bạ đài của tỉnh chưa có khóa của đài này, hoặc không còn nữa. Hãy báo tỉnh ký đài vào danh bạ đài." /
        "The province's registry does not name the key of this station, or no longer. Ask the province to sign the station in."
    }
    unproven() { "Chữ ký của yêu cầu không đúng." / "The signature of the request is wrong." }
    other_key(station) {
        "Đài {station} nay dùng khóa khác; khóa này không còn được nhận." /
        "Station {station} has another key now; this one is no longer taken."
    }
    revoked(station) { "Đài {station} đã bị thu hồi." / "Station {station} was revoked." }
    no_home(station) {
        "Máy chủ chưa có khu vực nào cho đài {station}. Hãy thêm đài bằng `loaxa hub station add`." /
        "The hub has no area yet for station {station}. Add the station by `loaxa hub station add`."
    }
    no_lines() {
        "Nội dung không phải là các dòng nhật ký, mỗi dòng kết thúc bằng ký tự xuống dòng." /
        "This is no lines of a log, each ended by a newline."
    }
    not_following(due) {
        "Dòng gửi lên không nối tiếp nhật ký đang có: cần dòng {due}." /
        "The lines do not follow what is held: line {due} is due."
    }
    contradicts(line) {
        "Dòng {line} khác với dòng đã nhận. Cả hai được giữ lại; đã báo động." /
        "Line {line} is another than the one that is held. Both are kept, and an alarm is raised."
    }
    bad_line(line, why) {
        "Dòng {line} không được nhận: {why}. Đã báo động." /
        "Line {line} is refused: {why}. An alarm is raised."
    }
    not_a_status() { "Đây không phải là trạng thái của đài." / "This is no status of a station." }
    wrong_code() {
        "Mã không đúng, đã dùng, hoặc đã hết hạn. Hãy xin mã mới." /
        "The code is wrong, used or over. Ask for a new one."
    }
    not_a_key() { "Khóa của nhật ký không dùng được." / "The key of the log is not usable." }
    no_feed_yet() {
        "Máy chủ chưa có nguồn phát: tỉnh chưa đưa lên." /
        "The hub has no feed yet: the province has not brought it."
    }

    help_station() { "Đài: thêm, cấp mã, xem danh sách" / "Stations: add, give a code, list" }
    help_add() { "Thêm một đài và cấp mã ghi danh dùng một lần" / "Add a station and give a one-time code" }
    help_code() { "Cấp mã mới cho một đài đã có" / "Give a station a new code" }
    help_list() { "Danh sách đài, và đài nào chờ tỉnh ký" / "Stations, and which wait for the province's signature" }
    help_id() { "Tên đài như tỉnh sẽ ghi trong danh bạ đài" / "The station's id as the province will register it" }
    help_commune() { "Xã mà đài thuộc về" / "The commune that it belongs to" }
    help_commune_title() { "Tên gọi của xã, nếu xã chưa có" / "The commune's name, if it is new" }
    help_below() { "Khu vực mà xã mới thuộc về" / "The area that a new commune is part of" }
    help_place() { "Nơi đặt loa" / "Where the loudspeakers hang" }
    help_contact() { "Người liên hệ" / "Whom to call" }
    help_tags() { "Nhãn, cách nhau bằng dấu phẩy" / "Tags, separated by commas" }
    help_languages() { "Ngôn ngữ theo thứ tự ưu tiên, cách nhau bằng dấu phẩy" / "Languages in order of preference, separated by commas" }
    bad_station(id) { "`{id}` không dùng làm tên đài được." / "`{id}` cannot be a station's id." }
    station_there(id) {
        "Đã có đài {id}. Để cấp mã mới: `loaxa hub station code {id}`." /
        "There is a station {id}. For a new code: `loaxa hub station code {id}`."
    }
    no_station(id) { "Không có đài {id}." / "There is no station {id}." }
    station_added(id, code, hours, command) {
        "Đài {id}: mã ghi danh {code}, dùng một lần, trong {hours} giờ. Mã chỉ hiện lần này.\nTrên máy của đài:\n    {command}" /
        "Station {id}: code {code}, for one use within {hours} hours. It is shown only now.\nOn the station:\n    {command}"
    }
    compare(fingerprint) {
        "Dấu vân tay của gốc tin cậy, phải giống trên máy của đài:\n    {fingerprint}" /
        "The fingerprint of the root; the station must show the same:\n    {fingerprint}"
    }
    waiting(station, key) {
        "{station}: chờ tỉnh ký. Khóa {key}" /
        "{station}: waits for the province's signature. Key {key}"
    }
    listed(station, commune, state) { "{station} ({commune}): {state}" / "{station} ({commune}): {state}" }
    no_stations() { "Chưa có đài nào." / "No stations yet." }
    receipt_key(key) {
        "Khóa ký biên nhận của máy chủ này, để tỉnh ghi vào `receipt_keys`: {key}" /
        "This hub's receipt key, for the province's `receipt_keys`: {key}"
    }

    state_new() { "chưa từng liên lạc" / "never heard of" }
    state_on_air() { "đang phát" / "on air" }
    state_idle() { "sẵn sàng" / "ready" }
    state_held() { "tạm giữ loa" / "held" }
    state_late() { "phát trễ" / "late" }
    state_silent() { "mất liên lạc" / "silent" }
    state_stale() { "nguồn phát cũ" / "feed is stale" }
    state_clock() { "đồng hồ không tin được" / "clock not trusted" }
    state_alarm() { "báo động nhật ký" / "log alarm" }

    alarm_gap() { "Thiếu dòng nhật ký" / "Lines of the log are missing" }
    alarm_fork() { "Hai máy cùng ghi một nhật ký" / "Two boxes write one log" }
    alarm_rewritten() { "Nhật ký bị viết lại" / "The log was rewritten" }
    alarm_truncated() { "Nhật ký bị cắt đuôi" / "The tail of the log was cut" }
    alarm_altered() { "Một dòng nhật ký bị sửa" / "A line of the log was altered" }
    alarm_other_key() { "Một khóa đã bỏ vẫn được dùng" / "A key that is no longer valid is still used" }
    alarm_other_station() { "Nhật ký của đài khác" / "The log of another station" }
}
