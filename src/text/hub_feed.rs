//! Words of the feed at the hub, and of offices that work with it.

use super::catalogue;

catalogue! {
    store(why) { "Không ghi hoặc đọc được bản công khai của nguồn phát: {why}." / "The public copy of the feed cannot be read or written: {why}." }
    online_protected(path) {
        "Khóa {path} có mật khẩu; trung tâm tự ký nên khóa của nó phải không có mật khẩu. Hãy chạy `loaxa hub key`." /
        "The key {path} has a passphrase; the hub signs by itself, so its keys have none. Run `loaxa hub key`."
    }
    not_renewed(why) {
        "Nguồn phát không được gia hạn: {why} Nếu kéo dài, các đài sẽ báo nguồn phát cũ sau ba ngày." /
        "The feed is not renewed: {why} If this lasts, stations call the feed stale after three days."
    }
    no_such_role(role) { "Nguồn phát không có danh sách {role}." / "The feed has no list {role}." }
    unsigned(role) {
        "Bản thảo của {role} chưa có chữ ký nào của người được ký." /
        "The draft of {role} bears no signature of anybody who may sign it."
    }
    foreign(role, key) {
        "Bản thảo của {role} có chữ ký không hợp lệ hoặc của khóa không được ký danh sách này ({key})." /
        "The draft of {role} bears a signature that is wrong or by a key that may not sign this list ({key})."
    }
    version(role, have, want) {
        "Bản thảo của {role} có số {have}; số tiếp theo phải là {want}. Hãy lấy bản mới từ trung tâm rồi làm lại." /
        "The draft of {role} has number {have}; the next one must be {want}. Take the newest from the hub and do it again."
    }
    another_draft(role) {
        "Trong khi đó đã có người khác nộp bản thảo khác của {role}. Hãy chạy lại lệnh để xem bản đó." /
        "Somebody else handed over another draft of {role} meanwhile. Give the command again to see it."
    }
    not_listed(sha256) { "Không có bản thảo nào ghi tệp {sha256}." / "No draft lists the file {sha256}." }
    too_large(most) { "Tệp quá lớn; nhiều nhất {most} MB." / "The file is too large; {most} MB at most." }
    too_slow() { "Gửi quá chậm, đã ngắt." / "Too slow; given up." }
    broke_off() { "Kết nối bị ngắt giữa chừng." / "The connection broke off." }
    not_it(sha256) { "Tệp nhận được không phải là {sha256}." / "What came is not the file {sha256}." }
    has_feed() { "Trung tâm đã có nguồn phát." / "The hub has a feed already." }
    no_feed_there(path) {
        "Thư mục {path} không có nguồn phát đầy đủ. Hãy dùng thư mục do `loaxa office export` ghi." /
        "The folder {path} holds no whole feed. Use one that `loaxa office export` wrote."
    }
    no_token() {
        "Cần mã truy cập của văn phòng: --token-file TỆP, hoặc biến LOAXA_HUB_TOKEN." /
        "The office's token is needed: --token-file FILE, or the variable LOAXA_HUB_TOKEN."
    }
    bad_token(path) { "Mã truy cập trong {path} không đúng dạng." / "What {path} holds is no token." }
    bad_hub(url) {
        "Địa chỉ trung tâm {url} không đúng: cần https://… (http:// chỉ cho chính máy này)." /
        "{url} is no address of a hub: https://… is needed (http:// only for this very machine)."
    }
    unreachable(host, why) { "Không kết nối được với trung tâm {host}: {why}." / "The hub {host} cannot be reached: {why}." }
    odd_answer(status) {
        "Trung tâm trả lời không hiểu được ({status}). Hãy kiểm tra địa chỉ." /
        "The hub's answer is not understood ({status}). Check the address."
    }
    not_whole(file) { "Trung tâm đưa tệp {file} không đúng với chữ ký." / "The hub gave {file} otherwise than it was signed." }
    went_back(role, now, before) {
        "Trung tâm đưa {role} số {now}, nhưng máy này đã thấy số {before}. Đừng ký gì; hãy hỏi quản trị tỉnh: trung tâm có thể vừa được khôi phục từ bản sao cũ (khi đó `loaxa office publish --hub …` đưa lại bản mới), hoặc bị đánh cắp." /
        "The hub gives {role} number {now}, but this machine has seen number {before}. Sign nothing; ask the province's admin: the hub may have been restored from an older copy (then `loaxa office publish --hub …` brings the newer one back), or stolen."
    }
    brought_back(roles) {
        "Đã đưa lại cho trung tâm những gì nó mất: {roles}." /
        "Brought back to the hub what it lost: {roles}."
    }
    other_feed() {
        "Nguồn phát của trung tâm không cùng gốc với thư mục này. Đừng ký gì; hãy hỏi quản trị tỉnh." /
        "The hub's feed does not begin with the root of this folder. Sign nothing; ask the province's admin."
    }
    first_pull(fingerprint) {
        "Lần đầu lấy từ trung tâm. Mã gốc của nguồn phát: {fingerprint}. Hãy so với mã mà quản trị tỉnh đọc cho." /
        "First copy from the hub. Fingerprint of the feed's root: {fingerprint}. Compare it with what the province's admin reads to you."
    }
    no_feed_at_hub() {
        "Trung tâm chưa có nguồn phát. Xem docs/hub.vi.md: `loaxa office init … --hub`, hoặc `loaxa hub feed init`." /
        "The hub has no feed yet. See docs/hub.md: `loaxa office init … --hub`, or `loaxa hub feed init`."
    }
    hub_has_feed() { "Trung tâm đã có nguồn phát; `init` chỉ dùng cho trung tâm mới." / "The hub has a feed already; `init` is for a new one." }
    hub_without_keys() {
        "Trung tâm chưa có khóa. Hãy chạy `loaxa hub key` trên máy chủ." /
        "The hub has no keys yet. Run `loaxa hub key` on the server."
    }
    draft_replaced(role) {
        "Bản thảo của {role} ở máy này đã cũ, được thay bằng bản của trung tâm." /
        "The draft of {role} on this machine was overtaken; the hub's takes its place."
    }
    handed_over(what) { "Đã nộp cho trung tâm: {what}." / "Handed over to the hub: {what}." }
    nothing_handed() { "Không có gì mới để nộp." / "There was nothing new to hand over." }
    published(snapshot, timestamp, roles) {
        "Đã công bố tại trung tâm: {roles} (snapshot {snapshot}, timestamp {timestamp})." /
        "Published at the hub: {roles} (snapshot {snapshot}, timestamp {timestamp})."
    }
    published_nothing() { "Trung tâm đã ký lại; không có bản thảo nào đủ chữ ký." / "The hub signed anew; no draft had all its signatures." }
    waits(role, missing) { "{role} còn thiếu {missing} chữ ký." / "{role} still lacks signatures: {missing}." }
    publish_later() {
        "Khi mọi bản thảo đủ chữ ký: `loaxa office publish --hub …`." /
        "Once all drafts have their signatures: `loaxa office publish --hub …`."
    }
    local_only() {
        "Lệnh này không làm việc với trung tâm." /
        "This command does not work with a hub."
    }

    help_hub() { "Làm việc với trung tâm: lấy bản mới trước, nộp sau khi ký" / "Work with the hub: take the newest first, hand over what was signed" }
    help_token_file() { "Tệp chứa mã truy cập (hoặc biến LOAXA_HUB_TOKEN)" / "File that holds the office's token (or LOAXA_HUB_TOKEN)" }

    help_key() { "Tạo khóa trực tuyến của trung tâm nếu chưa có; in khóa công khai" / "Make the hub's online keys if there are none; print the public ones" }
    help_key_again() { "Tạo khóa mới bên cạnh khóa đang dùng, để thay khóa" / "Make new keys beside those in use, for a rotation" }
    help_feed() { "Nguồn phát trên máy chủ" / "The feed on the server" }
    help_feed_init() { "Nhận nguồn phát đã công bố ở nơi khác, từ thư mục do `office export` ghi" / "Take over a feed that was published elsewhere, from a folder that `office export` wrote" }
    help_feed_from() { "Thư mục do `loaxa office export` ghi" / "The folder that `loaxa office export` wrote" }
    help_backup() { "Ghi một bản sao nhất quán của trung tâm vào thư mục trống" / "Write a consistent copy of the hub into an empty folder" }
    help_restore() { "Dựng lại trung tâm từ bản sao; thư mục dữ liệu phải trống" / "Rebuild the hub from a copy; its data folder must be empty" }
    help_backup_dir() { "Thư mục của bản sao; chứa khóa, hãy giữ kín" / "The folder of the copy; it holds keys, keep it safe" }
    key_line(role, public, file) { "{role}: {public}\n  {file}" / "{role}: {public}\n  {file}" }
    feed_taken(fingerprint) {
        "Đã nhận nguồn phát. Mã gốc: {fingerprint}. Hãy so với mã của tỉnh." /
        "The feed was taken over. Fingerprint of its root: {fingerprint}. Compare it with the province's."
    }
    backed_up(dir, files) { "Đã sao lưu vào {dir}: {files} tệp. Bản sao chứa khóa trực tuyến, hãy giữ kín." / "Backed up into {dir}: {files} files. The copy holds the online keys: keep it safe." }
    restored(files) {
        "Đã khôi phục {files} tệp. Hãy chạy `loaxa hub run`; các đài sẽ tự gửi lại phần nhật ký còn thiếu." /
        "{files} files were restored. Start `loaxa hub run`; stations send again by themselves what its log lacks."
    }
    not_empty(dir) { "{dir} không trống. Hãy chọn thư mục trống." / "{dir} is not empty. Choose an empty folder." }
    not_a_backup(dir) { "{dir} không phải bản sao lưu hoàn chỉnh." / "{dir} is no finished backup." }
    other_engine(have, want) {
        "Bản sao là của {have}, nhưng hub.yaml dùng {want}." /
        "The backup is of {have}, but hub.yaml says {want}."
    }
    database_not_empty() { "Cơ sở dữ liệu đã có dữ liệu. Hãy dùng cơ sở dữ liệu trống." / "The database holds data already. Use an empty one." }
}
