//! Every word for people stands in Vietnamese and in English: the catalogue, the helps, what is said of a line that does
//! not fit. (That a language cannot be left out, the compiler sees to: doc tests of `catalogue!`.)

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::disallowed_methods, missing_docs)]

#[path = "language/catalogue.rs"]
mod catalogue;
#[path = "language/grammar.rs"]
mod grammar;

/// Letters that only Vietnamese has, tone marks included.
fn is_vietnamese(c: char) -> bool {
    "ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵÀÁẢÃẠẰẮẲẴẶẦẤẨẪẬÈÉẺẼẸỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌỒỐỔỖỘỜỚỞỠỢÙÚỦŨỤỪỨỬỮỰỲÝỶỸỴ"
        .contains(c)
}
