//! A terminal with a person before it: `script` of util-linux, which every Debian has, makes the pseudo-terminal.

use std::{
    io::{Read, Write},
    path::Path,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

const PATIENCE: Duration = Duration::from_secs(60);

/// A running program on a terminal, and all that the terminal shows.
pub struct Terminal {
    child: Child,
    keys: Option<ChildStdin>,
    shown: Arc<Mutex<String>>,
    read: usize,
}

impl Terminal {
    /// Runs `loaxa ARGS` in `dir`.
    pub fn run(dir: &Path, args: &str, env: &[(&str, &str)]) -> Self {
        let line = format!("{} {args}", env!("CARGO_BIN_EXE_loaxa"));
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--echo", "always", "--command", &line, "/dev/null"]);
        command.current_dir(dir).envs(env.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keys, mut screen) = (child.stdin.take(), child.stdout.take().unwrap());
        let shown = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&shown);
        thread::spawn(move || {
            let (mut bytes, mut some) = (Vec::new(), [0; 4096]);
            while let Ok(count @ 1..) = screen.read(&mut some) {
                bytes.extend_from_slice(&some[..count]);
                // A letter may be cut in the middle: what is whole is shown.
                let whole = match std::str::from_utf8(&bytes) {
                    Ok(all) => all.len(),
                    Err(cut) => cut.valid_up_to(),
                };
                let text: Vec<u8> = bytes.drain(..whole).collect();
                into.lock().unwrap().push_str(&String::from_utf8(text).unwrap());
            }
        });
        Self { child, keys, shown, read: 0 }
    }

    /// Waits until it asks something in which `question` stands, then types `answer` and Enter.
    pub fn answer(&mut self, question: &str, answer: &str) -> &mut Self {
        self.await_question(question);
        self.press(&format!("{answer}\n"))
    }

    /// Waits until it asks something in which `question` stands.
    pub fn await_question(&mut self, question: &str) -> &mut Self {
        let start = Instant::now();
        loop {
            let shown = self.shown();
            let new = &shown[self.read..];
            if new.ends_with(": ") && new.contains(question) {
                self.read = shown.len();
                return self;
            }
            assert!(start.elapsed() < PATIENCE, "not asked: {question}\n{shown}");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Presses keys.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.as_mut().unwrap().write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Waits for its end; the exit code, and all that was shown.
    pub fn end(mut self) -> (Option<i32>, String) {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end\n{}", self.shown());
            thread::sleep(Duration::from_millis(10));
        };
        // The reader is at most a moment behind.
        while Arc::strong_count(&self.shown) > 1 {
            assert!(start.elapsed() < PATIENCE);
            thread::sleep(Duration::from_millis(10));
        }
        (status.code(), self.shown())
    }

    fn shown(&self) -> String {
        self.shown.lock().unwrap().replace("\r\n", "\n")
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
