//! One sheet of a spreadsheet file: typed cells, a header that stays in sight, no formula.

use chrono::NaiveDateTime;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::Cell;
use crate::{
    asrun::words::ZONE,
    hub::{Fail, db::instant},
    text::{Lang, Text, plain},
};

/// The longest text of a cell (a limit of the format, in UTF-16 units).
const MOST_TEXT: usize = 32_767;
/// The widest column, in letters.
const WIDEST: usize = 48;

impl From<XlsxError> for Fail {
    fn from(error: XlsxError) -> Self {
        Self::machine(error)
    }
}

/// A table while it is written.
pub struct Sheet {
    book: Workbook,
    rows: usize,
    widths: Vec<usize>,
    day: Format,
    time: Format,
    tenths: Format,
}

impl Sheet {
    /// With its header; `name` is the tab's.
    ///
    /// # Errors
    /// A name that no tab may have.
    pub fn new(name: &str, header: &[Text], lang: Lang) -> Result<Self, Fail> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold().set_text_wrap();
        // Rows go to a temporary file as they are written.
        let sheet = book.add_worksheet_with_constant_memory()?.set_name(name)?;
        for (column, title) in (0u16..).zip(header) {
            sheet.write_string_with_format(0, column, title.to(lang), &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
        let widths = header.iter().map(|title| title.to(lang).chars().count().clamp(6, 18)).collect();
        Ok(Self {
            book,
            rows: 0,
            widths,
            day: Format::new().set_num_format("dd/mm/yyyy"),
            time: Format::new().set_num_format("dd/mm/yyyy hh:mm:ss"),
            tenths: Format::new().set_num_format("#,##0.0"),
        })
    }

    /// Rows so far, the header left out.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Adds a row.
    ///
    /// # Errors
    /// More rows than the format has.
    pub fn row(&mut self, cells: &[Cell]) -> Result<(), Fail> {
        self.rows += 1;
        let row = u32::try_from(self.rows).map_err(Fail::machine)?;
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, cell) in (0u16..).zip(cells) {
            let width = match cell {
                Cell::Text(text) => {
                    let text: String = fit(&plain(text));
                    sheet.write_string(row, column, &text)?;
                    text.chars().count()
                }
                // Exact: an f64 holds whole numbers up to 2^53, as the log's own do.
                Cell::Number(n) => {
                    sheet.write_number(row, column, *n as f64)?;
                    n.to_string().len()
                }
                Cell::Tenths(n) => {
                    sheet.write_number_with_format(row, column, *n as f64 / 10.0, &self.tenths)?;
                    n.to_string().len() + 1
                }
                Cell::Day(day) => {
                    let at = instant(day.saturating_mul(86_400_000_000)).naive_utc();
                    sheet.write_datetime_with_format(row, column, at, &self.day)?;
                    10
                }
                Cell::Time(at) => {
                    let at: NaiveDateTime = instant(*at).with_timezone(&ZONE).naive_local();
                    sheet.write_datetime_with_format(row, column, at, &self.time)?;
                    19
                }
            };
            if let Some(widest) = self.widths.get_mut(usize::from(column)) {
                *widest = (*widest).max(width.min(WIDEST));
            }
        }
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// The library's.
    pub fn finish(mut self) -> Result<Vec<u8>, Fail> {
        let last_column = u16::try_from(self.widths.len().saturating_sub(1)).map_err(Fail::machine)?;
        let last_row = u32::try_from(self.rows).map_err(Fail::machine)?;
        let sheet = self.book.worksheet_from_index(0)?;
        for (column, width) in (0u16..).zip(&self.widths) {
            sheet.set_column_width(column, *width as f64 + 2.0)?;
        }
        sheet.autofilter(0, 0, last_row, last_column)?;
        Ok(self.book.save_to_buffer()?)
    }
}

/// Cut to what a cell may hold.
fn fit(text: &str) -> String {
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= MOST_TEXT
        })
        .collect()
}
