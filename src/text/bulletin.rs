//! Words for what a bulletin's signed description says by codes. Files, JSON and spreadsheets keep the codes.

use super::{Text, catalogue};
use crate::bulletin::{Category, Kind, LangTag};

catalogue! {
    law() { "pháp luật, chính sách" / "law and policy" }
    tricks() { "thủ đoạn, người dễ bị hại" / "tricks, who is at risk" }
    justice() { "điều tra, xét xử" / "investigation and trial" }
    support() { "hỗ trợ nạn nhân" / "victim support" }
    models() { "người tốt, mô hình hay" / "good people and models" }
    chime() { "nhạc hiệu" / "chime" }
    bulletin() { "bản tin" / "bulletin" }
    vietnamese() { "Việt" / "Vietnamese" }
    nung() { "Nùng" / "Nùng" }
    tay() { "Tày" / "Tày" }
    cao_lan() { "Cao Lan" / "Cao Lan" }
    cantonese() { "Quảng Đông" / "Cantonese" }
    dao() { "Dao" / "Dao" }
}

/// A category in words, short enough for a table.
pub fn category(of: Category) -> Text {
    match of {
        Category::Law => law(),
        Category::Tricks => tricks(),
        Category::Justice => justice(),
        Category::Support => support(),
        Category::Models => models(),
    }
}

/// What a recording is for.
pub fn kind(of: Kind) -> Text {
    match of {
        Kind::Bulletin => bulletin(),
        Kind::Chime => chime(),
    }
}

/// A language by its name; by its tag, if the province's list has no name for it.
pub fn language(of: &LangTag) -> Text {
    match of.as_str() {
        "vi" => vietnamese(),
        "nut" => nung(),
        "tyz" => tay(),
        "mlc" => cao_lan(),
        "yue" => cantonese(),
        "ium" => dao(),
        other => Text::same(other),
    }
}

/// Several languages, the first first.
pub fn languages(all: &[LangTag]) -> Text {
    let names: Vec<_> = all.iter().map(language).collect();
    Text::join(&names, ", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_its_own_words_short_enough_for_a_table() {
        let all: std::collections::BTreeSet<_> = Category::ALL.map(|c| category(c).vi).into();
        assert_eq!(all.len(), Category::ALL.len());
        assert!(all.iter().all(|words| words.chars().count() <= 26));
    }

    #[test]
    fn a_language_without_a_name_keeps_its_tag() {
        let tags = ["tyz", "hmn"].map(|t| t.parse().unwrap());
        assert_eq!(languages(&tags).vi, "Tày, hmn");
    }
}
