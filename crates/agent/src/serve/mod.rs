//! The status service: takes messages from the installer, keeps them on disk, and answers the app on port 8080.

pub mod accept;
pub mod answer;
pub mod failures;
pub mod fold;
pub mod inbox;
pub mod ledger;
pub mod limits;
pub mod outside;
pub mod page;
mod pen;
pub mod pulsed;
pub mod record;
pub mod room;
pub mod store;
pub mod tls;
pub mod token;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use slipway_protocol::routes;
use tokio::net::{TcpListener, TcpSocket};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::accept::Listening;
use self::inbox::Inbox;
use self::limits::Limits;
use self::outside::Outside;
use self::room::Room;
use self::store::{Store, Writer};
use crate::config::Config;
use crate::identity::{self, Identity};
use crate::{private, scrub};

/// How long requests at work may take to end when the service ends.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

/// Connections that the system holds until they are accepted. Where more come at once, it drops good ones too, and
/// those come back after a second.
const BACKLOG: u32 = 4096;

/// The status service at work.
pub struct Service {
    config: Config,
    instance: String,
    /// Where the app is answered.
    pub listening: SocketAddr,
    /// Where messages come in.
    pub inbox: routes::Inbox,
    writer: Writer,
    connections: TaskTracker,
    acknowledged: CancellationToken,
    closing: CancellationToken,
}

/// Why the service can't work, or not any longer.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A file can't be used, or the disk is full.
    #[error("the status service can't keep its files in {folder}: {source}")]
    File {
        /// The data folder.
        folder: String,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else has the port.
    #[error("the status service can't listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The certificate of the identity can't be used.
    #[error("the agent's certificate can't be used: {0}")]
    Tls(#[from] tokio_rustls::rustls::Error),
}

/// How the service ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It was asked to stop.
    Stopped,
    /// The app has stored the successful end; keys, messages and secrets are gone.
    Scrubbed,
}

impl Service {
    /// Opens the store and both listeners, and tells the installer where to post; needs a tokio runtime.
    pub async fn start(config: &Config, identity: &Identity, limits: Limits) -> Result<Self, ServeError> {
        let in_folder = |source| file_error(config, source);
        let (store, writer) = Store::open(&config.messages_file()).map_err(in_folder)?;
        let (listener, listening) = listen(config.listen)?;
        let (post_listener, post_address) = listen((Ipv4Addr::LOCALHOST, 0).into())?;
        let tls = tls::acceptor(identity)?;
        let (closing, acknowledged) = (CancellationToken::new(), CancellationToken::new());
        let connections = TaskTracker::new();

        let outside = Outside::new(
            config,
            identity,
            store.clone(),
            limits.clone(),
            acknowledged.clone(),
            closing.clone(),
        );
        let get = listening_with(outside, Some(tls), limits, &closing);
        connections.spawn(get.accept(listener, connections.clone()));

        let secret = identity::random::<32>().map(hex::encode).map_err(in_folder)?;
        let inbox = Inbox::new(&secret, post_address.port(), store, Limits::inbox());
        let post = listening_with(inbox, None, Limits::inbox(), &closing);
        connections.spawn(post.accept(post_listener, connections.clone()));

        let inbox = routes::Inbox {
            port: post_address.port(),
            secret,
        };
        write_inbox(config, &inbox).map_err(in_folder)?;
        Ok(Service {
            config: config.clone(),
            instance: identity.instance.clone(),
            listening,
            inbox,
            writer,
            connections,
            acknowledged,
            closing,
        })
    }

    /// Works until `stop` ends, the app has acknowledged the successful end, or the disk fails.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<Ended, ServeError> {
        let ended = tokio::select! {
            () = stop => Ended::Stopped,
            () = self.acknowledged.cancelled() => Ended::Scrubbed,
            failed = &mut self.writer => return Err(self.abandon(failed)),
        };
        self.close().await;
        let cleaned = match ended {
            Ended::Stopped => private::remove(&self.config.inbox_file()),
            Ended::Scrubbed => scrub::scrub(&self.config, &self.instance),
        };
        cleaned.map_err(|source| file_error(&self.config, source))?;
        Ok(ended)
    }

    /// Lets requests at work end; then nobody holds the store, and its writer ends.
    async fn close(&mut self) {
        self.closing.cancel();
        self.connections.close();
        let _ = tokio::time::timeout(LAST_ANSWERS, self.connections.wait()).await;
        let _ = tokio::time::timeout(LAST_ANSWERS, &mut self.writer).await;
    }

    /// The next start finds out what reached the disk.
    fn abandon(&self, writer: Result<io::Result<()>, tokio::task::JoinError>) -> ServeError {
        self.closing.cancel();
        let source = match writer {
            Ok(Err(error)) => error,
            Ok(Ok(())) => io::Error::other("the writer ended"),
            Err(panic) => io::Error::other(panic),
        };
        file_error(&self.config, source)
    }
}

fn listening_with<A>(
    answering: A,
    tls: Option<tokio_rustls::TlsAcceptor>,
    limits: Limits,
    closing: &CancellationToken,
) -> Listening<A> {
    Listening {
        answering,
        tls,
        room: Room::new(limits.clone()),
        limits,
        closing: closing.clone(),
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { address, source };
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    };
    let listener = socket.and_then(|socket| bound(socket, address)).map_err(failed)?;
    let local = listener.local_addr().map_err(failed)?;
    Ok((listener, local))
}

fn bound(socket: TcpSocket, address: SocketAddr) -> io::Result<TcpListener> {
    // On Windows this option would let another process take the port; elsewhere a restart needs it.
    if cfg!(unix) {
        socket.set_reuseaddr(true)?;
    }
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn write_inbox(config: &Config, inbox: &routes::Inbox) -> io::Result<()> {
    private::write(&config.inbox_file(), &serde_json::to_vec(inbox)?)
}

fn file_error(config: &Config, source: io::Error) -> ServeError {
    let folder = config.data_dir.display().to_string();
    ServeError::File { folder, source }
}
