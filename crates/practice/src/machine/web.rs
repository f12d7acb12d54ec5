//! Serving HTTP on one loopback port: shared by the metadata endpoint and the site.

use std::convert::Infallible;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

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
/// How long a killed program may hold its port, on a computer that is very busy.
const LETTING_GO: Duration = Duration::from_secs(3);

/// Opens the port. A port that closed a moment ago, by a restart of the machine, can be opened again: a program that was
/// killed is gone from the table of processes before the last of its threads has let go of the port.
pub async fn open(host: Ipv4Addr, port: u16) -> Outcome<TcpListener> {
    let address = SocketAddr::from((host, port));
    let since = Instant::now();
    loop {
        match TcpListener::bind(address).await {
            Err(_) if since.elapsed() < LETTING_GO => crate::pace::look_again().await,
            opened => {
                return opened.map_err(|cause| {
                    wrong_state(
                        format!("port {port} of {host} on this computer can’t be opened ({cause})"),
                        "Close the program that uses it, then start the server again.",
                    )
                });
            }
        }
    }
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

#[cfg(test)]
#[allow(clippy::unwrap_used)] // a test that can't go on should stop
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_that_a_killed_program_lets_go_in_a_moment_is_opened() {
        let held = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = held.local_addr().unwrap().port();
        let letting_go = tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(300)).await;
            drop(held);
        });
        assert_eq!(
            open(Ipv4Addr::LOCALHOST, port)
                .await
                .unwrap()
                .local_addr()
                .unwrap()
                .port(),
            port
        );
        letting_go.await.unwrap();
    }
}
