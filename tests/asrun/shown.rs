//! What people see, in both languages.

use std::{fs, path::Path};

use loaxa::text::Lang;

use crate::support::*;

fn sample() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), &Log::sample().files());
    dir
}

fn show(dir: &Path, options: &[&str], json: bool, lang: Lang) -> (u8, String, String) {
    let dir = dir.display().to_string();
    loaxa(&[&["log", "show", &dir], options].concat(), json, lang)
}

#[test]
fn a_table_reads_as_a_person_speaks() {
    let dir = sample();
    let (_, vi, quiet) = show(dir.path(), &["--from", "2026-12-01T00:00:00Z"], false, Lang::Vi);
    let (_, en, _) = show(dir.path(), &["--from", "2026-12-01T00:00:00Z"], false, Lang::En);
    assert_eq!(quiet, "");
    insta::assert_snapshot!(vi + &en, @r#"
        Số  Thời điểm            Nội dung
        13  01/12/2026 13:00:00  ban-tin-sang (yen-the) lúc 01/12/2026 13:00:00: bắt đầu phát: Đường dây nóng "111"
        14  01/12/2026 13:00:51  ban-tin-sang (yen-the) lúc 01/12/2026 13:00:00: đã phát đủ, thời lượng 0:50
        15  02/12/2026 00:00:00  ban-tin-sang (yen-the) lúc 02/12/2026 00:00:00: không phát được, tạm giữ loa
        16  02/12/2026 01:00:00  Tạm giữ loa đến 02/12/2026 02:00:00 (lý do: Họp xã \  )
        17  02/12/2026 02:00:00  Hết giờ giữ loa
        18  02/12/2026 02:00:01  Người trực: dừng phát (lý do: =1+1)
        19  02/12/2026 02:00:02  Mất thiết bị âm thanh default
        20  02/12/2026 02:00:03  Nguồn phát đã cũ: timestamp
        21  02/12/2026 13:00:00  khẩn cấp bao-so-5, lượt 1: bắt đầu phát: Đường dây nóng "111"
        22  02/12/2026 13:01:00  khẩn cấp bao-so-5, lượt 1: bị gián đoạn, mất điện, thời lượng 0:50
    10 bản ghi được liệt kê; 12 bản ghi khác không khớp điều kiện.
       No.  Time                 What
        13  01/12/2026 13:00:00  ban-tin-sang (yen-the) of 01/12/2026 13:00:00: begins: Đường dây nóng "111"
        14  01/12/2026 13:00:51  ban-tin-sang (yen-the) of 01/12/2026 13:00:00: played, 0:50 sent
        15  02/12/2026 00:00:00  ban-tin-sang (yen-the) of 02/12/2026 00:00:00: missed, hold
        16  02/12/2026 01:00:00  PA held until 02/12/2026 02:00:00 (reason: Họp xã \  )
        17  02/12/2026 02:00:00  Hold ended by itself
        18  02/12/2026 02:00:01  Operator: stop (reason: =1+1)
        19  02/12/2026 02:00:02  Sound device default lost
        20  02/12/2026 02:00:03  Feed stale: timestamp
        21  02/12/2026 13:00:00  urgent bao-so-5, airing 1: begins: Đường dây nóng "111"
        22  02/12/2026 13:01:00  urgent bao-so-5, airing 1: interrupted, power cut, 0:50 sent
    10 records shown; 12 others do not match.
    "#);
}

#[test]
fn spans_are_half_open_and_count_by_the_due_instant() {
    let dir = sample();
    let seqs = |options: &[&str]| {
        let (exit, out, _) = show(dir.path(), options, true, Lang::En);
        assert_eq!(exit, 0);
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        value["records"].as_array().unwrap().iter().map(|r| r["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(seqs(&[]), (1..=22).collect::<Vec<_>>());
    assert_eq!(seqs(&["--from", "2026-11-01T13:00:00+07:00", "--to", "2026-11-02T06:00:00Z"]), [7, 8, 9]);
    assert_eq!(seqs(&["--outcome", "missed"]), [6, 9, 12, 15]);
    assert_eq!(seqs(&["--outcome", "missed:off"]), Vec::<u64>::new());
    assert_eq!(seqs(&["--slot", "yen-the/ban-tin-sang", "--outcome", "played"]), [5, 8, 11, 14]);
    assert_eq!(seqs(&["--slot", "bao-so-5"]), [21, 22]);
}

#[test]
fn json_holds_the_lines_as_they_were_written() {
    let dir = sample();
    let (_, out, _) = show(dir.path(), &["--slot", "ban-tin-sang", "--outcome", "played"], true, Lang::Vi);
    let line = String::from_utf8(Log::sample().lines()[4].clone()).unwrap();
    assert!(out.contains(&line));
    let value: serde_json::Value = serde_json::from_str(&out).unwrap();
    let record = &value["records"][0];
    assert_eq!(record["kind"], "outcome");
    assert_eq!(record["prev"].as_str().map(str::len), Some(64));
    assert_eq!(record["occurrence"]["due"], "2026-10-31T06:00:00.000000Z");
    assert_eq!(record["items"][0]["frames"], 2_400_000);
    assert_eq!(record["items"][0]["bulletin"], "duong-day-nong-111");
}

#[test]
fn a_spreadsheet_opens_with_accents_and_runs_no_formula() {
    let dir = sample();
    let (_, csv, _) = show(dir.path(), &["--csv"], false, Lang::Vi);
    assert!(csv.starts_with("\u{feff}\"Số\","), "{csv}");
    assert_eq!(csv.matches("\r\n").count(), 23);
    let rows: Vec<_> = csv.lines().collect();
    let columns = rows[0].matches("\",\"").count();
    assert!(rows.iter().all(|row| row.matches("\",\"").count() == columns));
    insta::assert_snapshot!([rows[0], rows[5], rows[6], rows[18]].join("\n"), @r#"
    ﻿"Số","Thời điểm ghi","Nội dung","Khu vực","Khung giờ phát","Giờ theo lịch","Kết quả","Lý do","Số lần","Bản tin","Số giây đã phát","Tiếng đầu tiên","Trễ (ms)"
    "5","31/10/2026 13:00:51","ban-tin-sang (yen-the) lúc 31/10/2026 13:00:00: đã phát đủ, thời lượng 0:50","yen-the","ban-tin-sang","31/10/2026 13:00:00","đã phát đủ","","1","duong-day-nong-111","50","31/10/2026 13:00:00.000","0"
    "6","01/11/2026 00:00:00","ban-tin-sang (yen-the) lúc 01/11/2026 00:00:00: không phát được, tạm giữ loa","yen-the","ban-tin-sang","01/11/2026 00:00:00","không phát được","tạm giữ loa","1","","0","",""
    "18","02/12/2026 02:00:01","Người trực: dừng phát (lý do: =1+1)","","","","","","","","","",""
    "#);
}

#[test]
fn a_damaged_log_is_shown_as_far_as_it_reads_with_a_warning() {
    let dir = sample();
    let file = dir.path().join("000000000007-2026-11.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("\"kind\"", "\u{1b}kind", 1)).unwrap();
    let (exit, out, err) = show(dir.path(), &[], false, Lang::En);
    assert_eq!((exit, out.lines().count()), (1, 1 + 21 + 1));
    let (_, _, vi) = show(dir.path(), &[], false, Lang::Vi);
    insta::assert_snapshot!(err + &vi, @r"
    000000000007-2026-11.jsonl:1: this line cannot be read and is left out.
    Warning: this log does not verify. 000000000007-2026-11.jsonl:1: The line is not written as it must be, near byte 130: changed or damaged.
    000000000007-2026-11.jsonl:1: không đọc được dòng này, bỏ qua.
    Cảnh báo: nhật ký không đạt kiểm tra. 000000000007-2026-11.jsonl:1: Dòng không được viết đúng quy cách, gần byte thứ 130: đã bị sửa hoặc bị hỏng.
    ");
}

#[test]
fn what_is_left_of_a_pruned_log_is_shown_without_a_warning() {
    let dir = sample();
    fs::remove_file(dir.path().join("000000000001-2026-10.jsonl")).unwrap();
    let (exit, out, err) = show(dir.path(), &[], false, Lang::En);
    assert_eq!((exit, out.lines().count(), &*err), (0, 1 + 16 + 1, ""));
}

#[test]
fn wrong_use_is_told_with_a_remedy() {
    let dir = sample();
    let file = dir.path().join("000000000007-2026-11.jsonl");
    let mut said = String::new();
    for options in
        [&["--from", "yesterday"][..], &["--outcome", "lost"], &["--timezone", "Hanoi"], &["--slot", "none"]]
    {
        for lang in [Lang::Vi, Lang::En] {
            let (exit, _, err) = show(dir.path(), options, false, lang);
            said += &format!("{exit} {err}\n");
        }
    }
    for lang in [Lang::Vi, Lang::En] {
        let (exit, _, err) = show(&file, &[], false, lang);
        said += &format!("{exit} {}\n", err.replace(&dir.path().display().to_string(), "DIR"));
        let (exit, _, err) = show(&dir.path().join("gone"), &[], false, lang);
        said += &format!("{exit} {}\n", err.replace(&dir.path().display().to_string(), "DIR"));
        let key = file.display().to_string();
        let at = dir.path().display().to_string();
        let (exit, _, err) = loaxa(&["log", "verify", &at, "--key", &key], false, lang);
        said += &format!("{exit} {}\n", err.replace(&at, "DIR"));
    }
    insta::assert_snapshot!(said, @r"
    2 `yesterday` không phải thời điểm. Hãy viết như 2026-12-01T06:00:00+07:00.
    2 `yesterday` is no instant. Write it like 2026-12-01T06:00:00+07:00.
    2 Không có kết quả `lost`. Hãy dùng: played, preempted, interrupted, partial, missed, skipped; có thể thêm lý do, như missed:off.
    2 There is no outcome `lost`. Use: played, preempted, interrupted, partial, missed, skipped; a reason may follow, as in missed:off.
    2 Không có múi giờ `Hanoi`. Hãy viết như Asia/Ho_Chi_Minh.
    2 There is no zone `Hanoi`. Write it like Asia/Ho_Chi_Minh.
    0 
    0 
    2 DIR/000000000007-2026-11.jsonl là một tệp. Hãy giải nén rồi chỉ đến thư mục chứa nhật ký.
    3 Không đọc được DIR/gone: không có tệp hoặc thư mục này (mã lỗi 2).
    2 Tệp DIR/000000000007-2026-11.jsonl không chứa khóa Ed25519. Cần 64 chữ số thập lục phân hoặc tệp PEM.
    2 DIR/000000000007-2026-11.jsonl is a file. Unpack it and name the folder of the log.
    3 DIR/gone cannot be read: No such file or directory (os error 2).
    2 DIR/000000000007-2026-11.jsonl holds no Ed25519 key. Give 64 hex digits or a PEM file.
    ");
}

#[test]
fn a_verdict_names_line_reason_and_how_far_the_proof_goes() {
    let dir = sample();
    let keys = Both::start();
    let at = dir.path().display().to_string();
    let mut said = String::new();
    let mut verify = |options: &[&str]| {
        for lang in [Lang::Vi, Lang::En] {
            let (exit, out, _) = loaxa(&[&["log", "verify", &at], options].concat(), false, lang);
            said += &format!("{exit} {out}\n");
        }
    };
    verify(&[]);
    let (key, hub) = (keys.key_file(1), keys.key_file(3));
    let receipt = keys.keep("receipt", &Log::sample().receipt(20, 3));
    verify(&["--key", &key, "--receipt", &receipt]);
    verify(&["--key", &key, "--receipt", &receipt, "--receipt-key", &hub]);
    let whole = keys.keep("whole", &Log::sample().receipt(22, 3));
    verify(&["--key", &key, "--receipt", &whole, "--receipt-key", &hub]);
    let registry = keys.registry(&[("tram-xa-an-thuong", 1)], &[]);
    verify(&["--feed", &registry]);
    let file = dir.path().join("000000000007-2026-11.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("played", "missed", 1)).unwrap();
    verify(&["--key", &key]);
    insta::assert_snapshot!(said, @r"
    0 Nhật ký nhất quán, nhưng chưa chứng minh được ai ký. Hãy thêm --key hoặc --feed.
    22 bản ghi đúng, từ 1 đến 22, trong 3 tệp.
    SHA-256 của dòng cuối: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Đài: tram-xa-an-thuong. Mã nhật ký: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    Không có biên nhận: không thể biết phần cuối có bị cắt hay không.

    0 Consistent, signer unproven. Give --key or --feed.
    22 good records, 1 to 22, in 3 files.
    SHA-256 of the last line: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Station: tram-xa-an-thuong. Log id: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    No receipt: whether a tail was cut off cannot be told.

    0 ĐẠT. Mọi bản ghi đều nối tiếp nhau và do khóa đã cho ký.
    22 bản ghi đúng, từ 1 đến 22, trong 3 tệp.
    SHA-256 của dòng cuối: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Đài: tram-xa-an-thuong. Mã nhật ký: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    Có biên nhận đến bản ghi 20 và nhật ký khớp với nó, nhưng chưa chứng minh được ai ký biên nhận. Hãy thêm --feed hoặc --receipt-key.

    0 VERIFIED. All records follow each other and are signed by the key given.
    22 good records, 1 to 22, in 3 files.
    SHA-256 of the last line: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Station: tram-xa-an-thuong. Log id: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    A receipt reaches record 20 and the log agrees with it, but who signed the receipt is unproven. Give --feed or --receipt-key.

    0 ĐẠT. Mọi bản ghi đều nối tiếp nhau và do khóa đã cho ký.
    22 bản ghi đúng, từ 1 đến 22, trong 3 tệp.
    SHA-256 của dòng cuối: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Đài: tram-xa-an-thuong. Mã nhật ký: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    Trung tâm đã ký nhận đến bản ghi 20, lúc 03/12/2026 07:00:00. Các bản ghi từ 21 đến 22 chưa được ký nhận: ai chiếm được máy của đài thì vẫn có thể viết lại chúng.

    0 VERIFIED. All records follow each other and are signed by the key given.
    22 good records, 1 to 22, in 3 files.
    SHA-256 of the last line: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Station: tram-xa-an-thuong. Log id: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    The hub signed for records up to 20 on 03/12/2026 07:00:00. Records 21 to 22 are not covered: whoever controls the box could still rewrite them.

    0 ĐẠT. Mọi bản ghi đều nối tiếp nhau và do khóa đã cho ký.
    22 bản ghi đúng, từ 1 đến 22, trong 3 tệp.
    SHA-256 của dòng cuối: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Đài: tram-xa-an-thuong. Mã nhật ký: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    Trung tâm đã ký nhận đến bản ghi cuối, lúc 03/12/2026 07:00:00: phần cuối không bị cắt.

    0 VERIFIED. All records follow each other and are signed by the key given.
    22 good records, 1 to 22, in 3 files.
    SHA-256 of the last line: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Station: tram-xa-an-thuong. Log id: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    The hub signed for the last record on 03/12/2026 07:00:00: no tail is cut off.

    0 ĐẠT. Mọi bản ghi đều nối tiếp nhau và do khóa đã đăng ký của đài tram-xa-an-thuong ký.
    22 bản ghi đúng, từ 1 đến 22, trong 3 tệp.
    SHA-256 của dòng cuối: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Đài: tram-xa-an-thuong. Mã nhật ký: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    Không có biên nhận: không thể biết phần cuối có bị cắt hay không.

    0 VERIFIED. All records follow each other and are signed by the registered key of station tram-xa-an-thuong.
    22 good records, 1 to 22, in 3 files.
    SHA-256 of the last line: 27edb7cbc7244326e47bd14e0e9c4586d9c902da5412f9d094357df24e6dbf1c
    Station: tram-xa-an-thuong. Log id: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    No receipt: whether a tail was cut off cannot be told.

    1 KHÔNG ĐẠT. 000000000007-2026-11.jsonl:2 (bản ghi 8): Chữ ký không khớp: dòng đã bị sửa, hoặc do khóa khác ký.
    7 bản ghi đúng, từ 1 đến 7, trong 2 tệp.
    Đài: tram-xa-an-thuong. Mã nhật ký: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    Lưu ý, 000000000007-2026-11.jsonl:1: Lần phát yen-the/ban-tin-sang 2026-11-01T06:00:00.000000Z đã bắt đầu nhưng chưa có kết quả.

    1 DOES NOT VERIFY. 000000000007-2026-11.jsonl:2 (record 8): The signature does not match: the line was changed, or another key signed it.
    7 good records, 1 to 7, in 2 files.
    Station: tram-xa-an-thuong. Log id: 34750f98bd59fcfc946da45aaabe933be154a4b5094e1c4abf42866505f3c97e
    Note, 000000000007-2026-11.jsonl:1: The occurrence yen-the/ban-tin-sang 2026-11-01T06:00:00.000000Z was begun and has no outcome yet.
    ");
}

#[test]
fn every_fault_and_note_reads_in_both_languages() {
    use loaxa::asrun::findings::{Fault::*, Remark};
    let digest = loaxa::digest::Digest::ZERO;
    let faults = [
        NoLog,
        SegmentName,
        MissingStart { first: 7 },
        Gap { due: 3, found: 4 },
        Gap { due: 3, found: 6 },
        Repeated { due: 3, found: 2 },
        Empty,
        Unterminated,
        TooLong,
        NotCanonical { at: 16 },
        Format { found: 2 },
        Shape { key: String::new() },
        Shape { key: "occurrence.due".into() },
        Prev,
        Signature,
        Unregistered,
        Month { found: "2026-12".into() },
        NoBoot,
        OtherLog { found: digest },
        OtherStation { found: "tram-khac".into() },
        Rewritten { receipt: at("2026-12-01T00:00:00Z") },
        Cut { receipt: 9, last: 7 },
        ReceiptMalformed,
        ReceiptSignature,
        ReceiptOtherLog { found: digest },
    ];
    let of = || "yen-the/ban-tin-sang 2026-12-01T06:00:00.000000Z".to_owned();
    let notes = [
        Remark::Torn { bytes: 12 },
        Remark::Newer { count: 3 },
        Remark::TimeBack { count: 2 },
        Remark::TwoOutcomes { of: of() },
        Remark::IntentAgain { of: of() },
        Remark::OpenIntent { of: of() },
    ];
    let faults = faults.iter().map(|f| (f.word(), f.text()));
    let all = faults.chain(notes.iter().map(|n| (n.word(), n.text())));
    let said: Vec<_> = all.map(|(word, text)| format!("{word}\n  {}\n  {}", text.vi, text.en)).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    no-log
      Không có bản ghi nào của nhật ký phát sóng ở đây.
      There is no record of an as-run log here.
    segment-name
      Tên tệp không đúng dạng 000000000001-2026-12.jsonl.
      The file is not named like 000000000001-2026-12.jsonl.
    missing-start
      Nhật ký bắt đầu từ bản ghi 7, thiếu phần trước đó, và không có biên nhận nào chứng minh trung tâm đã giữ phần ấy. Hãy thêm --feed hoặc --receipt-key cùng biên nhận.
      The log begins with record 7; what came before is missing, and no proven receipt shows that the hub holds it. Give --feed or --receipt-key, and the receipt.
    gap
      Thiếu bản ghi 3.
      Record 3 is missing.
    gap
      Thiếu các bản ghi từ 3 đến 5.
      Records 3 to 5 are missing.
    repeated
      Ở đây phải là bản ghi 3 nhưng lại là số 2: bị chép lặp, đảo thứ tự hoặc có hai nhánh.
      Record 3 should stand here, but its number is 2: copied, reordered, or a second branch.
    empty
      Tệp trống, mà sau nó còn tệp khác.
      The file is empty, and another follows it.
    unterminated
      Dòng này bị đứt, mà sau nó còn dòng khác.
      This line is not terminated, and others follow it.
    too-long
      Dòng dài quá 1 MiB.
      The line is longer than 1 MiB.
    not-canonical
      Dòng không được viết đúng quy cách, gần byte thứ 17: đã bị sửa hoặc bị hỏng.
      The line is not written as it must be, near byte 17: changed or damaged.
    format
      Dòng theo khuôn dạng 2, phiên bản loaxa này chưa biết. Hãy dùng phiên bản mới hơn.
      The line is of format 2, which this version of loaxa does not know. Use a newer one.
    shape
      Phần đầu hoặc phần cuối của dòng không đúng quy cách.
      The beginning or the end of the line is not as it must be.
    shape
      Khóa `occurrence.due` bị thiếu, sai chỗ hoặc sai kiểu.
      The key `occurrence.due` is missing, out of place, or of another type.
    prev
      Dòng này không nối tiếp dòng trước: một trong hai dòng đã bị sửa.
      This line does not follow the one before: one of the two was changed.
    signature
      Chữ ký không khớp: dòng đã bị sửa, hoặc do khóa khác ký.
      The signature does not match: the line was changed, or another key signed it.
    unregistered
      Khóa ký nhật ký này không thuộc đài nào trong danh bạ đài.
      The key that signed this log belongs to no station in the registry.
    month
      Bản ghi thuộc tháng 2026-12, không phải tháng trong tên tệp.
      The record is of month 2026-12, which is not the one in the file's name.
    no-boot
      Bản ghi đầu tiên phải là bản ghi khởi động (boot).
      The first record must be a boot record.
    other-log
      Bản ghi khởi động thuộc một nhật ký khác (0000000000000000000000000000000000000000000000000000000000000000).
      The boot record is of another log (0000000000000000000000000000000000000000000000000000000000000000).
    other-station
      Bản ghi khởi động thuộc một đài khác (tram-khac).
      The boot record is of another station (tram-khac).
    rewritten
      Dòng này khác với dòng mà trung tâm đã ký nhận lúc 01/12/2026 07:00:00: nhật ký đã bị viết lại.
      This line is not the one that the hub signed for on 01/12/2026 07:00:00: the log was rewritten.
    cut
      Trung tâm đã ký nhận đến bản ghi 9, nhưng nhật ký dừng ở 7: phần cuối đã bị cắt.
      The hub signed for record 9, but the log ends with 7: its tail was cut off.
    receipt-malformed
      Đây không phải là một biên nhận viết đúng quy cách.
      This is not a receipt as it must be written.
    receipt-signature
      Biên nhận không do khóa của trung tâm ký.
      The receipt is not signed by a receipt key of the hub.
    receipt-other-log
      Biên nhận thuộc một nhật ký khác (0000000000000000000000000000000000000000000000000000000000000000).
      The receipt is for another log (0000000000000000000000000000000000000000000000000000000000000000).
    torn
      Dòng cuối bị đứt (12 byte), thường do mất điện. Dòng này không được tính.
      The last line is not terminated (12 bytes), as a power cut leaves it. It does not count.
    newer
      Có 3 bản ghi chứa nội dung mới hơn phiên bản này, bắt đầu từ đây. Hãy dùng loaxa mới hơn để đọc hết.
      3 records, from here on, hold something newer than this version. Read them with a newer loaxa.
    time-back
      Đồng hồ của đài đã lùi 2 lần, lần đầu ở đây.
      The station's clock went back 2 times, here first.
    two-outcomes
      Lần phát yen-the/ban-tin-sang 2026-12-01T06:00:00.000000Z có hai kết quả.
      The occurrence yen-the/ban-tin-sang 2026-12-01T06:00:00.000000Z has two outcomes.
    intent-again
      Lần phát yen-the/ban-tin-sang 2026-12-01T06:00:00.000000Z được bắt đầu lần thứ hai.
      The occurrence yen-the/ban-tin-sang 2026-12-01T06:00:00.000000Z was begun a second time.
    open-intent
      Lần phát yen-the/ban-tin-sang 2026-12-01T06:00:00.000000Z đã bắt đầu nhưng chưa có kết quả.
      The occurrence yen-the/ban-tin-sang 2026-12-01T06:00:00.000000Z was begun and has no outcome yet.
    ");
}

#[test]
fn help_stands_in_both_languages() {
    let help = |lang| {
        let mut command = loaxa::cli::log::command(lang);
        let verbs: Vec<_> = command.get_subcommands_mut().map(|c| c.render_long_help().to_string()).collect();
        verbs.join("\n")
    };
    let (vi, en) = (help(Lang::Vi), help(Lang::En));
    assert!(vi.contains("Thư mục nhật ký") && en.contains("Folder of the log"));
    assert_eq!(vi.lines().count(), en.lines().count());
}
