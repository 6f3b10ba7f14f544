//! Why a draft may not be published: each message with its remedy.

use super::super::catalogue;

catalogue! {
    role_missing(role) { "vai trò `{role}` chưa có danh sách nào được ký" / "role `{role}` has no signed list yet" }
    role_missing_remedy(role) {
        "người giữ khóa của `{role}` ký bản nháp đầu tiên: loaxa office sign {role}"
        / "whoever holds the key of `{role}` signs its first draft: loaxa office sign {role}"
    }
    gate_again_remedy(role) {
        "lập lại bản nháp của `{role}` bằng đúng lệnh của loaxa office rồi ký lại"
        / "make the draft of `{role}` again with its loaxa office command, and sign it again"
    }
    gate_subdelegation() { "ủy quyền tiếp cho vai trò khác, điều không được phép" / "delegates on to other roles, which is not allowed" }
    gate_subdelegation_remedy() {
        "chỉ tỉnh mới ủy quyền được: loaxa office delegate" / "only the province delegates: loaxa office delegate"
    }
    gate_nameless(role) {
        "có khóa của vai trò `{role}` không ghi tên người giữ" / "a key of role `{role}` has no holder's name"
    }
    gate_nameless_remedy() {
        "thêm khóa bằng tệp .pub.json của người giữ: loaxa office rotate … --add TỆP"
        / "add the key by its holder's .pub.json: loaxa office rotate … --add FILE"
    }
    gate_keys(role) {
        "vai trò `{role}` có ít khóa Ed25519 khác nhau hơn số chữ ký bắt buộc"
        / "role `{role}` has fewer distinct Ed25519 keys than signatures that it asks for"
    }
    gate_keys_remedy() {
        "thêm người giữ khóa (loaxa office rotate … --add TỆP); khóa trùng hoặc có trường lạ không được tính"
        / "add a key holder (loaxa office rotate … --add FILE); a repeated key, or one with extra fields, does not count"
    }
    gate_consistent() { "khóa gốc không bật consistent_snapshot" / "the root does not ask for consistent snapshots" }
    gate_undelegated(role) { "thiếu ủy quyền cho vai trò `{role}`" / "there is no delegation for role `{role}`" }
    gate_twice(role) { "vai trò `{role}` được ủy quyền hai lần" / "role `{role}` is delegated twice" }
    gate_order() {
        "các vai trò cố định phải đứng trước và đúng thứ tự, khu vực đứng sau"
        / "the fixed roles must stand first and in their order, areas after them"
    }
    gate_unknown_role(role) { "không có vai trò nào tên `{role}`" / "there is no role called `{role}`" }
    gate_paths(role) {
        "vai trò `{role}` được giao đường dẫn khác với quy định" / "role `{role}` was given other paths than its own"
    }
    gate_threshold(have, need) {
        "chỉ đòi {have} chữ ký, quy định là {need}" / "asks for {have} signature(s), the rule is {need}"
    }
    gate_version(have, need) { "mang số phiên bản {have}, phải là {need}" / "has version {have}, must have {need}" }
    gate_form() { "nội dung không đưa được về dạng chuẩn để ký" / "its content has no canonical form to sign" }
    gate_signatures(have, need) {
        "mới có chữ ký hợp lệ của {have} người, cần {need} người khác nhau"
        / "has the valid signatures of {have} of the {need} different people who must sign"
    }
    gate_signatures_remedy(role) {
        "người còn thiếu xem và ký: loaxa office sign {role}" / "who is missing looks at it and signs: loaxa office sign {role}"
    }
    gate_expired(at) { "hết hạn lúc {at}" / "expires at {at}" }
    gate_expired_remedy(role) {
        "ký lại với hạn mới: loaxa office sign {role} --fresh" / "sign it again with a new expiry: loaxa office sign {role} --fresh"
    }
    gate_far(at, days) {
        "hạn dùng đến {at}, xa hơn {days} ngày cho phép" / "expires at {at}, further off than the {days} days allowed"
    }
    gate_metadata_size(kib) { "danh sách quá lớn: {kib} KiB" / "the list is too large: {kib} KiB" }
    gate_metadata_size_remedy() {
        "gỡ bớt bản tin cũ: loaxa office approve --remove MÃ" / "take old bulletins off: loaxa office approve --remove ID"
    }
    gate_foreign(role, name) {
        "vai trò `{role}` không được phép liệt kê `{name}`" / "role `{role}` may not list `{name}`"
    }
    gate_foreign_remedy(role) {
        "bỏ mục này và ký lại danh sách của `{role}`; nếu không phải mình thêm, hãy coi khóa đã bị lộ"
        / "take the entry out and sign the list of `{role}` again; if nobody added it, treat the key as stolen"
    }
    gate_size(kib, most) { "tệp {kib} KiB, tối đa {most} KiB" / "the file has {kib} KiB, at most {most} KiB are allowed" }
    gate_size_remedy() { "chia nhỏ hoặc rút ngắn nội dung" / "split or shorten it" }
    gate_content() {
        "tệp nội dung không có trong thư mục, hoặc không khớp với bản đã ký"
        / "the content is not in the folder, or is not what was signed"
    }
    gate_content_remedy() {
        "chép lại trọn vẹn thư mục từ máy đã ký, hoặc nhập lại rồi phê duyệt lại"
        / "copy the whole folder again from the machine that signed, or import and approve it again"
    }
    gate_not_text() { "không phải tệp văn bản UTF-8" / "not a text file in UTF-8" }
    gate_description() { "mô tả đã ký của bản ghi bị thiếu hoặc sai định dạng" / "its signed description is missing or malformed" }
    gate_description_remedy() {
        "nhập lại bản ghi bằng loaxa office import rồi phê duyệt" / "import it again by loaxa office import, then approve it"
    }
    gate_approved_by(named, signed) {
        "ghi người duyệt là “{named}” nhưng người ký là “{signed}”" / "names “{named}” as approvers, but “{signed}” signed"
    }
    gate_approved_by_remedy() {
        "lập lại bản nháp với đúng hai người: loaxa office approve --again --second TÊN"
        / "make the draft again with the right two people: loaxa office approve --again --second NAME"
    }
    gate_over(at) { "hết hiệu lực lúc {at}" / "is valid until {at} only" }
    gate_over_remedy() {
        "bỏ bản tin này hoặc nhập lại với thời hạn mới" / "leave it out, or import it again with new dates"
    }
    gate_frames(found, said) {
        "âm thanh dài {found} mẫu, mô tả ghi {said}" / "the sound has {found} frames, its description says {said}"
    }
    gate_not_canonical(why) { "không phải âm thanh Opus dạng chuẩn: {why}" / "not canonical Opus audio: {why}" }
    gate_withdrawn() { "đã bị thu hồi nhưng vẫn có trong danh sách mới" / "was withdrawn, and stands in the new list" }
    gate_withdrawn_remedy(role) {
        "lập lại bản nháp của `{role}` (loaxa office approve --again); mã đã thu hồi không dùng lại được"
        / "make the draft of `{role}` again (loaxa office approve --again); a withdrawn id is never used again"
    }
    gate_withdrawals() { "danh sách thu hồi không đọc được" / "the list of withdrawals cannot be read" }
    gate_forgotten(id) { "`{id}` biến mất khỏi danh sách thu hồi" / "`{id}` vanished from the list of withdrawals" }
    gate_other_area(found, area) { "tệp ghi khu vực `{found}`, không phải `{area}`" / "the file is of area `{found}`, not `{area}`" }
    gate_other_area_remedy(area) {
        "sửa dòng `area: {area}`, hoặc gửi tệp của đúng khu vực" / "correct the line `area: {area}`, or push the file of the right area"
    }
    gate_required(name, role) { "vai trò `{role}` không có `{name}`" / "role `{role}` does not list `{name}`" }
    gate_browser() {
        "chỉ có chữ ký bằng khóa trong trình duyệt" / "signed only by keys that live in browsers"
    }
    gate_browser_remedy(role) {
        "cần ít nhất một người ký `{role}` bằng khóa trên máy mình: loaxa office approve --again"
        / "at least one person must sign `{role}` with a key on his own machine: loaxa office approve --again"
    }
    urgent_remedy() {
        "lập lại lệnh: loaxa office urgent MÃ --audio … --areas … --not-before … --until …"
        / "make the order again: loaxa office urgent ID --audio … --areas … --not-before … --until …"
    }
    urgent_area_unknown(area) { "không có khu vực `{area}`" / "there is no area `{area}`" }
    urgent_area_remedy() {
        "ghi các khu vực đã có bằng --areas; xem danh sách: loaxa office delegate --list"
        / "name existing areas by --areas; they are listed by: loaxa office delegate --list"
    }
    urgent_id_used(id) { "mã `{id}` đã dùng cho một lệnh khác" / "the id `{id}` was used by another order" }
    urgent_id_used_remedy() { "chọn mã mới: mã lệnh khẩn không dùng lại" / "choose a new id: urgent ids are never used again" }
    urgent_audio_unknown(id) { "bản tin `{id}` chưa được phát hành" / "no published recording is called `{id}`" }
    urgent_audio_withdrawn(id) { "bản tin `{id}` đã bị thu hồi" / "the recording `{id}` was withdrawn" }
    urgent_audio_invalid(id) {
        "bản tin `{id}` không còn hiệu lực trong suốt thời gian của lệnh"
        / "the recording `{id}` is not valid for the whole time of the order"
    }
    urgent_audio_remedy() {
        "chọn bản tin đã được hai người duyệt và đã phát hành: loaxa office list"
        / "choose a recording that two people approved and that is published: loaxa office list"
    }
    urgent_past() { "thời gian của lệnh đã qua" / "the order's time is over" }
    reason_needed() { "chưa ghi lý do" / "there is no reason given" }
    reason_remedy() { "ghi lý do bằng --reason; lý do vào nhật ký phát sóng" / "give one by --reason; it goes into the as-run log" }
}
