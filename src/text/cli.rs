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
        "không đọc hoặc ghi được cấu hình {path}: {error}. Cách sửa: chạy `loaxa station setup`, hoặc chỉ đúng tệp bằng --config."
        / "the configuration {path} cannot be read or written: {error}. Remedy: run `loaxa station setup`, or name the file with --config."
    }
    config_good(station) { "Cấu hình của đài `{station}` đúng." / "The configuration of station `{station}` is right." }
    no_runtime(error) { "hệ thống không cho chạy: {error}" / "the system gives no room to run: {error}" }
    not_running(path) {
        "đài không chạy (không ai trả lời ở {path}). Cách sửa: `systemctl start loaxa-station`, rồi xem `journalctl -u loaxa-station`."
        / "the station does not run (nobody answers at {path}). Remedy: `systemctl start loaxa-station`, then see `journalctl -u loaxa-station`."
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
        "không đặt được giờ: {error}. Cách sửa: dùng sudo; nếu máy đang tự đồng bộ giờ thì tắt trước bằng `timedatectl set-ntp false`."
        / "the clock was not set: {error}. Remedy: use sudo; if it is synchronised automatically, first run `timedatectl set-ntp false`."
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
    status_stale(role, reason) { "CŨ          {role}: {reason}" / "STALE       {role}: {reason}" }
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
    setup_needs_person() { "lệnh này cần người trả lời các câu hỏi. Cách sửa: chạy trong cửa sổ dòng lệnh, hoặc tự viết tệp cấu hình theo mẫu." / "this asks a person. Remedy: run it in a terminal, or write the configuration by the example." }
    setup_hello(path) { "Cài đặt đài truyền thanh. Có năm câu hỏi; câu trả lời được ghi vào {path}." / "Setting up a station. There are five questions; the answers go to {path}." }
    setup_station() { "Tên đài trong danh bạ (ví dụ xa-dong-ky-1):" / "The station's id in the registry (such as xa-dong-ky-1):" }
    setup_root() { "1. Tệp khóa gốc do tỉnh cấp (ví dụ /media/usb/root.json):" / "1. The root file that the province gave you (such as /media/usb/root.json):" }
    setup_feed() { "2. Địa chỉ nguồn phát (ví dụ https://loa.example.vn/feed/):" / "2. The feed's address (such as https://loa.example.vn/feed/):" }
    setup_card() { "3. Loa nối vào card nào? Ghi số:" / "3. Which card is the PA on? Type its number:" }
    setup_heard() { "4. Bạn có nghe tiếng thử ngoài loa không? (c = có, k = không)" / "4. Did you hear the tone on the PA? (y = yes, n = no)" }
    setup_volume() { "5. Âm lượng card âm thanh, từ 0 đến 100 [80]:" / "5. Volume of the sound card, 0 to 100 [80]:" }
    setup_no_file(path) { "không có tệp `{path}`." / "there is no file `{path}`." }
    setup_no_number() { "hãy ghi một số trong danh sách." / "type a number from the list." }
    setup_not_heard() { "Kiểm tra tăng âm đã bật, dây cắm đúng ổ, rồi thử lại." / "See that the amplifier is on and the cable in the right socket; once more." }
    setup_gave_up() { "chưa nghe được tiếng thử. Cách sửa: chọn card khác bằng cách chạy lại `loaxa station setup`." / "the tone was not heard. Remedy: run `loaxa station setup` again and choose another card." }
    setup_yes_or_no() { "ghi c hoặc k." / "type y or n." }
    setup_written(path) { "Đã ghi {path}." / "{path} is written." }
    test_busy() { "đài đang phát hoặc sắp phát, chưa thử được. Cách sửa: đợi phát xong rồi thử lại." / "the station is on the air or about to be. Remedy: wait until it has ended." }
    test_played() { "Đã phát tiếng thử." / "The tone was played." }
    no_root(path, error) { "không đọc được khóa gốc {path}: {error}. Cách sửa: chỉ đúng thư mục nguồn phát." / "the root {path} cannot be read: {error}. Remedy: name the folder of the feed." }
    feed_not_here(why) { "không đọc được nguồn phát trong thư mục: {why}" / "the feed in the folder cannot be read: {why}" }
}
