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

    menu_overview() { "Tổng quan" / "Overview" }
    menu_alarms() { "Báo động" / "Alarms" }
    menu_stations() { "Đài" / "Stations" }
    menu_areas() { "Khu vực" / "Areas" }
    menu_accounts() { "Tài khoản" / "Accounts" }
    menu_webhooks() { "Webhook" / "Webhooks" }
    menu_audit() { "Nhật ký thao tác" / "Audit log" }
    menu_office() { "Văn phòng" / "Office" }
    menu_me() { "Tài khoản của tôi" / "My account" }

    me_title() { "Tài khoản của tôi" / "My account" }
    me_first() {
        "Đây là mật khẩu đầu tiên do quản trị đưa. Hãy đặt mật khẩu riêng để bắt đầu làm việc." /
        "This is a first password that an admin gave you. Choose one of your own to begin."
    }
    me_password() { "Đổi mật khẩu" / "Change password" }
    me_current() { "Mật khẩu hiện tại" / "Current password" }
    me_new() { "Mật khẩu mới (ít nhất 10 ký tự)" / "New password (at least 10 letters)" }
    me_again() { "Nhập lại mật khẩu mới" / "New password again" }
    me_sessions() { "Nơi đang đăng nhập" / "Where you are logged in" }
    me_began() { "Bắt đầu" / "Since" }
    me_used() { "Dùng lần cuối" / "Last used" }
    me_this() { "trình duyệt này" / "this browser" }
    me_end() { "Đăng xuất nơi này" / "Log out there" }
    me_tokens() { "Mã truy cập cho chương trình" / "Tokens for programs" }
    me_tokens_hint() {
        "Chương trình gửi mã này để làm những gì tài khoản được làm. Không đưa mã cho người khác." /
        "A program sends a token to do what this account may do. Give it to nobody."
    }
    me_make_token() { "Tạo mã" / "Make token" }
    made() { "Tạo lúc" / "Made" }
    close() { "Đóng" / "Close" }
    closed() { "đã đóng" / "closed" }
    never() { "chưa bao giờ" / "never" }
    none_yet() { "Chưa có." / "None yet." }
    action() { "Thao tác" / "Action" }

    once_title() { "Chỉ hiện một lần" / "Shown only once" }
    once_hint() {
        "Hãy chép lại ngay. Sau khi rời trang này không xem lại được." /
        "Copy it now. It cannot be seen again once you leave this page."
    }
    once_password(login) { "Mật khẩu đầu tiên của {login}" / "First password of {login}" }
    once_password_hint(until) {
        "Đưa cho người giữ tài khoản. Dùng được đến {until}; lần đăng nhập đầu phải đổi." /
        "Hand it to the holder. It opens until {until}, and must be changed at the first login."
    }
    once_token() { "Mã truy cập" / "Token" }
    once_token_hint() { "Gửi trong đầu mục Authorization: Bearer …" / "Sent as Authorization: Bearer …" }
    once_code(station) { "Mã ghi danh của đài {station}" / "Enrolment code of station {station}" }
    once_code_hint(hub, until) {
        "Gõ tại máy của đài: loaxa station enroll --hub {hub} --code MÃ. Dùng một lần, đến {until}." /
        "Type at the box: loaxa station enroll --hub {hub} --code CODE. It is used once, until {until}."
    }
    once_secret() { "Khóa ký của webhook" / "Signing secret of the webhook" }
    once_secret_hint() {
        "Hệ thống nhận dùng khóa này để kiểm tra đầu mục Loaxa-Signature." /
        "The receiving system checks the header Loaxa-Signature by it."
    }
    once_back() { "Đã chép, quay lại" / "Copied, go back" }

    accounts_add() { "Tạo tài khoản" / "Make an account" }
    accounts_caption() { "Tài khoản trong khu vực" / "Accounts of the area" }
    role() { "Vai trò" / "Role" }
    area() { "Khu vực" / "Area" }
    state() { "Trạng thái" / "State" }
    account_open() { "đang dùng" / "open" }
    account_first() { "chưa đổi mật khẩu đầu tiên" / "first password not changed" }
    account_change() { "Đổi tên, vai trò, khu vực" / "Change name, role, area" }
    account_reset() { "Đặt lại mật khẩu" / "Reset password" }
    account_reset_hint() {
        "Người giữ bị đăng xuất khỏi mọi nơi và nhận một mật khẩu đầu tiên mới." /
        "The holder is logged out everywhere and gets a new first password."
    }
    account_close() { "Đóng tài khoản" / "Close the account" }
    account_close_hint() {
        "Không đăng nhập được nữa; mã truy cập cũng đóng. Nhật ký thao tác vẫn giữ tên." /
        "It opens nothing any more, nor do its tokens. The audit log keeps its name."
    }
    save() { "Lưu" / "Save" }
    id() { "Mã" / "Id" }
    title() { "Tên" / "Name" }
    kind() { "Loại" / "Kind" }
    kind_province() { "tỉnh" / "province" }
    kind_area() { "khu vực" / "area" }
    kind_commune() { "xã" / "commune" }

    areas_caption() { "Cây khu vực" / "Tree of areas" }
    areas_add() { "Thêm khu vực" / "Add an area" }
    areas_above() { "Thuộc" / "Part of" }
    areas_stations() { "Số đài" / "Stations" }
    area_rename() { "Đổi tên" / "Rename" }
    area_move() { "Chuyển sang khu vực khác" / "Move elsewhere" }
    area_merge() { "Nhập vào xã khác" / "Merge into another commune" }
    area_merge_hint() {
        "Đài và tài khoản chuyển sang xã kia. Nhật ký phát sóng cũ vẫn giữ tên xã này." /
        "Stations and accounts go over. What was aired keeps this commune's name."
    }
    area_merged(into) { "đã nhập vào {into}" / "merged into {into}" }
    area_into() { "Nhập vào" / "Merge into" }

    stations_caption() { "Đài trong khu vực" / "Stations of the area" }
    stations_add() { "Thêm đài" / "Add a station" }
    stations_show() { "Xem" / "Show" }
    commune() { "Xã" / "Commune" }
    seen() { "Tin lần cuối" / "Last heard" }
    registered() { "Có trong danh bạ đài" / "In the registry" }
    yes() { "có" / "yes" }
    no() { "chưa" / "not yet" }
    revoked() { "đã thu hồi" / "revoked" }
    station_now() { "Đang phát" / "On air" }
    station_next() { "Sắp phát" / "Next" }
    station_version() { "Phiên bản" / "Version" }
    station_feed_age() { "Tuổi nguồn phát" / "Age of the feed" }
    minutes(n) { "{n} phút" / "{n} min" }
    station_warnings() { "Cần xử lý" / "To be seen to" }
    station_code() { "Cấp mã ghi danh mới" / "Give a new enrolment code" }
    station_code_hint() {
        "Dùng khi thay máy hoặc cài lại. Mã cũ hết hiệu lực." /
        "For a new or reinstalled box. The code before it ends."
    }
    station_move() { "Chuyển sang xã khác" / "Move to another commune" }
    station_revoke() { "Thu hồi đài" / "Revoke the station" }
    station_revoke_hint() {
        "Trung tâm không tin máy này nữa. Tỉnh cũng phải gỡ khóa của đài khỏi danh bạ đài." /
        "The hub believes this box no more. The province must take its key out of the registry as well."
    }

    overview_counts() { "Số đài theo trạng thái" / "Stations by state" }
    overview_communes() { "Các xã, xã cần xem trước ở trên" / "Communes, those to look at first on top" }
    overview_alarms(n) { "Báo động chưa ai nhận: {n}" / "Alarms that nobody has seen to: {n}" }
    overview_none() { "Chưa có đài nào trong khu vực này." / "There is no station in this area yet." }
    overview_live() { "Trang tự cập nhật." / "This page updates itself." }
    overview_lost() {
        "Mất kết nối, số liệu có thể đã cũ. Hãy tải lại trang." /
        "The connection is lost and figures may be old. Reload the page."
    }
    overview_at(time) { "Lúc {time}" / "At {time}" }
    stations() { "Đài" / "Stations" }

    alarms_caption() { "Báo động" / "Alarms" }
    alarms_open() { "Chưa ai nhận" / "Open" }
    alarms_all() { "Tất cả" / "All" }
    alarms_none() { "Không có báo động nào." / "There are no alarms." }
    alarm_see() { "Tôi xử lý" / "I see to it" }
    alarm_seen_by() { "Người nhận" / "Seen to by" }
    alarm_silent() { "Mất liên lạc" / "Silent" }
    alarm_back() { "Đã có lại" / "Back" }
    alarm_urgent() { "Đã gửi tin khẩn" / "Urgent sent" }
    alarm_stale() { "Nguồn phát đã cũ" / "Stale feed" }
    alarm_log(kind) { "Nhật ký có báo động ({kind})" / "Log alarm ({kind})" }
    kind_log() { "Nhật ký có báo động" / "Log alarm" }
    when() { "Lúc" / "When" }
    station() { "Đài" / "Station" }
    detail() { "Chi tiết" / "Detail" }
    older() { "Cũ hơn" / "Older" }

    webhooks_caption() { "Hệ thống được báo" / "Systems that are told" }
    webhooks_add() { "Thêm webhook" / "Add a webhook" }
    webhooks_url() { "Địa chỉ (https://…)" / "Address (https://…)" }
    webhooks_kinds() { "Báo khi" / "Told of" }
    webhooks_arrived() { "Đã nhận" / "Arrived" }
    webhooks_open() { "Đang chờ" / "Waiting" }

    audit_caption() { "Ai đã làm gì" / "Who did what" }
    audit_what() { "Việc" / "Deed" }
    audit_address() { "Địa chỉ" / "Address" }
    audit_from() { "Từ ngày" / "From" }
    audit_to() { "Đến ngày" / "To" }
    audit_filter() { "Lọc" / "Filter" }
    audit_none() { "Không có thao tác nào." / "There are no deeds." }

    office_title() { "Bản tin đã duyệt" / "Approved bulletins" }
    office_caption() { "Bản tin trong nguồn phát, sắp hết hạn ở trên" / "Bulletins of the feed, those that end soon on top" }
    office_trouble(why) { "Chưa đọc được nguồn phát: {why}" / "The feed cannot be read: {why}" }
    office_category() { "Chuyên mục" / "Category" }
    office_length() { "Độ dài" / "Length" }
    office_until() { "Được phát đến" / "May air until" }
    office_approved() { "Người duyệt" / "Approved by" }
    office_transcript() { "Lời bản tin" / "Transcript" }
    office_soon() { "sắp hết hạn" / "ends soon" }
    office_over() { "đã hết hạn" / "over" }
    office_withdrawn() { "Đã thu hồi, không bao giờ phát lại" / "Withdrawn, never to air again" }
    chime() { "Nhạc hiệu" / "Chime" }
    plan_title(station) { "Đài {station} sẽ phát gì" / "What station {station} will play" }
    plan_caption() { "48 giờ tới, theo nguồn phát hiện nay" / "The next 48 hours, by the feed as it is" }
    plan_empty() { "Không có khung giờ phát nào trong 48 giờ tới." / "There is no slot in the next 48 hours." }
    plan_slot() { "Khung giờ phát" / "Slot" }
    plan_items() { "Bản tin" / "Bulletins" }
    plan_plays() { "phát" / "plays" }
    plan_skips(why) { "không phát: {why}" / "does not play: {why}" }
    plan_collides(why) { "trùng giờ: {why}" / "collides: {why}" }
    station_plan() { "Sẽ phát gì" / "What it will play" }
}
