//! A station's day as a drawing: planned above, sent below, in minutes of the day. Numbers for the template; shapes and
//! colours are in the style sheet, since no style may stand in the page.

/// A block of one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Seconds since midnight.
    pub start: i64,
    /// Seconds; drawn at least as wide as can be seen.
    pub length: i64,
    /// Its class in the style sheet.
    pub class: &'static str,
    /// What it is, for those who point at it.
    pub title: String,
}

/// The drawing. Units are minutes times two across, and free up and down.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// Width in units.
    pub width: i64,
    /// Hours and where they stand.
    pub hours: Vec<(i64, i64)>,
    /// Upper row: x, width, class, title.
    pub planned: Vec<Drawn>,
    /// Lower row.
    pub sent: Vec<Drawn>,
}

/// A block where it is drawn.
#[derive(Debug, PartialEq, Eq)]
pub struct Drawn {
    /// From the left.
    pub x: i64,
    /// Width.
    pub width: i64,
    /// Class.
    pub class: &'static str,
    /// Words.
    pub title: String,
}

const HOUR: i64 = 3600;
/// Hours that are shown at least.
const LEAST: i64 = 12;
/// Units of the narrowest block.
const NARROWEST: i64 = 6;

/// Lays both rows out, over the hours in which something is.
pub fn draw(planned: &[Block], sent: &[Block]) -> Timeline {
    let all = || planned.iter().chain(sent);
    let first = all().map(|b| b.start.clamp(0, 24 * HOUR - 1) / HOUR).min().unwrap_or(6);
    let last = all().map(|b| (b.start + b.length).clamp(1, 24 * HOUR)).max().unwrap_or(18 * HOUR);
    let last = (last + HOUR - 1) / HOUR;
    let first = first.min(24 - LEAST);
    let last = last.max(first + LEAST);
    let x = |seconds: i64| (seconds - first * HOUR) / 30;
    let place = |block: &Block| Drawn {
        x: x(block.start),
        width: (block.length / 30).max(NARROWEST),
        class: block.class,
        title: block.title.clone(),
    };
    Timeline {
        width: (last - first) * 120,
        hours: (first..=last).map(|hour| (hour, (hour - first) * 120)).collect(),
        planned: planned.iter().map(place).collect(),
        sent: sent.iter().map(place).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(start: i64, length: i64) -> Block {
        Block { start, length, class: "whole", title: String::new() }
    }

    #[test]
    fn every_block_lies_within_the_drawing() {
        for (start, length) in [(0, 60), (6 * HOUR, 900), (23 * HOUR + 3599, 1), (12 * HOUR, 12 * HOUR)] {
            let drawn = draw(&[block(start, length)], &[]);
            let one = &drawn.planned[0];
            assert!(one.x >= 0 && one.x < drawn.width, "{start}");
            assert!(drawn.width >= LEAST * 120 && drawn.width <= 24 * 120);
        }
        assert_eq!(draw(&[], &[]).hours.first(), Some(&(6, 0)), "a day without anything is drawn too");
    }

    #[test]
    fn an_hour_has_120_units() {
        let drawn = draw(&[block(6 * HOUR, 1800)], &[block(6 * HOUR + 30, 1800)]);
        assert_eq!((drawn.planned[0].x, drawn.planned[0].width), (0, 60));
        assert_eq!(drawn.sent[0].x, 1);
    }
}
