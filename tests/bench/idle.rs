//! An enrolled station that waits: memory and processor after a warm minute, then memory after 500 polls.

use std::{
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};

use loaxa::station::control::{Request, ask};

use crate::{
    Scale,
    r#box::Station,
    programme::{commune, installed, memory, threads_cpu},
    table::Line,
};

const MINUTE: Duration = Duration::from_secs(60);
const POLLS: u64 = 500;

pub fn measure(scale: &Scale) -> Vec<Line> {
    let mut stations = (0..scale.idlers).map(|_| commune()).collect::<Vec<_>>();
    for station in &mut stations {
        station.start().until_held(100);
    }
    let liquidsoaps = Liquidsoap::start(scale.idlers);
    sleep(MINUTE);
    let pids = stations.iter().map(|s| s.daemon.as_ref().unwrap().id()).collect::<Vec<_>>();
    let peers = liquidsoaps.as_ref().map(|l| l.pids()).map_err(Clone::clone);
    let before = [&pids[..], peers.as_deref().unwrap_or_default()].concat();
    let before = before.into_iter().map(|pid| (pid, threads_cpu(pid))).collect::<Vec<_>>();
    let resident = memories(&pids);
    let of_peers = peers.as_ref().map(|p| memories(p)).map_err(Clone::clone);
    sleep(MINUTE);
    let spent = |pids: &[u32]| {
        let of = |pid: &u32| {
            let then = before.iter().find(|b| b.0 == *pid).unwrap().1;
            100.0 * (threads_cpu(*pid) - then).as_secs_f64() / MINUTE.as_secs_f64()
        };
        pids.iter().map(of).collect::<Vec<_>>()
    };
    let cpu = Line::new("idle CPU", "% of a core", 3, spent(&pids));
    let cpu = cpu.at_most(0.1).beside("Liquidsoap", peers.as_ref().map(|p| spent(p)).map_err(Clone::clone));
    drop(liquidsoaps);
    let part = |i: usize| resident.iter().map(|m| m[i]).collect();
    let peer = |i: usize| of_peers.clone().map(|all| all.iter().map(|m| m[i]).collect());
    let polled = stations.iter().map(poll).collect();
    vec![
        Line::new("idle memory, resident", "MiB", 1, part(0)).at_most(15.0).beside("Liquidsoap", peer(0)),
        Line::new("of that, its own", "MiB", 1, part(1)).beside("Liquidsoap", peer(1)),
        Line::new("of that, from files", "MiB", 1, part(2)).beside("Liquidsoap", peer(2)),
        Line::new("resident after 500 polls", "MiB", 1, polled).at_most(15.0),
        cpu,
    ]
}

fn memories(pids: &[u32]) -> Vec<[f64; 3]> {
    pids.iter().map(|pid| memory(*pid)).collect()
}

/// Resident after polls one after another.
fn poll(station: &Station) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let asked = || {
        let seen = station.server.take_seen();
        seen.iter().filter(|s| s.path == "metadata/timestamp.json").count() as u64
    };
    let mut polls = 0;
    asked();
    while polls < POLLS {
        runtime.block_on(ask(&station.path("sock"), &Request::Sync)).unwrap();
        sleep(Duration::from_millis(20));
        polls += asked();
    }
    memory(station.daemon.as_ref().unwrap().id())[0]
}

/// The usual way to play files on a schedule without loaxa: it keeps its output running.
struct Liquidsoap(Vec<Child>);

impl Liquidsoap {
    fn start(count: usize) -> Result<Self, String> {
        installed("liquidsoap")?;
        let script = "settings.init.allow_root.set(true)\nsettings.log.stdout.set(false)\nsettings.log.file.set(false)\n\
                      output.dummy(switch(track_sensitive=false, [({5h}, sine()), ({true}, blank())]))\n";
        let child = |_| {
            let mut command = Command::new("liquidsoap");
            command.arg(script).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().unwrap()
        };
        let mut started = Self((0..count).map(child).collect());
        sleep(Duration::from_secs(5));
        match started.0.iter_mut().find_map(|c| c.try_wait().unwrap()) {
            Some(status) => Err(format!("ended by itself ({status})")),
            None => Ok(started),
        }
    }

    fn pids(&self) -> Vec<u32> {
        self.0.iter().map(Child::id).collect()
    }
}

impl Drop for Liquidsoap {
    fn drop(&mut self) {
        for child in &mut self.0 {
            child.kill().ok();
            child.wait().ok();
        }
    }
}
