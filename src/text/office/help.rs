//! Help of `loaxa office …`.

use super::super::catalogue;

catalogue! {
    help_init() { "Lập cơ quan phát mới: tạo khóa và các bản nháp đầu tiên." / "Begin a new office: make keys and the first drafts." }
    help_init_dir() { "Thư mục mới của cơ quan phát." / "The new office folder." }
    help_init_root() {
        "Người giữ khóa gốc của tỉnh (ghi nhiều lần; nên có 3). Tên người, hoặc tệp .pub.json của người ở máy khác."
        / "Who keeps the province's root (repeat it; 3 is best). A name, or the .pub.json of somebody at another machine."
    }
    help_init_threshold() { "Số người phải ký khóa gốc." / "How many of them must sign the root." }
    help_init_editor() { "Biên tập viên, người duyệt: hai người mới phê duyệt được bản tin (ghi nhiều lần)." / "Editors and approvers: two of them approve a bulletin (repeat it)." }
    help_init_duty() { "Cán bộ trực: ra lệnh khẩn (mặc định: các biên tập viên)." / "Duty officers: urgent orders (default: the editors)." }
    help_init_registrar() { "Người giữ danh bạ đài (mặc định: các biên tập viên)." / "Who keeps the registry of stations (default: the editors)." }
    help_init_area() { "Khu vực và người giữ khóa của khu vực, ví dụ yen-the=\"Đặng Thị Hoa\" (ghi nhiều lần)." / "An area and who keeps its key, such as yen-the=\"Đặng Thị Hoa\" (repeat it)." }
    help_init_policy() { "policy.yaml của tỉnh (mặc định: bản mẫu)." / "The province's policy.yaml (default: one to begin with)." }
    help_init_registry() { "registry/stations.yaml có sẵn (mặc định: trống)." / "An existing registry/stations.yaml (default: empty)." }
    help_protect_online() { "Đặt mật khẩu cả cho khóa trực tuyến; khi đó hẹn giờ không tự gia hạn được." / "Give online keys a passphrase too; a timer then cannot renew." }
    help_key() { "Tạo khóa cho một người trên máy này." / "Make a person's key on this machine." }
    help_key_unprotected() {
        "Không đặt mật khẩu: chỉ dành cho khóa trực tuyến của máy chủ (snapshot-2, timestamp-2)."
        / "No passphrase: only for the online keys of a server (snapshot-2, timestamp-2)."
    }
    help_key_name() { "Họ tên người giữ khóa." / "Name of whoever holds it." }
    help_keys() { "Thư mục khóa của máy này (mặc định: DIR/keys)." / "This machine's key folder (default: DIR/keys)." }
    help_passphrase_fd() { "Đọc mật khẩu từ bộ mô tả tệp N, mỗi khóa một dòng; dòng cuối dùng cho các khóa còn lại." / "Read passphrases from file descriptor N, one line a key; the last line serves for the rest." }
    help_dir() { "Thư mục của cơ quan phát." / "The office folder." }
    help_as() { "Người ký: họ tên (không cần dấu) hoặc tên tệp khóa." / "Who signs: a name (accents may be left out) or a key file's name." }
    help_yes() { "Không hỏi lại (dùng trong kịch bản)." / "Do not ask (for scripts)." }
    help_reason() { "Lý do, ghi vào nhật ký." / "Why; it goes into the log." }
    help_import() { "Nhập bản ghi âm thành dạng chuẩn, chờ phê duyệt." / "Bring recordings into the canonical form, to wait for approval." }
    help_import_files() { "Tệp âm thanh; mô tả lấy từ TÊN.yaml và TÊN.txt bên cạnh." / "Recordings; what is said of them comes from NAME.yaml and NAME.txt beside them." }
    help_import_urgent() { "Bản ghi dành cho lệnh khẩn." / "A recording for urgent orders." }
    help_import_trim() { "Cắt khoảng lặng ở hai đầu." / "Cut silence at both ends." }
    help_import_id() { "Mã bản tin." / "The bulletin's id." }
    help_import_work() { "Mã tác phẩm chung của các bản dịch." / "The work that translations share." }
    help_import_kind() { "Bản tin hay nhạc hiệu." / "Bulletin or chime." }
    help_import_title() { "Tiêu đề tiếng Việt." / "Vietnamese title." }
    help_import_title_en() { "Tiêu đề tiếng Anh." / "English title." }
    help_import_category() { "Chuyên mục: pháp luật (law), thủ đoạn (tricks), điều tra, xét xử (justice), hỗ trợ nạn nhân (support), gương người tốt (models)." / "Category: law, tricks, justice, support or models." }
    help_import_language() { "Ngôn ngữ, ngôn ngữ chính trước, ví dụ vi,tyz." / "Languages, the main one first, such as vi,tyz." }
    help_import_hotline() { "Đường dây nóng được nhắc đến." / "The hotline that it names." }
    help_import_directive() { "Số văn bản chỉ đạo." / "The directive that it answers." }
    help_import_from() { "Ngày đầu có hiệu lực." / "First day of validity." }
    help_import_until() { "Ngày cuối có hiệu lực." / "Last day of validity." }
    help_import_transcript() { "Lời của bản tin." / "What is said in it." }
    help_list() { "Xem bản tin đã phát hành, đang chờ, đã thu hồi." / "List bulletins: published, waiting, withdrawn." }
    help_search() { "Tìm trong mã, tiêu đề, lời; không cần gõ dấu." / "Look for this in id, title and text; accents may be left out." }
    help_approve() { "Xem những gì mới rồi ký phê duyệt bản tin." / "Look at what is new and sign it." }
    help_approve_ids() { "Chỉ những bản ghi này (mặc định: tất cả bản đang chờ)." / "Only these recordings (default: all that wait)." }
    help_approve_remove() { "Gỡ bản tin đã phát hành khỏi danh sách (ghi nhiều lần)." / "Take a published bulletin off the list (repeat it)." }
    help_approve_second() { "Người sẽ ký thứ hai." / "Who is to sign second." }
    help_approve_again() { "Lập lại bản nháp từ đầu; chữ ký cũ mất." / "Make the draft anew; its signatures are lost." }
    help_listen() {
        "Phát các bản ghi mới ra loa trước khi hỏi ký; `--listen` là loa mặc định, hoặc --listen=THIẾT_BỊ."
        / "Play what is new before asking for the signature; `--listen` is the default device, else --listen=DEVICE."
    }
    help_approve_urgent() { "Phê duyệt bản ghi dành cho lệnh khẩn." / "Approve recordings for urgent orders." }
    help_sign() { "Xem và ký một bản nháp đang chờ." / "Look at a waiting draft and sign it." }
    help_sign_role() { "Vai trò: root, targets, bulletins, area-…" / "The role: root, targets, bulletins, area-…" }
    help_sign_fresh() { "Ký lại danh sách như cũ với hạn mới." / "Sign the list as it is, with a new expiry." }
    help_merge() { "Gộp chữ ký và bản ghi từ một bản sao khác của thư mục." / "Take over signatures and recordings from another copy of the folder." }
    help_merge_from() { "Bản sao kia." / "The other copy." }
    help_withdraw() { "Thu hồi bản tin ngay lập tức, vĩnh viễn; một người ký là đủ." / "Take a bulletin away at once and for good; one person suffices." }
    help_withdraw_id() { "Mã bản tin hoặc mã lệnh khẩn." / "Id of a bulletin or of an urgent order." }
    help_recall() { "Hủy một lệnh khẩn." / "Recall an urgent order." }
    help_urgent() { "Ra lệnh phát khẩn một bản tin đã được duyệt." / "Order an approved recording to be aired at once." }
    help_urgent_id() { "Mã mới cho lệnh; không dùng lại." / "A new id for the order; never used again." }
    help_urgent_audio() { "Mã bản tin sẽ phát." / "The recording to be aired." }
    help_urgent_areas() { "Các khu vực, cách nhau bằng dấu phẩy." / "The areas, between commas." }
    help_urgent_not_before() { "Không phát trước lúc này (mặc định: ngay)." / "Not before (default: now)." }
    help_urgent_until() { "Không phát sau lúc này; tối đa 24 giờ." / "Not after; at most 24 hours." }
    help_urgent_repeats() { "Số lần phát, 1 đến 20." / "How often, 1 to 20." }
    help_urgent_gap() { "Số giây giữa hai lần phát." / "Seconds from one airing to the next." }
    help_registry() { "Danh bạ đài: đài nào, khóa nào, thuộc khu vực nào." / "The registry: which stations, whose keys, which areas." }
    help_registry_show() { "Xem danh bạ." / "Show it." }
    help_registry_add() { "Thêm đài." / "Add a station." }
    help_registry_edit() { "Sửa đài." / "Change a station." }
    help_registry_remove() { "Bỏ đài." / "Remove a station." }
    help_registry_set() { "Thay cả danh bạ bằng một tệp." / "Replace it by a file." }
    help_registry_file() { "Tệp stations.yaml." / "A stations.yaml." }
    help_station_id() { "Mã đài." / "The station's id." }
    help_station_key() { "Khóa công khai của nhật ký, do đài in ra khi ghi danh." / "The public key of its log, as the station prints it when it enrols." }
    help_station_areas() { "Các khu vực mà đài nghe theo, rộng nhất trước." / "The areas that it obeys, the widest first." }
    help_station_languages() { "Ngôn ngữ của đài, ưu tiên trước." / "What is spoken there, preferred first." }
    help_station_tags() { "Nhãn để lịch phát chọn đài." / "Tags by which schedules choose stations." }
    help_station_commune() { "Tên xã, phường." / "Name of the commune." }
    help_station_place() { "Nơi đặt loa." / "Where the loudspeakers hang." }
    help_station_contact() { "Người liên hệ." / "Whom to call." }
    help_delegate() { "Giao, đổi hoặc bỏ quyền ký của một khu vực." / "Give an area its key, another one, or none." }
    help_delegate_area() { "Mã khu vực." / "The area's id." }
    help_delegate_public() { "Tệp .pub.json của người giữ khóa khu vực." / "The .pub.json of whoever keeps the area's key." }
    help_delegate_revoke() { "Bỏ quyền của khu vực." / "Take the area's right away." }
    help_delegate_list() { "Xem các khu vực." / "List the areas." }
    help_rotate() { "Thay khóa bị mất, bị lộ, hoặc khi đổi người." / "Change keys: one was lost or stolen, or people changed." }
    help_rotate_role() { "Vai trò: root, snapshot, timestamp, bulletins, urgent, registry, area-…" / "The role: root, snapshot, timestamp, bulletins, urgent, registry, area-…" }
    help_rotate_remove() { "Người (hoặc 8 chữ số đầu của khóa) bị bỏ." / "Who goes: a name, or the first 8 digits of the key." }
    help_rotate_add() { "Tệp .pub.json của người vào thay." / "The .pub.json of who comes." }
    help_rotate_threshold() { "Số người phải ký (chỉ với root)." / "How many must sign (root alone)." }
    help_push() { "Kiểm tra và ký lịch phát, danh sách đài của khu vực, hoặc quy định của tỉnh." / "Check and sign a schedule, an area's stations, or the province's policy." }
    help_push_file() { "schedule.yaml, stations.yaml hoặc policy.yaml." / "A schedule.yaml, stations.yaml or policy.yaml." }
    help_publish() { "Kiểm tra các bản nháp đủ chữ ký rồi phát hành." / "Check the drafts that have their signatures, and publish them." }
    help_publish_only() { "Chỉ phát hành vai trò này (ghi nhiều lần)." / "Publish this role alone (repeat it)." }
    help_renew() { "Gia hạn nguồn phát; chạy hằng ngày bằng hẹn giờ." / "Renew the feed's online signatures; run daily by a timer." }
    help_export() { "Chép nguồn phát ra USB cho đài không có mạng." / "Copy the feed to a stick, for stations without a line." }
    help_export_to() { "Thư mục trên USB." / "The folder on the stick." }
}
