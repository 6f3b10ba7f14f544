//! Words of the room `hub`: accounts, areas, stations, overview, alarms.

use super::catalogue;

catalogue! {
    state_log_alarm() { "Nhật ký có báo động" / "Log alarm" }
    state_silent() { "Mất liên lạc" / "Silent" }
    state_clock() { "Đồng hồ chưa tin cậy" / "Clock not trusted" }
    state_stale() { "Nguồn phát đã cũ" / "Stale feed" }
    state_late() { "Chậm báo tin" / "Late" }
    state_held() { "Đang tạm giữ loa" / "Held" }
    state_on_air() { "Đang phát" / "On air" }
    state_idle() { "Sẵn sàng" / "Idle" }
    state_new() { "Chưa kết nối" / "Not yet connected" }

    too_many(seconds) {
        "Gửi quá nhanh từ cùng một địa chỉ. Hãy đợi {seconds} giây rồi thử lại." /
        "Too much was sent from one address. Wait {seconds} seconds and try again."
    }
    change_first() {
        "Mật khẩu đầu tiên phải được đổi trước khi làm việc khác. Hãy đăng nhập bằng trình duyệt và đặt mật khẩu mới." /
        "The first password must be changed before anything else. Log in with a browser and choose a new one."
    }
    unreadable(why) { "Không đọc được nội dung đã gửi: {why}" / "What was sent cannot be read: {why}" }
    too_long(what, most) { "{what}: dài nhất {most} ký tự." / "{what}: at most {most} letters." }
    is_empty(what) { "{what}: không được để trống." / "{what}: must not be empty." }
    bad_word(what, word) {
        "{what}: “{word}” có ký tự lạ. Chỉ dùng chữ không dấu, số và dấu gạch nối, cách nhau bằng dấu cách." /
        "{what}: “{word}” has other characters. Use a-z, 0-9 and hyphens, with spaces between."
    }

    day_rule(day) { "“{day}” không phải ngày dạng 2026-11-25." / "“{day}” is no day such as 2026-11-25." }
    holder() { "Họ tên người giữ" / "Name of the holder" }
    not_own_account() {
        "Không tự đóng hay đổi quyền tài khoản của mình được. Hãy nhờ một quản trị khác." /
        "Nobody closes or changes the own account. Ask another admin."
    }
    account_closed_already(login) { "Tài khoản {login} đã đóng." / "Account {login} is closed." }
    choose_role() { "Hãy chọn một vai trò." / "Choose a role." }
    choose_area() { "Hãy chọn một khu vực mà mình quản lý." / "Choose an area that is yours." }
    login_rule() {
        "Tên đăng nhập có 2 đến 64 ký tự: a-z, 0-9 và . - _ @" /
        "A login has 2 to 64 characters: a-z, 0-9 and . - _ @"
    }
    login_taken(login) { "Đã có tài khoản {login}." / "There is an account {login} already." }
    current_is_wrong() { "Mật khẩu hiện tại không đúng." / "The current password is wrong." }
    typed_differently() { "Hai lần nhập mật khẩu mới không giống nhau." / "The new password was typed differently the second time." }
    same_password() { "Mật khẩu mới phải khác mật khẩu hiện tại." / "The new password must differ from the current one." }
    token_title() { "Mã truy cập dùng để làm gì" / "What the token is for" }
    too_many_tokens(most) {
        "Mỗi tài khoản có nhiều nhất {most} mã truy cập đang mở. Hãy đóng bớt mã không dùng." /
        "An account has at most {most} open tokens. Close those that are not used."
    }

    area_title() { "Tên khu vực" / "Name of the area" }
    merged_already(into) { "Khu vực này đã nhập vào {into}." / "This area was merged into {into}." }
    id_rule() {
        "Mã có 1 đến 64 ký tự: a-z, 0-9 và dấu gạch nối ở giữa, không dấu." /
        "An id has 1 to 64 characters: a-z, 0-9 and inner hyphens."
    }
    id_taken(id) { "Mã {id} đã được dùng." / "The id {id} is taken." }
    choose_kind() { "Hãy chọn loại: khu vực hoặc xã." / "Choose a kind: area or commune." }
    choose_above() { "Hãy chọn khu vực cấp trên; xã không có cấp dưới." / "Choose an area above; a commune has nothing below." }
    choose_commune() { "Hãy chọn một xã mà mình quản lý." / "Choose a commune that is yours." }
    not_below_itself() {
        "Không chuyển khu vực của chính mình, hoặc chuyển vào bên dưới chính nó được." /
        "An area cannot move below itself, nor can your own be moved."
    }

    tags() { "Nhãn" / "Tags" }
    languages() { "Ngôn ngữ" / "Languages" }
    place() { "Nơi đặt" / "Place" }
    contact() { "Người liên hệ" / "Contact" }
    revoked_already(station) { "Đài {station} đã bị thu hồi." / "Station {station} was revoked before." }

    alarm_seen_already(login) { "{login} đã nhận báo động này." / "{login} has seen to this alarm." }
    webhook_url_rule() {
        "Cần địa chỉ https:// của một máy trên Internet, không chứa tên đăng nhập hay mật khẩu." /
        "An https:// address of a machine on the internet, without user name or password."
    }
    choose_kinds() { "Hãy chọn ít nhất một loại báo động." / "Choose at least one kind of alarm." }
}
