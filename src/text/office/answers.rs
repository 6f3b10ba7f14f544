//! What the verbs ask and answer.

use super::super::catalogue;

catalogue! {
    ask_passphrase(name, file) { "Mật khẩu khóa của {name} ({file})" / "Passphrase of {name}'s key ({file})" }
    ask_new_passphrase(name, file, least) {
        "Đặt mật khẩu cho khóa của {name} ({file}, ít nhất {least} ký tự)" / "Choose a passphrase for {name}'s key ({file}, at least {least} characters)"
    }
    ask_again(name) { "Gõ lại mật khẩu của {name}" / "The same passphrase of {name} again" }
    passphrase_differs() { "Hai lần gõ không giống nhau. Hãy gõ lại." / "The two are not the same. Try again." }
    passphrase_absent() { "Không có dòng mật khẩu nào trong --passphrase-fd." / "--passphrase-fd gave no line." }
    no_terminal() {
        "Không có màn hình để gõ mật khẩu. Hãy chạy trong cửa sổ lệnh, hoặc dùng --passphrase-fd N."
        / "There is no terminal to type a passphrase. Run it in one, or use --passphrase-fd N."
    }
    ask_sign(name, role, version, until) {
        "{name} ký {role}, phiên bản {version}, có hạn đến {until}? (c/K)"
        / "Shall {name} sign {role}, version {version}, valid until {until}? (y/N)"
    }
    listening(name, seconds) { "Đang phát {name} ({seconds} giây)…" / "Playing {name} ({seconds} s)…" }
    listen_failed(device, why) {
        "{device}: loa không phát được ({why}). Chưa ký gì. Hãy kiểm tra loa, hoặc bỏ --listen và nghe tệp bằng máy khác."
        / "{device} does not play ({why}). Nothing was signed. Check it, or leave --listen out and listen to the file elsewhere."
    }
    listen_cut(name, device) {
        "{name}: loa {device} không phát được trọn bản ghi. Chưa ký gì." / "{name} was not played to its end on {device}. Nothing was signed."
    }
    listen_silent_build() {
        "Bản loaxa này không phát âm thanh: hãy mở các tệp sau bằng trình phát nhạc." / "This build of loaxa makes no sound: open these files in a player."
    }
    clock_behind(before) {
        "Đồng hồ máy này chậm hơn lần phát hành trước ({before}). Hãy kiểm tra ngày giờ của máy."
        / "The clock of this machine is behind the publication before ({before}). Check its date and time."
    }
    changed_meanwhile() {
        "Trong lúc xem, thư mục đã thay đổi. Chưa ký gì; hãy chạy lại và xem lại."
        / "The folder changed while you were looking. Nothing was signed; run it again and look again."
    }
    said_no() { "Không ký. Không có gì bị thay đổi." / "Not signed. Nothing was changed." }
    listen(name, path) { "Hãy nghe {name}: {path}" / "Listen to {name}: {path}" }
    first_empty() { "Danh sách đầu tiên, chưa có gì trong đó." / "The first list; there is nothing in it yet." }
    import_withdrawn(id) { "mã `{id}` đã bị thu hồi và không bao giờ dùng lại" / "the id `{id}` was withdrawn and is never used again" }
    import_withdrawn_remedy() { "nhập bản ghi với mã khác: --id MÃ" / "import the recording under another id: --id ID" }
    no_changes() { "Nội dung không đổi, chỉ ký lại." / "Its content is unchanged; it is only signed again." }
    unknown_word(word) { "“{word}” không có trong các từ cho phép" / "“{word}” is not one of the words allowed" }
    init_done(dir, root, keys) {
        "Đã lập {dir}. Tiếp theo: loaxa office publish --dir {dir}\nKhóa (chuyển mỗi khóa cho người giữ, giữ bản sao ở nơi an toàn, rồi xóa khỏi máy này):\n{keys}\nDấu vân tay khóa gốc: {root}"
        / "Made {dir}. Next: loaxa office publish --dir {dir}\nKeys (carry each to its holder, keep a copy in a safe place, then delete it here):\n{keys}\nFingerprint of the root: {root}"
    }
    online_unprotected() {
        "Khóa trực tuyến (snapshot, timestamp) không có mật khẩu để hẹn giờ tự gia hạn được; chỉ chủ máy đọc được tệp (quyền 0600)."
        / "The online keys (snapshot, timestamp) have no passphrase, so that a timer can renew; only this user can read them (mode 0600)."
    }
    name_unclean(given) {
        "Tên người “{given}” trống, quá dài hoặc có ký tự điều khiển. Hãy gõ lại tên." / "The name “{given}” is empty, too long, or has control characters. Type it again."
    }
    area_form(given) {
        "--area cần dạng MÃ=TÊN, ví dụ yen-the=\"Đặng Thị Hoa\" (nhận được “{given}”)" / "--area wants ID=NAME, such as yen-the=\"Đặng Thị Hoa\" (got “{given}”)"
    }
    key_done(name, secret, public) {
        "Đã tạo khóa của {name}: {secret}. Gửi tệp {public} cho tỉnh; đừng gửi tệp .pem cho ai."
        / "Made {name}'s key: {secret}. Send {public} to the province; never give the .pem to anybody."
    }
    area_signs_next(role) {
        "Sau đó người giữ khóa khu vực ký danh sách đầu tiên: loaxa office sign {role}"
        / "Then whoever keeps the area's key signs its first list: loaxa office sign {role}"
    }
    sign_again(named, role) {
        "Phải ký lại {named}: loaxa office sign {role}" / "To be signed again: {named}: loaxa office sign {role}"
    }
    online_made(path) {
        "Khóa trực tuyến mới: {path}. Giữ khóa cũ cho đến khi phát hành xong, rồi xóa."
        / "New online key: {path}. Keep the old one until this is published, then delete it."
    }
    signed_complete(role, version, who) {
        "Đủ chữ ký: {role}, phiên bản {version} ({who}). Tiếp theo: loaxa office publish"
        / "Fully signed: {role}, version {version} ({who}). Next: loaxa office publish"
    }
    signed_waiting(role, version, who, missing) {
        "Còn thiếu {missing} chữ ký: {role}, phiên bản {version}; đã ký: {who}. Hãy chuyển thư mục cho người ký tiếp."
        / "{missing} more must sign: {role}, version {version}; signed by {who}. Hand the folder to whoever signs next."
    }
    still_waiting(role, missing) {
        "Chưa phát hành: {role}. Còn thiếu {missing} chữ ký, hoặc bản nháp không còn đúng số phiên bản."
        / "Not published: {role}. {missing} signature(s) missing, or its version was overtaken."
    }
    published_nothing(snapshot) {
        "Không có gì mới để phát hành; nguồn phát được gia hạn (bản {snapshot})."
        / "There was nothing new to publish; the feed was renewed (snapshot {snapshot})."
    }
    signed_only(role, version, who) { "Đã ký: {role}, phiên bản {version} ({who})." / "Signed: {role}, version {version} ({who})." }
    published(snapshot, roles) { "Đã phát hành bản {snapshot}. Mới: {roles}" / "Published snapshot {snapshot}. New: {roles}" }
    publish_elsewhere() {
        "Máy này không có khóa trực tuyến: hãy chuyển thư mục đến nơi phát hành và chạy `loaxa office publish`."
        / "The online keys are not on this machine: carry the folder to where they are and run `loaxa office publish`."
    }
    renewed(version) { "Đã gia hạn: timestamp {version}" / "Renewed: timestamp {version}" }
    exported(dir, files, written, removed) {
        "Đã chép nguồn phát vào {dir}: {files} tệp, {written} tệp mới, bỏ {removed} tệp cũ."
        / "The feed is in {dir}: {files} files, {written} new, {removed} old ones removed."
    }
    merged(drafts, files, recordings) {
        "Đã gộp. Bản nháp: {drafts}; tệp mới: {files}; bản ghi mới: {recordings}." / "Merged. Drafts: {drafts}; new files: {files}; new recordings: {recordings}."
    }
    station_option(id, option) { "Đài {id}: thiếu {option}." / "Station {id}: {option} is missing." }
    state_imported() { "chờ duyệt" / "waits for approval" }
    state_waiting() { "đang ký" / "being signed" }
    state_published() { "đã phát hành" / "published" }
    state_expired() { "hết hạn" / "expired" }
    state_withdrawn(reason) { "đã thu hồi: {reason}" / "withdrawn: {reason}" }
    list_line(id, title, sort, seconds, until, state) {
        "{id}  “{title}”  {sort}  {seconds} giây  đến {until}  [{state}]" / "{id}  “{title}”  {sort}  {seconds} s  until {until}  [{state}]"
    }
    list_empty() { "Không có bản tin nào." / "There is no bulletin." }
    import_one_file() {
        "--id, --title và --transcript chỉ dùng khi nhập một tệp." / "--id, --title and --transcript go with one file only."
    }
    import_duplicate(file, id) {
        "{file}: bản ghi này đã có, mã `{id}`. Không nhập lại." / "{file}: this recording is there already, as `{id}`. Not imported again."
    }
    import_done(file, id, title, seconds) {
        "{file}: đã nhập `{id}` “{title}”, {seconds} giây. Tiếp theo: loaxa office approve"
        / "{file}: imported as `{id}` “{title}”, {seconds} s. Next: loaxa office approve"
    }
    import_warning(file, warning) { "{file}: {warning}" / "{file}: {warning}" }
}
