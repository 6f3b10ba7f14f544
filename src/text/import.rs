//! Words of the room `office/import`.

use super::{Text, catalogue};
#[cfg(feature = "office")]
use crate::office::import::fault::{Bound, End, ImportFault, Look};

/// What is wrong with a recording.
#[cfg(feature = "office")]
pub fn what(fault: &ImportFault) -> Text {
    use ImportFault as F;
    match fault {
        F::NotAFile => not_a_file(),
        F::TooBig(bytes, max) => too_big(bytes.div_ceil(1_000_000), max / 1_000_000),
        F::NotSound(look) => not_sound(self::look(*look)),
        F::NoSound => no_sound(),
        F::SeveralTracks(n) => several_tracks(*n),
        F::CutShort { declared, decoded, bytes } => match (declared, decoded, bytes) {
            (Some(declared), Some(decoded), _) => cut_short(*declared, *decoded),
            (_, _, Some((want, have))) => cut_short_bytes(*want, *have),
            (_, Some(decoded), _) => cut_short_after(*decoded),
            _ => cut_short_plain(),
        },
        F::Damaged(Some(at), said) => damaged_at(*at, said),
        F::Damaged(None, said) => damaged(said),
        F::Joined(n) => joined(*n),
        F::Longer(declared, decoded) => longer(*declared, *decoded),
        F::Silent => silent(),
        F::NearlySilent(lufs) => nearly_silent(*lufs),
        F::AntiPhase(stereo, mono) => anti_phase(*stereo, *mono),
        F::TooLong(length, most) => too_long(*length, *most),
        F::TooShort(length) => too_short(*length),
        F::SilentEnd(End::Start, length, most) => silent_start(*length, *most),
        F::SilentEnd(End::Finish, length, most) => silent_finish(*length, *most),
        F::Unsteady(lufs, peak) => unsteady(*lufs, *peak),
        F::Bound(Bound::Cpu) => bound_cpu(),
        F::Bound(Bound::Wall) => bound_wall(),
        F::Bound(Bound::Memory) => bound_memory(),
        F::Bound(Bound::Disk) => bound_disk(),
        F::NoTool(name) => no_tool(*name),
        F::Machine(doing, e) => machine(*doing, e),
    }
}

/// What a person can do about it.
#[cfg(feature = "office")]
pub fn remedy(fault: &ImportFault) -> Text {
    use ImportFault as F;
    match fault {
        F::NotAFile => not_a_file_remedy(),
        F::TooBig(..) => too_big_remedy(),
        F::NotSound(Look::Playlist) => playlist_remedy(),
        F::NotSound(Look::Archive) => archive_remedy(),
        F::NotSound(_) | F::NoSound => not_sound_remedy(),
        F::SeveralTracks(_) => several_tracks_remedy(),
        F::CutShort { .. } | F::Damaged(..) => again_remedy(),
        F::Joined(_) | F::Longer(..) => save_again_remedy(),
        F::Silent | F::NearlySilent(_) => silent_remedy(),
        F::AntiPhase(..) => anti_phase_remedy(),
        F::TooLong(..) => too_long_remedy(),
        F::TooShort(_) => too_short_remedy(),
        F::SilentEnd(..) => silent_end_remedy(),
        F::Unsteady(..) => unsteady_remedy(),
        F::Bound(_) => bound_remedy(),
        F::NoTool(name) => no_tool_remedy(if *name == "prlimit" { "util-linux" } else { "ffmpeg" }),
        F::Machine(..) => machine_remedy(),
    }
}

#[cfg(feature = "office")]
fn look(look: Look) -> Text {
    match look {
        Look::Empty => look_empty(),
        Look::Zeros => look_zeros(),
        Look::Html => look_html(),
        Look::Playlist => look_playlist(),
        Look::Picture => look_picture(),
        Look::Pdf => look_pdf(),
        Look::Archive => look_archive(),
        Look::Document => look_document(),
        Look::Program => look_program(),
        Look::Text => look_text(),
        Look::TagOnly => look_tag(),
        Look::Unknown => look_unknown(),
    }
}

catalogue! {
    seconds(n) { "{n} giây" / "{n} s" }
    not_a_file() { "đây không phải là một tệp" / "this is not a file" }
    not_a_file_remedy() { "chọn một tệp ghi âm (mp3, wav, m4a, ogg…), không chọn thư mục hay thiết bị"
        / "choose a recording (mp3, wav, m4a, ogg…), not a folder or a device" }
    too_big(mb, max) { "tệp quá lớn: {mb} MB, tối đa {max} MB" / "the file is too large: {mb} MB, at most {max} MB" }
    too_big_remedy() { "xuất lại bản ghi ở dạng mp3 hoặc m4a" / "export the recording as mp3 or m4a" }

    not_sound(look) { "đây không phải là bản ghi âm: {look}" / "this is not a recording: {look}" }
    not_sound_remedy() { "mở thử tệp bằng chương trình nghe nhạc; nếu không nghe được, xin lại bản ghi"
        / "try the file in a music player; if nothing is heard, ask for the recording again" }
    playlist_remedy() { "chọn chính tệp ghi âm mà danh sách này chỉ tới" / "choose the recording itself that this list points to" }
    archive_remedy() { "giải nén rồi chọn tệp ghi âm ở trong" / "unpack it and choose the recording inside" }
    look_empty() { "tệp trống" / "the file is empty" }
    look_zeros() { "phần đầu tệp chỉ toàn byte 0, thường do sao chép hỏng" / "it begins with nothing but zero bytes, often from a failed copy" }
    look_html() { "trông như một trang web (HTML)" / "it looks like a web page (HTML)" }
    look_playlist() { "trông như một danh sách phát, tức là chỉ tới tệp khác" / "it looks like a playlist, which only points to other files" }
    look_picture() { "trông như một hình ảnh" / "it looks like a picture" }
    look_pdf() { "trông như một tệp PDF" / "it looks like a PDF" }
    look_archive() { "trông như một tệp nén (zip, rar, 7z…)" / "it looks like an archive (zip, rar, 7z…)" }
    look_document() { "trông như một tài liệu văn phòng" / "it looks like an office document" }
    look_program() { "trông như một chương trình" / "it looks like a program" }
    look_text() { "trông như một tệp văn bản" / "it looks like a text file" }
    look_tag() { "chỉ có nhãn ID3 (tên bài, ảnh bìa), không có âm thanh" / "it holds only an ID3 tag (title, cover), no sound" }
    look_unknown() { "không nhận ra định dạng âm thanh nào" / "no known sound format is recognised" }
    no_sound() { "trong tệp không có âm thanh" / "there is no sound in this file" }
    several_tracks(n) { "tệp có {n} đường tiếng, không rõ phải dùng đường nào" / "the file has {n} sound tracks, and it is not clear which is meant" }
    several_tracks_remedy() { "xuất riêng đường tiếng cần phát thành một tệp" / "export the wanted track as a file of its own" }

    cut_short(declared, decoded) { "bản ghi bị cắt cụt: ghi là dài {declared}, chỉ đọc được {decoded}"
        / "the recording is cut short: it claims {declared}, only {decoded} could be read" }
    cut_short_bytes(want, have) { "bản ghi bị cắt cụt: ghi là có {want} byte, chỉ còn {have} byte"
        / "the recording is cut short: it claims {want} bytes, only {have} are there" }
    cut_short_after(decoded) { "bản ghi bị cắt cụt, hết giữa chừng sau {decoded}" / "the recording is cut short, it breaks off after {decoded}" }
    cut_short_plain() { "bản ghi bị cắt cụt" / "the recording is cut short" }
    damaged_at(at, said) { "bản ghi bị hỏng ở khoảng {at} tính từ đầu (bộ giải mã báo: {said})" / "the recording is damaged at about {at} from its start (decoder: {said})" }
    damaged(said) { "bản ghi bị hỏng (bộ giải mã báo: {said})" / "the recording is damaged (decoder: {said})" }
    again_remedy() { "chép hoặc tải lại từ bản gốc, rồi thử lại" / "copy or download it again from where it came, then try again" }
    joined(n) { "tệp gồm {n} bản ghi nối liền nhau; nhiều máy chỉ phát phần đầu" / "the file is {n} recordings joined together; many players play only the first" }
    longer(declared, decoded) { "phần đầu tệp ghi là dài {declared} nhưng đọc được {decoded}; có thể nhiều bản ghi bị nối liền nhau"
        / "the file claims {declared} but {decoded} could be read; perhaps several recordings were joined" }
    save_again_remedy() { "mở bằng chương trình thu âm, nghe hết, lưu lại thành một tệp; hoặc nhập từng bản riêng"
        / "open it in a sound editor, listen to the end, save it as one file; or import each part by itself" }

    silent() { "bản ghi không có tiếng" / "the recording is silent" }
    nearly_silent(lufs) { "bản ghi nhỏ tiếng đến mức gần như không nghe được ({lufs} LUFS)" / "the recording is so quiet that almost nothing can be heard ({lufs} LUFS)" }
    silent_remedy() { "kiểm tra micro và thu lại" / "check the microphone and record again" }
    anti_phase(stereo, mono) { "hai kênh trái, phải ngược pha nên triệt tiêu nhau khi phát ra loa một kênh ({stereo} LUFS, còn {mono} LUFS)"
        / "left and right are in opposite phase and cancel each other on a single loudspeaker ({stereo} LUFS, {mono} LUFS is left)" }
    anti_phase_remedy() { "đổi cực (đảo pha) một kênh, hoặc chỉ xuất kênh trái, rồi thử lại" / "invert one channel, or export the left channel alone, then try again" }
    too_long(length, most) { "bản ghi quá dài: ít nhất {length}, tối đa {most}" / "the recording is too long: at least {length}, at most {most}" }
    too_long_remedy() { "chia thành nhiều bản tin ngắn" / "split it into shorter bulletins" }
    too_short(length) { "bản ghi quá ngắn: {length}, cần ít nhất 0,4 giây" / "the recording is too short: {length}, at least 0.4 s are needed" }
    too_short_remedy() { "kiểm tra xem có chọn đúng tệp không" / "check whether this is the right file" }
    silent_start(length, most) { "đầu bản ghi có {length} không có tiếng (cho phép {most})" / "the recording begins with {length} of silence (at most {most})" }
    silent_finish(length, most) { "cuối bản ghi có {length} không có tiếng (cho phép {most})" / "the recording ends with {length} of silence (at most {most})" }
    silent_end_remedy() { "thêm --trim để cắt phần không có tiếng ở hai đầu, hoặc tự cắt rồi thử lại" / "add --trim to cut silence at both ends, or cut it yourself and try again" }
    unsteady(lufs, peak) { "không đưa được bản ghi về độ to chuẩn -16 LUFS: đạt {lufs} LUFS, đỉnh {peak} dBTP"
        / "the recording could not be brought to -16 LUFS: reached {lufs} LUFS, peak {peak} dBTP" }
    unsteady_remedy() { "bản ghi quá ngắn hoặc to nhỏ quá chênh nhau: thu lại cho đều tiếng" / "it is too short or too uneven: record it again at an even level" }

    bound_cpu() { "đọc bản ghi tốn quá nhiều thời gian tính toán" / "reading the recording takes too much computing time" }
    bound_wall() { "đọc bản ghi quá lâu" / "reading the recording takes too long" }
    bound_memory() { "đọc bản ghi cần quá nhiều bộ nhớ" / "reading the recording needs too much memory" }
    bound_disk() { "đọc bản ghi cần quá nhiều chỗ trên đĩa" / "reading the recording needs too much disk space" }
    bound_remedy() { "tệp có thể bị hỏng hoặc cố ý làm sai: xuất lại bản ghi ở dạng wav hoặc mp3" / "the file may be damaged or made to harm: export the recording again as wav or mp3" }
    no_tool(name) { "máy này chưa có chương trình {name}" / "the program {name} is not installed" }
    no_tool_remedy(package) { "cài gói {package}, ví dụ: sudo apt install {package}" / "install the package {package}, such as: sudo apt install {package}" }
    machine(doing, error) { "máy gặp lỗi ({doing}): {error}" / "the computer failed ({doing}): {error}" }
    machine_remedy() { "kiểm tra chỗ trống trên đĩa và quyền ghi vào thư mục" / "check free disk space and permission to write in the folder" }

    warn_length_unstated() { "tệp không ghi độ dài, nên không thể biết có bị mất đoạn cuối hay không: hãy nghe đến hết" / "the file does not say how long it is, so a missing end cannot be seen: listen to the end" }
    warn_leading(length) { "đầu bản ghi có {length} không có tiếng" / "the recording begins with {length} of silence" }
    warn_trailing(length) { "cuối bản ghi có {length} không có tiếng" / "the recording ends with {length} of silence" }
    warn_pause(at, length) { "từ {at} có {length} không có tiếng" / "from {at} on there is {length} of silence" }
    warn_trimmed(head, tail) { "đã cắt phần không có tiếng: {head} ở đầu, {tail} ở cuối" / "silence was cut: {head} at the start, {tail} at the end" }
    warn_weak_in_mono(lu) { "hai kênh triệt tiêu nhau một phần: phát một kênh nhỏ hơn {lu} LU; hãy nghe thử" / "left and right partly cancel each other: {lu} LU quieter in one channel; listen to it" }
    warn_hot(peak) { "bản ghi bị quá tải (đỉnh {peak} dBTP), tiếng có thể bị rè" / "the recording is overdriven (peak {peak} dBTP) and may sound harsh" }
    warn_quiet(lufs) { "bản ghi rất nhỏ ({lufs} LUFS): khi tăng tiếng, tạp âm cũng to lên" / "the recording is very quiet ({lufs} LUFS): its noise is raised with it" }

    stage_copy() { "đang chép" / "copying" }
    stage_decode() { "đang đọc" / "reading" }
    stage_encode(round) { "đang chỉnh độ to, lần {round}" / "setting loudness, round {round}" }
    same_recording(id) { "bản ghi này đã có, là bản tin {id}: không nhập lần nữa" / "this recording is already there as bulletin {id}: not imported again" }

    field_title() { "tên bản tin" / "the title" }
    field_title_en() { "tên tiếng Anh" / "the English title" }
    field_transcript() { "lời đọc" / "the transcript" }
    field_hotline() { "số đường dây nóng" / "the hotline" }
    field_directive() { "số công văn" / "the directive" }
    unclean_empty(field) { "{field} trống" / "{field} is empty" }
    unclean_long(field, n) { "{field} quá dài: {n} ký tự" / "{field} is too long: {n} characters" }
    unclean_char(field, code) { "{field} có ký tự không nhìn thấy được ({code})" / "{field} has a character that cannot be seen ({code})" }
    unclean_remedy() { "gõ lại phần chữ này, không dán từ nơi khác" / "type this text anew instead of pasting it" }
    no_title() { "chưa có tên bản tin" / "there is no title" }
    no_title_remedy() { "ghi title: {{ vi: \"…\" }} trong tệp .yaml cạnh bản ghi, hoặc thêm --title" / "write title: {{ vi: \"…\" }} in the .yaml beside the recording, or add --title" }
    no_id() { "không tạo được mã bản tin từ tên" / "no id can be made from the title" }
    no_id_remedy() { "đặt mã bằng chữ thường không dấu, số và dấu gạch nối, ví dụ id: duong-day-nong-111" / "give an id of a-z, digits and hyphens, such as id: duong-day-nong-111" }
    no_category() { "chưa có chuyên mục" / "there is no category" }
    no_category_remedy() { "ghi category: law (pháp luật), tricks (thủ đoạn), justice (điều tra, xét xử), support (hỗ trợ nạn nhân) hoặc models (gương người tốt)"
        / "write category: law, tricks, justice, support or models" }
    chime_with_category() { "nhạc hiệu không có chuyên mục" / "a chime has no category" }
    chime_with_category_remedy() { "bỏ category, hoặc ghi kind: bulletin" / "leave out category, or write kind: bulletin" }
    no_language() { "chưa ghi ngôn ngữ" / "there is no language" }
    no_language_remedy() { "ghi languages: [vi], hoặc nut, tyz, mlc, yue, ium…" / "write languages: [vi], or nut, tyz, mlc, yue, ium…" }
    chime_with_language() { "nhạc hiệu không có ngôn ngữ" / "a chime has no language" }
    chime_with_language_remedy() { "bỏ languages, hoặc ghi kind: bulletin" / "leave out languages, or write kind: bulletin" }
    ends_before(from, until) { "ngày hết hiệu lực {until} trước ngày bắt đầu {from}" / "valid_until {until} is before valid_from {from}" }
    ends_before_remedy() { "sửa valid_from hoặc valid_until (năm-tháng-ngày)" / "mend valid_from or valid_until (year-month-day)" }
    ended(until) { "bản tin đã hết hiệu lực từ ngày {until}" / "the bulletin ended on {until}" }
    ended_remedy() { "ghi valid_until là ngày cuối còn được phát" / "let valid_until be the last day on which it may air" }
    wild_year() { "năm trong ngày hiệu lực không hợp lý" / "the year of a validity date makes no sense" }

    text_missing() { "không có tệp này" / "there is no such file" }
    text_missing_remedy() { "đặt tệp lời đọc cạnh bản ghi, hoặc sửa transcript_file" / "put the text beside the recording, or mend transcript_file" }
    text_not_beside() { "transcript_file phải là tên một tệp nằm cạnh bản ghi" / "transcript_file must name a file beside the recording" }
    text_not_beside_remedy() { "chỉ ghi tên tệp, không ghi thư mục" / "give the bare file name without a folder" }
    text_unreadable(error) { "không đọc được: {error}" / "cannot be read: {error}" }
    text_unreadable_remedy() { "kiểm tra quyền đọc tệp" / "check the permission to read it" }
    text_too_large(max) { "tệp chữ quá lớn (tối đa {max} byte)" / "the text is too large (at most {max} bytes)" }
    text_too_large_remedy() { "kiểm tra xem có chọn đúng tệp không" / "check whether this is the right file" }
    text_not_utf8() { "tệp chữ không phải bảng mã Unicode UTF-8 (có thể là TCVN3 hoặc VNI)" / "the text is not Unicode UTF-8 (perhaps TCVN3 or VNI)" }
    text_not_utf8_remedy() { "chuyển sang Unicode rồi lưu lại với bảng mã UTF-8" / "convert it to Unicode and save it as UTF-8" }
}
