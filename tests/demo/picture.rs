//! The evening as a picture: waveform, slots, bulletins, the urgent one, the power cut.

use std::{fmt::Write, path::Path, process::Command};

use chrono::TimeDelta;
use loaxa::bulletin::RATE;

use crate::measure::{Item, Measured};

const WIDTH: f64 = 1200.0;
const LEFT: f64 = 40.0;
const WAVE: f64 = 160.0;
/// A letter of the small print, about.
const LETTER: f64 = 6.4;

pub fn draw(out: &Path, measured: &Measured) {
    let svg = svg(measured);
    std::fs::write(out.join("evening.svg"), svg).unwrap();
    let png = Command::new("rsvg-convert")
        .arg("-o")
        .arg(out.join("evening.png"))
        .arg(out.join("evening.svg"))
        .status();
    assert!(png.expect("rsvg-convert").success(), "rsvg-convert cannot draw the picture");
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub fn svg(measured: &Measured) -> String {
    // The power cut is the end of the recording; a little of what followed is shown.
    let back = measured.back_frame + 2 * i64::from(RATE);
    let frames = (measured.samples.len() as i64).max(back) as f64;
    let x = |frame: f64| LEFT + (WIDTH - 2.0 * LEFT) * frame / frames;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} 360\" font-family=\"DejaVu Sans, sans-serif\" font-size=\"13\">\n\
         <rect width=\"{WIDTH}\" height=\"360\" fill=\"#fffdf7\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" font-size=\"18\" font-weight=\"bold\">Một buổi phát của đài Xuân Lương</text>\n"
    );
    wave(&mut svg, measured, &x);
    let (cut, back) = (x(measured.killed_frame as f64), x(measured.back_frame as f64));
    writeln!(
        svg,
        "<rect x=\"{cut:.1}\" y=\"70\" width=\"{:.1}\" height=\"180\" fill=\"#c0392b\" opacity=\"0.25\"/>\n\
         <text x=\"{:.1}\" y=\"64\" fill=\"#c0392b\" text-anchor=\"end\">mất điện</text>",
        (back - cut).max(2.0),
        WIDTH - 4.0
    )
    .unwrap();
    for (row, item) in measured.items.iter().enumerate() {
        let from = x(item.measured as f64);
        // A title may run on until the next one of its line begins.
        let next = measured.items.get(row + 2).map_or(WIDTH, |i| x(i.measured as f64));
        bulletin(&mut svg, item, from, x((item.measured + item.frames as i64) as f64), next, row % 2);
        if item.first_of_occurrence {
            slot(&mut svg, item, x(item.expected as f64));
        }
    }
    ticks(&mut svg, measured, &x);
    svg + "</svg>\n"
}

fn colour(item: &Item) -> &'static str {
    if item.occurrence["area"] == "urgent" { "#d35400" } else { "#2e7d6b" }
}

/// A bar as long as what was sent, below its title.
fn bulletin(svg: &mut String, item: &Item, from: f64, to: f64, next: f64, lane: usize) {
    let (colour, y) = (colour(item), 266.0 + 22.0 * lane as f64);
    let room = ((next - from - 6.0) / LETTER).max(0.0) as usize;
    writeln!(
        svg,
        "<rect x=\"{from:.1}\" y=\"{y}\" width=\"{:.1}\" height=\"8\" fill=\"{colour}\" rx=\"3\"/>\n\
         <text x=\"{from:.1}\" y=\"{}\" fill=\"{colour}\" font-size=\"11\">{}</text>",
        (to - from).max(3.0),
        y - 3.0,
        escape(&shortened(&item.title, room))
    )
    .unwrap();
}

/// A slot's instant and name.
fn slot(svg: &mut String, item: &Item, at: f64) {
    let (colour, title) = (colour(item), crate::office::slot_title(item.occurrence["slot"].as_str()));
    writeln!(
        svg,
        "<line x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"70\" y2=\"250\" stroke=\"{colour}\" stroke-dasharray=\"4 3\"/>\n\
         <text x=\"{at:.1}\" y=\"64\" fill=\"{colour}\" font-size=\"12\">{}</text>",
        escape(title)
    )
    .unwrap();
}

/// As much of a title as `room` letters take, an ellipsis among them.
fn shortened(title: &str, room: usize) -> String {
    if title.chars().count() <= room {
        return title.to_owned();
    }
    if room < 4 {
        return String::new();
    }
    let short: String = title.chars().take(room - 1).collect();
    short.trim_end().to_owned() + "…"
}

fn wave(svg: &mut String, measured: &Measured, x: &dyn Fn(f64) -> f64) {
    let columns = (WIDTH - 2.0 * LEFT) as usize;
    let step = measured.samples.len().div_ceil(columns).max(1);
    let mut path = String::new();
    for (i, part) in measured.samples.chunks(step).enumerate() {
        let (low, high) = part.iter().fold((0.0f32, 0.0f32), |(l, h), s| (l.min(*s), h.max(*s)));
        let at = x((i * step) as f64);
        write!(
            path,
            "M{at:.1} {:.1}V{:.1}",
            WAVE - f64::from(high) * 85.0,
            WAVE - f64::from(low) * 85.0 + 0.5
        )
        .unwrap();
    }
    writeln!(svg, "<path d=\"{path}\" stroke=\"#34495e\" stroke-width=\"1\" fill=\"none\"/>").unwrap();
}

fn ticks(svg: &mut String, measured: &Measured, x: &dyn Fn(f64) -> f64) {
    let rate = i64::from(RATE);
    let zone = chrono_tz::Asia::Ho_Chi_Minh;
    for second in (0..measured.samples.len() as i64 / rate).step_by(20) {
        let at = measured.first_frame + TimeDelta::seconds(second);
        let text = at.with_timezone(&zone).format("%H:%M:%S");
        let x = x((second * rate) as f64);
        writeln!(svg, "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"310\" y2=\"316\" stroke=\"#555\"/><text x=\"{x:.1}\" y=\"332\" text-anchor=\"middle\" fill=\"#555\" font-size=\"11\">{text}</text>").unwrap();
    }
}
