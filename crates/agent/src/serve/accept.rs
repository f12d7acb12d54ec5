//! The accept loop: one task a connection, each within its limits. Plain hyper, because frameworks that accept by
//! themselves leave no place for timeouts before the first byte.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::answer::Answer;
use super::limits::Limits;
use super::pulsed::Pulsed;
use super::room::{Place, Room};

/// After a failed accept (no more file descriptors, say): others have to leave first.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);

/// What answers the requests of a listener.
pub trait Answering: Send + Sync + 'static {
    /// One request, one answer; errors are answers too.
    fn answer(&self, request: Request<Incoming>, peer: &Peer) -> impl Future<Output = Answer> + Send;
}

/// Who asks.
pub struct Peer {
    /// Its address.
    pub address: IpAddr,
    /// Its place among the connections.
    pub place: Place,
}

/// A listener with everything that its connections share.
pub struct Listening<A> {
    /// Answers the requests.
    pub answering: A,
    /// TLS, or plain HTTP without it.
    pub tls: Option<TlsAcceptor>,
    /// What a connection may cost.
    pub limits: Limits,
    /// Who is there.
    pub room: Arc<Room>,
    /// Ends the loop; requests at work are still answered.
    pub closing: CancellationToken,
}

impl<A: Answering> Listening<A> {
    /// Accepts until `closing`. `connections` ends when the last one is gone.
    pub async fn accept(self, listener: TcpListener, connections: TaskTracker) {
        let shared = Arc::new(self);
        let places = Arc::new(Semaphore::new(shared.limits.at_once));
        loop {
            // Never closed, so that this is no error.
            let Ok(place) = places.clone().acquire_owned().await else {
                return;
            };
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = shared.closing.cancelled() => return,
            };
            match accepted {
                Ok((socket, peer)) => {
                    let shared = shared.clone();
                    connections.spawn(async move {
                        shared.keep(socket, peer).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection can't be accepted");
                    tokio::time::sleep(PAUSE_AFTER_ERROR).await;
                }
            }
        }
    }

    /// A connection until its end, or until it has to leave.
    async fn keep(self: Arc<Self>, socket: TcpStream, peer: SocketAddr) {
        let _ = socket.set_nodelay(true);
        let address = peer.ip().to_canonical();
        let (place, leave) = self.room.enter(address);
        let pulse = place.pulse();
        let socket = Pulsed::new(socket, pulse.clone());
        tokio::select! {
            () = self.converse(socket, Peer { address, place }) => {}
            () = leave.cancelled() => {}
            () = pulse.stops(self.limits.silence) => {}
        }
    }

    async fn converse(&self, socket: Pulsed, peer: Peer) {
        let Some(tls) = &self.tls else {
            return self.http(socket, peer).await;
        };
        if let Ok(Ok(encrypted)) = tokio::time::timeout(self.limits.handshake, tls.accept(socket)).await {
            self.http(encrypted, peer).await;
        }
    }

    /// Answers the requests that come on a stream, until its end.
    pub async fn http(&self, stream: impl AsyncRead + AsyncWrite + Unpin, peer: Peer) {
        let answer =
            service_fn(async |request| Ok::<_, Infallible>(self.answering.answer(request, &peer).await));
        let mut connection = std::pin::pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(self.limits.header)
                .max_header_size(self.limits.header_bytes)
                .serve_connection(TokioIo::new(stream), answer)
        );
        // An error ends this connection and concerns nobody else.
        tokio::select! {
            _ = connection.as_mut() => return,
            () = self.closing.cancelled() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}
