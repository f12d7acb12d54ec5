//! The two sides that talk to the service, written on raw sockets so that they can misbehave.

use std::net::SocketAddr;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use slipway_protocol::Message;
use slipway_protocol::routes::{Accepted, Batch, Inbox, ORDER_HEADER};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme};

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// The app: knows the certificate and the token.
#[derive(Clone)]
pub struct App {
    pub address: SocketAddr,
    pub token: String,
    pub tls: TlsConnector,
}

impl App {
    pub fn new(address: SocketAddr, certificate: &[u8], token: &str) -> Self {
        let provider = Arc::new(ring::default_provider());
        let verifier = Pinned {
            certificate: certificate.to_vec(),
            provider: provider.clone(),
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        App {
            address,
            token: token.into(),
            tls: TlsConnector::from(Arc::new(config)),
        }
    }

    pub async fn connect(&self) -> std::io::Result<TlsStream<TcpStream>> {
        let socket = TcpStream::connect(self.address).await?;
        socket.set_nodelay(true)?;
        let name = ServerName::try_from("slipway-agent").unwrap();
        self.tls.connect(name, socket).await
    }

    /// A GET on a connection of its own.
    pub async fn get(&self, path: &str) -> std::io::Result<Answer> {
        let mut stream = self.connect().await?;
        self.get_on(&mut stream, path).await
    }

    /// A GET that carries a sealed order.
    pub async fn get_with_order(&self, path: &str, order: &str) -> std::io::Result<Answer> {
        let token = &self.token;
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n{ORDER_HEADER}: {order}\r\n\r\n"
        );
        self.send(request.as_bytes()).await
    }

    pub async fn get_on(&self, stream: &mut TlsStream<TcpStream>, path: &str) -> std::io::Result<Answer> {
        let token = &self.token;
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n");
        exchange(stream, request.as_bytes()).await
    }

    /// Sends bytes as they are and reads an answer.
    pub async fn send(&self, request: &[u8]) -> std::io::Result<Answer> {
        exchange(&mut self.connect().await?, request).await
    }
}

/// The installer: posts batches on one connection that it keeps.
#[derive(Clone)]
pub struct Sender {
    pub address: SocketAddr,
    pub secret: String,
    pub name: String,
}

impl Sender {
    pub fn new(inbox: &Inbox, name: &str) -> Self {
        Sender {
            address: ([127, 0, 0, 1], inbox.port).into(),
            secret: inbox.secret.clone(),
            name: name.into(),
        }
    }

    pub fn request(&self, messages: Vec<Message>) -> Vec<u8> {
        let sender = self.name.clone();
        let body = serde_json::to_vec(&Batch { sender, messages }).unwrap();
        let head = format!(
            "POST /v1/messages HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.secret,
            body.len()
        );
        [head.into_bytes(), body].concat()
    }

    pub async fn post(&self, messages: Vec<Message>) -> std::io::Result<Answer> {
        self.send(&self.request(messages)).await
    }

    pub async fn send(&self, request: &[u8]) -> std::io::Result<Answer> {
        exchange(&mut TcpStream::connect(self.address).await?, request).await
    }

    /// Posts what must be accepted; the number up to which everything is stored comes back.
    pub async fn deliver(&self, messages: Vec<Message>) -> u64 {
        let answer = self.post(messages).await.unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json::<Accepted>().through
    }
}

pub async fn exchange(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    request: &[u8],
) -> std::io::Result<Answer> {
    // The service may answer and close before it has read everything.
    let _ = stream.write_all(request).await;
    let _ = stream.flush().await;
    read_answer(stream).await
}

pub async fn read_answer(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Answer> {
    let mut seen = Vec::new();
    let head_end = loop {
        if let Some(at) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut seen).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let mut body = seen.split_off(head_end);
    let head = String::from_utf8(seen).unwrap().to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.map_or(0, |length| length.parse().unwrap());
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Ok(Answer { status, head, body })
}

/// Trusts one certificate, whatever its name and dates say, and checks that the other side holds its key.
#[derive(Debug)]
struct Pinned {
    certificate: Vec<u8>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let known = shown.as_ref() == self.certificate.as_slice();
        let verified = known.then(ServerCertVerified::assertion);
        verified.ok_or(CertificateError::ApplicationVerificationFailure.into())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(
            message,
            cert,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            cert,
            signed,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
