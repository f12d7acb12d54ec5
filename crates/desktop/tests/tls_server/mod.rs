//! Little servers that answer as a status service would, or as its impostors would.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use sha2::{Digest, Sha256};
use slipway_core::ports::AgentAddress;
use slipway_core::secret::Secret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

pub const TOKEN: &str = "c0ffee00c0ffee00";

/// Makes raw bytes of the head of a request.
pub type Answer = fn(&str) -> Vec<u8>;

/// A certificate and its key.
#[derive(Clone)]
pub struct Identity {
    pub certificate: CertificateDer<'static>,
    key: Arc<KeyPair>,
}

impl Identity {
    /// Always the same subject, each time another key; dates long past, because dates are not looked at.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["slipway-agent".to_owned()]).unwrap();
        params.distinguished_name = DistinguishedName::new();
        params
            .distinguished_name
            .push(DnType::CommonName, "slipway-agent");
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Identity {
            certificate,
            key: Arc::new(key),
        }
    }

    /// The same certificate, presented by somebody who has only another key.
    pub fn stolen(&self) -> Self {
        Identity {
            certificate: self.certificate.clone(),
            key: Arc::new(KeyPair::generate().unwrap()),
        }
    }

    pub fn pin(&self) -> String {
        hex::encode(Sha256::digest(&self.certificate))
    }

    fn certified(&self) -> CertifiedKey {
        let der = PrivateKeyDer::try_from(self.key.serialize_der()).unwrap();
        let key = aws_lc_rs::sign::any_supported_type(&der).unwrap();
        CertifiedKey::new(vec![self.certificate.clone()], key)
    }
}

/// Presents its identities in turn, one a connection.
struct InTurn {
    keys: Vec<Arc<CertifiedKey>>,
    next: AtomicUsize,
}

impl std::fmt::Debug for InTurn {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("InTurn")
    }
}

impl ResolvesServerCert for InTurn {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let turn = self.next.fetch_add(1, Ordering::SeqCst);
        self.keys.get(turn % self.keys.len()).cloned()
    }
}

/// What a server saw.
#[derive(Default)]
pub struct Seen {
    pub connections: AtomicUsize,
    pub requests: AtomicUsize,
}

pub struct Server {
    pub address: SocketAddr,
    pub seen: Arc<Seen>,
}

impl Server {
    pub fn agent(&self, pin: Option<String>) -> AgentAddress {
        AgentAddress {
            host: "127.0.0.1".to_owned(),
            port: self.address.port(),
            token: Secret::new(TOKEN.to_owned()),
            pin,
        }
    }
}

/// Answers every request over TLS with the raw bytes that `answer` makes of its head.
pub async fn serve(
    identities: &[&Identity],
    versions: &[&'static rustls::SupportedProtocolVersion],
    answer: Answer,
) -> Server {
    let keys = identities
        .iter()
        .map(|identity| Arc::new(identity.certified()))
        .collect();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(InTurn {
            keys,
            next: AtomicUsize::new(0),
        }));
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server {
        address: listener.local_addr().unwrap(),
        seen: Arc::default(),
    };
    let seen = Arc::clone(&server.seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, seen) = (acceptor.clone(), Arc::clone(&seen));
            seen.connections.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    converse(stream, &seen, answer).await;
                }
            });
        }
    });
    server
}

/// The same without TLS.
pub async fn serve_plain(answer: Answer) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server {
        address: listener.local_addr().unwrap(),
        seen: Arc::default(),
    };
    let seen = Arc::clone(&server.seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            seen.connections.fetch_add(1, Ordering::SeqCst);
            let seen = Arc::clone(&seen);
            tokio::spawn(async move { converse(stream, &seen, answer).await });
        }
    });
    server
}

async fn converse(mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin, seen: &Seen, answer: Answer) {
    let mut head = Vec::new();
    let mut byte = [0];
    while stream.read_exact(&mut byte).await.is_ok() {
        head.push(byte[0]);
        if head.ends_with(b"\r\n\r\n") {
            seen.requests.fetch_add(1, Ordering::SeqCst);
            let bytes = answer(&String::from_utf8_lossy(&head));
            let close = bytes.windows(17).any(|window| window == b"connection: close");
            if stream.write_all(&bytes).await.is_err() || stream.flush().await.is_err() || close {
                break;
            }
            head.clear();
        }
    }
    // Without this the peer could see a reset before it has read the answer.
    drop(stream.shutdown().await);
}
