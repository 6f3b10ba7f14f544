//! The station as its operator could watch it: the feed, the next slot, what sounds and how far, log lines as they come.
//! On a terminal three lines are redrawn below the log; elsewhere a line is printed when something changes.

use std::{io::IsTerminal, time::Duration};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use loaxa::{bulletin::RATE, station::status::Status};

pub struct View {
    panel: MultiProgress,
    feed: ProgressBar,
    next: ProgressBar,
    sound: ProgressBar,
    drawn: bool,
    shown: u64,
    said: [String; 3],
}

impl View {
    pub fn new() -> Self {
        let drawn = std::io::stdout().is_terminal();
        let panel = MultiProgress::with_draw_target(if drawn {
            ProgressDrawTarget::stdout()
        } else {
            ProgressDrawTarget::hidden()
        });
        let line = |template| {
            let style = ProgressStyle::with_template(template).expect("a template").progress_chars("█▌·");
            panel.add(ProgressBar::new(1).with_style(style))
        };
        Self {
            feed: line("   nguồn phát  {msg}"),
            next: line("   sắp phát    {msg}"),
            sound: line("   loa         {prefix} {bar:30} {msg}"),
            panel,
            drawn,
            shown: 0,
            said: Default::default(),
        }
    }

    /// A step of the story.
    pub fn headline(&mut self, text: &str) {
        self.print(format!("\n{text}"));
    }

    /// The newest record that was shown.
    pub fn shown(&self) -> u64 {
        self.shown
    }

    /// Log lines as they come, worded by `loaxa log show`.
    pub fn log(&mut self, table: &str) {
        for line in table.lines() {
            let Some(seq) = line.split_whitespace().next().and_then(|n| n.parse().ok()) else { continue };
            if line.starts_with(' ') && seq > self.shown {
                self.print(format!("   nhật ký {line}"));
                self.shown = seq;
            }
        }
    }

    /// How it is now.
    pub fn show(&mut self, status: &Status) {
        let feed = feed(status);
        let next = next(status);
        let title = status.now.as_ref().map(|n| n.title.clone().unwrap_or_else(|| "đang mở loa".into()));
        self.feed.set_message(feed.clone());
        self.next.set_message(next.clone() + &countdown(status));
        match (&status.now, &title) {
            (Some(now), Some(title)) => {
                self.sound.set_length(now.length.0.max(1));
                self.sound.set_position(now.frames.0);
                self.sound.set_prefix(title.clone());
                self.sound.set_message(format!("{}/{} s", seconds(now.frames.0), seconds(now.length.0)));
            }
            _ => {
                self.sound.set_position(0);
                self.sound.set_prefix("im lặng");
                self.sound.set_message("");
            }
        }
        for bar in [&self.feed, &self.next, &self.sound] {
            bar.tick();
        }
        self.say([feed, next, title.unwrap_or_else(|| "im lặng".into())]);
    }

    /// Without a terminal: what changed.
    fn say(&mut self, now: [String; 3]) {
        if self.drawn {
            return;
        }
        for (what, (new, old)) in ["nguồn phát", "sắp phát", "loa"].iter().zip(now.iter().zip(&self.said))
        {
            if new != old {
                println!("   {what:<11} {new}");
            }
        }
        self.said = now;
    }

    fn print(&self, line: String) {
        if self.drawn {
            self.panel.println(line).expect("a terminal");
        } else {
            println!("{line}");
        }
    }

    /// The panel goes; what was printed above it stays.
    pub fn end(&self) {
        self.panel.clear().expect("a terminal");
    }
}

fn feed(status: &Status) -> String {
    let state = if status.stale.is_empty() { "còn mới" } else { "ĐÃ CŨ" };
    let library = &status.library;
    format!("{state}, {} bản ghi có sẵn, {} đang chờ tải", library.held, library.missing)
}

fn next(status: &Status) -> String {
    let Some(next) = &status.next else { return "chưa có gì".into() };
    let zone = chrono_tz::Asia::Ho_Chi_Minh;
    let due = next.occurrence.due.with_timezone(&zone).format("%H:%M:%S");
    format!("{due} {} ({} s)", next.titles.join(", "), next.seconds)
}

fn countdown(status: &Status) -> String {
    let left =
        status.next.as_ref().map(|n| (n.occurrence.due - status.at).to_std().unwrap_or(Duration::ZERO));
    left.map(|left| format!(", còn {} s", left.as_secs())).unwrap_or_default()
}

fn seconds(frames: u64) -> u64 {
    frames / u64::from(RATE)
}
