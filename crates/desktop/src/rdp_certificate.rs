//! Whether Remote Desktop answers with the certificate that the server's console told of. Windows makes that certificate
//! itself, so its client can only ask the user; we know better, and ask before a password goes there.

use std::time::Duration;

use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use rustls::pki_types::ServerName;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::view::{AccessView, RdpCertificate};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::pinning;
use crate::wiring::Desk;

/// For all of it: somebody waits for the client to open.
const PATIENCE: Duration = Duration::from_secs(5);
/// The client's first words: a connection request that offers TLS, alone or with the user known beforehand (“CredSSP”).
/// \[MS-RDPBCGR\] 2.2.1.1.
const OFFER_TLS: [u8; 19] = [
    3, 0, 0, 19, // TPKT, and the length of all
    14, 0xe0, 0, 0, 0, 0, 0, // X.224 connection request
    1, 0, 8, 0, 3, 0, 0, 0, // negotiation request: PROTOCOL_SSL | PROTOCOL_HYBRID
];
/// Where the answer tells what it is, and what that must be. \[MS-RDPBCGR\] 2.2.1.2.1.
const ANSWERED: (usize, u8) = (11, 2);

impl Desk {
    /// Asks the server's Remote Desktop for its certificate and compares.
    ///
    /// # Errors
    /// When the launch is unknown.
    pub async fn rdp_certificate(&self, id: &str) -> Result<RdpCertificate> {
        let access = self.engine.access(id).await?;
        if access.rdp_thumbprint.is_none() {
            return Ok(RdpCertificate::Unseen);
        }
        Ok(match look(&access).await {
            Ok(shown) if is_told(&shown, &access) => RdpCertificate::Same,
            Ok(_) => RdpCertificate::Other,
            Err(error) => {
                tracing::info!(%error, host = access.host, "Remote Desktop shows no certificate");
                RdpCertificate::Unseen
            }
        })
    }
}

/// The certificate that a client may trust: the one that the console told of. `None` where the console told of none.
///
/// # Errors
/// When nobody answers as Remote Desktop, or somebody with another certificate than the console told of.
pub(crate) async fn trusted(access: &AccessView) -> Result<Option<Shown>> {
    let shown = look(access).await.map_err(|error| silent(access, &error))?;
    if access.rdp_thumbprint.is_none() {
        return Ok(None);
    }
    if is_told(&shown, access) {
        return Ok(Some(shown));
    }
    let sentence = format!(
        "Remote Desktop at {} shows another certificate than the one that the server's console told of.",
        access.host
    );
    Err(Error::new(ErrorKind::IdentityMismatch, sentence).hint(
        "Don't type the password there: somebody else may answer at this address. If you have given the server a \
         certificate of your own, save the .rdp file and connect with that.",
    ))
}

fn silent(access: &AccessView, error: &std::io::Error) -> Error {
    let sentence = format!(
        "Remote Desktop at {}:{} does not answer.",
        access.host, access.rdp_port
    );
    Error::new(ErrorKind::Unreachable, sentence)
        .hint("See that the server runs and that your current address is allowed to connect, then try again.")
        .because(error)
}

fn is_told(shown: &Shown, access: &AccessView) -> bool {
    let told = access.rdp_thumbprint.as_deref();
    told.is_some_and(|told| told.eq_ignore_ascii_case(&shown.thumbprint))
}

async fn look(access: &AccessView) -> std::io::Result<Shown> {
    let asked = tokio::time::timeout(PATIENCE, shown(&access.host, access.rdp_port)).await;
    asked.unwrap_or_else(|late| Err(late.into()))
}

/// A certificate that Remote Desktop shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// SHA-1 of it as Windows writes it: 40 upper-case hex digits.
    pub thumbprint: String,
    /// SHA-256 of it as FreeRDP and OpenSSL write it: upper-case hex with a colon after each byte but the last.
    pub sha256: String,
}

/// The certificate that Remote Desktop shows. Its key was proven in the handshake.
///
/// # Errors
/// When nobody answers there, or not as Remote Desktop with TLS does.
pub async fn shown(host: &str, port: u16) -> std::io::Result<Shown> {
    let mut stream = TcpStream::connect((host, port)).await?;
    stream.write_all(&OFFER_TLS).await?;
    let mut answer = [0; OFFER_TLS.len()];
    stream.read_exact(&mut answer).await?;
    let (at, expected) = ANSWERED;
    if answer[at] != expected {
        return Err(std::io::Error::other("it does not speak TLS"));
    }
    let config = pinning::config(None).map_err(std::io::Error::other)?;
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    let secured = TlsConnector::from(std::sync::Arc::new(config))
        .connect(name, stream)
        .await?;
    let (_, session) = secured.get_ref();
    let certificate = session.peer_certificates().and_then(<[_]>::first);
    let certificate = certificate.ok_or_else(|| std::io::Error::other("it has no certificate"))?;
    let hash = |algorithm: &'static Algorithm| hex::encode_upper(digest(algorithm, certificate));
    Ok(Shown {
        thumbprint: hash(&SHA1_FOR_LEGACY_USE_ONLY),
        sha256: with_colons(&hash(&SHA256)),
    })
}

fn with_colons(hex: &str) -> String {
    let bytes: Vec<&str> = (0..hex.len() / 2).map(|at| &hex[2 * at..2 * at + 2]).collect();
    bytes.join(":")
}
