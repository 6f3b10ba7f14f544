//! Words of the room `feed`.

use super::{Text, catalogue};

catalogue! {
    of(what, why) { "{what}: {why}" / "{what}: {why}" }
    absent() { "nguồn phát không có tệp này" / "the feed has no such file" }
    broken(why) { "chưa tải được ({why}); máy sẽ tự thử lại" / "could not be fetched ({why}); it will be tried again" }
    limits(why) { "không nhận tệp này: {why}" / "not taken: {why}" }
    malformed(detail) { "tệp hỏng hoặc sai định dạng ({detail})" / "damaged, or not of this format ({detail})" }
    other_type(found) { "ghi loại `{found}`" / "its _type is `{found}`" }
    other_spec(found) { "theo bản đặc tả `{found}` chưa biết" / "its spec_version is `{found}`" }
    signatures(need) {
        "không đủ chữ ký hợp lệ: cần chữ ký của {need} người" / "too few valid signatures: {need} needed, each by another person"
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
    format_unknown(format) {
        "định dạng số {format} chưa được hỗ trợ; hãy cập nhật phần mềm" / "format {format} is not known: update the program"
    }
    not_an_id(id) { "`{id}` không phải là một mã hợp lệ" / "`{id}` is not an id" }
    not_a_key(key) { "`{key}` không phải là khóa công khai (64 chữ số hex)" / "`{key}` is not a public key of 64 hex digits" }
    urgent_other_id(id) { "lệnh bên trong mang mã khác: `{id}`" / "the order inside has another id: `{id}`" }
    urgent_span(hours) {
        "thời hạn phải sau giờ bắt đầu và không quá {hours} giờ" / "it must end after it begins, within {hours} hours"
    }
    urgent_repeats(n, most) { "số lần phát {n} phải từ 1 đến {most}" / "{n} repeats: 1 to {most} are allowed" }
    urgent_gap(s, most) { "khoảng nghỉ {s} giây vượt quá {most} giây" / "a gap of {s} s: at most {most} s are allowed" }
    urgent_no_area() { "không nêu khu vực nào" / "names no area" }
    registry_absent(id) {
        "danh bạ đài chưa có `{id}`; hãy báo tỉnh đăng ký đài này"
        / "does not list `{id}`: ask the province to register this station"
    }
    registry_other_key(id) {
        "`{id}` được đăng ký với khóa khác; đài này không phải là đài đó, hãy báo tỉnh"
        / "lists `{id}` with another key, so this station is not that one: tell the province"
    }
    registry_twice(id) { "`{id}` có hai mục trong danh bạ đài" / "lists `{id}` twice" }
    registry_none() {
        "chưa nhận được danh bạ đài nên chưa biết đài này thuộc khu vực nào"
        / "no registry was received yet, so this station obeys no area"
    }
    policy_none() { "chưa nhận được quy định phát thanh của tỉnh nên đài im lặng" / "no policy was received yet: silence" }
    not_utf8() { "không phải văn bản UTF-8" / "is not UTF-8 text" }
    bulletin_name() { "tên tệp không đúng dạng" / "is not a name of this role" }
    bulletin_meta(detail) { "mô tả bản tin sai ({detail})" / "its description is wrong ({detail})" }
    bulletin_twice(id) { "mã `{id}` đã có ở mục khác" / "the id `{id}` is taken by another role" }
    behind(listed, held) {
        "đã có phiên bản {listed} nhưng chưa nhận được; đang dùng phiên bản {held}"
        / "version {listed} exists but was not received yet; version {held} is in use"
    }
    too_old(days) {
        "không nhận được nguồn phát mới trong {days} ngày; bản tin và lịch phát cũ hết hiệu lực"
        / "nothing new for {days} days: held bulletins and schedules are no longer in force"
    }
    expires_soon(at) { "sẽ hết hạn lúc {at}; cần được ký lại trước đó" / "expires on {at}: it must be signed again before" }
    one_signature() {
        "chỉ cần một người ký; nên đòi ít nhất hai người" / "one person's signature suffices: two should be asked for"
    }
    store_damaged() {
        "dữ liệu nguồn phát lưu trên máy bị hỏng; hãy ghi danh lại đài bằng tệp root của tỉnh"
        / "the stored feed is damaged: enrol this station again with the province's root file"
    }
    not_yet() { "chưa nhận được" / "not received yet" }
    busy() { "một chương trình loaxa khác đang cập nhật; hãy đợi" / "another loaxa is at it: wait" }
}

// Roles and files of a feed as people call them.
catalogue! {
    role_root() { "khóa gốc của tỉnh (root)" / "the province's root" }
    role_targets() { "danh sách ủy quyền (targets)" / "the delegations (targets)" }
    role_snapshot() { "mục lục nguồn phát (snapshot)" / "the feed's index (snapshot)" }
    role_timestamp() { "tem giờ của nguồn phát (timestamp)" / "the feed's timestamp" }
    role_withdrawals() { "danh sách thu hồi (withdrawals)" / "the withdrawals" }
    role_urgent() { "lệnh phát khẩn cấp (urgent)" / "the urgent orders" }
    role_urgent_audio() { "bản ghi khẩn cấp (urgent-audio)" / "the urgent recordings (urgent-audio)" }
    role_registry() { "danh bạ đài (registry)" / "the registry" }
    role_bulletins() { "danh mục bản tin (bulletins)" / "the bulletins" }
    role_area(area) { "khu vực `{area}`" / "area `{area}`" }
    file_policy() { "quy định của tỉnh (policy.yaml)" / "the policy (policy.yaml)" }
    file_schedule(area) { "lịch phát của khu vực `{area}`" / "the schedule of area `{area}`" }
    file_stations(area) { "danh sách đài của khu vực `{area}`" / "the stations of area `{area}`" }
    file_order(id) { "lệnh khẩn cấp `{id}`" / "urgent order `{id}`" }
    file_bulletin(id) { "bản tin `{id}`" / "bulletin `{id}`" }
    whole_feed() { "nguồn phát" / "the feed" }
}

/// What a role or a file of a feed is called by people; a name that is not known stays.
pub fn name(what: &str) -> Text {
    let file = what.rsplit('/').next().unwrap_or(what).trim_end_matches(".opus").trim_end_matches(".json");
    match what {
        "root" => role_root(),
        "targets" => role_targets(),
        "snapshot" => role_snapshot(),
        "timestamp" => role_timestamp(),
        "withdrawals" | "withdrawn.json" => role_withdrawals(),
        "urgent" => role_urgent(),
        "urgent-audio" => role_urgent_audio(),
        "registry" | "registry/stations.yaml" => role_registry(),
        "bulletins" => role_bulletins(),
        "policy.yaml" => file_policy(),
        "feed" => whole_feed(),
        _ if what.starts_with("urgent/") => file_order(file),
        _ if what.starts_with("bulletins/") || what.starts_with("urgent-audio/") => file_bulletin(file),
        _ => {
            match (what.strip_prefix("area-"), what.strip_prefix("areas/").and_then(|w| w.split_once('/'))) {
                (Some(area), _) => role_area(area),
                (_, Some((area, "schedule.yaml"))) => file_schedule(area),
                (_, Some((area, "stations.yaml"))) => file_stations(area),
                _ => Text::same(what),
            }
        }
    }
}
