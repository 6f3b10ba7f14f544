//! A private D-Bus with a false systemd-timedated on it.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use futures_util::StreamExt;
use zbus::{Message, MessageStream, Variant, message::Type};

const SERVICE: &str = "org.freedesktop.timedate1";

/// What the false timedated shows, and what was asked of it.
#[derive(Default)]
pub struct Timedated {
    /// The property NTPSynchronized.
    pub synchronised: bool,
    /// Whether a network time service runs: then SetTime is refused.
    pub ntp: bool,
    /// Calls, with their arguments, in order.
    pub calls: Vec<String>,
}

/// A bus of its own; ends when dropped.
pub struct Bus {
    daemon: Child,
    socket: PathBuf,
    pub timedated: Arc<Mutex<Timedated>>,
}

impl Bus {
    /// A bus without any service.
    pub fn empty(dir: &Path) -> Self {
        let (socket, config) = (dir.join("bus"), dir.join("bus.conf"));
        let text = format!(
            "<busconfig><type>custom</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>\
             <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
             <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
            socket.display()
        );
        std::fs::write(&config, text).unwrap();
        let mut command = Command::new("dbus-daemon");
        command.arg("--nofork").arg("--config-file").arg(&config).stdin(Stdio::null());
        let daemon = command.spawn().expect("dbus-daemon, of the package dbus");
        let bus = Self { daemon, socket, timedated: Arc::default() };
        let start = Instant::now();
        while std::os::unix::net::UnixStream::connect(&bus.socket).is_err() {
            assert!(start.elapsed() < Duration::from_secs(20), "the bus does not listen");
            thread::sleep(Duration::from_millis(20));
        }
        bus
    }

    /// A bus with timedated.
    pub fn new(dir: &Path) -> Self {
        let bus = Self::empty(dir);
        let (address, state) = (bus.address(), Arc::clone(&bus.timedated));
        let (ready, is_ready) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            // Ends when the bus does.
            if let Err(why) = runtime.block_on(serve(&address, &state, &ready)) {
                eprintln!("the false timedated ended: {why}");
            }
        });
        is_ready.recv_timeout(Duration::from_secs(20)).expect("the false timedated has its name");
        bus
    }

    /// For `DBUS_SYSTEM_BUS_ADDRESS`.
    pub fn address(&self) -> String {
        format!("unix:path={}", self.socket.display())
    }

    pub fn set(&self, change: impl FnOnce(&mut Timedated)) {
        change(&mut self.timedated.lock().unwrap());
    }

    pub fn calls(&self) -> Vec<String> {
        self.timedated.lock().unwrap().calls.clone()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        self.daemon.kill().ok();
        self.daemon.wait().ok();
    }
}

async fn serve(address: &str, state: &Mutex<Timedated>, ready: &mpsc::Sender<()>) -> zbus::Result<()> {
    let bus = zbus::connection::Builder::address(address).build().await?;
    let mut messages = MessageStream::from(&bus);
    bus.request_name(SERVICE).await?;
    ready.send(()).unwrap();
    while let Some(message) = messages.next().await {
        let message = message?;
        if message.header().message_type() == Type::MethodCall {
            answer(&bus, &message, state).await?;
        }
    }
    Ok(())
}

async fn answer(bus: &zbus::Connection, call: &Message, state: &Mutex<Timedated>) -> zbus::Result<()> {
    let header = call.header();
    let member = header.member().map(ToString::to_string).unwrap_or_default();
    let body = call.body();
    match member.as_str() {
        "Get" => {
            let (_, name): (String, String) = body.deserialize()?;
            assert_eq!(name, "NTPSynchronized");
            let synchronised = state.lock().unwrap().synchronised;
            bus.reply(&header, &Variant::from(synchronised)).await
        }
        "SetTime" => {
            let (usec, relative, interactive): (i64, bool, bool) = body.deserialize()?;
            assert!(!relative && !interactive);
            let refused = {
                let mut state = state.lock().unwrap();
                let how = if state.ntp { " refused" } else { "" };
                state.calls.push(format!("SetTime {}{how}", usec / 1_000_000));
                state.ntp
            };
            if refused {
                let name = "org.freedesktop.timedate1.AutomaticTimeSyncEnabled";
                let why = "Automatic time synchronization is enabled".to_owned();
                bus.reply_error(&header, name, &why).await
            } else {
                bus.reply(&header, &()).await
            }
        }
        "SetNTP" => {
            let (on, interactive): (bool, bool) = body.deserialize()?;
            assert!(!interactive);
            {
                let mut state = state.lock().unwrap();
                state.ntp = on;
                state.calls.push(format!("SetNTP {on}"));
            }
            bus.reply(&header, &()).await
        }
        other => panic!("nobody asks timedated for {other}"),
    }
}
