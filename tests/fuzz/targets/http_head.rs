//! Requests to the status service, with and without the right token: they are answered or cut off, and none is the
//! service's own failure.
#![no_main]

use std::path::Path;
use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};
use slipway_agent::config::Config;
use slipway_agent::identity::Identity;
use slipway_agent::serve::accept::{Listening, Peer};
use slipway_agent::serve::limits::Limits;
use slipway_agent::serve::outside::Outside;
use slipway_agent::serve::room::Room;
use slipway_agent::serve::store::Store;
use slipway_agent::system::System;
use slipway_protocol::Secret;
use slipway_protocol::sealing::Key;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// The right token, which stands in the corpus: the fuzzer could not guess it.
const TOKEN: &str = "TOKEN";

struct World {
    runtime: Runtime,
    listening: Listening<Outside>,
    _folder: tempfile::TempDir,
}

static WORLD: OnceLock<World> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let world = WORLD.get_or_init(begin);
    world.runtime.block_on(ask(&world.listening, data));
});

fn begin() -> World {
    // Time passes by itself as soon as nothing else is to be done: a wait of 25 s takes none.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime can be made");
    let folder = tempfile::tempdir().expect("a folder can be made");
    let listening = runtime.block_on(async { listening(folder.path()) });
    World {
        runtime,
        listening,
        _folder: folder,
    }
}

fn listening(folder: &Path) -> Listening<Outside> {
    let config = Config {
        data_dir: folder.to_owned(),
        listen: ([127, 0, 0, 1], 0).into(),
        imds: String::new(),
        console: folder.join("console"),
        site_dir: folder.join("site"),
        site_port: 80,
        restart_with: None,
        set_password_with: None,
        system: System::default(),
    };
    let key = Key::generate();
    let identity = Identity {
        instance: "i-1".into(),
        launch: "launch".into(),
        stream: "stream".into(),
        app_key: key.public(),
        key,
        token_sha256: Sha256::digest(TOKEN).into(),
        certificate: Vec::new(),
        certificate_key: Secret::new(Vec::new()),
    };
    let (store, _writer) = Store::open(&config.messages_file()).expect("a store can be made");
    let (limits, closing) = (Limits::public(), CancellationToken::new());
    let acknowledged = CancellationToken::new();
    Listening {
        answering: Outside::new(
            &config,
            &identity,
            store,
            limits.clone(),
            acknowledged,
            closing.clone(),
        ),
        tls: None,
        room: Room::new(limits.clone()),
        limits,
        closing,
    }
}

async fn ask(listening: &Listening<Outside>, data: &[u8]) {
    let (mut client, server) = tokio::io::duplex(64 * 1024);
    let address = [127, 0, 0, 1].into();
    let (place, _leave) = listening.room.enter(address);
    let asking = async {
        // The service may close before it has read everything.
        let _ = client.write_all(data).await;
        let _ = client.shutdown().await;
        let mut answer = Vec::new();
        let _ = client.read_to_end(&mut answer).await;
        answer
    };
    let (answer, ()) = tokio::join!(asking, listening.http(server, Peer { address, place }));
    let status = answer.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.first());
    assert!(status != Some(&b'5'), "{}", String::from_utf8_lossy(&answer));
}
