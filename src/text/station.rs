//! Words of the room `station`.

use super::catalogue;

catalogue! {
    hold_too_long(hours) {
        "mỗi lần tạm giữ loa dài nhất {hours} giờ. Cách sửa: nhập thời gian ngắn hơn, ví dụ 30m hoặc 2h; hết giờ có thể giữ tiếp."
        / "the PA can be held for at most {hours} hours at a time. Remedy: give a shorter time, such as 30m or 2h; it can be held again afterwards."
    }
    not_held() {
        "loa không bị tạm giữ nên không có gì để trả lại."
        / "the PA is not held, so there is nothing to release."
    }
    no_such_slot(slot) {
        "trong 48 giờ tới không có khung giờ phát `{slot}`. Cách sửa: xem tên các khung giờ bằng lệnh `loaxa station plan`."
        / "no slot `{slot}` comes within 48 hours. Remedy: see the names of slots with `loaxa station plan`."
    }
    may_not_decline(slot) {
        "khung giờ phát `{slot}` thuộc loại ưu tiên, đài xã không được bỏ. Cách sửa: nếu cần dùng loa, hãy tạm giữ bằng `loaxa station hold`, hoặc gọi cơ quan quản lý khu vực."
        / "slot `{slot}` is of class priority, which the commune may not decline. Remedy: if the PA is needed, hold it with `loaxa station hold`, or call the area's office."
    }
    nothing_sounds() {
        "hiện không có bản tin nào đang phát."
        / "nothing is on the air."
    }
}
