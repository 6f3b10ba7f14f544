//! Words for the roles of the feed. Commands take the codes, so both are shown.

use super::super::{Text, catalogue};

catalogue! {
    role_root() { "khóa gốc (root)" / "root" }
    role_targets() { "phân quyền và quy định của tỉnh (targets)" / "delegations and policy (targets)" }
    role_snapshot() { "khóa trực tuyến (snapshot)" / "online key (snapshot)" }
    role_timestamp() { "khóa trực tuyến (timestamp)" / "online key (timestamp)" }
    role_withdrawals() { "danh sách thu hồi (withdrawals)" / "withdrawals" }
    role_urgent() { "lệnh phát khẩn cấp (urgent)" / "urgent orders (urgent)" }
    role_urgent_audio() { "bản ghi khẩn cấp (urgent-audio)" / "urgent recordings (urgent-audio)" }
    role_registry() { "danh bạ đài (registry)" / "registry of stations (registry)" }
    role_bulletins() { "danh sách bản tin (bulletins)" / "bulletins" }
    seat_editor() { "biên tập và duyệt bản tin (--editor)" / "editing and approving (--editor)" }
    seat_duty() { "trực khẩn cấp (--duty)" / "urgent duty (--duty)" }
    seat_registrar() { "giữ danh bạ đài (--registrar)" / "the registry of stations (--registrar)" }
    role_area(area, role) { "khu vực {area} ({role})" / "area {area} ({role})" }
}

/// A role in words with its code; an unknown one as its code.
pub fn role(name: &str) -> Text {
    match name {
        "root" => role_root(),
        "targets" => role_targets(),
        "snapshot" => role_snapshot(),
        "timestamp" => role_timestamp(),
        "withdrawals" => role_withdrawals(),
        "urgent" => role_urgent(),
        "urgent-audio" => role_urgent_audio(),
        "registry" => role_registry(),
        "bulletins" => role_bulletins(),
        _ => match name.strip_prefix("area-") {
            Some(area) => role_area(area, name),
            None => Text::same(name),
        },
    }
}
