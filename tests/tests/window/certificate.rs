//! The certificate of Remote Desktop, as a real server for it shows one: FreeRDP's, which speaks as Windows does.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use slipway_desktop::rdp_certificate::shown;
use slipway_tests::window::Screen;

/// How long a server may take until it has made a certificate and listens.
const SOON: Duration = Duration::from_secs(20);

#[test]
fn the_certificate_of_a_remote_desktop_server_is_seen_as_openssl_sees_it() {
    let (screen, folder) = (Screen::new(), tempfile::tempdir().unwrap());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let mut server = screen.command("freerdp-shadow-cli");
    server.args(["/bind-address:127.0.0.1", "/sec:tls", "-auth"]);
    server.arg(format!("/port:{port}")).env("HOME", folder.path());
    server
        .env_remove("XDG_CONFIG_HOME")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut server = server.spawn().unwrap();
    let seen = until_seen(port);
    drop(server.kill());
    server.wait().unwrap();
    assert_eq!(
        seen,
        by_openssl(&folder.path().join(".config/freerdp/shadow/shadow.crt"))
    );
}

/// Whoever answers otherwise shows no certificate, and nobody waits for one for ever.
#[test]
fn what_is_no_remote_desktop_server_shows_none() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let other = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n")
    });
    let seen = look(port);
    other.join().unwrap().unwrap();
    assert!(seen.is_err(), "{seen:?}");
    assert!(look(port).is_err(), "nobody listens any more");
}

fn until_seen(port: u16) -> String {
    let begun = Instant::now();
    loop {
        match look(port) {
            Ok(seen) => return seen,
            Err(error) => assert!(begun.elapsed() < SOON, "no certificate: {error}"),
        }
    }
}

/// After a moment, so that a server which is starting is left in peace.
fn look(port: u16) -> std::io::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        shown("127.0.0.1", port).await
    })
}

fn by_openssl(certificate: &Path) -> String {
    let mut openssl = Command::new("openssl");
    openssl
        .args(["x509", "-noout", "-fingerprint", "-sha1", "-in"])
        .arg(certificate);
    let printed = openssl.output().expect("openssl starts");
    assert!(
        printed.status.success(),
        "{}",
        String::from_utf8_lossy(&printed.stderr)
    );
    let text = String::from_utf8(printed.stdout).unwrap();
    text.trim().rsplit('=').next().unwrap().replace(':', "")
}
