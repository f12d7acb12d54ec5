//! The certificate of Remote Desktop, as a real server for it shows one: FreeRDP's, which speaks as Windows does.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use slipway_desktop::rdp_certificate::{Shown, shown};
use slipway_tests::window::Screen;

/// How long a server may take until it has made a certificate and listens, on a busy computer.
const SOON: Duration = Duration::from_secs(60);
/// The port was free a moment ago, and may be taken meanwhile.
const ATTEMPTS: usize = 3;

#[test]
fn the_certificate_of_a_remote_desktop_server_is_seen_as_openssl_sees_it() {
    let (screen, folder) = (Screen::new(), tempfile::tempdir().unwrap());
    let mut reasons = Vec::new();
    let seen = (0..ATTEMPTS).find_map(|_| {
        shown_by_freerdp(&screen, folder.path())
            .map_err(|reason| reasons.push(reason))
            .ok()
    });
    let seen = seen.unwrap_or_else(|| panic!("no certificate: {reasons:?}"));
    let file = folder.path().join(".config/freerdp/shadow/shadow.crt");
    assert_eq!(seen.thumbprint, by_openssl(&file, "-sha1").replace(':', ""));
    assert_eq!(seen.sha256, by_openssl(&file, "-sha256"));
}

/// What a server of FreeRDP's shows while it runs with this home folder; or what it said in place of listening.
fn shown_by_freerdp(screen: &Screen, home: &Path) -> Result<Shown, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let said = home.join("said");
    let mut server = screen.command("freerdp-shadow-cli");
    server.args(["/bind-address:127.0.0.1", "/sec:tls", "-auth"]);
    server.arg(format!("/port:{port}")).env("HOME", home);
    let file = File::create(&said).unwrap();
    server
        .env_remove("XDG_CONFIG_HOME")
        .stdout(file.try_clone().unwrap())
        .stderr(file);
    let mut server = server.spawn().unwrap();
    let seen = until_seen(port, &mut server);
    drop(server.kill());
    server.wait().unwrap();
    seen.map_err(|reason| format!("{reason}\n{}", std::fs::read_to_string(&said).unwrap()))
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

fn until_seen(port: u16, server: &mut Child) -> Result<Shown, String> {
    let begun = Instant::now();
    loop {
        match look(port) {
            Ok(seen) => return Ok(seen),
            Err(error) if begun.elapsed() > SOON => return Err(error.to_string()),
            Err(_) => {}
        }
        if let Some(ended) = server.try_wait().unwrap() {
            return Err(format!("the server ended: {ended}"));
        }
    }
}

/// After a moment, so that a server which is starting is left in peace.
fn look(port: u16) -> std::io::Result<Shown> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        shown("127.0.0.1", port).await
    })
}

fn by_openssl(certificate: &Path, hash: &str) -> String {
    let mut openssl = Command::new("openssl");
    openssl
        .args(["x509", "-noout", "-fingerprint", hash, "-in"])
        .arg(certificate);
    let printed = openssl.output().expect("openssl starts");
    assert!(
        printed.status.success(),
        "{}",
        String::from_utf8_lossy(&printed.stderr)
    );
    let text = String::from_utf8(printed.stdout).unwrap();
    text.trim().rsplit('=').next().unwrap().to_owned()
}
