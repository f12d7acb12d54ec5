//! Serving HTTP on one loopback port: shared by the metadata endpoint and the site.

use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::trouble::{Outcome, wrong_state};

/// What is answered.
pub type Answer = Response<Full<Bytes>>;

/// A request must have come by then, so that a silent connection does not stay for ever.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// Opens the port. A port that closed a moment ago, by a restart of the machine, can be opened again.
pub async fn open(host: Ipv4Addr, port: u16) -> Outcome<TcpListener> {
    let address = SocketAddr::from((host, port));
    TcpListener::bind(address).await.map_err(|cause| {
        wrong_state(
            format!("port {port} of {host} on this computer can’t be opened ({cause})"),
            "Close the program that uses it, then start the server again.",
        )
    })
}

/// Answers until it is dropped; then all connections are cut.
pub async fn serve<F, Fut>(listener: TcpListener, answer: F) -> Infallible
where
    F: Fn(Request<Incoming>) -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Answer> + Send + 'static,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else {
                    // Out of file descriptors, most likely: give some back before the next one.
                    crate::pace::look_again().await;
                    continue;
                };
                let answer = answer.clone();
                let service = service_fn(move |request| {
                    let answer = answer(request);
                    async move { Ok::<_, Infallible>(answer.await) }
                });
                let connection = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEADER_TIME)
                    .serve_connection(TokioIo::new(stream), service);
                // A connection that breaks is the other side's business.
                connections.spawn(async move { connection.await.ok(); });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// An answer with a body.
pub fn answer(status: StatusCode, kind: &str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = status;
    if let Ok(kind) = kind.parse() {
        answer.headers_mut().insert(http::header::CONTENT_TYPE, kind);
    }
    answer
}

/// An answer of plain text.
pub fn text(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    answer(status, "text/plain; charset=utf-8", body)
}
