//! Words of the room `asrun`.

use super::catalogue;

catalogue! {
    key_file(path, why) {
        "Không mở được tệp khóa {path}: {why}. Hãy kiểm tra đường dẫn và quyền đọc." /
        "The key file {path} cannot be used: {why}. Check the path and who may read it."
    }
    not_a_key(path) {
        "Tệp {path} không chứa khóa Ed25519. Cần 64 chữ số thập lục phân hoặc tệp PEM." /
        "{path} holds no Ed25519 key. Give 64 hex digits or a PEM file."
    }
    key_open(path, mode) {
        "Người khác có thể đọc khóa bí mật {path} (quyền {mode}). Hãy chạy: chmod 600 {path}" /
        "Others may read the private key {path} (mode {mode}). Run: chmod 600 {path}"
    }
    no_random() {
        "Hệ thống không cấp được số ngẫu nhiên để tạo khóa. Hãy khởi động lại máy rồi thử lại." /
        "The system gives no random numbers for a key. Restart the machine and try again."
    }
    locked(dir) {
        "Một chương trình khác đang ghi nhật ký phát sóng trong {dir}. Hãy dừng chương trình đó trước." /
        "Another process is writing the as-run log in {dir}. Stop it first."
    }
    journal_io(path, why) {
        "Không ghi được nhật ký phát sóng: {path}: {why}." /
        "The as-run log cannot be written: {path}: {why}."
    }

    broken(place, why) {
        "Nhật ký phát sóng không còn nguyên vẹn, tại {place}: {why} Không ghi thêm vào nhật ký này. Hãy giữ nguyên thư mục để kiểm tra, báo cho cơ quan quản lý, rồi ghi danh lại đài để mở nhật ký mới." /
        "The as-run log is damaged or was changed, at {place}: {why} Nothing is added to it. Keep the folder for inspection, tell your office, then enrol the station again: a new log begins."
    }
    denied(path, user, why) {
        "Người dùng {user} không ghi được vào {path}: {why}. Hãy trao quyền: chown -R {user} {path}; nếu ổ đĩa chỉ đọc được thì hãy kiểm tra ổ đĩa." /
        "User {user} may not write to {path}: {why}. Give it the folder: chown -R {user} {path}; if the disk is read-only, check the disk."
    }
    no_log() {
        "Không có bản ghi nào của nhật ký phát sóng ở đây." /
        "There is no record of an as-run log here."
    }
    segment_name() {
        "Tên tệp không đúng dạng 000000000001-2026-12.jsonl." /
        "The file is not named like 000000000001-2026-12.jsonl."
    }
    missing_start(first) {
        "Nhật ký bắt đầu từ bản ghi {first}, thiếu phần trước đó, và không có biên nhận nào chứng minh trung tâm đã giữ phần ấy. Hãy thêm --feed hoặc --receipt-key cùng biên nhận." /
        "The log begins with record {first}; what came before is missing, and no proven receipt shows that the hub holds it. Give --feed or --receipt-key, and the receipt."
    }
    gap(from, to) {
        "Thiếu các bản ghi từ {from} đến {to}." /
        "Records {from} to {to} are missing."
    }
    gap_one(seq) {
        "Thiếu bản ghi {seq}." /
        "Record {seq} is missing."
    }
    repeated(due, found) {
        "Ở đây phải là bản ghi {due} nhưng lại là số {found}: bị chép lặp, đảo thứ tự hoặc có hai nhánh." /
        "Record {due} should stand here, but its number is {found}: copied, reordered, or a second branch."
    }
    empty() {
        "Tệp trống, mà sau nó còn tệp khác." /
        "The file is empty, and another follows it."
    }
    unterminated() {
        "Dòng này bị đứt, mà sau nó còn dòng khác." /
        "This line is not terminated, and others follow it."
    }
    too_long() {
        "Dòng dài quá 1 MiB." /
        "The line is longer than 1 MiB."
    }
    not_canonical(at) {
        "Dòng không được viết đúng quy cách, gần byte thứ {at}: đã bị sửa hoặc bị hỏng." /
        "The line is not written as it must be, near byte {at}: changed or damaged."
    }
    format(found) {
        "Dòng theo khuôn dạng {found}, phiên bản loaxa này chưa biết. Hãy dùng phiên bản mới hơn." /
        "The line is of format {found}, which this version of loaxa does not know. Use a newer one."
    }
    envelope() {
        "Phần đầu hoặc phần cuối của dòng không đúng quy cách." /
        "The beginning or the end of the line is not as it must be."
    }
    shape(key) {
        "Khóa `{key}` bị thiếu, sai chỗ hoặc sai kiểu." /
        "The key `{key}` is missing, out of place, or of another type."
    }
    prev() {
        "Dòng này không nối tiếp dòng trước: một trong hai dòng đã bị sửa." /
        "This line does not follow the one before: one of the two was changed."
    }
    signature() {
        "Chữ ký không khớp: dòng đã bị sửa, hoặc do khóa khác ký." /
        "The signature does not match: the line was changed, or another key signed it."
    }
    unregistered() {
        "Khóa ký nhật ký này không thuộc đài nào trong danh bạ đài." /
        "The key that signed this log belongs to no station in the registry."
    }
    month(found) {
        "Bản ghi thuộc tháng {found}, không phải tháng trong tên tệp." /
        "The record is of month {found}, which is not the one in the file's name."
    }
    no_boot() {
        "Bản ghi đầu tiên phải là bản ghi khởi động (boot)." /
        "The first record must be a boot record."
    }
    other_log(found) {
        "Bản ghi khởi động thuộc một nhật ký khác ({found})." /
        "The boot record is of another log ({found})."
    }
    other_station(found) {
        "Bản ghi khởi động thuộc một đài khác ({found})." /
        "The boot record is of another station ({found})."
    }
    rewritten(at) {
        "Dòng này khác với dòng mà trung tâm đã ký nhận lúc {at}: nhật ký đã bị viết lại." /
        "This line is not the one that the hub signed for on {at}: the log was rewritten."
    }
    cut(receipt, last) {
        "Trung tâm đã ký nhận đến bản ghi {receipt}, nhưng nhật ký dừng ở {last}: phần cuối đã bị cắt." /
        "The hub signed for record {receipt}, but the log ends with {last}: its tail was cut off."
    }
    receipt_malformed() {
        "Đây không phải là một biên nhận viết đúng quy cách." /
        "This is not a receipt as it must be written."
    }
    receipt_signature() {
        "Biên nhận không do khóa của trung tâm ký." /
        "The receipt is not signed by a receipt key of the hub."
    }
    receipt_other_log(found) {
        "Biên nhận thuộc một nhật ký khác ({found})." /
        "The receipt is for another log ({found})."
    }
    torn(bytes) {
        "Dòng cuối bị đứt ({bytes} byte), thường do mất điện. Dòng này không được tính." /
        "The last line is not terminated ({bytes} bytes), as a power cut leaves it. It does not count."
    }
    newer(count) {
        "Có {count} bản ghi chứa nội dung mới hơn phiên bản này, bắt đầu từ đây. Hãy dùng loaxa mới hơn để đọc hết." /
        "{count} records, from here on, hold something newer than this version. Read them with a newer loaxa."
    }
    time_back(count) {
        "Đồng hồ của đài đã lùi {count} lần, lần đầu ở đây." /
        "The station's clock went back {count} times, here first."
    }
    two_outcomes(of) {
        "Lần phát {of} có hai kết quả." /
        "The occurrence {of} has two outcomes."
    }
    intent_again(of) {
        "Lần phát {of} được bắt đầu lần thứ hai." /
        "The occurrence {of} was begun a second time."
    }
    open_intent(of) {
        "Lần phát {of} đã bắt đầu nhưng chưa có kết quả." /
        "The occurrence {of} was begun and has no outcome yet."
    }
    bad_line(place, seq, why) {
        "KHÔNG ĐẠT. {place} (bản ghi {seq}): {why}" /
        "DOES NOT VERIFY. {place} (record {seq}): {why}"
    }
    bad_receipt(place, why) {
        "KHÔNG ĐẠT. {place}: {why}" /
        "DOES NOT VERIFY. {place}: {why}"
    }
    bad_log(why) {
        "KHÔNG ĐẠT. {why}" /
        "DOES NOT VERIFY. {why}"
    }
    bad_file(file, why) {
        "KHÔNG ĐẠT. {file} {why}" /
        "DOES NOT VERIFY. {file} {why}"
    }
    signer_unproven() {
        "Nhật ký nhất quán, nhưng chưa chứng minh được ai ký. Hãy thêm --key hoặc --feed." /
        "Consistent, signer unproven. Give --key or --feed."
    }
    signer_enclosed() {
        "Nhật ký nhất quán, do một khóa ký, nhưng chưa chứng minh được khóa đó của ai. Hãy thêm --key hoặc --feed." /
        "Consistent, signer unproven: one key signed it all, which lies beside the log and may be anyone's. Give --key or --feed."
    }
    signer_key() {
        "ĐẠT. Mọi bản ghi đều nối tiếp nhau và do khóa đã cho ký." /
        "VERIFIED. All records follow each other and are signed by the key given."
    }
    signer_registry(station) {
        "ĐẠT. Mọi bản ghi đều nối tiếp nhau và do khóa đã đăng ký của đài {station} ký." /
        "VERIFIED. All records follow each other and are signed by the registered key of station {station}."
    }
    extent(records, first, last, segments) {
        "{records} bản ghi đúng, từ {first} đến {last}, trong {segments} tệp." /
        "{records} good records, {first} to {last}, in {segments} files."
    }
    last_hash(hash) {
        "SHA-256 của dòng cuối: {hash}" /
        "SHA-256 of the last line: {hash}"
    }
    whose(station, log) {
        "Đài: {station}. Mã nhật ký: {log}" /
        "Station: {station}. Log id: {log}"
    }
    no_receipt() {
        "Không có biên nhận: không thể biết phần cuối có bị cắt hay không." /
        "No receipt: whether a tail was cut off cannot be told."
    }
    receipt_all(at) {
        "Trung tâm đã ký nhận đến bản ghi cuối, lúc {at}: phần cuối không bị cắt." /
        "The hub signed for the last record on {at}: no tail is cut off."
    }
    receipt_part(at, seq, from, last) {
        "Trung tâm đã ký nhận đến bản ghi {seq}, lúc {at}. Các bản ghi từ {from} đến {last} chưa được ký nhận: ai chiếm được máy của đài thì vẫn có thể viết lại chúng." /
        "The hub signed for records up to {seq} on {at}. Records {from} to {last} are not covered: whoever controls the box could still rewrite them."
    }
    receipt_unproven(seq) {
        "Có biên nhận đến bản ghi {seq} và nhật ký khớp với nó, nhưng chưa chứng minh được ai ký biên nhận. Hãy thêm --feed hoặc --receipt-key." /
        "A receipt reaches record {seq} and the log agrees with it, but who signed the receipt is unproven. Give --feed or --receipt-key."
    }
    older_log(path) {
        "Nhật ký cũ hơn của đài nằm riêng trong {path}: hãy kiểm tra từng thư mục." /
        "An older log of this station lies in {path}: verify each by itself."
    }
    note(place, what) {
        "Lưu ý, {place}: {what}" /
        "Note, {place}: {what}"
    }

    played() { "đã phát đủ" / "played" }
    preempted() { "bị cắt vì tin khẩn cấp" / "preempted" }
    interrupted() { "bị gián đoạn" / "interrupted" }
    partial() { "phát một phần" / "partial" }
    missed() { "không phát được" / "missed" }
    skipped() { "bỏ qua" / "skipped" }

    why_power() { "mất điện" / "power cut" }
    why_kill() { "chương trình dừng đột ngột" / "the program was killed" }
    why_sigterm() { "dịch vụ được dừng" / "the service was stopped" }
    why_time() { "hết thời gian" / "out of time" }
    why_missing_item() { "thiếu bản tin" / "an item was missing" }
    why_stopped() { "người trực cho dừng" / "stopped by the operator" }
    why_withdrawn() { "bản tin đã bị thu hồi" / "withdrawn" }
    why_frames() { "âm thanh không đủ độ dài" / "fewer frames than signed" }
    why_hold() { "tạm giữ loa" / "hold" }
    why_device() { "thiết bị âm thanh" / "sound device" }
    why_off() { "máy tắt" / "the box was off" }
    why_clock() { "đồng hồ chưa tin cậy hoặc bị nhảy giờ" / "clock not trusted, or it stepped" }
    why_late() { "quá giờ cho phép bắt đầu" / "too late to start" }
    why_busy() { "loa đang phát mục khác" / "another one was on the air" }
    why_integrity() { "tệp âm thanh bị hỏng hoặc bị sửa" / "the audio was damaged or altered" }
    why_nothing_to_play() { "không có gì để phát" / "nothing to play" }
    why_declined() { "xã từ chối" / "declined by the commune" }
    why_slot_gone() { "khung giờ phát đã bị bỏ" / "the slot is gone" }

    clock_trusted() { "Đồng hồ được tin cậy" / "Clock trusted" }
    clock_distrusted() { "Đồng hồ không còn được tin cậy" / "Clock not trusted any more" }
    clock_set() { "Người trực đặt lại đồng hồ" / "Clock set by the operator" }
    clock_stepped() { "Đồng hồ bị nhảy giờ" / "Clock stepped" }
    trust_no() { "chưa tin cậy" / "not trusted" }
    trust_synced() { "đã đồng bộ qua mạng" / "synchronised" }
    trust_set() { "do người trực đặt" / "set by the operator" }
    trust_rtc() { "theo đồng hồ có pin" / "battery clock" }
    trust_always() { "luôn tin (máy thử nghiệm)" / "always trusted (test bed)" }
    device_lost(device) { "Mất thiết bị âm thanh {device}" / "Sound device {device} lost" }
    device_back(device) { "Thiết bị âm thanh {device} hoạt động trở lại" / "Sound device {device} is back" }

    shows_newer() { "Bản ghi mới hơn phiên bản loaxa này" / "A record newer than this version of loaxa" }
    shows_boot(version) { "Chương trình khởi động (loaxa {version})" / "Program started (loaxa {version})" }
    shows_boot_cut(version, cut) {
        "Chương trình khởi động (loaxa {version}); đã cắt {cut} byte bị đứt ở cuối nhật ký" /
        "Program started (loaxa {version}); cut {cut} bytes of a torn last line"
    }
    shows_clock(event, to, trust) { "{event}: {to}, {trust}" / "{event}: {to}, {trust}" }
    shows_applied(count) { "Áp dụng lịch phát của {count} khu vực" / "Schedules of {count} areas in force" }
    shows_stale(roles) { "Nguồn phát đã cũ: {roles}" / "Feed stale: {roles}" }
    shows_fresh() { "Nguồn phát được cập nhật trở lại" / "Feed fresh again" }
    shows_hold(until) { "Tạm giữ loa đến {until}" / "PA held until {until}" }
    shows_release() { "Thôi giữ loa" / "PA released" }
    shows_expired() { "Hết giờ giữ loa" / "Hold ended by itself" }
    shows_action(what) { "Người trực: {what}" / "Operator: {what}" }
    shows_action_of(what, of) { "Người trực: {what} {of}" / "Operator: {what} {of}" }
    action_stop() { "dừng phát" / "stop" }
    action_volume() { "chỉnh âm lượng" / "volume" }
    action_test() { "phát thử" / "test" }
    action_decline() { "từ chối phát" / "decline" }
    action_reload() { "nạp lại cấu hình" / "reload" }
    shows_reason(said, reason) { "{said} (lý do: {reason})" / "{said} (reason: {reason})" }
    shows_intent(of, titles) { "{of}: bắt đầu phát: {titles}" / "{of}: begins: {titles}" }
    shows_outcome(of, how) { "{of}: {how}" / "{of}: {how}" }
    occurrence(slot, area, due) { "{slot} ({area}) lúc {due}" / "{slot} ({area}) of {due}" }
    urgent_occurrence(id, n) { "khẩn cấp {id}, lượt {n}" / "urgent {id}, airing {n}" }
    cut_by(of) { "bị cắt bởi {of}" / "cut by {of}" }
    run_of(count, last) { "{count} lần liên tiếp, đến {last}" / "{count} in a row, to {last}" }
    sent(length) { "thời lượng {length}" / "{length} sent" }
    csv_header() {
        "Số|Thời điểm ghi|Nội dung|Khu vực|Khung giờ phát|Giờ theo lịch|Kết quả|Lý do|Số lần|Bản tin|Số giây đã phát|Tiếng đầu tiên|Trễ (ms)" /
        "No.|Written|What|Area|Slot|Due|Outcome|Why|Times|Bulletins|Seconds sent|First frame|Late (ms)"
    }
    table_header() {
        "    Số  Thời điểm            Nội dung" /
        "   No.  Time                 What"
    }
    table_total(count, skipped) { "{count} bản ghi được liệt kê; {skipped} bản ghi khác không khớp điều kiện." / "{count} records shown; {skipped} others do not match." }
    show_bad(place, why) {
        "Cảnh báo: nhật ký không đạt kiểm tra. {place}: {why}" /
        "Warning: this log does not verify. {place}: {why}"
    }
    show_unreadable(place) {
        "{place}: không đọc được dòng này, bỏ qua." /
        "{place}: this line cannot be read and is left out."
    }
    unreadable(path, why) {
        "Không đọc được {path}: {why}." /
        "{path} cannot be read: {why}."
    }
    bundle_not_one(path) {
        "{path} không phải hồ sơ do trung tâm lập." /
        "{path} is not a bundle that a hub made."
    }
    bundle_foreign(name) {
        "Hồ sơ chứa phần lạ, trung tâm không bao giờ lập như vậy: {name}. Không đọc tiếp." /
        "The bundle holds a part that no hub writes: {name}. It is not read."
    }
    bundle_unlisted(log) {
        "Hồ sơ chứa nhật ký {log} mà danh sách của nó không ghi." /
        "The bundle holds log {log}, which its own list does not name."
    }
    bundle_long(name) {
        "Hồ sơ lớn quá mức cho phép, ở phần {name}." /
        "The bundle is larger than any should be, at {name}."
    }
    bundle_cut(path) {
        "{path} bị thiếu phần cuối. Hãy tải lại." /
        "{path} lacks its end. Download it again."
    }
    bundle_root(fingerprint) {
        "Khóa của các đài lấy từ nguồn phát trong hồ sơ. Hãy đối chiếu mã của tệp gốc (SHA-256) với tỉnh:\n    {fingerprint}" /
        "The stations' keys are from the feed in the bundle. Compare the fingerprint of its root (SHA-256) with the province:\n    {fingerprint}"
    }
    bundle_log(station, log) { "Đài {station}, nhật ký {log}:" / "Station {station}, log {log}:" }
    bundle_lacks(first, last) {
        "KHÔNG ĐẠT. Hồ sơ nói nhật ký này gồm các bản ghi từ {first} đến {last}, nhưng không có đủ." /
        "DOES NOT VERIFY. The bundle says that it holds records {first} to {last} of this log, and they are not all there."
    }
    bundle_good(count) {
        "ĐẠT. Cả {count} nhật ký trong hồ sơ đều đúng." /
        "VERIFIED. All {count} logs of the bundle are good."
    }
    bundle_bad(bad, count) {
        "KHÔNG ĐẠT. {bad} trong {count} nhật ký của hồ sơ có lỗi." /
        "DOES NOT VERIFY. {bad} of the {count} logs of the bundle are bad."
    }
    bundle_one_log() {
        "--receipt là biên nhận của một nhật ký, không dùng với hồ sơ nhiều nhật ký." /
        "--receipt is for one log, not for a bundle."
    }
    bundle_is_a_file(path) {
        "{path} là một tệp. Hãy giải nén rồi chỉ đến thư mục chứa nhật ký." /
        "{path} is a file. Unpack it and name the folder of the log."
    }
    bad_instant(text) {
        "`{text}` không phải thời điểm. Hãy viết như 2026-12-01T06:00:00+07:00." /
        "`{text}` is no instant. Write it like 2026-12-01T06:00:00+07:00."
    }
    bad_outcome(text) {
        "Không có kết quả `{text}`. Hãy dùng: played, preempted, interrupted, partial, missed, skipped; có thể thêm lý do, như missed:off." /
        "There is no outcome `{text}`. Use: played, preempted, interrupted, partial, missed, skipped; a reason may follow, as in missed:off."
    }
    bad_zone(text) {
        "Không có múi giờ `{text}`. Hãy viết như Asia/Ho_Chi_Minh." /
        "There is no zone `{text}`. Write it like Asia/Ho_Chi_Minh."
    }
    feed_key_bad(station) {
        "Khóa của đài {station} trong danh bạ đài không phải khóa Ed25519." /
        "The registry's key of station {station} is not an Ed25519 key."
    }

    help_log() { "Đọc và kiểm tra nhật ký phát sóng" / "Read and verify as-run logs" }
    help_show() { "Liệt kê các bản ghi của nhật ký" / "List the records of a log" }
    help_verify() { "Kiểm tra nhật ký có bị sửa, bị thiếu hay không" / "Check whether a log was changed or lacks something" }
    help_dir() { "Thư mục nhật ký (asrun)" / "Folder of the log (asrun)" }
    help_dir_or_bundle() { "Thư mục nhật ký (asrun), hoặc hồ sơ tải từ trung tâm" / "Folder of the log (asrun), or a bundle from a hub" }
    help_from() { "Từ thời điểm này, như 2026-12-01T00:00:00+07:00" / "From this instant on, such as 2026-12-01T00:00:00+07:00" }
    help_to() { "Trước thời điểm này" / "Before this instant" }
    help_outcome() { "Chỉ các lần phát có kết quả này, như missed hoặc missed:off" / "Only this outcome, such as missed or missed:off" }
    help_slot() { "Chỉ khung giờ phát này" / "Only this slot" }
    help_csv() { "In dạng CSV để mở bằng bảng tính" / "Print CSV for a spreadsheet" }
    help_timezone() { "Múi giờ hiển thị" / "Zone in which times are shown" }
    help_key() { "Khóa công khai của đài: 64 chữ số thập lục phân hoặc PEM" / "The station's public key: 64 hex digits or PEM" }
    help_feed() { "Thư mục nguồn phát, để tra khóa trong danh bạ đài" / "Folder of the feed, whose registry lists the keys" }
    help_receipt() { "Biên nhận của trung tâm, chứng minh phần cuối không bị cắt" / "Receipt of the hub: shows that no tail is cut off" }
    help_receipt_key() { "Khóa công khai dùng để ký biên nhận, khi không có --feed" / "Public key that signs receipts, where there is no --feed" }
}
