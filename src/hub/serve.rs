//! `hub run`: the listener. One process, HTTP/1.1, TLS by files or behind a proxy; a slow or silent peer is cut off.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::Request};
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};
use tower::Service;

use super::{
    Hub,
    config::Config,
    db::Db,
    feed::{Feed, keeper},
    manager, routes, station, webhook,
};
use crate::{cli::Failure, clock::Clock, durable, text::hub as say};

/// A peer gets so long to send its headers, and to shake hands.
const HEADERS: Duration = Duration::from_secs(10);
/// Open connections get so long to end when the hub stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// What one connection may buffer: with thousands of idle ones, memory is this.
const BUFFER: usize = 16 * 1024;

/// Opens what `config` names: its folder, its database.
///
/// # Errors
/// What cannot be opened, and what to do.
pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Hub, Failure> {
    use std::os::unix::fs::PermissionsExt;
    let machine =
        |e: &dyn std::fmt::Display| Failure::Machine(say::no_data(config.data.display(), e.to_string()));
    durable::create_dir(&config.data).map_err(|e| machine(&e))?;
    std::fs::set_permissions(&config.data, std::fs::Permissions::from_mode(0o700))
        .map_err(|e| machine(&e))?;
    let db = match &config.database {
        None => Db::sqlite(&config.data.join("hub.sqlite")).await,
        Some(url) => Db::postgres(&url.0).await,
    };
    let db = db.map_err(|e| Failure::Machine(say::no_database(e.to_string())))?;
    let (feed, stations) = (Feed::open(&config.data)?, station::Desk::open(&config.data)?);
    Ok(Hub::new(config, db, feed, stations, clock))
}

/// Serves until `stop` resolves; then open requests may end.
///
/// # Errors
/// The address is taken, or the certificate cannot be used.
pub async fn serve(hub: Hub, listener: TcpListener, stop: impl Future<Output = ()>) -> Result<(), Failure> {
    let tls = acceptor(&hub.config)?;
    let router = routes::router(&hub);
    let (ending, ended) = tokio::sync::watch::channel(false);
    let mut open = JoinSet::new();
    let mut duties = JoinSet::new();
    keeper::begin(&hub).await;
    duties.spawn(keeper::keep(hub.clone()));
    duties.spawn(manager::keep(hub.clone()));
    duties.spawn(station::silence::watch(hub.clone()));
    duties.spawn(webhook::run(hub.clone()));
    tokio::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    open.spawn(connection(stream, peer, tls.clone(), router.clone(), ended.clone()));
                }
                Err(error) => {
                    // Out of file descriptors: existing connections go on, and end.
                    tracing::warn!(%error, "a connection cannot be accepted");
                    hub.clock.sleep(Duration::from_millis(100)).await;
                }
            },
            Some(_) = open.join_next() => {}
        }
    }
    manager::stopping();
    ending.send_replace(true);
    hub.live.end();
    duties.abort_all();
    tokio::select! {
        () = hub.clock.sleep(FAREWELL) => tracing::warn!("connections are cut off"),
        () = async { while open.join_next().await.is_some() {} } => {}
    }
    open.shutdown().await;
    duties.shutdown().await;
    hub.db.close().await;
    Ok(())
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    ended: tokio::sync::watch::Receiver<bool>,
) {
    stream.set_nodelay(true).ok();
    let Some(tls) = tls else { return talk(stream, peer, router, ended).await };
    match tokio::time::timeout(HEADERS, tls.accept(stream)).await {
        Ok(Ok(stream)) => talk(stream, peer, router, ended).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "no TLS"),
        Err(_) => tracing::debug!(%peer, "too slow a handshake"),
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    mut ended: tokio::sync::watch::Receiver<bool>,
) {
    let service = tower::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.clone().call(request)
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    tokio::pin!(served);
    let result = tokio::select! {
        result = &mut served => result,
        // The sender only ever says that it ends, by a value or by going away.
        _ = ended.changed() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "a connection ended");
    }
}

fn acceptor(config: &Config) -> Result<Option<TlsAcceptor>, Failure> {
    let Some(tls) = &config.tls else { return Ok(None) };
    let bad = |e: &dyn std::fmt::Display| {
        Failure::Refused(say::no_certificate(tls.certificate.display(), e.to_string()))
    };
    let chain: Vec<_> = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(|all| all.collect::<Result<_, _>>())
        .map_err(|e| bad(&e))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|e| bad(&e))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let built = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|b| b.with_no_client_auth().with_single_cert(chain, key));
    let mut built = built.map_err(|e| bad(&e))?;
    built.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(built))))
}
