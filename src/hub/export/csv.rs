//! CSV: RFC 4180, with the guard against formulas that the as-run log's own tables have.

use super::Cell;
use crate::{
    asrun::{show::csv_line, words},
    hub::db::instant,
    text::{Lang, Text},
};

/// The first row.
pub fn header(names: &[Text], lang: Lang) -> String {
    csv_line(&names.iter().map(|name| name.to(lang).to_owned()).collect::<Vec<_>>())
}

/// One row. Numbers have a decimal point whatever the language: programs read them.
pub fn row(cells: &[Cell]) -> String {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => text.clone(),
        Cell::Number(n) => n.to_string(),
        Cell::Tenths(n) => format!("{}.{}", n / 10, n % 10),
        Cell::Day(day) => {
            let at = instant(day.saturating_mul(86_400_000_000));
            at.format("%d/%m/%Y").to_string()
        }
        Cell::Time(at) => words::local(&instant(*at), words::ZONE),
    };
    csv_line(&cells.iter().map(text).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_begins_like_a_formula_is_no_formula() {
        let evil = Cell::Text("=HYPERLINK(\"http://x\",\"y\")".into());
        let cells = [evil, Cell::Number(-3), Cell::Tenths(25), Cell::Day(20_788), Cell::Time(0)];
        assert_eq!(
            row(&cells),
            "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",\"-3\",\"2.5\",\"01/12/2026\",\"01/01/1970 08:00:00\"\r\n"
        );
    }
}
