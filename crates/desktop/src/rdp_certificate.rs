//! Whether Remote Desktop answers with the certificate that the server's console told of. Windows makes that certificate
//! itself, so its client can only ask the user; we know better, and ask before a password goes there.

use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
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
        Ok(compared(&self.engine.access(id).await?).await)
    }

    /// Refuses where somebody else answers. Whoever can't be asked is left to the Remote Desktop client.
    pub(crate) async fn check_rdp_certificate(&self, id: &str) -> Result<()> {
        let access = self.engine.access(id).await?;
        if compared(&access).await != RdpCertificate::Other {
            return Ok(());
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
}

async fn compared(access: &AccessView) -> RdpCertificate {
    let Some(told) = &access.rdp_thumbprint else {
        return RdpCertificate::Unseen;
    };
    let asked = tokio::time::timeout(PATIENCE, shown(&access.host, access.rdp_port)).await;
    match asked.unwrap_or_else(|late| Err(late.into())) {
        Ok(shown) if shown.eq_ignore_ascii_case(told) => RdpCertificate::Same,
        Ok(_) => RdpCertificate::Other,
        Err(error) => {
            tracing::info!(%error, host = access.host, "Remote Desktop shows no certificate");
            RdpCertificate::Unseen
        }
    }
}

/// The SHA-1 thumbprint of the certificate that Remote Desktop shows, as Windows writes it: 40 hex digits. Its key was
/// proven in the handshake.
///
/// # Errors
/// When nobody answers there, or not as Remote Desktop with TLS does.
pub async fn shown(host: &str, port: u16) -> std::io::Result<String> {
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
    Ok(hex::encode_upper(digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate)))
}
