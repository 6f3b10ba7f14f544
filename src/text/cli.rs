//! Words of the room `cli`.

use super::catalogue;

catalogue! {
    cannot_write(dir, why) { "Không ghi được vào {dir}: {why}" / "Cannot write into {dir}: {why}" }

    // The manual pages (cli/generate.rs).
    manual() { "Sách hướng dẫn loaxa" / "loaxa manual" }
    man_name() { "TÊN" / "NAME" }
    man_synopsis() { "TÓM TẮT" / "SYNOPSIS" }
    man_description() { "MÔ TẢ" / "DESCRIPTION" }
    man_options() { "TÙY CHỌN" / "OPTIONS" }
    man_verbs() { "CÁC LỆNH" / "COMMANDS" }
    man_more() { "THÊM" / "MORE" }
    man_version() { "PHIÊN BẢN" / "VERSION" }
    man_exit() { "MÃ KẾT THÚC" / "EXIT STATUS" }
    man_files() { "CÁC TỆP" / "FILES" }
    exit_yes() { "Đã xong, hoặc đúng như vậy." / "Done, or it is so." }
    exit_no() {
        "Không đúng như vậy: bị từ chối, không xác minh được, hoặc bị hỏng." /
        "It is not so: refused, does not verify, or damaged."
    }
    exit_usage() { "Gõ lệnh sai." / "Wrong use of the command." }
    exit_machine() { "Máy gặp sự cố: đĩa, mạng hoặc quyền truy cập." / "The machine failed: disk, network or permission." }
    file_station() { "Cấu hình của đài, do loaxa station setup ghi." / "The station's configuration, written by loaxa station setup." }
    file_default() { "Ngôn ngữ và mức chi tiết của thông báo." / "Language and detail of messages." }
    file_state() { "Thư viện bản tin, khóa và nhật ký phát sóng." / "Library of bulletins, keys and the as-run log." }
}
