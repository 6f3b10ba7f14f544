//! Words of the room `feed`.

use super::catalogue;

catalogue! {
    of(what, why) { "{what}: {why}" / "{what}: {why}" }
    absent() { "nguồn phát không có tệp này" / "the feed has no such file" }
    broken(why) { "chưa tải được ({why}); máy sẽ tự thử lại" / "could not be fetched ({why}); it will be tried again" }
    limits(why) { "không nhận tệp này: {why}" / "not taken: {why}" }
    malformed(detail) { "tệp hỏng hoặc sai định dạng ({detail})" / "damaged, or not of this format ({detail})" }
    signatures(need) {
        "không đủ chữ ký hợp lệ: cần chữ ký của {need} người" / "too few valid signatures: {need} people must sign"
    }
    rollback(seen, offered) {
        "phiên bản {offered} cũ hơn phiên bản {seen} đã nhận; có thể ai đó đưa lại bản cũ"
        / "version {offered} is older than version {seen}, which was seen: somebody may be replaying old files"
    }
    changed(version) {
        "cùng số phiên bản {version} nhưng nội dung khác; vẫn dùng bản đã nhận"
        / "the same version {version} with other content; the one held stays in use"
    }
    vanished(role) {
        "mục `{role}` đã bị bỏ khỏi danh sách mà không đổi khóa"
        / "`{role}` vanished from the list without a change of keys"
    }
    version(listed, found) {
        "cần phiên bản {listed} nhưng tệp là phiên bản {found}" / "version {listed} is wanted, the file is version {found}"
    }
    hash() { "nội dung không khớp với bản đã ký" / "the content is not what was signed" }
    expired(at) { "hết hạn từ {at}; không nhận nội dung mới" / "expired on {at}: it gives nothing new" }
    future(at) {
        "ghi thời điểm ký {at}, muộn hơn giờ hiện tại; hãy kiểm tra đồng hồ của nơi ký và của đài"
        / "says it was signed on {at}, which is still to come: check the clocks of who signs and of this station"
    }
    no_signed_at() { "thiếu thời điểm ký" / "does not say when it was signed" }
    not_listed() { "tỉnh chưa giao quyền cho mục này" / "the province has not delegated to it" }
    foreign(path) {
        "có `{path}`, không thuộc quyền của nơi ký; bỏ toàn bộ bản này"
        / "lists `{path}`, which is not its own; nothing of it is taken"
    }
    sub_delegation() {
        "giao quyền tiếp cho nơi khác, điều không được phép" / "delegates on to others, which is not allowed"
    }
    low_threshold(given, need) {
        "chỉ đòi {given} chữ ký, trong khi quy định là {need}" / "asks for {given} signature(s), where the rule is {need}"
    }
    browser_only() {
        "chỉ có chữ ký bằng khóa trong trình duyệt; cần ít nhất một chữ ký bằng khóa giữ ngoài trình duyệt"
        / "signed only by keys that live in browsers; at least one other must sign"
    }
    damaged() {
        "dữ liệu lưu trên máy bị hỏng" / "what is stored on this machine is damaged"
    }
    disk(detail) { "ổ đĩa báo lỗi: {detail}" / "the disk failed: {detail}" }
}
