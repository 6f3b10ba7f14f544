//! The line to the hub, on a thread of its own: lines of the log go up, heartbeats too, and a publication comes down.
//! Nothing here can make a sound or hold one up; without a hub the station plays as before, and its log waits.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use reqwest::{Method, StatusCode};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::{
    control::{Asked, Reply, Request},
    hub_client::{HubClient, Trouble},
    upload::{self, Batch, Rewound, due},
};
use crate::{
    asrun::{chain::Head, key::Verifying, receipt::Receipt, shelf},
    cli::Failure,
    clock::Clock,
    digest::Digest,
    feed::{Signed, http::backoff, roles},
    link::{self, Holding},
    schedule::registry::Registry,
    text::{Text, station as say},
};

/// The wait before the second try; doubled before each further one, at most 64 times.
const PAUSE: Duration = Duration::from_secs(2);
/// Lines that belong together go together: an upload begins at least and at most so long after a line was written.
const LINGER: (f64, f64) = (0.5, 2.5);
/// The hub hears at least so often how the station is.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// A stream without a byte for so long is dead: the hub sends a comment every 25 s.
const DEAD: Duration = Duration::from_secs(90);
/// A line of the stream has at most so many bytes.
const LONGEST: usize = 4096;

/// What the line needs.
pub struct Setup {
    /// The hub.
    pub client: HubClient,
    /// The folder of the log.
    pub asrun: PathBuf,
    /// Where the daemon is asked how it is.
    pub ask: mpsc::Sender<Asked>,
    /// Lets the sync begin at once.
    pub nudge: Arc<Notify>,
}

/// The running line. It ends with the value.
pub struct HubLink {
    head: watch::Sender<Option<Head>>,
    registry: watch::Sender<Option<Signed>>,
    trouble: watch::Receiver<Option<Text>>,
    cancel: CancellationToken,
}

impl HubLink {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives none.
    pub fn start(setup: Setup) -> Result<Self, Failure> {
        let failed = |e: std::io::Error| Failure::Machine(crate::text::cli::no_runtime(&e));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (head, heads) = watch::channel(None);
        let (registry, registries) = watch::channel(None);
        let (tell, trouble) = watch::channel(None);
        let cancel = CancellationToken::new();
        let line = Line {
            client: setup.client,
            asrun: setup.asrun,
            ask: setup.ask,
            nudge: setup.nudge,
            registries,
            trouble: tell,
            held: Mutex::default(),
            look: Notify::new(),
            beat: Notify::new(),
        };
        let ended = cancel.clone();
        let work = async move {
            tokio::select! {
                () = ended.cancelled() => {}
                _ = async { tokio::join!(line.upload(heads), line.heartbeats(), line.events()) } => {}
            }
        };
        thread::Builder::new().name("hub".into()).spawn(move || runtime.block_on(work)).map_err(failed)?;
        Ok(Self { head, registry, trouble, cancel })
    }

    /// The log is durable up to this line.
    pub fn head(&self, head: Head) {
        self.head.send_if_modified(|held| held.replace(head) != Some(head));
    }

    /// Why the log does not reach the hub, if it does not.
    pub fn trouble(&self) -> Option<Text> {
        self.trouble.borrow().clone()
    }

    /// The registry in force, whose receipt keys count.
    pub fn registry(&self, registry: Option<&Signed>) {
        self.registry.send_if_modified(|held| {
            let same = held.as_ref().map(|h| h.sha256) == registry.map(|r| r.sha256);
            if !same {
                *held = registry.cloned();
            }
            !same
        });
    }
}

impl Drop for HubLink {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

struct Line {
    client: HubClient,
    asrun: PathBuf,
    ask: mpsc::Sender<Asked>,
    nudge: Arc<Notify>,
    registries: watch::Receiver<Option<Signed>>,
    trouble: watch::Sender<Option<Text>>,
    /// What the hub holds, as far as is known; none: ask.
    held: Mutex<Option<Head>>,
    /// Look again what is due.
    look: Notify,
    /// Tell the hub now how the station is.
    beat: Notify,
}

impl Line {
    fn clock(&self) -> &dyn Clock {
        &*self.client.clock
    }

    fn held(&self) -> Option<Head> {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self, head: Option<Head>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = head;
    }

    async fn rest(&self, tried: u32) {
        self.clock().sleep(backoff(PAUSE, tried, fastrand::f64())).await;
    }

    /// Sends lines as they are written, for ever.
    async fn upload(&self, mut heads: watch::Receiver<Option<Head>>) {
        let (mut tried, mut older) = (0, true);
        loop {
            let head = *heads.borrow_and_update();
            let mut done = Ok(());
            // The log before this one first: this one says where that ended.
            if older {
                done = self.bring_older().await;
                older = done.is_err();
            }
            if let (Some(head), true) = (head, done.is_ok()) {
                done = self.bring_up_to(head).await;
            }
            if let Err(trouble) = done {
                tried += 1;
                let why = say::hub_unreached(trouble.text());
                if self.trouble.send_replace(Some(why.clone())).as_ref() != Some(&why) {
                    tracing::warn!("{}", why.en);
                }
                self.hold(None);
                self.rest(tried).await;
                continue;
            }
            if self.trouble.send_replace(None).is_some() {
                tracing::info!("the log reaches the hub again");
            }
            tried = 0;
            tokio::select! {
                changed = heads.changed() => if changed.is_err() { return },
                () = self.look.notified() => {}
            }
            let (least, most) = LINGER;
            self.clock().sleep(Duration::from_secs_f64(least + (most - least) * fastrand::f64())).await;
        }
    }

    /// Sends what the hub lacks of logs under older keys. One that it never knew stays here.
    async fn bring_older(&self) -> Result<(), Trouble> {
        for (log, dir) in self.read(shelf::older_logs).await? {
            let path = format!("{}?log={log}", link::LOG);
            let from = dir.clone();
            let Some(end) = self.read(move |_| upload::end(&from)).await? else { continue };
            let mut answer = match self.client.send(Method::GET, &path, b"").await {
                Err(Trouble::Refused(StatusCode::NOT_FOUND, _)) => continue,
                answer => answer?,
            };
            loop {
                let holding: Holding = self.client.json(answer).await?;
                let range = match due(end, holding.head) {
                    Ok(Some(range)) => range,
                    Ok(None) => {
                        self.keep(&dir, log, &holding, end).await;
                        break;
                    }
                    Err(_) => {
                        tracing::error!(log.id = %log, "{}", say::hub_rewound(holding.head.seq).en);
                        break;
                    }
                };
                let from = dir.clone();
                let Some(batch) = self.read(move |_| upload::batch(&from, range)).await? else { break };
                answer = self.client.send(Method::POST, &path, &batch.bytes).await?;
            }
        }
        Ok(())
    }

    /// Asks what is held, sends what is missing, until all up to `head` is there.
    async fn bring_up_to(&self, head: Head) -> Result<(), Trouble> {
        loop {
            let held = match self.held() {
                Some(held) => held,
                None => {
                    let answer = self.client.send(Method::GET, link::LOG, b"").await?;
                    let holding: Holding = self.client.json(answer).await?;
                    self.hold(Some(holding.head));
                    if holding.head == head {
                        self.keep(&self.asrun, self.client.key().id(), &holding, head).await;
                    }
                    holding.head
                }
            };
            match due(head, held) {
                Ok(None) => return Ok(()),
                Ok(Some(range)) => {
                    let batch = self.read(move |dir| upload::batch(dir, range)).await?;
                    let Some(batch) = batch else { return Ok(()) };
                    if batch.first == held.seq + 1 && batch.prev != held.hash {
                        return self.show(head, Rewound { held }).await;
                    }
                    self.post(batch).await?;
                }
                Err(rewound) => return self.show(head, rewound).await,
            }
        }
    }

    async fn post(&self, batch: Batch) -> Result<(), Trouble> {
        let answer = self.client.send(Method::POST, link::LOG, &batch.bytes).await?;
        let holding: Holding = self.client.json(answer).await?;
        self.hold(Some(holding.head));
        self.keep(&self.asrun, self.client.key().id(), &holding, batch.last).await;
        self.beat.notify_one();
        Ok(())
    }

    /// The hub holds other lines than this log: both must be seen by people.
    async fn show(&self, head: Head, rewound: Rewound) -> Result<(), Trouble> {
        let why = say::hub_rewound(rewound.held.seq);
        tracing::error!("{}", why.en);
        if let Some(batch) = self.read(move |dir| upload::tail(dir, head.seq, rewound.held.seq)).await? {
            self.client.send(Method::POST, link::LOG, &batch.bytes).await?;
        }
        Err(Trouble::Conflict(Some(rewound.held), why))
    }

    /// The log is read beside the runtime: a slow disk holds nothing else up.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
    ) -> Result<T, Trouble> {
        let dir = self.asrun.clone();
        let done = tokio::task::spawn_blocking(move || read(&dir)).await.map_err(std::io::Error::other);
        done.flatten().map_err(|e| Trouble::Line(say::disk(self.asrun.display(), crate::fault::user(), &e)))
    }

    /// Keeps a receipt for `head` beside the log in `dir`, if a key of the registry signed it: another one would spoil the proof.
    async fn keep(&self, dir: &Path, log: Digest, holding: &Holding, head: Head) {
        let Some(line) = holding.receipt.clone() else { return };
        let keys = receipt_keys(self.registries.borrow().as_ref());
        match Receipt::read(line.as_bytes(), Some(&keys)) {
            Ok(receipt) if receipt.log == log && receipt.head() == head => {}
            Ok(_) => return,
            Err(why) => {
                tracing::warn!("the hub's receipt is not kept ({why:?}): does the registry list its key?");
                return;
            }
        }
        let dir = dir.to_owned();
        let kept = self.read(move |_| shelf::keep_receipt(&dir, line.as_bytes())).await;
        if let Err(trouble) = kept {
            tracing::error!("a receipt is not kept: {}", trouble.text().en);
        }
    }

    /// Tells how the station is, for ever.
    async fn heartbeats(&self) {
        let mut last = String::new();
        loop {
            let jitter = HEARTBEAT.mul_f64(0.9 + 0.2 * fastrand::f64());
            match self.heartbeat().await {
                Ok(()) => last.clear(),
                Err(trouble) if trouble.text().en != last => {
                    tracing::debug!("the hub does not hear this station: {}", trouble.text().en);
                    last.clone_from(&trouble.text().en);
                }
                Err(_) => {}
            }
            tokio::select! {
                () = self.clock().sleep(jitter) => {}
                () = self.beat.notified() => {}
            }
        }
    }

    async fn heartbeat(&self) -> Result<(), Trouble> {
        let (reply, answer) = oneshot::channel();
        if self.ask.send((Request::Status, reply)).await.is_err() {
            return Ok(());
        }
        let Ok(Reply::Status { status }) = answer.await else { return Ok(()) };
        let body = serde_json::to_vec(&status).map_err(|e| Trouble::Line(Text::same(e.to_string())))?;
        let held = self.held();
        let answer = self.client.send(Method::POST, link::HEARTBEAT, &body).await?;
        let holding: Holding = self.client.json(answer).await?;
        // A hub that was restored from a backup holds less than it said: it gets the rest again.
        if held.is_some() && held == self.held() && held != Some(holding.head) {
            self.hold(None);
            self.look.notify_one();
        }
        Ok(())
    }

    /// Listens for publications, for ever. Polling goes on beside.
    async fn events(&self) {
        let (mut tried, mut known) = (0, None);
        loop {
            tried += 1;
            if let Ok(answer) = self.client.send(Method::GET, link::EVENTS, b"").await
                && self.listen(answer, &mut known).await > 0
            {
                tried = 1;
            }
            self.rest(tried).await;
        }
    }

    /// Reads a stream to its end; how many publications it told.
    async fn listen(&self, mut answer: reqwest::Response, known: &mut Option<u64>) -> usize {
        let (mut line, mut told) = (Vec::new(), 0);
        loop {
            let piece = tokio::select! {
                piece = answer.chunk() => piece,
                () = self.clock().sleep(DEAD) => return told,
            };
            let Ok(Some(piece)) = piece else { return told };
            for byte in piece {
                if byte != b'\n' {
                    line.push(byte);
                    if line.len() > LONGEST {
                        return told;
                    }
                    continue;
                }
                if let Some(version) = version(&line) {
                    told += 1;
                    if known.replace(version) != Some(version) {
                        self.nudge.notify_one();
                    }
                }
                line.clear();
            }
        }
    }
}

/// The number in a `data:` line.
fn version(line: &[u8]) -> Option<u64> {
    std::str::from_utf8(line).ok()?.trim_end().strip_prefix("data:")?.trim().parse().ok()
}

fn receipt_keys(registry: Option<&Signed>) -> Vec<Verifying> {
    let read = registry.and_then(|signed| Registry::read(roles::REGISTRY, &signed.text).ok());
    let keys = read.map(|(registry, _)| registry.receipt_keys).unwrap_or_default();
    keys.into_iter().filter_map(Verifying::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publication_is_a_number() {
        assert_eq!(version(b"data: 17\r"), Some(17));
        for other in [&b"event: published"[..], b":", b"", b"data: x", b"data: \xff"] {
            assert_eq!(version(other), None);
        }
    }
}
