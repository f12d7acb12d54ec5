//! Remote Desktop as it is opened from the terminal: FreeRDP as client and as server, which speaks as Windows does. The
//! window opens it by the same function.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use slipway_desktop::rdp_certificate::{Shown, shown};
use slipway_tests::room::{Ran, program};
use slipway_tests::window::processes;

use crate::world::World;

/// How long a server may take until it has made a certificate and listens, on a busy computer.
const SOON: Duration = Duration::from_secs(60);

#[test]
fn a_session_opens_without_a_question_and_whoever_is_not_the_server_gets_no_password() {
    let world = World::with_profile();
    let home = Home::new(&world);
    let certificate = home.certificate(&world);
    world
        .cloud
        .rules(&json!({"rdp_thumbprint": certificate.thumbprint}));
    world
        .terminal
        .done(&["launch", "--recipe", "ec2-site", "--name", "desk", "--yes"]);
    let access = world
        .terminal
        .done(&["access", "desk", "--show-password", "--json"])
        .last();
    let (host, port) = (
        access["host"].as_str().unwrap(),
        access["rdp_port"].as_u64().unwrap(),
    );
    let password = access["password"].as_str().unwrap();

    let silent = connect(&world);
    assert!(silent.err.contains("does not answer"), "{}", silent.err);

    let server = home.server(&world, host, port, password);
    let connected = connect(&world);
    assert_eq!(connected.status, 0, "{}{}", connected.out, connected.err);
    let client = client(&world);
    assert!(
        client.contains(&format!("/cert:fingerprint:sha256:{}", certificate.sha256)),
        "{client}"
    );
    assert!(!client.contains(password), "{client}");
    end_clients(&world);
    end(server);

    let server = home.server(&world, host, port, "another password");
    let refused = connect(&world);
    assert_eq!(refused.status, 1, "{}", refused.out);
    assert!(
        refused
            .err
            .contains("The Remote Desktop client ended at once. It said: "),
        "{}",
        refused.err
    );
    assert!(!refused.err.contains(password), "{}", refused.err);
    end(server);

    home.forget_certificate();
    let server = home.server(&world, host, port, password);
    let other = connect(&world);
    assert_eq!(other.status, 1, "{}", other.out);
    assert!(other.err.contains("shows another certificate"), "{}", other.err);
    end(server);
    world.terminal.done(&["terminate", "desk", "--yes"]);
}

/// `slipway access --connect` on the screen.
fn connect(world: &World) -> Ran {
    let mut command = world.screen.command(program("slipway"));
    command
        .args(["access", "desk", "--connect"])
        .current_dir(world.terminal.path());
    command.output().unwrap().into()
}

/// The command line of the client that runs on the screen.
fn client(world: &World) -> String {
    let found = clients(world).next().expect("a client that runs");
    String::from_utf8_lossy(&std::fs::read(format!("/proc/{found}/cmdline")).unwrap()).replace('\0', " ")
}

fn clients(world: &World) -> impl Iterator<Item = u32> {
    let all = processes::clients_of_home(&world.screen.home()).into_iter();
    all.map(|process| process.pid)
}

fn end_clients(world: &World) {
    for client in clients(world) {
        drop(Command::new("kill").arg(client.to_string()).status());
    }
}

/// Where the server keeps its certificate.
struct Home(PathBuf);

impl Home {
    fn new(world: &World) -> Self {
        let folder = world.terminal.path().join("server");
        std::fs::create_dir_all(&folder).unwrap();
        Home(folder)
    }

    /// The server makes one when it first starts.
    fn certificate(&self, world: &World) -> Shown {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = u64::from(listener.local_addr().unwrap().port());
        drop(listener);
        let server = self.server(world, "127.0.0.1", port, "unused");
        let certificate = look("127.0.0.1", port).unwrap();
        end(server);
        certificate
    }

    fn forget_certificate(&self) {
        std::fs::remove_dir_all(self.0.join(".config")).unwrap();
    }

    /// A server that listens, and takes the Administrator with this password.
    fn server(&self, world: &World, host: &str, port: u64, password: &str) -> Child {
        let sam = self.0.join("sam");
        let _ = std::fs::remove_file(&sam);
        let hash = Command::new("winpr-hash")
            .args(["-u", "Administrator", "-p", password, "-f", "sam"])
            .output()
            .unwrap();
        std::fs::write(&sam, hash.stdout).unwrap();
        let mut command = world.screen.command("freerdp-shadow-cli");
        command
            .args([
                format!("/bind-address:{host}"),
                format!("/port:{port}"),
                sam_argument(&sam),
            ])
            .arg("/sec:nla")
            .env("HOME", &self.0)
            .env_remove("XDG_CONFIG_HOME")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let begun = Instant::now();
        while let Err(error) = look(host, port) {
            assert!(begun.elapsed() < SOON, "{error}");
            // It ends where its port is still the one of the server before, or of whoever asked that one.
            if server.try_wait().unwrap().is_some() {
                server = command.spawn().unwrap();
            }
            std::thread::park_timeout(Duration::from_millis(200));
        }
        server
    }
}

fn sam_argument(sam: &Path) -> String {
    format!("/sam-file:{}", sam.display())
}

fn end(mut server: Child) {
    server.kill().unwrap();
    server.wait().unwrap();
}

fn look(host: &str, port: u64) -> std::io::Result<Shown> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(shown(host, port.try_into().unwrap()))
}
