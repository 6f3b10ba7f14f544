//! Words of the room `station`.

use super::catalogue;

catalogue! {
    hold_too_long(hours) {
        "mỗi lần tạm giữ loa dài nhất {hours} giờ. Cách sửa: nhập thời gian ngắn hơn, ví dụ 30m hoặc 2h; hết giờ có thể giữ tiếp."
        / "the PA can be held for at most {hours} hours at a time. Remedy: give a shorter time, such as 30m or 2h; it can be held again afterwards."
    }
    not_held() {
        "loa không bị tạm giữ nên không có gì để trả lại."
        / "the PA is not held, so there is nothing to release."
    }
    no_such_slot(slot) {
        "trong 48 giờ tới không có khung giờ phát `{slot}`. Cách sửa: xem tên các khung giờ bằng lệnh `sudo loaxa station plan`."
        / "no slot `{slot}` comes within 48 hours. Remedy: see the names of slots with `sudo loaxa station plan`."
    }
    may_not_decline(slot) {
        "khung giờ phát `{slot}` thuộc loại ưu tiên, đài xã không được bỏ. Cách sửa: nếu cần dùng loa, hãy tạm giữ bằng `sudo loaxa station hold`, hoặc gọi cơ quan quản lý khu vực."
        / "slot `{slot}` is of class priority, which the commune may not decline. Remedy: if the PA is needed, hold it with `sudo loaxa station hold`, or call the area's office."
    }
    nothing_sounds() {
        "hiện không có bản tin nào đang phát."
        / "nothing is on the air."
    }
    held_until(until) { "đã tạm giữ loa đến {until}; hết giờ loa tự trả lại." / "the PA is held until {until}; then it is given back by itself." }
    released() { "đã trả loa lại cho lịch phát." / "the PA is given back to the schedule." }
    stopped() { "đang dừng bản tin; khung giờ sau vẫn phát theo lịch." / "what sounds is being stopped; the next slot plays as scheduled." }
    declined(slot, due) { "đã bỏ khung giờ phát `{slot}` lúc {due}." / "slot `{slot}` at {due} is declined." }
    noted() { "đã ghi vào nhật ký phát sóng." / "noted in the as-run log." }
    asking_feed() { "đang hỏi nguồn phát." / "asking the feed." }
    reloaded() { "đã nhận cấu hình mới; nếu đang phát thì loa đổi sau khi phát xong." / "the configuration is taken up; a change of sink waits until nothing sounds." }
    reload_refused(faults) { "cấu hình mới có lỗi nên vẫn dùng cấu hình cũ:\n{faults}" / "the new configuration is wrong, so the old one stays:\n{faults}" }
    reload_needs_restart() {
        "chỉ `device`, `volume`, `warm_up` và `clock` đổi được khi đang chạy. Cách sửa: chạy `sudo systemctl restart loaxa-station` vào lúc không phát."
        / "only `device`, `volume`, `warm_up` and `clock` can change while it runs. Remedy: run `sudo systemctl restart loaxa-station` while nothing is on the air."
    }
    clock_is_set(now) { "đồng hồ được tin cậy từ bây giờ: {now}." / "the clock is trusted from now on: {now}." }
    clock_before_proof(proven) {
        "đồng hồ chạy sai: nguồn phát và nhật ký chứng tỏ đã qua {proven}. Đài không phát. Cách sửa: đặt lại giờ bằng `sudo loaxa station clock set`."
        / "the clock is wrong: feed and log prove that {proven} is past. Nothing plays. Remedy: set it with `sudo loaxa station clock set`."
    }
    clock_not_trusted() {
        "chưa biết giờ đúng nên đài không phát. Cách sửa: nối mạng để đồng bộ giờ, hoặc đặt giờ bằng `sudo loaxa station clock set`; nếu hay mất điện, nên lắp pin đồng hồ."
        / "the right time is not known, so nothing plays. Remedy: connect to the network, or set the clock with `sudo loaxa station clock set`; if the power often fails, fit a battery."
    }
    clock_unasked(why) {
        "hệ thống không cho biết đồng hồ đã đồng bộ chưa ({why}). Cách sửa: cài gói `dbus` và `systemd-timesyncd`, rồi khởi động lại máy."
        / "the system does not say whether the clock is synchronised ({why}). Remedy: install the packages `dbus` and `systemd-timesyncd`, then restart the box."
    }
    clock_always() {
        "cấu hình `clock.trust: always` chỉ dùng để thử: giờ sai vẫn phát."
        / "`clock.trust: always` is for test beds: with a wrong clock it would still play."
    }
    silent(what, remedy) { "đài chưa có gì để phát: {what}. Cách sửa: {remedy}" / "the station has nothing to go by, so it is silent: {what}. Remedy: {remedy}" }
    left_out(place, what) { "một khu vực bị bỏ qua: {place}: {what}" / "an area is left out: {place}: {what}" }
    not_enrolled(station) {
        "máy này chưa ghi danh đài `{station}`. Cách sửa: chạy `sudo loaxa station enroll --station {station} --root <tệp> --feed <địa chỉ>`."
        / "this box is not enrolled as station `{station}`. Remedy: run `sudo loaxa station enroll --station {station} --root <file> --feed <url>`."
    }
    other_station(configured, enrolled) {
        "cấu hình ghi đài `{configured}`, nhưng máy đã ghi danh là `{enrolled}`. Cách sửa: sửa `station:` trong cấu hình, hoặc ghi danh lại."
        / "the configuration names station `{configured}`, but this box is enrolled as `{enrolled}`. Remedy: mend `station:` in the configuration, or enroll again."
    }
    disk(path, user, error) {
        "không đọc hoặc ghi được `{path}` (người dùng {user}): {error}. Cách sửa: kiểm tra ổ đĩa còn chỗ và quyền của thư mục, ví dụ `sudo chown -R loaxa: {path}`."
        / "`{path}` cannot be read or written (user {user}): {error}. Remedy: see that the disk has room and the folder belongs to the service, such as `sudo chown -R loaxa: {path}`."
    }
    log_fails(path, error) {
        "không ghi được nhật ký phát sóng trong `{path}`: {error}. Không ghi được thì không phát. Cách sửa: kiểm tra ổ đĩa."
        / "the as-run log in `{path}` cannot be written: {error}. What cannot be logged is not played. Remedy: see to the disk."
    }
    no_socket(path, error) {
        "không mở được `{path}` để nhận lệnh: {error}. Cách sửa: kiểm tra xem loaxa có đang chạy rồi không, và quyền của thư mục."
        / "`{path}` cannot be opened for commands: {error}. Remedy: see whether loaxa runs already, and the folder's permissions."
    }
    no_signals(error) { "hệ thống không cho nhận tín hiệu dừng: {error}" / "the system gives no signals: {error}" }
    not_understood() { "lệnh không hiểu được; có thể hai phiên bản loaxa khác nhau." / "the request is not understood; two versions of loaxa may be in use." }
    ending() { "đài đang dừng." / "the station is ending." }
    rule_url() { "địa chỉ bắt đầu bằng https:// hoặc http:// rồi đến tên máy chủ" / "an address begins with https:// or http://, then the server's name" }
    rule_path() { "đường dẫn không được để trống" / "a path must not be empty" }
    rule_device() { "loa ghi như alsa:plughw:CARD=<tên>,DEV=0, pulseaudio:<tên>, default hoặc wav:<tệp>" / "a sink is like alsa:plughw:CARD=<name>,DEV=0, pulseaudio:<name>, default or wav:<file>" }
    rule_percent() { "số từ 0 đến 100" / "a number from 0 to 100" }
    hub_silent(host) { "Máy chủ {host} không trả lời." / "The hub {host} does not answer." }
    hub_unreached(why) {
        "Nhật ký phát sóng chưa đến được máy chủ: {why} Nhật ký vẫn được giữ trên máy này và sẽ gửi sau." /
        "The as-run log does not reach the hub: {why} It is kept on this box and goes later."
    }
    hub_rewound(seq) {
        "Máy chủ giữ nhật ký đến dòng {seq}, khác với nhật ký trên máy này: nhật ký ở đây đã bị cắt hoặc viết lại. Hãy báo tỉnh." /
        "The hub holds the log up to line {seq}, other than it is on this box: it was cut or written again here. Tell the province."
    }
    rule_warm_up() { "thời gian từ 0s đến 60s" / "a time from 0s to 60s" }
    rule_trust() { "một trong các từ synced, rtc, always" / "one of synced, rtc, always" }
    rule_poll() { "thời gian từ 1m đến 24h" / "a time from 1m to 24h" }
    rule_megabytes() { "số nguyên từ 1 đến 1000000 (MB)" / "a whole number from 1 to 1000000 (MB)" }
    register_again() {
        "gửi khóa công khai của máy này (in ra khi ghi danh) cho tỉnh để ghi lại vào danh bạ đài"
        / "send this box's public key (printed when it was enrolled) to the province, to be registered anew"
    }
}
