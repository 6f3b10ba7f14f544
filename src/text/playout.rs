//! Words of the room `playout`.

use super::catalogue;

catalogue! {
    sink_unknown(text) {
        "không hiểu thiết bị âm thanh `{text}`"
        / "`{text}` is no sound device"
    }
    sink_unknown_remedy() {
        "ghi `alsa:plughw:CARD=…,DEV=0`, `pulseaudio:TÊN`, `default` hoặc `wav:ĐƯỜNG-DẪN`; lệnh `loaxa station setup` liệt kê các thiết bị"
        / "write `alsa:plughw:CARD=…,DEV=0`, `pulseaudio:NAME`, `default` or `wav:PATH`; `loaxa station setup` lists the devices"
    }
    sink_unnamed(text) { "`{text}` thiếu tên thiết bị" / "`{text}` does not name a device" }
    sink_unnamed_remedy() {
        "ghi tên sau dấu hai chấm; lệnh `loaxa station setup` liệt kê các thiết bị"
        / "put the name behind the colon; `loaxa station setup` lists the devices"
    }
    sink_number(name) {
        "`{name}` gọi card âm thanh bằng số, mà số này có thể đổi sau mỗi lần khởi động"
        / "`{name}` calls the sound card by its number, which changes from boot to boot"
    }
    sink_number_remedy() {
        "ghi theo tên card, ví dụ `alsa:plughw:CARD=Audio,DEV=0`; lệnh `loaxa station setup` liệt kê các tên"
        / "name the card, such as `alsa:plughw:CARD=Audio,DEV=0`; `loaxa station setup` lists the names"
    }
    sink_raw(name) {
        "`{name}` chỉ nhận đúng định dạng của card, nên có thể không phát được"
        / "`{name}` takes only the card's own format, so it may refuse to play"
    }
    sink_raw_remedy(plug) { "ghi `alsa:{plug}`" / "write `alsa:{plug}`" }

    device_absent(name) {
        "không thấy thiết bị âm thanh {name}; hãy kiểm tra dây cắm và nguồn của card"
        / "the sound device {name} is not there; check that the card is plugged in and has power"
    }
    device_denied(name, user) {
        "người dùng {user} không có quyền dùng thiết bị âm thanh {name}; hãy thêm người dùng này vào nhóm audio: `usermod -aG audio {user}`"
        / "the user {user} has no permission for the sound device {name}; put that user into the group audio: `usermod -aG audio {user}`"
    }
    device_busy(name) {
        "thiết bị âm thanh {name} đang bị chương trình khác dùng; hãy tắt chương trình đó"
        / "another program uses the sound device {name}; stop that program"
    }
    device_no_server(name, why) {
        "không nối được tới dịch vụ âm thanh cho {name}: {why}"
        / "the sound server of {name} cannot be reached: {why}"
    }
    device_failed(name, why) { "thiết bị âm thanh {name} báo lỗi: {why}" / "the sound device {name} failed: {why}" }
    device_silent(name) {
        "thiết bị âm thanh {name} không phản hồi"
        / "the sound device {name} does not respond"
    }
    device_fast(name) {
        "thiết bị âm thanh {name} nhận tiếng nhanh hơn thời gian thật, nên không phải là loa; hãy chọn thiết bị khác"
        / "the sound device {name} takes sound faster than time, so it is no loudspeaker; choose another"
    }
    device_slow(name) {
        "thiết bị âm thanh {name} nhận tiếng chậm hơn thời gian thật"
        / "the sound device {name} takes sound slower than time"
    }
    device_thread(why) { "không tạo được luồng cho thiết bị âm thanh: {why}" / "no thread for the sound device: {why}" }

    test_cut(name) {
        "thiết bị âm thanh {name} không phát hết tiếng thử"
        / "the sound device {name} did not play the test tone to its end"
    }

    mixer_no_card(pcm) { "không biết `{pcm}` thuộc card nào" / "which card `{pcm}` belongs to is not known" }
    mixer_absent(card) { "card {card} không có nút âm lượng này" / "the card {card} has no such volume control" }
    mixer_failed(card, why) { "không chỉnh được âm lượng của {card}: {why}" / "the mixer of {card} failed: {why}" }

    wav_in_use(path) { "tệp {path} đang được một chương trình khác ghi" / "another process is writing {path}" }
    wav_foreign(path) {
        "tệp {path} không phải do loa ảo tạo ra, nên được giữ nguyên; hãy chọn tên khác"
        / "{path} was not written by the virtual PA and is left as it is; choose another name"
    }
    wav_denied(path, user) {
        "người dùng {user} không có quyền ghi tệp {path}; hãy cho người dùng này quyền ghi tệp và thư mục đó, ví dụ bằng `chown {user}`"
        / "the user {user} has no permission to write {path}; let that user write the file and its folder, such as by `chown {user}`"
    }
    wav_io(path, why) { "không mở được tệp {path}: {why}" / "{path} cannot be opened: {why}" }
    wav_write(why) { "không ghi tiếp được vào tệp của loa ảo: {why}" / "the file of the virtual PA cannot be written: {why}" }

    not_canonical(why) {
        "tệp không đúng dạng âm thanh chuẩn (Ogg Opus, một kênh, 48 kHz): {why}"
        / "not the canonical form (Ogg Opus, mono, 48 kHz): {why}"
    }
    opus_cut(at) { "tệp bị cụt ở byte {at}" / "cut short at byte {at}" }
    opus_broken(at) { "tệp bị hỏng ở byte {at}" / "damaged at byte {at}" }
    opus_header() { "phần đầu tệp không đúng" / "its header is another's" }
    opus_packet(at) { "gói âm thanh ở mẫu {at} bị hỏng" / "the packet at frame {at} is damaged" }
    opus_granule(at, says, are) {
        "ở byte {at} ghi {says} mẫu nhưng thật ra là {are} mẫu" / "byte {at} says {says} frames, but there are {are}"
    }
    opus_no_decoder() { "không đủ bộ nhớ để giải mã" / "no memory for the decoder" }
}
