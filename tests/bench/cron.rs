//! What a commune would use without loaxa: Debian's cron starting mpg123. It runs in a mount namespace of its own, so
//! that it sees one crontab, made here, and nothing of the machine's.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::programme::installed;

/// Paths of Debian's cron are compiled in; all of them are covered.
const PRIVATE: &str = r#"set -e
mount -t tmpfs none /var/spool/cron
mkdir /var/spool/cron/crontabs
cp "$1" /var/spool/cron/crontabs/root
chmod 600 /var/spool/cron/crontabs/root
mount -t tmpfs none /run
mount -t tmpfs none /etc/cron.d
[ ! -e /etc/crontab ] || mount --bind /dev/null /etc/crontab
exec cron -f
"#;

/// A running cron.
pub struct Cron(Child);

impl Cron {
    /// Plays `file` on `sink` at each full minute.
    pub fn start(dir: &Path, server: &str, sink: &str, file: &Path) -> Result<Self, String> {
        installed("cron")?;
        installed("mpg123")?;
        if !rustix::process::geteuid().is_root() {
            return Err("not measured: a private cron needs root".into());
        }
        let (tab, script) = (dir.join("crontab"), dir.join("private-cron"));
        let job = format!("PULSE_SERVER={server} mpg123 -q -o pulse -a {sink} {}", file.display());
        std::fs::write(&tab, format!("MAILTO=\"\"\n* * * * * {job}\n")).unwrap();
        std::fs::write(&script, PRIVATE).unwrap();
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "--", "sh"]).args([&script, &tab]);
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").stdin(Stdio::null());
        Ok(Self(command.spawn().map_err(|e| e.to_string())?))
    }
}

impl Drop for Cron {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
