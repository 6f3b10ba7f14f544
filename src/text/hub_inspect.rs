//! Words of the inspector's pages: search, month grid, a station's day, a record's proof, bundles, the report.

use super::catalogue;

catalogue! {
    nav_search() { "Tra cứu" / "Search" }
    nav_grid() { "Bảng tháng" / "Month" }
    nav_report() { "Báo cáo" / "Report" }
    nav_bundle() { "Tải hồ sơ" / "Bundle" }

    area() { "Khu vực" / "Area" }
    commune() { "Xã" / "Commune" }
    station() { "Đài" / "Station" }
    from() { "Từ ngày" / "From" }
    to() { "Đến hết ngày" / "Up to and including" }
    day() { "Ngày" / "Day" }
    month() { "Tháng" / "Month" }
    category() { "Nội dung" / "Category" }
    language() { "Tiếng" / "Language" }
    bulletin() { "Bản tin" / "Bulletin" }
    bulletin_id() { "Mã bản tin" / "Bulletin id" }
    outcome() { "Kết quả" / "Outcome" }
    reason() { "Lý do" / "Reason" }
    slot() { "Khung giờ phát" / "Slot" }
    due() { "Giờ theo lịch" / "Due" }
    all() { "tất cả" / "all" }
    show() { "Xem" / "Show" }
    merged(title) { "{title} (đã sáp nhập)" / "{title} (merged)" }
    by() { "Xếp xã theo" / "Communes as" }
    by_was() { "lúc phát" / "at the time" }
    by_now() { "hiện nay" / "they are now" }
    total() { "Tổng cộng" / "Total" }
    none_left() { "–" / "–" }
    download_csv() { "Tải CSV" / "CSV" }
    download_xlsx() { "Tải Excel (XLSX)" / "Excel (XLSX)" }
    print() { "Để in: dùng lệnh In của trình duyệt (Ctrl+P), khổ A4." / "To print: use the browser's Print command (Ctrl+P), A4." }

    bad_day(text) { "`{text}` không phải ngày. Hãy chọn ngày trong ô lịch hoặc viết như 2026-12-01." / "`{text}` is no day. Pick one, or write it like 2026-12-01." }
    bad_month(text) { "`{text}` không phải tháng. Hãy viết như 2026-12." / "`{text}` is no month. Write it like 2026-12." }
    bad_word(what, text) { "{what}: không có `{text}`. Hãy chọn lại trong danh sách." / "{what}: there is no `{text}`. Choose from the list." }
    bad_period() { "Ngày cuối đứng trước ngày đầu. Hãy đổi lại hai ngày." / "The last day is before the first. Exchange them." }
    long_period(most) { "Khoảng thời gian dài quá {most} ngày. Hãy chọn ngắn hơn." / "The period is longer than {most} days. Choose a shorter one." }

    search_title() { "Tra cứu các lần phát" / "Find what aired" }
    search_hint() { "Mỗi dòng là một lần phát đã đến giờ và kết quả của nó, theo nhật ký do chính đài ký." / "Each row is an occurrence that was due and how it ended, by the log that the station itself signed." }
    more_filters() { "Lọc thêm" / "More filters" }
    found(from, to) { "Từ {from} đến {to}, mới nhất trước" / "From {from} to {to}, the latest first" }
    found_nothing() { "Không có lần phát nào khớp điều kiện. Hãy nới khoảng thời gian hoặc bỏ bớt điều kiện lọc." / "Nothing fits. Widen the period, or drop a filter." }
    next_page() { "100 dòng tiếp theo" / "Next 100" }
    first_page() { "Về đầu danh sách" / "Back to the first" }
    sent_what() { "Đã phát" / "What was sent" }
    length() { "Thời lượng" / "Length" }
    proof() { "Chứng cứ" / "Proof" }
    record_no(seq) { "bản ghi {seq}" / "record {seq}" }
    runs(count) { "{count} lần liên tiếp" / "{count} in a row" }
    nothing_sent() { "không có âm thanh nào được gửi ra loa" / "nothing was sent" }
    too_many_rows(most) { "Kết quả có hơn {most} dòng, quá nhiều cho một tệp Excel. Hãy tải CSV (không giới hạn) hoặc chọn khoảng thời gian ngắn hơn." / "There are more than {most} rows, too many for a spreadsheet file. Download CSV (no limit), or choose a shorter period." }

    grid_title(month, area) { "Bảng tháng {month}: {area}" / "Month {month}: {area}" }
    grid_hint() { "Mỗi ô là một xã trong một ngày: số lần đã phát trên số lần theo lịch. Bấm vào ô để xem từng lần." / "A cell is a commune's day: sent of planned. Follow a cell to see each." }
    key_whole() { "phát đủ" / "all sent" }
    key_part() { "phát thiếu" / "some sent" }
    key_none() { "không phát lần nào" / "none sent" }
    key_blank() { "ô trống: không có lịch" / "blank: nothing planned" }
    previous_month() { "Tháng trước" / "Month before" }
    following_month() { "Tháng sau" / "Month after" }
    cell(sent, planned) { "{sent} trên {planned}" / "{sent} of {planned}" }

    day_title(station, day) { "Đài {station}, ngày {day}" / "Station {station}, {day}" }
    previous_day() { "Ngày trước" / "Day before" }
    following_day() { "Ngày sau" / "Day after" }
    sheet_link() { "Phiếu trực ngày (để in)" / "Day sheet (to print)" }
    timeline() { "Hàng trên: theo lịch. Hàng dưới: đã phát." / "Upper row: planned. Lower row: sent." }
    planned_row() { "Theo lịch" / "Planned" }
    sent_row() { "Đã phát" / "Sent" }
    records() { "Mọi bản ghi trong ngày" / "All records of the day" }
    written() { "Thời điểm" / "Time" }
    what() { "Điều đã ghi" / "What it says" }
    no_records() { "Trung tâm chưa nhận được bản ghi nào của đài trong ngày này." / "The hub holds no record of this station for that day." }
    day_cut(most) { "Ngày này có hơn {most} bản ghi; chỉ liệt kê {most} bản ghi đầu." / "This day has more than {most} records; the first {most} are shown." }
    zone(name) { "Giờ hiển thị: {name}." / "Times are in {name}." }

    record_title(seq, station) { "Bản ghi {seq} của đài {station}" / "Record {seq} of station {station}" }
    checks() { "Kiểm tra ngay lúc này" / "Checked just now" }
    check_good() { "Đúng" / "Holds" }
    check_bad() { "SAI" / "DOES NOT HOLD" }
    check_open() { "Chưa thể biết" / "Cannot be told" }
    check_signature() { "Chữ ký Ed25519 của dòng khớp với khóa của nhật ký." / "The line's Ed25519 signature is by the log's key." }
    check_prev() { "Dòng này nối tiếp dòng trước (prev là SHA-256 của dòng trước)." / "The line follows the one before (prev is the SHA-256 of that line)." }
    check_first() { "Đây là dòng đầu của nhật ký; prev gồm toàn số 0." / "This is the first line of the log; prev is all zeros." }
    check_next() { "Dòng sau nối tiếp dòng này." / "The next line follows this one." }
    check_last() { "Chưa có dòng sau." / "There is no next line yet." }
    check_registered() { "Khóa này là khóa hiện nay của đài." / "The key is the station's present one." }
    check_older_key() { "Khóa này là khóa cũ của đài, hoặc tỉnh chưa ký nhận." / "The key is an older one of the station, or the province has not signed it in." }
    check_receipt(seq, at) { "Trung tâm đã ký nhận đến bản ghi {seq}, lúc {at}." / "The hub signed for records up to {seq} on {at}." }
    check_no_receipt() { "Chưa có biên nhận cho bản ghi này: ai chiếm được máy của đài thì vẫn có thể viết lại nó." / "No receipt covers this record yet: whoever controls the box could still rewrite it." }
    fact_log() { "Mã nhật ký" / "Log id" }
    fact_key() { "Khóa công khai" / "Public key" }
    fact_hash() { "SHA-256 của dòng" / "SHA-256 of the line" }
    fact_prev() { "SHA-256 của dòng trước" / "SHA-256 of the line before" }
    fact_received() { "Trung tâm nhận lúc" / "Received by the hub" }
    fact_commune() { "Xã lúc nhận" / "Commune when received" }
    fact_receipt() { "Biên nhận" / "Receipt" }
    line_as_received() { "Dòng như đã nhận" / "The line as received" }
    download_line() { "Tải dòng này" / "Download this line" }
    offline() { "Tự kiểm tra, không cần mạng" / "Check it yourself, without network" }
    offline_bundle() { "Tải hồ sơ của ngày này rồi chạy lệnh dưới đây trên máy có loaxa:" / "Download the bundle of that day, and run on a computer with loaxa:" }
    offline_openssl() { "Hoặc chỉ dùng openssl với dòng đã tải (record.json) và khóa công khai (public.pem):" / "Or with openssl alone, the downloaded line (record.json) and the public key (public.pem):" }
    bundle_of_day() { "Hồ sơ của ngày này" / "Bundle of that day" }
    download_key() { "Tải khóa công khai" / "Download the public key" }

    bundle_title() { "Tải hồ sơ chứng cứ" / "Download a bundle of proof" }
    bundle_hint() { "Một tệp .tar gồm nhật ký của các đài trong khoảng thời gian, biên nhận, khóa công khai và nguồn phát đã ký. Kiểm tra trên máy có loaxa, không cần mạng: loaxa log verify TỆP" / "One .tar file with the logs of the stations in the period, receipts, public keys and the signed feed. Check it on a computer with loaxa, without network: loaxa log verify FILE" }
    bundle_more() { "Nhật ký có thể dài hơn khoảng đã chọn, để chuỗi chữ ký không bị đứt và nối được với biên nhận." / "A log may be longer than the period, so that its chain is not broken and reaches its receipt." }
    bundle_download() { "Tải hồ sơ (.tar)" / "Download (.tar)" }
    bundle_empty() { "Không có bản ghi nào trong khoảng thời gian này, nên không có hồ sơ để tải. Hãy chọn khoảng khác." / "There is no record in this period, so there is nothing to download. Choose another." }
    bundle_many(most) { "Hồ sơ có hơn {most} nhật ký. Hãy chọn một khu vực nhỏ hơn." / "The bundle would have more than {most} logs. Choose a smaller area." }
    bundle_readme() {
        "Hồ sơ nhật ký phát sóng.\nKiểm tra không cần mạng: loaxa log verify TỆP\nlogs/: mỗi thư mục là một nhật ký (docs/asrun.md). feed/: nguồn phát đã ký, có danh sách khóa của các đài.\nHãy đối chiếu mã của tệp gốc (SHA-256 của feed/metadata/1.root.json) với tỉnh." /
        "Bundle of as-run logs.\nVerify without network: loaxa log verify FILE\nlogs/: each folder is a log (docs/asrun.md). feed/: the signed feed, which lists the stations' keys.\nCompare the fingerprint of the root (SHA-256 of feed/metadata/1.root.json) with the province."
    }

    sheet_title() { "Phiếu trực đài" / "Day sheet" }
    sheet_of(station, place) { "Đài {station}, {place}" / "Station {station}, {place}" }
    sheet_no_plan(why) { "Chưa có lịch phát cho đài này: {why}" / "There is no plan for this station: {why}" }
    sheet_no_feed() { "trung tâm chưa có nguồn phát" / "the hub has no feed yet" }
    sheet_nothing() { "Hôm nay đài không có khung giờ phát nào." / "Nothing is planned for this day." }
    sheet_time() { "Giờ" / "Time" }
    sheet_items() { "Bản tin" / "Bulletins" }
    sheet_heard() { "Có nghe? (ghi giờ)" / "Heard? (time)" }
    sheet_remark() { "Ghi chú" / "Remarks" }
    sheet_signature() { "Người trực ký tên" / "Signature of the operator" }
    sheet_skips(why) { "sẽ không phát: {why}" / "will not play: {why}" }
    sheet_hotline() { "Đường dây nóng phòng, chống mua bán người: 111" / "Hotline against trafficking: 111" }

    republic() { "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" / "SOCIALIST REPUBLIC OF VIET NAM" }
    motto() { "Độc lập - Tự do - Hạnh phúc" / "Independence - Freedom - Happiness" }
    number_blank() { "Số: ........./BC-........." / "No.: ........./BC-........." }
    place_date() { "............, ngày ..... tháng ..... năm ........" / "............, date ........................" }
    report_title() { "BÁO CÁO" / "REPORT" }
    report_subject() { "Kết quả phát thanh tuyên truyền phòng, chống mua bán người trên hệ thống truyền thanh cơ sở" / "Broadcasts against human trafficking on commune loudspeakers" }
    report_period(from, to) { "Từ ngày {from} đến hết ngày {to}" / "From {from} up to and including {to}" }
    report_made(at) { "Số liệu lập lúc {at}, từ nhật ký do các đài ký mà trung tâm đã nhận." / "Counted on {at} from the logs that the stations signed and the hub received." }
    part_sum() { "1. Tổng hợp" / "1. Summary" }
    part_category() { "2. Theo nội dung" / "2. By category" }
    part_language() { "3. Theo tiếng" / "3. By language" }
    part_station() { "4. Theo xã và đài" / "4. By commune and station" }
    part_reasons() { "5. Không phát hoặc phát thiếu, và lý do" / "5. Not sent or sent in part, and why" }
    part_silent() { "6. Đài im lặng" / "6. Silent stations and days" }
    part_define() { "7. Cách tính" / "7. What each count means" }
    part_heads() { "8. Nhật ký làm căn cứ" / "8. Logs that this rests on" }
    part_remarks() { "9. Nhận xét, kiến nghị" / "9. Remarks" }
    communes_stations() { "Số xã / số đài" / "Communes / stations" }
    planned() { "Lần phát theo lịch" / "Planned" }
    sent_count() { "Lần đã phát" / "Sent" }
    whole() { "phát đủ" / "whole" }
    part() { "phát một phần" / "in part" }
    missed() { "Không phát được" / "Missed" }
    skipped() { "Bỏ qua" / "Skipped" }
    part_of_sent() { "Trong đó phát một phần" / "Of these in part" }
    unknown() { "Chưa có nhật ký" / "No log yet" }
    airings() { "Lượt bản tin" / "Airings" }
    minutes_sent() { "Phút đã phát" / "Minutes sent" }
    minutes_confirmed() { "Phút có xác nhận" / "Minutes confirmed" }
    not_confirmed() { "Phút có xác nhận là 0 vì chưa đài nào gắn thiết bị nghe lại âm thanh của loa." / "Minutes confirmed are 0: no station has an ear that hears the loudspeakers yet." }
    hotline_mentions() { "Lượt nhắc đường dây nóng" / "Hotline mentions" }
    reached() { "Xã được nghe" / "Communes reached" }
    reached_of(part, whole, share) { "{part}/{whole} ({share}%)" / "{part}/{whole} ({share}%)" }
    silent_days() { "Ngày im lặng" / "Silent days" }
    silent_of(silent, owed) { "{silent} trên {owed} ngày có lịch" / "{silent} of {owed} days" }
    no_silent() { "Không có đài nào im lặng cả ngày." / "No station was silent for a whole day." }
    no_reasons() { "Mọi lần phát theo lịch đều được phát đủ." / "Everything that was due was sent whole." }
    unheard() { "trung tâm không có số liệu nào trong kỳ" / "the hub has no figure for the period" }
    times() { "Số lần" / "Times" }
    log_to() { "Đến bản ghi" / "Up to record" }
    log_receipt() { "Đã ký nhận đến" / "Receipted up to" }
    define_planned() { "Lần phát theo lịch: một khung giờ phát vào một thời điểm, ở một đài, do lịch đã ký quy định; tin khẩn cấp tính thêm. Nếu nhật ký ghi nhiều hơn lịch thì lấy số của nhật ký." / "Planned: one slot at one instant on one station, as the signed schedule says; urgent airings are added. Where the log accounts for more than the plan, the log's number is taken." }
    define_sent() { "Lần đã phát: âm thanh được gửi ra loa, đủ (mọi bản tin từ đầu đến cuối) hoặc một phần." / "Sent: sound went to the PA, whole (every bulletin from beginning to end) or in part." }
    define_missed() { "Không phát được: đến giờ mà không có âm thanh nào; bỏ qua: xã từ chối hoặc khung giờ đã bị bỏ trước đó; chưa có nhật ký: theo lịch nhưng trung tâm chưa nhận được bản ghi nói kết quả." / "Missed: it was due and nothing sounded. Skipped: declined, or its slot was gone before. No log yet: planned, and the hub holds no record that says how it ended." }
    define_airing() { "Lượt bản tin: một bản tin bắt đầu được phát trong một lần phát ở một đài. Nhạc hiệu không tính." / "Airing: one bulletin that began in one occurrence on one station. Chimes do not count." }
    define_minutes() { "Phút đã phát: thời lượng thật của các bản tin gửi ra loa (48.000 mẫu mỗi giây), làm tròn đến 0,1 phút sau khi cộng. Nhạc hiệu không tính." / "Minutes sent: true length of the bulletins sent to the PA (48,000 frames a second), rounded to 0.1 minute after summing. Chimes do not count." }
    define_confirmed() { "Phút có xác nhận: phần mà một thiết bị thu tại chỗ đã nghe được từ loa." / "Minutes confirmed: what an ear on the spot heard from the loudspeakers." }
    define_reached() { "Xã được nghe: xã có ít nhất một đài đã phát một phần hay toàn bộ một bản tin thuộc nội dung đó. Tỷ lệ tính trên mọi xã của khu vực, kể cả xã chưa có đài, và xã đã sáp nhập nếu có số liệu trong kỳ." / "Reached: a commune of which at least one station sent some of a bulletin of that category. The share is of all communes of the area, those without a station included, and merged ones that have figures in the period." }
    define_silent() { "Ngày im lặng: ngày có lịch nhưng đài không phát lần nào, hoặc trung tâm chưa nhận được nhật ký của ngày đó." / "Silent day: something was due and nothing was sent, or the hub has no log of that day yet." }
    define_commune() { "Xã: nơi đài thuộc về khi trung tâm nhận bản ghi. Sáp nhập xã không làm thay đổi số liệu cũ." / "Commune: where the station belonged when the record was received. A merger changes no past figure." }
    signed_left() { "NGƯỜI LẬP BÁO CÁO" / "PREPARED BY" }
    signed_right() { "THỦ TRƯỞNG ĐƠN VỊ" / "HEAD OF THE OFFICE" }
    sign_hint() { "(Ký, ghi rõ họ tên)" / "(Signature, full name)" }

    column_commune_id() { "Mã xã" / "Commune id" }
    column_area() { "Lịch của khu vực" / "Area of the schedule" }
    column_seconds() { "Số giây đã phát" / "Seconds sent" }
    column_bulletins() { "Mã các bản tin" / "Bulletin ids" }
    column_titles() { "Tên các bản tin" / "Titles" }
    column_categories() { "Nội dung" / "Categories" }
    column_languages() { "Tiếng" / "Languages" }
    column_seq() { "Số bản ghi" / "Record" }
}
