//! A static HTTP server over a folder that can misbehave, file by file; on a thread of its own.
//!
//! ETags and 304, gzip of `.json`, ranges with If-Range, a rate limit; faults of [`Fault`]. It remembers every request and
//! counts the bytes that went through its sockets, heads and TLS included.

#![allow(
    dead_code,
    clippy::disallowed_methods,
    reason = "shared by several test binaries; real sockets wait in real time"
)]

use std::{
    collections::HashMap,
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
    net::SocketAddr,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    pin::Pin,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::SeqCst},
        mpsc,
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, Response, StatusCode, header},
    serve::Listener,
};
use futures_util::stream;
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};
use tokio_rustls::TlsAcceptor;

/// How a file is served wrongly.
#[derive(Clone, Debug)]
pub enum Fault {
    /// 404.
    Absent,
    /// Another status.
    Status(u16),
    /// The head tells the whole length, and the connection breaks after so many bytes of the body.
    CutAfter(u64),
    /// The head never comes.
    Silent,
    /// The head comes, then so many bytes, then nothing while the connection stays open.
    StallAfter(u64),
    /// So many bytes a second.
    Rate(u64),
    /// Zeros without end, and no length.
    Endless,
    /// Other bytes under the same name, with a length and an ETag of their own.
    Bytes(Vec<u8>),
    /// `Content-Encoding: gzip`, that many zeros when unpacked.
    Bomb(u64),
    /// `Content-Encoding: gzip` before bytes that are not.
    NotGzip,
    /// 302 to there.
    Redirect(String),
    /// A range is answered by the whole file, as a server without ranges does.
    NoRange,
    /// A range is answered by one that begins a byte later, under the right status.
    WrongRange,
}

/// One request, as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Below the base address.
    pub path: String,
    /// `Range`.
    pub range: Option<String>,
    /// `If-Range`.
    pub if_range: Option<String>,
    /// `If-None-Match`.
    pub if_none_match: Option<String>,
    /// What was answered; 0: nothing.
    pub status: u16,
}

#[derive(Default)]
struct Shared {
    dir: PathBuf,
    faults: Mutex<HashMap<String, (Fault, u32)>>,
    seen: Mutex<Vec<Seen>>,
    /// Bytes a second of each body; 0: no limit.
    rate: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
    connections: AtomicU64,
}

/// A server that runs until it is dropped.
pub struct Server {
    /// Its base address, `http://127.0.0.1:<port>/`.
    pub url: String,
    shared: Arc<Shared>,
    runtime: tokio::runtime::Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Server {
    /// Serves `dir` on a free port of the loopback.
    pub fn start(dir: &Path) -> Self {
        Self::start_with(dir, None)
    }

    /// The same over TLS, with `cert` (PEM) for `localhost` and its `key`.
    pub fn start_tls(dir: &Path, cert: &Path, key: &Path) -> Self {
        let certs = CertificateDer::pem_file_iter(cert).unwrap().map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_file(key).unwrap();
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .unwrap()
                .with_no_client_auth()
                .with_single_cert(certs, key)
                .unwrap();
        let mut server = Self::start_with(dir, Some(TlsAcceptor::from(Arc::new(config))));
        server.url = server.url.replace("http://127.0.0.1", "https://localhost");
        server
    }

    fn start_with(dir: &Path, tls: Option<TlsAcceptor>) -> Self {
        let shared = Arc::new(Shared { dir: dir.to_owned(), ..Shared::default() });
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = mpsc::channel();
        let state = shared.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send((listener.local_addr().unwrap(), tokio::runtime::Handle::current())).unwrap();
                let app = Router::new().fallback(answer).with_state(state.clone());
                let serving = axum::serve(Counting { listener, shared: state, tls }, app);
                tokio::select! {
                    done = serving => done.unwrap(),
                    _ = stopped => {}
                }
            });
        });
        let (address, runtime): (SocketAddr, _) = told.recv().unwrap();
        Self { url: format!("http://{address}/"), shared, runtime, stop: Some(stop), thread: Some(thread) }
    }

    /// Serves `path` wrongly until [`Server::heal`].
    pub fn fault(&self, path: &str, fault: Fault) {
        self.fault_times(path, fault, u32::MAX);
    }

    /// Serves `path` wrongly the next `times` times.
    pub fn fault_times(&self, path: &str, fault: Fault, times: u32) {
        self.shared.faults.lock().unwrap().insert(path.to_owned(), (fault, times));
    }

    /// Serves everything rightly.
    pub fn heal(&self) {
        self.shared.faults.lock().unwrap().clear();
    }

    /// Limits each body to so many bytes a second; 0: no limit. Bodies under way follow.
    pub fn rate(&self, bytes_a_second: u64) {
        self.shared.rate.store(bytes_a_second, SeqCst);
    }

    /// The requests so far; forgets them.
    pub fn take_seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.shared.seen.lock().unwrap())
    }

    /// Bytes through the sockets so far, both ways.
    pub fn wire(&self) -> u64 {
        // A client may hold bytes before the thread that wrote them has counted them: let it finish its turn.
        let (tell, told) = mpsc::channel();
        self.runtime.spawn(async move { tell.send(()) });
        told.recv().unwrap();
        self.shared.received.load(SeqCst) + self.shared.sent.load(SeqCst)
    }

    /// Connections so far.
    pub fn connections(&self) -> u64 {
        self.shared.connections.load(SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    let (path, headers) =
        (request.uri().path().trim_start_matches('/').to_owned(), request.headers().clone());
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let mut seen = Seen {
        path: path.clone(),
        range: text(header::RANGE),
        if_range: text(header::IF_RANGE),
        if_none_match: text(header::IF_NONE_MATCH),
        status: 0,
    };
    drop(request);
    let fault = take_fault(&shared, &path);
    if matches!(fault, Some(Fault::Silent)) {
        shared.seen.lock().unwrap().push(seen);
        std::future::pending::<()>().await;
        unreachable!()
    }
    let response = respond(&shared, &path, &headers, fault);
    seen.status = response.status().as_u16();
    shared.seen.lock().unwrap().push(seen);
    response
}

fn take_fault(shared: &Shared, path: &str) -> Option<Fault> {
    let mut faults = shared.faults.lock().unwrap();
    let (fault, left) = faults.get_mut(path)?;
    let fault = fault.clone();
    *left -= 1;
    if *left == 0 {
        faults.remove(path);
    }
    Some(fault)
}

fn respond(shared: &Arc<Shared>, path: &str, headers: &HeaderMap, fault: Option<Fault>) -> Response<Body> {
    let plain = |status: u16| Response::builder().status(status).body(Body::empty()).unwrap();
    let gzipped = |bytes: Vec<u8>| {
        Response::builder().header(header::CONTENT_ENCODING, "gzip").body(Body::from(bytes)).unwrap()
    };
    match &fault {
        Some(Fault::Absent) => return plain(404),
        Some(Fault::Status(status)) => return plain(*status),
        Some(Fault::Redirect(to)) => {
            return Response::builder().status(302).header(header::LOCATION, to).body(Body::empty()).unwrap();
        }
        Some(Fault::Endless) => {
            let zeros = stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[0; 8_192])));
            return Response::new(Body::from_stream(zeros));
        }
        Some(Fault::Bomb(plain)) => return gzipped(gzip(std::io::repeat(0).take(*plain))),
        Some(Fault::NotGzip) => return gzipped(b"not a gzip stream".to_vec()),
        Some(Fault::Bytes(bytes)) => return whole_bytes(bytes, headers),
        _ => {}
    }
    let Ok(file) = File::open(shared.dir.join(path)) else {
        return plain(404);
    };
    let meta = file.metadata().unwrap();
    let etag = format!("\"{:x}-{:x}-{:x}\"", meta.ino(), meta.len(), meta.mtime_nsec() ^ meta.mtime());
    if !meta.is_file() {
        return plain(404);
    }
    let is = |name, tag: &str| {
        headers
            .get(name)
            .is_some_and(|v| v.as_bytes().strip_prefix(b"W/").unwrap_or(v.as_bytes()) == tag.as_bytes())
    };
    if is(header::IF_NONE_MATCH, &etag) {
        return Response::builder().status(304).header(header::ETAG, &etag).body(Body::empty()).unwrap();
    }
    let takes_gzip = headers.get(header::ACCEPT_ENCODING).is_some_and(|v| v.as_bytes() == b"gzip");
    if takes_gzip && path.ends_with(".json") && fault.is_none() {
        let mut response = gzipped(gzip(file));
        response.headers_mut().insert(header::ETAG, format!("W/{etag}").parse().unwrap());
        return response;
    }
    let fresh = !headers.contains_key(header::IF_RANGE) || is(header::IF_RANGE, &etag);
    let from = headers.get(header::RANGE).filter(|_| fresh && !matches!(fault, Some(Fault::NoRange)));
    let from: Option<u64> =
        from.and_then(|v| v.to_str().ok()?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    ranged(shared, file, meta.len(), from, &etag, fault)
}

fn whole_bytes(bytes: &[u8], headers: &HeaderMap) -> Response<Body> {
    let etag = format!("\"other-{}\"", bytes.len());
    if headers.get(header::IF_NONE_MATCH).is_some_and(|v| v.as_bytes() == etag.as_bytes()) {
        return Response::builder().status(304).body(Body::empty()).unwrap();
    }
    Response::builder().header(header::ETAG, etag).body(Body::from(bytes.to_vec())).unwrap()
}

fn ranged(
    shared: &Arc<Shared>,
    mut file: File,
    length: u64,
    from: Option<u64>,
    etag: &str,
    fault: Option<Fault>,
) -> Response<Body> {
    if from.is_some_and(|f| f >= length) {
        return Response::builder().status(416).body(Body::empty()).unwrap();
    }
    let start = from.unwrap_or(0);
    file.seek(SeekFrom::Start(start)).unwrap();
    let mut response =
        Response::builder().header(header::ETAG, etag).header(header::CONTENT_LENGTH, length - start);
    if from.is_some() {
        let told = start + u64::from(matches!(fault, Some(Fault::WrongRange)));
        let range = format!("bytes {told}-{}/{length}", length - 1);
        response = response.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, range);
    }
    response.body(pieces(shared.clone(), file, fault)).unwrap()
}

/// The rest of `file`, as slow as it should be, and broken off where it should be.
fn pieces(shared: Arc<Shared>, file: File, fault: Option<Fault>) -> Body {
    let body = stream::unfold((file, 0u64), move |(mut file, sent)| {
        let (shared, fault) = (shared.clone(), fault.clone());
        async move {
            let own = if let Some(Fault::Rate(rate)) = fault { rate } else { 0 };
            let rate = shared.rate.load(SeqCst).max(own);
            let mut want = if rate > 0 { (rate / 20).clamp(1, 65_536) } else { 65_536 };
            if let Some(Fault::CutAfter(n) | Fault::StallAfter(n)) = fault {
                want = want.min(n - sent);
            }
            match (want, &fault) {
                (0, Some(Fault::CutAfter(_))) => {
                    // Lets what was sent before reach the other side.
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    return Some((Err(std::io::Error::other("cut")), (file, sent)));
                }
                (0, _) => std::future::pending::<()>().await,
                _ => {}
            }
            if rate > 0 {
                tokio::time::sleep(Duration::from_secs_f64(want as f64 / rate as f64)).await;
            }
            let mut piece = vec![0; want as usize];
            let n = file.read(&mut piece).unwrap();
            piece.truncate(n);
            (n > 0).then(|| (Ok(Bytes::from(piece)), (file, sent + n as u64)))
        }
    });
    Body::from_stream(body)
}

fn gzip(mut plain: impl Read) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let mut piece = vec![0; 65_536];
    loop {
        match plain.read(&mut piece).unwrap() {
            0 => return encoder.finish().unwrap(),
            n => encoder.write_all(&piece[..n]).unwrap(),
        }
    }
}

/// A listener whose connections count bytes.
struct Counting {
    listener: TcpListener,
    shared: Arc<Shared>,
    tls: Option<TlsAcceptor>,
}

/// Plain or TLS.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl Listener for Counting {
    type Io = Box<dyn Stream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Box<dyn Stream>, SocketAddr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.listener).await;
            self.shared.connections.fetch_add(1, SeqCst);
            let counted = Counted { stream, shared: self.shared.clone() };
            match &self.tls {
                None => return (Box::new(counted), address),
                // A client that does not trust us breaks off; the next one is served.
                Some(tls) => match tls.accept(counted).await {
                    Ok(stream) => return (Box::new(stream), address),
                    Err(_) => continue,
                },
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

struct Counted {
    stream: TcpStream,
    shared: Arc<Shared>,
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buf.filled().len();
        let done = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.shared.received.fetch_add((buf.filled().len() - before) as u64, SeqCst);
        done
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, buf);
        if let Poll::Ready(Ok(n)) = &done {
            self.shared.sent.fetch_add(*n as u64, SeqCst);
        }
        done
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
