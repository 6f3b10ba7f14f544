//! Words of the room `hub`.

use super::catalogue;

catalogue! {
    role_admin() { "Quản trị tỉnh" / "Province admin" }
    role_editor() { "Biên tập viên" / "Editor" }
    role_approver() { "Người duyệt" / "Approver" }
    role_area() { "Văn phòng khu vực" / "Area office" }
    role_inspector() { "Người kiểm tra" / "Inspector" }
    role_operator() { "Người trực đài" / "Operator" }

    log_in() { "Đăng nhập" / "Log in" }
    log_out() { "Đăng xuất" / "Log out" }
    login() { "Tên đăng nhập" / "Login" }
    password() { "Mật khẩu" / "Password" }
    skip() { "Đến nội dung chính" / "Skip to content" }
    nav() { "Các trang" / "Pages" }
    to_the_beginning() { "Về trang đầu" / "To the first page" }

    wrong_password() {
        "Tên đăng nhập hoặc mật khẩu không đúng." /
        "Login or password is wrong."
    }
    locked_out(seconds) {
        "Đã thử sai nhiều lần. Hãy đợi {seconds} giây rồi thử lại." /
        "Too many wrong attempts. Wait {seconds} seconds and try again."
    }
    not_found() { "Không có trang này." / "There is no such page." }
    please_log_in() { "Hãy đăng nhập trước." / "Please log in first." }
    forbidden() { "Tài khoản này không có quyền làm việc đó." / "This account may not do that." }
    machine_failed() {
        "Máy chủ gặp sự cố. Hãy thử lại sau; nếu vẫn vậy, báo cho quản trị tỉnh." /
        "The server failed. Try again later; if it stays so, tell the province's admin."
    }

    rule_listen() { "cần địa chỉ và cổng" / "an address and a port" }
    rule_url() { "cần địa chỉ bắt đầu bằng https:// hoặc http://" / "an address that begins with https:// or http://" }
    rule_path() { "cần đường dẫn" / "a path" }
    rule_database() { "cần địa chỉ PostgreSQL" / "the address of a PostgreSQL server" }
    rule_yes_no() { "cần true hoặc false" / "true or false" }

    no_data(path, why) {
        "Không dùng được thư mục dữ liệu {path}: {why}. Hãy kiểm tra đường dẫn và quyền ghi." /
        "The data folder {path} cannot be used: {why}. Check the path and who may write there."
    }
    no_database(why) {
        "Không mở được cơ sở dữ liệu: {why}." /
        "The database cannot be opened: {why}."
    }
    no_certificate(path, why) {
        "Không dùng được chứng chỉ {path}: {why}." /
        "The certificate {path} cannot be used: {why}."
    }
    config_unreadable(path, why) { "Không đọc được cấu hình {path}: {why}." / "The configuration {path} cannot be read: {why}." }
    no_signals(why) { "Hệ thống không cho nhận tín hiệu dừng: {why}." / "The system gives no signals: {why}." }
    no_password(why) { "Không đọc được mật khẩu: {why}." / "The password cannot be read: {why}." }
    no_listen(address, why) {
        "Không lắng nghe được ở {address}: {why}. Hãy đổi `listen` trong hub.yaml hoặc dừng chương trình đang dùng cổng đó." /
        "Cannot listen at {address}: {why}. Change `listen` in hub.yaml, or stop what uses that port."
    }
    running(address) {
        "Trung tâm đang chạy: {address}" /
        "The hub runs: {address}"
    }
    no_admin_yet(command) {
        "Chưa có tài khoản nào. Hãy tạo quản trị đầu tiên: {command}" /
        "There is no account yet. Make the first admin: {command}"
    }
    help_hub() { "Trung tâm: nơi văn phòng, đài và người kiểm tra gặp nhau" / "The hub: where offices, stations and inspectors meet" }
    help_run() { "Chạy trung tâm" / "Run the hub" }
    help_admin() { "Quản lý tài khoản ngay trên máy chủ" / "Accounts, from the server itself" }
    help_admin_add() { "Tạo tài khoản; mật khẩu được hỏi hoặc đọc từ bộ mô tả tệp" / "Make an account; its password is asked for, or read from a file descriptor" }
    help_login() { "Tên đăng nhập" / "Login" }
    help_name() { "Họ tên người giữ" / "Name of its holder" }
    help_role() { "Vai trò: admin, editor, approver, area, inspector, operator" / "Role: admin, editor, approver, area, inspector, operator" }
    help_area() { "Mã khu vực; quản trị đầu tiên lập khu vực cấp tỉnh" / "Id of its area; the first admin founds the province's" }
    help_area_title() { "Tên khu vực khi lập mới" / "Name of the area when it is founded" }
    help_password_fd() { "Đọc mật khẩu từ bộ mô tả tệp này" / "Read the password from this file descriptor" }
    account_made(login) { "Đã tạo tài khoản {login}." / "Account {login} was made." }
    login_taken(login) { "Đã có tài khoản {login}." / "There is an account {login} already." }
    no_such_area(area) { "Không có khu vực {area}." / "There is no area {area}." }
    unknown_role(role) { "Không có vai trò {role}." / "There is no role {role}." }
    short_password(least) { "Mật khẩu cần ít nhất {least} ký tự." / "A password has at least {least} letters." }
    ask_password() { "Mật khẩu mới: " / "New password: " }
}
