//! Words of the room `schedule`.

use super::catalogue;

// YAML as such.
catalogue! {
    file_too_long(kb, most) { "tệp dài {kb} kB, quá mức cho phép là {most} kB" / "the file has {kb} kB, more than the {most} kB allowed" }
    file_too_long_remedy() { "kiểm tra xem có nhầm tệp không, hoặc chia bớt nội dung" / "see whether this is the right file, or shorten it" }
    empty_file() { "tệp trống" / "the file is empty" }
    empty_file_remedy() { "chép một tệp mẫu trong thư mục config/ rồi sửa lại" / "copy an example from config/ and change it" }
    second_document() { "tệp có hai tài liệu, ngăn bởi dòng `---`" / "the file holds two documents, parted by a line `---`" }
    second_document_remedy() { "chỉ để một tài liệu trong mỗi tệp" / "keep one document in a file" }
    too_deep(most) { "các mục lồng nhau quá {most} tầng" / "blocks stand within each other more than {most} deep" }
    too_deep_remedy() { "kiểm tra dấu ngoặc và lề thụt vào" / "look for stray brackets and wrong indentation" }
    alias() { "dấu `&` hoặc `*` ở đầu giá trị là tham chiếu YAML, không được dùng ở đây" / "`&` or `*` before a value is a YAML reference, which is not allowed here" }
    alias_remedy() { "viết giá trị ra đầy đủ; nếu đúng là giá trị như vậy thì đặt trong dấu ngoặc kép" / "write the value in full; if it is meant as it stands, put it in quotes" }
    tag() { "dấu `!` ở đầu giá trị là nhãn kiểu YAML, không được dùng ở đây" / "`!` before a value is a YAML tag, which is not allowed here" }
    tag_remedy() { "bỏ nhãn; nếu đúng là chữ thì đặt trong dấu ngoặc kép" / "remove it; if it is meant as text, put it in quotes" }
    duplicate_key(key) { "mục `{key}` ghi hai lần" / "`{key}` stands here twice" }
    duplicate_key_remedy() { "chỉ giữ lại một mục" / "keep one of them" }
    odd_key() { "tên mục phải là một từ ngắn" / "a key must be a short word" }
    odd_key_remedy() { "viết theo dạng `tên: giá trị`" / "write `name: value`" }
    tab() { "dòng này thụt lề bằng phím Tab" / "this line is indented with a tab" }
    tab_remedy() { "thay Tab bằng dấu cách" / "use spaces instead" }
    needs_quotes(sign) { "giá trị bắt đầu bằng `{sign}` phải đặt trong dấu ngoặc kép" / "a value that begins with `{sign}` must stand in quotes" }
    needs_quotes_remedy() { "ví dụ: cron: \"*/15 6 * * *\"" / "for example: cron: \"*/15 6 * * *\"" }
    unreadable(info) { "không đọc được YAML từ chỗ này ({info})" / "the YAML cannot be read from here on ({info})" }
    unreadable_remedy() { "xem lại lề, dấu hai chấm, dấu ngoặc của dòng này và dòng trên" / "look at the indentation, colons, quotes and brackets of this line and the one above" }
    unknown_field(name) { "không có mục nào tên là `{name}`" / "there is no field `{name}`" }
    unknown_field_near(near) { "có phải ý bạn là `{near}`?" / "did you mean `{near}`?" }
    unknown_field_known(known) { "các mục được dùng ở đây: `{known}`" / "the fields here are `{known}`" }
    unknown_field_remove() { "xóa mục này" / "remove it" }
    missing_field(name) { "thiếu mục `{name}`" / "the field `{name}` is missing" }
    missing_field_remedy(example) { "thêm, ví dụ: {example}" / "add it, for example: {example}" }
    wrong_type(name, found, expected) { "`{name}` đang là {found}, cần là {expected}" / "`{name}` is {found}, but must be {expected}" }
    wrong_value(name, rule) { "`{name}` không đúng: {rule}" / "`{name}` is not right: {rule}" }
    bad_value(name, value, rule) { "`{name}: {value}` không đúng: {rule}" / "`{name}: {value}` is not right: {rule}" }
    wrong_word(name, found) { "`{name}` không nhận giá trị `{found}`" / "`{name}` cannot be `{found}`" }
    wrong_word_remedy(known) { "dùng một trong các giá trị: `{known}`" / "use one of `{known}`" }
    wrong_file(found) { "cả tệp đang là {found}, cần là một khối các mục `tên: giá trị`" / "the whole file is {found}, but must be a block of `name: value` fields" }
    blank(name) { "`{name}` để trống" / "`{name}` is empty" }
    bad_item(value, name, rule) { "`{value}` trong `{name}` không đúng: {rule}" / "`{value}` in `{name}` is not right: {rule}" }
    write_like(example) { "viết theo mẫu: {example}" / "write it like this: {example}" }
    see_examples() { "xem các tệp mẫu trong thư mục config/" / "see the examples in config/" }
    a_block() { "một khối các mục `tên: giá trị`" / "a block of `name: value` fields" }
    a_list() { "một danh sách" / "a list" }
    a_text() { "chữ" / "text" }
    a_bool() { "`true` hoặc `false`" / "`true` or `false`" }
    an_integer() { "số nguyên" / "a whole number" }
    a_number() { "số" / "a number" }
    nothing() { "để trống" / "empty" }
    the_value(value) { "`{value}`" / "`{value}`" }
}

// Single values.
catalogue! {
    rule_slug() { "tên gồm 1 đến 64 chữ thường không dấu a-z, chữ số, dấu gạch nối ở giữa" / "a name has 1 to 64 of a-z, 0-9 and inner hyphens" }
    rule_language() { "mã ngôn ngữ như vi, nut, tyz, mlc" / "a language is a tag such as vi, nut, tyz, mlc" }
    rule_date() { "ngày ghi theo dạng năm-tháng-ngày và phải có thật" / "a day is written year-month-day and must exist" }
    rule_time() { "giờ ghi hai chữ số cho giờ và phút, từ 00:00 đến 24:00" / "a time has two digits for hour and minute, 00:00 to 24:00" }
    rule_duration() { "thời lượng ghi như 90s, 10m, 1h30m, nhiều nhất 24h" / "a length of time is like 90s, 10m, 1h30m, at most 24h" }
    rule_level() { "mức âm lượng từ -20dB đến 0dB" / "a level is from -20dB to 0dB" }
    rule_hex() { "cần đúng 64 chữ số thập lục phân viết thường (0-9, a-f)" / "it takes 64 lower-case hex digits (0-9, a-f)" }
    rule_zone() { "múi giờ phải có trong cơ sở dữ liệu tz" / "a time zone must be in the tz database" }
    rule_count() { "số lượng từ 1 đến 20" / "a count is from 1 to 20" }
    rule_hotline() { "số điện thoại có 3 đến 15 chữ số" / "a telephone number has 3 to 15 digits" }
    bad_format(found) { "chưa biết dạng tệp `format: {found}`" / "`format: {found}` is not known" }
    bad_format_remedy() { "ghi `format: 1`, hoặc nâng cấp loaxa nếu tệp mới hơn" / "write `format: 1`, or upgrade loaxa if the file is newer" }
    bad_words(name) { "`{name}` phải có chữ, trên một dòng, không quá 200 ký tự" / "`{name}` must have text, on one line, at most 200 characters" }
    bad_words_remedy() { "viết lại cho ngắn gọn" / "write it shorter" }
    twice_in_list(value) { "`{value}` ghi hai lần trong danh sách" / "`{value}` stands in the list twice" }
    twice_in_list_remedy() { "chỉ giữ lại một" / "keep one of them" }
}

// policy.yaml and registry.
catalogue! {
    no_language() { "chưa có ngôn ngữ nào" / "there is no language" }
    no_airtime() { "chưa có khung giờ được phép phát" / "there is no airtime" }
    empty_window() { "khoảng giờ này không có phút nào" / "this span of the day has no minute" }
    empty_window_remedy() { "ghi giờ bắt đầu và giờ kết thúc khác nhau; cả ngày là từ 00:00 đến 24:00" / "give a start and an end that differ; the whole day is 00:00 to 24:00" }
    station_twice(id) { "đài `{id}` ghi hai lần" / "the station `{id}` stands here twice" }
    station_twice_remedy() { "đặt tên khác, hoặc gộp hai mục làm một" / "give another name, or make one of both" }
    key_twice() { "khóa này đã thuộc về một đài khác" / "this key belongs to another station already" }
    key_twice_remedy() { "mỗi đài có khóa riêng; lấy khóa do `loaxa station enroll` in ra" / "each station has its own; take the one that `loaxa station enroll` printed" }
    no_area() { "đài này không thuộc khu vực nào" / "this station has no area" }
    area_urgent() { "tên `urgent` dành riêng cho lệnh phát khẩn cấp" / "the name `urgent` is reserved for urgent orders" }
    area_urgent_remedy() { "đặt tên khác cho khu vực" / "give the area another name" }
}

// schedule.yaml by itself.
catalogue! {
    in_slot(slot, what) { "khung giờ phát `{slot}`: {what}" / "slot `{slot}`: {what}" }
    except_outside(day) { "ngày nghỉ {day} nằm ngoài thời hạn của lịch" / "the exception {day} is outside the days of this schedule" }
    except_outside_remedy() { "sửa ngày, hoặc xóa khỏi `except`" / "mend the day, or remove it from `except`" }
    valid_backwards(until, from) { "ngày cuối {until} trước ngày đầu {from}" / "the last day {until} is before the first, {from}" }
    valid_backwards_remedy() { "ghi `until` bằng hoặc sau `from`" / "let `until` be `from` or later" }
    valid_too_long(most) { "lịch dài quá {most} ngày" / "the schedule covers more than {most} days" }
    valid_too_long_remedy() { "chia thành lịch ngắn hơn, mỗi năm một lịch" / "make shorter ones, a year each" }
    slot_count(n, most) { "lịch có {n} khung giờ phát; được phép từ 1 đến {most}" / "the schedule has {n} slots; 1 to {most} are allowed" }
    slot_count_remedy() { "thêm hoặc bớt khung giờ phát trong `slots`" / "add or remove slots" }
    too_often(n, most) {
        "các khung giờ phát cộng lại quá nhiều: {n} lượt phát hoặc mục trong một ngày, được phép {most}"
        / "the slots add up to too much: {n} occurrences or items on one day, where {most} are allowed"
    }
    too_often_remedy() { "sửa `cron` cho thưa hơn; mỗi phút hai lượt phát đã là nhiều nhất" / "let `cron` fire less often: two occurrences a minute are the most" }
    slot_twice(id) { "khung giờ phát `{id}` ghi hai lần" / "the slot `{id}` stands here twice" }
    slot_twice_remedy() { "đặt tên khác cho một trong hai" / "give one of them another name" }
    start_within_too_long(hours) { "`start_within` dài quá {hours} giờ" / "`start_within` is longer than {hours} hours" }
    start_within_too_long_remedy() { "rút ngắn; trễ quá thì bản tin nên bỏ" / "shorten it: so late a bulletin is better missed" }
    class_urgent() { "lịch phát không được dùng mức khẩn cấp" / "a schedule cannot have the class urgent" }
    class_urgent_remedy() { "dùng `priority`; tin khẩn cấp phát bằng `loaxa office urgent`" / "use `priority`; urgent orders are given by `loaxa office urgent`" }
    bad_selector(word) { "`stations: {word}` không chỉ ra đài nào" / "`stations: {word}` names no station" }
    empty_selector() { "danh sách đài trống" / "the list of stations is empty" }
    bad_selector_remedy() { "ghi `all`, một danh sách tên đài như `[xuan-luong-1]`, hoặc `{{ tags: [vung-cao] }}`" / "write `all`, a list of ids such as `[xuan-luong-1]`, or `{{ tags: [vung-cao] }}`" }
    playlist_length(n) { "danh sách phát có {n} dòng; được phép từ 1 đến 50" / "the playlist has {n} entries; 1 to 50 are allowed" }
    playlist_remedy() { "thêm bản tin vào danh sách, ví dụ: - category: tricks" / "add to it, for example: - category: tricks" }
    chimes_only() { "danh sách phát chỉ có nhạc hiệu, không có bản tin" / "the playlist has chimes only, no bulletin" }
    chimes_only_remedy() { "thêm `- bulletin: …` hoặc `- category: …`" / "add `- bulletin: …` or `- category: …`" }
    entry_kind() { "mỗi dòng của danh sách phát là một trong ba loại: chime, bulletin, category" / "an entry of a playlist is one of chime, bulletin, category" }
    entry_kind_remedy() { "ghi đúng một loại trên mỗi dòng, ví dụ: - chime: open" / "write one of them in each entry, for example: - chime: open" }
    pick_without_category() { "`pick` và `count` chỉ đi với `category`" / "`pick` and `count` go with `category` only" }
    pick_without_category_remedy() { "xóa `pick` và `count` ở dòng này" / "remove `pick` and `count` here" }
}

// crontab lines.
catalogue! {
    field_second() { "giây" / "second" }
    field_minute() { "phút" / "minute" }
    field_hour() { "giờ" / "hour" }
    field_day() { "ngày trong tháng" / "day of the month" }
    field_month() { "tháng" / "month" }
    field_weekday() { "thứ trong tuần" / "day of the week" }
    cron_empty() { "dòng cron trống" / "the cron line is empty" }
    cron_shape() { "ghi năm cột: phút giờ ngày tháng thứ, ví dụ: 0 6 * * *" / "write five fields: minute hour day month weekday, for example: 0 6 * * *" }
    cron_count(n) { "dòng cron có {n} cột, cần 5 cột (hoặc 6 nếu có giây ở đầu)" / "the cron line has {n} fields, but takes 5 (or 6 with seconds first)" }
    cron_year(year) { "cột thứ bảy `{year}`: cron không có cột năm" / "the seventh field `{year}`: cron has no year" }
    cron_year_remedy() { "bỏ cột năm; đặt thời hạn của lịch bằng `valid`" / "remove it; bound the schedule by `valid`" }
    cron_foreign(sign) { "ký tự `{sign}` không dùng được trong dòng cron" / "the character `{sign}` cannot stand in a cron line" }
    cron_foreign_remedy() { "dùng chữ số, chữ cái không dấu và dấu cách thường" / "use plain digits, letters and spaces" }
    cron_reboot() { "`@reboot` không phải là một giờ phát" / "`@reboot` is no time to play at" }
    cron_reboot_remedy() { "ghi giờ cụ thể, ví dụ: 0 6 * * *" / "give a time, for example: 0 6 * * *" }
    cron_nickname(word) { "không có tên tắt `{word}`" / "there is no nickname `{word}`" }
    cron_nicknames() { "dùng một trong: @yearly, @monthly, @weekly, @daily, @hourly" / "use one of @yearly, @monthly, @weekly, @daily, @hourly" }
    cron_nickname_alone(word) { "`{word}` phải đứng một mình" / "`{word}` must stand alone" }
    cron_nickname_alone_remedy() { "xóa phần còn lại của dòng" / "remove the rest of the line" }
    cron_write(meant) { "ghi là: {meant}" / "write {meant}" }
    cron_comma(field) { "cột {field} thừa dấu phẩy" / "the field {field} has a comma too many" }
    cron_comma_remedy() { "giữa hai dấu phẩy phải có một số" / "have a number on each side of a comma" }
    cron_step_alone(part) { "`{part}` được mỗi chương trình cron hiểu một cách" / "crons differ on what `{part}` means" }
    cron_backwards(field, part) { "cột {field}: khoảng `{part}` đi ngược" / "the field {field}: the range `{part}` runs backwards" }
    cron_backwards_remedy(turned, list) { "ghi {turned}, hoặc {list} nếu muốn vòng qua cuối" / "write {turned}, or {list} to go round the end" }
    cron_question() { "dấu `?` không có trong crontab" / "`?` is not crontab" }
    cron_hash(part) { "`{part}` (tuần thứ mấy trong tháng) không có trong crontab" / "`{part}` (which week of the month) is not crontab" }
    cron_hash_remedy() { "ghi các ngày trong tháng, ví dụ ngày 1-7 cho tuần đầu" / "give days of the month, such as 1-7 for the first week" }
    cron_last(part) { "`{part}` (ngày cuối) không có trong crontab" / "`{part}` (the last) is not crontab" }
    cron_last_remedy() { "ghi ngày cụ thể, ví dụ 28" / "give a day, such as 28" }
    cron_workday(part) { "`{part}` (ngày làm việc gần nhất) không có trong crontab" / "`{part}` (the nearest working day) is not crontab" }
    cron_workday_remedy() { "ghi ngày cụ thể, hoặc thứ 1-5" / "give a day, or the weekdays 1-5" }
    cron_star(field, part) { "cột {field}: `{part}` không đọc được" / "the field {field}: `{part}` cannot be read" }
    cron_star_remedy() { "dấu `*` đứng một mình, hoặc viết như */15" / "`*` stands alone, or as in */15" }
    cron_twice(field, part) { "cột {field}: `{part}` có hai dấu gạch" / "the field {field}: `{part}` has a sign twice" }
    cron_twice_remedy() { "viết như 1-5 hoặc 1-5/2" / "write it like 1-5 or 1-5/2" }
    cron_no_number(field) { "cột {field} thiếu một số" / "the field {field} lacks a number" }
    cron_not_a_number(field, part) { "cột {field}: `{part}` không phải là số" / "the field {field}: `{part}` is not a number" }
    cron_out_of_range(field, part) { "cột {field}: `{part}` ngoài giới hạn" / "the field {field}: `{part}` is out of range" }
    cron_range_remedy(field, low, high) { "cột {field} nhận số từ {low} đến {high}" / "the {field} is from {low} to {high}" }
    cron_full_name(part) { "`{part}`: tên chỉ viết ba chữ cái đầu" / "`{part}`: names have three letters" }
    cron_step(field, part) { "cột {field}: bước `/{part}` không dùng được" / "the field {field}: the step `/{part}` is of no use" }
    cron_step_remedy(high) { "bước từ 1 đến {high}" / "a step is from 1 to {high}" }
    cron_never(line, months, days) { "cron \"{line}\" không bao giờ đến, vì tháng {months} không có ngày {days}" / "cron \"{line}\" never comes, because day {days} does not occur in month {months}" }
    cron_never_remedy(most) { "ghi ngày từ 1 đến {most}, hoặc dấu `*`" / "give a day from 1 to {most}, or `*`" }
    cron_engine(info) { "không tính được các ngày của dòng cron ({info})" / "the days of the cron line cannot be computed ({info})" }
}

// A station's world and plan.
catalogue! {
    feed_lacks(file) { "nguồn phát chưa có `{file}`" / "the feed has no `{file}`" }
    feed_lacks_remedy() { "hỏi đơn vị quản lý nguồn phát của tỉnh" / "ask those who publish the feed of the province" }
    not_registered(id) { "đài `{id}` chưa có trong danh bạ đài" / "the station `{id}` is not in the registry" }
    not_registered_remedy() { "gửi lại cho tỉnh dòng đăng ký mà `loaxa station enroll` đã in ra" / "send the province the entry that `loaxa station enroll` printed" }
    other_zone(zone, policy) { "múi giờ {zone} khác múi giờ {policy} của quy định tỉnh" / "the zone {zone} is not the policy's, {policy}" }
    other_zone_remedy() { "ghi đúng múi giờ của policy.yaml" / "write the zone of policy.yaml" }
    wrong_area(says, is) { "tệp ghi khu vực `{says}` nhưng nằm trong khu vực `{is}`" / "the file says area `{says}` but lies in area `{is}`" }
    wrong_area_remedy(is) { "ghi `area: {is}`, hoặc gửi tệp vào đúng khu vực" / "write `area: {is}`, or push it to the area that it names" }
    outside_airtime() { "ngoài khung giờ được phép phát" / "outside airtime" }
    nothing_to_play() { "không có bản tin nào còn hiệu lực để phát" / "no bulletin to play is valid then" }
    over_daily_cap() { "vượt thời lượng tối đa trong ngày" / "over the daily cap" }
    over_max_duration() { "bản tin đầu dài hơn `max_duration`" / "the first bulletin is longer than `max_duration`" }
    over_session() { "vượt thời lượng tối đa của một lần phát" / "over the longest session" }
    over_airtime() { "không kịp phát hết trước khi hết giờ được phép" / "it would not end within airtime" }
    slot_of(slot, area) { "`{slot}` của `{area}`" / "`{slot}` of `{area}`" }
    another() { "khung giờ khác" / "another slot" }
    loses_to(other) { "loa bận phát {other} đến quá giờ được bắt đầu" / "the PA is taken by {other} until it is too late to start" }
    waits_for(other, from) { "chờ {other} phát xong, bắt đầu lúc {from}" / "waits for {other}, starts at {from}" }
}

// A schedule against policy, recordings, stations.
catalogue! {
    schedule_over(day) { "lịch đã hết hạn từ ngày {day}" / "the schedule ended on {day}" }
    schedule_over_remedy() { "đặt lại `valid`, hoặc gửi lịch của tháng này" / "set `valid` anew, or push the schedule of this month" }
    area_without_stations(area) { "không có đài nào thuộc khu vực `{area}`" / "no station belongs to the area `{area}`" }
    area_without_stations_remedy() { "kiểm tra tên khu vực, hoặc nhờ tỉnh đăng ký đài" / "check the name of the area, or have the province register stations" }
    never_in_valid(line, from, until) { "cron \"{line}\" không rơi vào ngày nào từ {from} đến {until}" / "cron \"{line}\" comes on no day from {from} to {until}" }
    never_in_valid_remedy() { "sửa dòng cron, `valid` hoặc `except`" / "mend the cron line, `valid` or `except`" }
    not_in_area(id) { "đài `{id}` không thuộc khu vực này" / "the station `{id}` does not belong to this area" }
    tag_without_stations(tag) { "không có đài nào mang nhãn `{tag}`" / "no station has the tag `{tag}`" }
    selector_remedy() { "kiểm tra tên đài hoặc nhãn trong danh bạ đài" / "check the name or the tag in the registry" }
    at_outside_airtime(at) { "phát lúc {at} là ngoài khung giờ được phép" / "{at} is outside airtime" }
    airtime_remedy(hours) { "chọn giờ trong khung được phép: {hours}" / "choose a time within {hours}" }
    unknown_bulletin(id) { "không có bản tin `{id}` đã duyệt" / "there is no approved recording `{id}`" }
    unknown_bulletin_remedy() { "xem tên bằng `loaxa office list`, hoặc duyệt bản tin trước" / "see the names with `loaxa office list`, or have it approved first" }
    withdrawn(id) { "bản tin `{id}` đã bị thu hồi" / "`{id}` has been withdrawn" }
    withdrawn_remedy() { "thay bằng bản tin khác" / "put another in its place" }
    not_a_chime(id) { "`{id}` là bản tin, không phải nhạc hiệu" / "`{id}` is a bulletin, not a chime" }
    not_a_chime_remedy(id) { "ghi là: - bulletin: {id}" / "write - bulletin: {id}" }
    not_a_bulletin(id) { "`{id}` là nhạc hiệu, không phải bản tin" / "`{id}` is a chime, not a bulletin" }
    not_a_bulletin_remedy(id) { "ghi là: - chime: {id}" / "write - chime: {id}" }
    not_yet_valid(id, from, due) { "`{id}` có hiệu lực từ {from}, sau lần phát đầu lúc {due}" / "`{id}` is valid from {from}, after its first airing at {due}" }
    not_yet_valid_remedy() { "cho lịch bắt đầu muộn hơn, hoặc chọn bản tin khác" / "let the schedule begin later, or choose another" }
    expires(id, until, due) { "`{id}` hết hiệu lực lúc {until}, trước lần phát cuối lúc {due}" / "`{id}` expires at {until}, before its last airing at {due}" }
    expires_remedy() { "cho lịch kết thúc sớm hơn, hoặc xin gia hạn bản tin" / "let the schedule end earlier, or have the recording extended" }
    category_empty(category, id, at) { "không còn bản tin chuyên mục `{category}` nào để phát ở đài `{id}` lúc {at}" / "no bulletin of `{category}` is left for the station `{id}` at {at}" }
    category_empty_remedy() { "duyệt thêm bản tin của chuyên mục này bằng ngôn ngữ của đài, hoặc chọn chuyên mục khác" / "approve more in a language of the station, or choose another category" }
    at_station(at, id, what) { "lúc {at} ở đài `{id}`: {what}" / "at {at} on the station `{id}`: {what}" }
    collide_remedy() { "dời giờ, rút ngắn danh sách phát, hoặc tăng `start_within`" / "move it, shorten a playlist, or raise `start_within`" }
    daily_cap_of(cap) { "đài đã phát đủ {cap} trong ngày" / "the station has its {cap} of that day" }
    daily_cap_remedy() { "bớt lần phát hoặc rút ngắn danh sách phát" / "air less often, or shorten playlists" }
    list_too_long(length, room, at, id) { "danh sách phát dài {length} nhưng chỉ được phát {room} (lúc {at} ở đài `{id}`)" / "the playlist takes {length}, but {room} is allowed (at {at} on the station `{id}`)" }
    list_too_long_remedy() { "rút ngắn danh sách, hoặc tăng `max_duration` trong mức của tỉnh" / "shorten it, or raise `max_duration` within the province's longest session" }
    session_too_long(most, at, id) { "phát liền nhau quá {most} (lúc {at} ở đài `{id}`)" / "more than {most} of sound without a pause (at {at} on the station `{id}`)" }
    session_remedy() { "để cách nhau ít nhất 5 phút, hoặc rút ngắn" / "leave 5 minutes between them, or shorten them" }
    runs_over_airtime(length, at, id, end) { "danh sách dài {length}, bắt đầu lúc {at} ở đài `{id}`, không xong trước khi hết giờ được phép lúc {end}" / "the playlist takes {length} from {at} on the station `{id}`, beyond the end of airtime at {end}" }
    runs_over_airtime_remedy() { "bắt đầu sớm hơn, hoặc rút ngắn danh sách" / "begin earlier, or shorten the playlist" }
    on_day(time, day) { "{time} ngày {day}" / "{time} on {day}" }
    only_minutes(minutes) { "{minutes} phút" / "{minutes} min" }
    only_seconds(seconds) { "{seconds} giây" / "{seconds} s" }
    minutes_seconds(minutes, seconds) { "{minutes} phút {seconds} giây" / "{minutes} min {seconds} s" }
}

// The command line.
catalogue! {
    help_cron_line() { "dòng cron, đặt trong dấu ngoặc kép sau `--`, ví dụ: -- \"0 6 * * *\"" / "a cron line in quotes, after `--`, for example: -- \"0 6 * * *\"" }
    help_cron_timezone() { "múi giờ (mặc định Asia/Ho_Chi_Minh)" / "time zone (default Asia/Ho_Chi_Minh)" }
    help_from() { "từ lúc nào, theo RFC 3339 (mặc định: bây giờ)" / "from when, RFC 3339 (default: now)" }
    help_to() { "đến trước lúc nào, theo RFC 3339 (mặc định: 24 giờ sau)" / "until before when, RFC 3339 (default: 24 hours later)" }
    help_plan_feed() { "thư mục chứa nguồn phát" / "the folder that holds the feed" }
    help_plan_station() { "tên đài trong danh bạ đài" / "the station's id in the registry" }
    help_check_files() { "tệp lịch phát, quy định, danh bạ đài cần kiểm tra" / "schedules, policies, registries to check" }
    help_check_feed() { "thư mục nguồn phát để đối chiếu bản tin, đài và quy định" / "a feed to check them against: recordings, stations, policy" }
    unknown_zone(name) { "không có múi giờ `{name}`; ví dụ: Asia/Ho_Chi_Minh" / "there is no time zone `{name}`; for example: Asia/Ho_Chi_Minh" }
    not_a_time(text) { "`{text}` không phải thời điểm RFC 3339; ví dụ: 2026-12-01T06:00:00+07:00" / "`{text}` is not an RFC 3339 time; for example: 2026-12-01T06:00:00+07:00" }
    span_backwards() { "`--to` đứng trước `--from`" / "`--to` is before `--from`" }
    not_a_station(id) { "`{id}` không phải tên đài" / "`{id}` is not the name of a station" }
    no_fires() { "Dòng cron không rơi vào lúc nào trong khoảng này." / "The line does not fire in this span." }
    output_closed(e) { "không ghi được ra màn hình hoặc tệp: {e}" / "the output cannot be written: {e}" }
    file_good(name, kind) { "{name}: {kind} hợp lệ" / "{name}: a good {kind}" }
    file_unreadable(name, e) { "không đọc được tệp {name}: {e}" / "the file {name} cannot be read: {e}" }
    not_utf8() { "tệp không ở bảng mã UTF-8" / "the file is not UTF-8" }
    not_utf8_remedy() { "lưu lại tệp với bảng mã UTF-8" / "save it as UTF-8" }
    unknown_kind() { "không nhận ra đây là tệp gì" / "this is no kind of file that is known here" }
    unknown_kind_remedy() { "lịch phát có mục `slots`, quy định có `airtime`, danh bạ đài có `stations`" / "a schedule has `slots`, a policy `airtime`, a registry `stations`" }
    kind_schedule() { "lịch phát" / "schedule" }
    kind_policy() { "quy định" / "policy" }
    kind_registry() { "danh bạ đài" / "registry" }
    kind_area_stations() { "danh sách đài của khu vực" / "list of an area's stations" }
    plan_of(station, zone) { "Lịch phát của đài {station}, giờ {zone}" / "Plan of the station {station}, times of {zone}" }
    plan_empty() { "Không có lần phát nào trong khoảng này." / "Nothing is due in this span." }
    plan_day(weekday, date) { "{weekday}, ngày {date}" / "{weekday}, {date}" }
    plan_plays(n, minutes, seconds) { "phát {n} mục, {minutes}:{seconds}" / "plays {n} items, {minutes}:{seconds}" }
    plan_skips(why) { "KHÔNG PHÁT: {why}" / "DOES NOT PLAY: {why}" }
    plan_collides(why) { "TRÙNG GIỜ: {why}" / "COLLIDES: {why}" }
    monday() { "Thứ Hai" / "Monday" }
    tuesday() { "Thứ Ba" / "Tuesday" }
    wednesday() { "Thứ Tư" / "Wednesday" }
    thursday() { "Thứ Năm" / "Thursday" }
    friday() { "Thứ Sáu" / "Friday" }
    saturday() { "Thứ Bảy" / "Saturday" }
    sunday() { "Chủ Nhật" / "Sunday" }
}
