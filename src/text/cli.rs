//! Words of the room `cli`.

use super::catalogue;

catalogue! {
    remedy() { "Cách sửa" / "Remedy" }
    cannot_write(dir, why) { "Không ghi được vào {dir}: {why}" / "Cannot write into {dir}: {why}" }

    // The manual pages (cli/generate.rs).
    manual() { "Sách hướng dẫn loaxa" / "loaxa manual" }
    man_name() { "TÊN" / "NAME" }
    man_synopsis() { "TÓM TẮT" / "SYNOPSIS" }
    man_description() { "MÔ TẢ" / "DESCRIPTION" }
    man_options() { "TÙY CHỌN" / "OPTIONS" }
    man_verbs() { "CÁC LỆNH" / "COMMANDS" }
    man_more() { "THÊM" / "MORE" }
    man_version() { "PHIÊN BẢN" / "VERSION" }
    man_exit() { "MÃ KẾT THÚC" / "EXIT STATUS" }
    man_files() { "CÁC TỆP" / "FILES" }
    exit_yes() { "Đã xong, hoặc đúng như vậy." / "Done, or it is so." }
    exit_no() {
        "Không đúng như vậy: bị từ chối, không xác minh được, hoặc bị hỏng." /
        "It is not so: refused, does not verify, or damaged."
    }
    exit_usage() { "Gõ lệnh sai." / "Wrong use of the command." }
    exit_machine() { "Máy gặp sự cố: đĩa, mạng hoặc quyền truy cập." / "The machine failed: disk, network or permission." }
    file_station() { "Cấu hình của đài, do loaxa station setup ghi." / "The station's configuration, written by loaxa station setup." }
    file_default() { "Ngôn ngữ và mức chi tiết của thông báo." / "Language and detail of messages." }
    file_state() { "Thư viện bản tin, khóa và nhật ký phát sóng." / "Library of bulletins, keys and the as-run log." }
}

// The command line as a whole.
catalogue! {
    about() { "Loa xã: phát bản tin đã duyệt theo lịch, ghi nhật ký phát sóng kiểm chứng được." / "Commune loudspeaker radio: approved bulletins, on schedule, with a provable as-run log." }
    usage() { "Cách dùng:" / "Usage:" }
    options() { "Tùy chọn" / "Options" }
    any_options() { "[TÙY CHỌN]" / "[OPTIONS]" }
    a_verb() { "LỆNH" / "COMMAND" }
    with_default(help, value) { "{help} [mặc định: {value}]" / "{help} [default: {value}]" }
    arguments() { "Tham số" / "Arguments" }
    verbs() { "Các lệnh" / "Commands" }
    arg_config() { "Tệp cấu hình [mặc định: /etc/loaxa/station.yaml]" / "The configuration [default: /etc/loaxa/station.yaml]" }
    arg_lang() { "Ngôn ngữ: vi hoặc en [mặc định: theo LANG, không thì tiếng Việt]" / "Language: vi or en [default: by LANG, else Vietnamese]" }
    arg_json() { "Trả lời bằng một tài liệu JSON" / "Answer with one JSON document" }
    arg_help() { "Xem hướng dẫn" / "Print help" }
    arg_version() { "Xem phiên bản" / "Print version" }
    group_station() { "Máy của đài: cài đặt, phát, tạm giữ, xem tình trạng" / "The station's box: set up, play, hold, status" }
    group_office() { "Cơ quan quản lý: nhập, duyệt, ký, phát hành" / "Offices: import, approve, sign, publish" }
    group_log() { "Nhật ký phát sóng: xem và kiểm chứng" / "The as-run log: show and verify" }
    office_check() { "Kiểm tra lịch phát, quy định, danh bạ đài" / "Check schedules, policies, registries" }
    office_plan() { "Xem một đài sẽ phát gì theo nguồn phát trong thư mục" / "What a station will play by the feed in a folder" }
    office_cron() { "Xem một dòng cron phát vào lúc nào" / "When a cron line fires" }
    see_help(command) { "Xem hướng dẫn: {command} --help" / "For help: {command} --help" }
    usage_unknown(arg) { "không có tham số `{arg}`." / "there is no argument `{arg}`." }
    usage_unknown_verb(arg) { "không có lệnh `{arg}`." / "there is no command `{arg}`." }
    usage_missing(arg) { "còn thiếu {arg}." / "{arg} is missing." }
    usage_missing_verb(verbs) { "còn thiếu lệnh. Các lệnh: {verbs}." / "a command is missing. Commands: {verbs}." }
    usage_value(value, arg) { "giá trị `{value}` của {arg} không dùng được." / "the value `{value}` of {arg} cannot be used." }
    usage_value_known(value, arg, known) {
        "giá trị `{value}` của {arg} không dùng được. Các giá trị: {known}." /
        "the value `{value}` of {arg} cannot be used. Values: {known}."
    }
    usage_no_value(arg) { "còn thiếu giá trị của {arg}." / "the value of {arg} is missing." }
    usage_takes_none(arg) { "{arg} không đi kèm giá trị." / "{arg} takes no value." }
    usage_conflict(arg) { "{arg} không đi cùng tham số khác đã ghi, hoặc ghi hai lần." / "{arg} does not go with another argument, or stands twice." }
    usage_other() { "lệnh ghi chưa đúng." / "the command is not right." }
}

// `loaxa station …`.
catalogue! {
    station_setup() { "Hỏi năm câu rồi cài đặt đài" / "Ask five questions and set the station up" }
    station_enroll() { "Ghi danh máy: ghim khóa gốc của nguồn phát, tạo khóa nhật ký" / "Enroll this box: pin the feed's root, make the log's key" }
    station_check() { "Kiểm tra tệp cấu hình" / "Check the configuration" }
    station_run() { "Phát bản tin theo lịch, ghi nhật ký phát sóng" / "Play what is scheduled; log it" }
    station_sync() { "Hỏi nguồn phát và tải bản tin một lần" / "Ask the feed and fetch what is new, once" }
    station_import() { "Nhận bản tin từ USB" / "Take a feed from a USB stick" }
    station_reload() { "Đọc lại cấu hình khi đang chạy" / "Let the running station read its configuration again" }
    station_status() { "Xem tình trạng đài: đang phát gì, sắp phát gì, có gì cần sửa" / "How the station is: what sounds, what comes, what needs mending" }
    station_plan() { "Xem lịch sẽ phát" / "What will play" }
    station_hold() { "Tạm giữ loa cho việc của xã (tối đa 4 giờ)" / "Take the PA for the commune's own use (at most 4 hours)" }
    station_release() { "Trả loa lại cho lịch phát" / "Give the PA back" }
    station_decline() { "Bỏ lần phát tới của một khung giờ thường" / "Leave out the next occurrence of a normal slot" }
    station_stop() { "Dừng bản tin đang phát" / "Fade what sounds" }
    station_test() { "Phát tiếng thử ra loa" / "Play a test tone" }
    station_volume() { "Đặt âm lượng card âm thanh (%)" / "Set the sound card's volume in percent" }
    station_clock() { "Đồng hồ của máy" / "The box's clock" }
    clock_set() { "Đặt giờ khi không có mạng" / "Set it when there is no network" }
    arg_span() { "Bao lâu, ví dụ 30m hoặc 1h30m" / "For how long, such as 30m or 1h30m" }
    arg_reason() { "Lý do, được ghi vào nhật ký" / "The reason; it stands in the log" }
    arg_slot() { "Tên khung giờ phát" / "The slot's id" }
    arg_percent() { "Từ 0 đến 100" / "From 0 to 100" }
    arg_instant() { "Giờ đúng, ví dụ 2026-12-01T05:30:00+07:00" / "The right time, such as 2026-12-01T05:30:00+07:00" }
    arg_override() { "Đặt cả khi nguồn phát hoặc nhật ký chứng tỏ giờ này đã qua (nhật ký ghi cảnh báo)" / "Even if feed or log prove a later time past (the log notes an alarm)" }
    bad_span(span) { "`{span}` không phải là thời lượng. Cách sửa: ghi như 30m hoặc 1h30m." / "`{span}` is no length of time. Remedy: write it like 30m or 1h30m." }
    no_config(path, error) {
        "không đọc hoặc ghi được cấu hình {path}: {error}. Cách sửa: chạy `sudo loaxa station setup`, hoặc chỉ đúng tệp bằng --config."
        / "the configuration {path} cannot be read or written: {error}. Remedy: run `sudo loaxa station setup`, or name the file with --config."
    }
    config_good(station) { "Cấu hình của đài `{station}` đúng." / "The configuration of station `{station}` is right." }
    no_runtime(error) { "hệ thống không cho chạy: {error}" / "the system gives no room to run: {error}" }
    not_running(path) {
        "đài không chạy (không ai trả lời ở {path}). Cách sửa: `sudo systemctl start loaxa-station`, rồi xem `sudo journalctl -u loaxa-station`."
        / "the station does not run (nobody answers at {path}). Remedy: `sudo systemctl start loaxa-station`, then see `sudo journalctl -u loaxa-station`."
    }
    socket_not_yours(path) {
        "người dùng này không được ra lệnh cho đài ({path}). Cách sửa: dùng sudo, hoặc thêm người dùng vào nhóm loaxa."
        / "this user may not command the station ({path}). Remedy: use sudo, or add the user to group loaxa."
    }
    socket_broke(path, error) { "đài không trả lời ở {path}: {error}" / "the station gave no answer at {path}: {error}" }
    volume_only_alsa(device) {
        "loa `{device}` không có âm lượng để đặt từ đây; chỉ card alsa: mới có."
        / "sink `{device}` has no volume that can be set here; only alsa: cards have."
    }
    volume_is(percent) { "Âm lượng bây giờ là {percent} %." / "The volume is now {percent} %." }
    clock_not_set(error) {
        "không đặt được giờ: {error}. Cách sửa: chạy lệnh này bằng sudo; nếu vẫn không được, cài gói `dbus`."
        / "the clock was not set: {error}. Remedy: run this with sudo; if that does not help, install the package `dbus`."
    }
    clock_ntp_off() {
        "Việc tự chỉnh giờ qua mạng đã bị tắt, vì nó đưa đồng hồ về giờ sai. Khi có mạng lại, hãy bật bằng lệnh: sudo timedatectl set-ntp true"
        / "Setting the clock by the network is switched off now, since it put the clock back to a wrong time. Once there is a network again, switch it on: sudo timedatectl set-ntp true"
    }
}

// The status page.
catalogue! {
    status_station(station, at, version) { "Đài {station} — {at} (loaxa {version})" / "Station {station} — {at} (loaxa {version})" }
    status_now(slot, title, done, length, item, items) { "ĐANG PHÁT   {slot}: {title} — {done}/{length} (mục {item}/{items})" / "ON THE AIR  {slot}: {title} — {done}/{length} (item {item} of {items})" }
    status_silent() { "Đang phát   không có gì" / "On the air  nothing" }
    status_next(due, slot, titles) { "Sắp phát    {due} {slot}: {titles}" / "Next        {due} {slot}: {titles}" }
    status_nothing() { "Sắp phát    không có gì trong 48 giờ tới" / "Next        nothing within 48 hours" }
    status_waiting(slot, due, why) { "Đang chờ    {slot} (hẹn {due}): {why}" / "Waiting     {slot} (due {due}): {why}" }
    status_hold(until) { "TẠM GIỮ     đến {until}" / "HELD        until {until}" }
    status_feed(age, held, missing) { "Nguồn phát  ký {age} trước; có {held} bản tin, còn thiếu {missing}" / "Feed        signed {age} ago; {held} recordings here, {missing} to come" }
    status_no_feed() { "Nguồn phát  chưa nhận được" / "Feed        none yet" }
    status_frozen(age) {
        "NGHI NGỜ    chữ ký mới nhất của con người đã {age}: nếu tỉnh có ban hành gì từ đó, nguồn phát bị ai đó giữ lại; hãy hỏi tỉnh"
        / "SUSPICIOUS  the newest signature by a person is {age} old: if the province issued anything since, somebody withholds it; ask there"
    }
    status_stale(role, reason) { "CŨ          {role}: {reason}" / "STALE       {role}: {reason}" }
    status_no_audio(id, why) { "THIẾU       {id}: {why}" / "MISSING     {id}: {why}" }
    status_sync_failed(why) { "Lần hỏi nguồn phát gần nhất không được: {why}" / "The last look at the feed failed: {why}" }
    status_clock(trust) { "Đồng hồ     {trust}" / "Clock       {trust}" }
    status_device(name, state) { "Loa         {name}: {state}" / "Sink        {name}: {state}" }
    status_data(today, limit, month) { "Dữ liệu     hôm nay {today} (giới hạn {limit}), tháng này {month}" / "Data        {today} today (limit {limit}), {month} this month" }
    status_log(seq, hash) { "Nhật ký     {seq} dòng, dòng cuối {hash}" / "Log         {seq} records, the last {hash}" }
    status_warning(text) { "CẦN XEM     {text}" / "ATTENTION   {text}" }
    device_closed() { "đóng (mở khi đến giờ phát)" / "closed (opened when a slot is near)" }
    device_opening() { "đang mở" / "opening" }
    device_open() { "đang mở sẵn" / "open" }
    device_lost() { "MẤT" / "LOST" }
    trust_no() { "CHƯA TIN ĐƯỢC: không phát" / "NOT TRUSTED: nothing plays" }
    trust_synced() { "đã đồng bộ qua mạng" / "synchronised over the network" }
    trust_set() { "do người trực đặt" / "set by an operator" }
    trust_rtc() { "theo pin đồng hồ của máy" / "by the box's battery clock" }
    trust_always() { "luôn tin (chỉ để thử)" / "always trusted (test beds only)" }
    why_unknown() { "chưa rõ" / "not known yet" }
    span_seconds(n) { "{n} giây" / "{n} s" }
    span_minutes(n) { "{n} phút" / "{n} min" }
    span_hours(n) { "{n} giờ" / "{n} h" }
    span_days(n) { "{n} ngày" / "{n} days" }
}

// Setup and test.
catalogue! {
    setup_hello(path) {
        "Cài đặt đài truyền thanh xã, gồm năm bước. Gõ câu trả lời rồi nhấn Enter. Nếu có chữ trong ngoặc vuông thì chỉ nhấn Enter là giữ như vậy.\nMuốn dừng thì nhấn Ctrl-C: chưa trả lời xong thì chưa có gì thay đổi. Cấu hình được ghi vào {path}.\n"
        / "Setting up a commune's station, in five steps. Type each answer and press Enter. Where something stands in square brackets, Enter alone keeps it.\nTo give up press Ctrl-C: until all is answered nothing is changed. The configuration goes to {path}.\n"
    }
    setup_station() { "Bước 1/5. Mã đài do tỉnh cấp (ví dụ xa-dong-ky-1)" / "Step 1 of 5. The station's id, given by the province (such as xa-dong-ky-1)" }
    setup_rule_station() { "mã đài chỉ gồm chữ thường không dấu (a đến z), chữ số và dấu gạch nối" / "an id has lower-case letters (a to z), digits and hyphens only" }
    setup_enrolled(station, fingerprint) {
        "\nMáy này đã ghi danh là đài {station}. Mã đối chiếu của tệp gốc:\n    {fingerprint}"
        / "\nThis box is enrolled as station {station}. The fingerprint of its root:\n    {fingerprint}"
    }
    setup_root_new() { "\nBước 2/5. Tệp gốc do tỉnh cấp (ví dụ /media/usb/root.json)" / "\nStep 2 of 5. The root file that the province handed over (such as /media/usb/root.json)" }
    setup_root_keep() { "\nBước 2/5. Tệp gốc do tỉnh cấp; nhấn Enter để giữ tệp đang dùng" / "\nStep 2 of 5. The root file that the province handed over; Enter keeps the one in use" }
    setup_fingerprint() { "    Mã đối chiếu mà tỉnh đọc cho bạn, ít nhất 8 ký tự đầu; chưa có thì nhấn Enter" / "    The fingerprint as the province tells it, at least the first 8 digits; if you have none, Enter" }
    setup_no_fingerprint() { "mã đối chiếu có từ 8 đến 64 ký tự, chỉ gồm số và các chữ a đến f" / "a fingerprint has 8 to 64 digits: numbers and the letters a to f" }
    setup_other_root() { "KHÔNG KHỚP: tệp này không phải tệp gốc của tỉnh. Đừng dùng tệp này; hãy gọi cho tỉnh rồi chỉ đúng tệp." / "NO MATCH: this is not the province's root. Do not use it; call the province and name the right file." }
    setup_compare_later(fingerprint) { "    Mã đối chiếu của tệp này (hãy gọi tỉnh để so lại):\n    {fingerprint}" / "    The fingerprint of this file (compare it with the province by telephone):\n    {fingerprint}" }
    setup_replace_root() { "    Máy đang dùng một tệp gốc khác. Thay bằng tệp này? (c = có, k = không)" / "    The box goes by another root. Replace it by this file? (y = yes, n = no)" }
    setup_no_root(path) { "`{path}` không phải là tệp gốc. Tệp đúng do tỉnh cấp, thường tên là root.json" / "`{path}` is no root file. The right one comes from the province and is usually called root.json" }
    setup_feed() { "\nBước 3/5. Địa chỉ nguồn phát (ví dụ https://loa.example.vn/feed/)" / "\nStep 3 of 5. The feed's address (such as https://loa.example.vn/feed/)" }
    setup_asking() { "    Đang hỏi thử nguồn phát…" / "    Asking the feed…" }
    setup_feed_good() { "    Tốt: nguồn phát trả lời, và đúng là của tỉnh đã cấp tệp gốc." / "    Good: the feed answers, and it is of the province that made the root." }
    setup_feed_silent(why) { "    Chưa hỏi được nguồn phát: {why}\n    Nếu máy chưa nối mạng thì không sao; nếu đã nối, hãy xem lại từng chữ của địa chỉ." / "    The feed does not answer: {why}\n    No harm if there is no network yet; else look at each letter of the address." }
    setup_feed_other(why) { "    Nguồn phát ở địa chỉ này không dùng được với tệp gốc ở bước 2: {why}" / "    The feed at this address does not fit the root of step 2: {why}" }
    setup_feed_anyway() { "    Vẫn dùng địa chỉ này? (c = có, k = không, gõ lại)" / "    Use this address all the same? (y = yes, n = no, type it again)" }
    setup_cards() { "\nBước 4/5. Tăng âm nối vào card âm thanh nào?" / "\nStep 4 of 5. Which sound card is the amplifier on?" }
    setup_card() { "    Gõ số của card" / "    Type the card's number" }
    setup_sounding(seconds) { "    Đang phát tiếng thử trong {seconds} giây…" / "    A tone sounds for {seconds} s…" }
    setup_heard() { "    Bạn có nghe tiếng thử ngoài loa không? (c = có, k = không)" / "    Did you hear the tone on the loudspeaker? (y = yes, n = no)" }
    setup_not_heard() { "    Xem tăng âm đã bật chưa, đã vặn to chưa, dây cắm đúng ổ chưa." / "    See that the amplifier is on and turned up, and the cable in the right socket." }
    setup_again() { "    Nhấn Enter để thử lại, hoặc gõ số của card khác" / "    Enter tries again; or type the number of another card" }
    setup_volume() { "\nBước 5/5. Âm lượng của card âm thanh, từ 0 đến 100" / "\nStep 5 of 5. The sound card's volume, from 0 to 100" }
    setup_no_volume(device) { "\nBước 5/5. Loa `{device}` không có âm lượng để đặt từ đây: hãy chỉnh ở tăng âm." / "\nStep 5 of 5. Sink `{device}` has no volume that can be set here: turn the amplifier's knob." }
    setup_empty() { "chưa có câu trả lời" / "there is no answer yet" }
    setup_no_file(path) { "không có tệp `{path}`" / "there is no file `{path}`" }
    setup_no_number() { "hãy gõ một số trong danh sách" / "type a number from the list" }
    setup_yes_or_no() { "hãy gõ c hoặc k" / "type y or n" }
    setup_too_often(why) {
        "trả lời chưa đúng nhiều lần ({why}). Chưa có gì thay đổi. Cách sửa: chạy lại `sudo loaxa station setup`, hoặc gọi cho tỉnh."
        / "too many answers could not be used ({why}). Nothing is changed. Remedy: run `sudo loaxa station setup` again, or call the province."
    }
    setup_ended() {
        "chưa trả lời xong nên chưa có gì thay đổi. Cách sửa: chạy lại `sudo loaxa station setup` và trả lời đến hết."
        / "the answers ended too early, so nothing is changed. Remedy: run `sudo loaxa station setup` again and answer to the end."
    }
    setup_gave_up() {
        "chưa nghe được tiếng thử nên chưa có gì thay đổi. Cách sửa: xem lại tăng âm và dây, rồi chạy lại `sudo loaxa station setup`."
        / "the tone was not heard, so nothing is changed. Remedy: see to amplifier and cable, then run `sudo loaxa station setup` again."
    }
    setup_not_written(path, error) {
        "không ghi được cấu hình {path}: {error}. Cấu hình cũ còn nguyên. Cách sửa: chạy bằng sudo (`sudo loaxa station setup`), và xem ổ đĩa còn chỗ không (`df -h`)."
        / "the configuration {path} cannot be written: {error}. The old one is untouched. Remedy: run it with sudo (`sudo loaxa station setup`), and see whether the disk is full (`df -h`)."
    }
    setup_written(path) { "\nXong. Đã ghi {path}.\n" / "\nDone. {path} is written.\n" }
    setup_start() { "\nBước tiếp theo: sau khi tỉnh đăng ký, đài sẽ phát theo lịch. Cho đài chạy: sudo systemctl start loaxa-station" / "\nNext: once the province has registered it, the station plays by schedule. Start it: sudo systemctl start loaxa-station" }
    setup_restart() { "\nBước tiếp theo: khi không có buổi phát, cho đài nhận cấu hình mới: sudo systemctl restart loaxa-station" / "\nNext: while nothing is on the air, let the station take up the new configuration: sudo systemctl restart loaxa-station" }
    test_busy() { "đài đang phát hoặc sắp phát, chưa thử được. Cách sửa: đợi phát xong rồi thử lại." / "the station is on the air or about to be. Remedy: wait until it has ended." }
    test_played() { "Đã phát tiếng thử." / "The tone was played." }
    no_root(path, error) { "không đọc được khóa gốc {path}: {error}. Cách sửa: chỉ đúng thư mục nguồn phát." / "the root {path} cannot be read: {error}. Remedy: name the folder of the feed." }
    feed_not_here(why) { "không đọc được nguồn phát trong thư mục: {why}" / "the feed in the folder cannot be read: {why}" }
}
