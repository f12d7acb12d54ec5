//! Malformed requests by the thousand and slow connections by the thousand, while good requests are timed.

use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::client::{App, Sender, exchange};
use crate::long::cases;
use crate::process::{Process, app, world_with_port};
use crate::random::Random;
use crate::world::{TOKEN, World};

const GOOD_WITHIN: Duration = Duration::from_millis(250);
/// On a machine that has other work too, good requests may take this many times as long as those to a service that
/// nobody attacks.
const BESIDE_CALM: u32 = 10;
const PARALLEL: usize = 8;
/// Of the status service, whoever comes.
const MOST_DESCRIPTORS: usize = 128;

/// Good requests while a service is attacked, and the same ones to another service that is left in peace: what the
/// machine is busy with besides slows both.
struct Good {
    done: CancellationToken,
    attacked: JoinHandle<Vec<Duration>>,
    calm: JoinHandle<Vec<Duration>>,
    left_in_peace: Process,
    _its_world: World,
}

impl Good {
    async fn begin(attacked: &App) -> Self {
        let world = world_with_port().await;
        let left_in_peace = Process::start(&world.config).await;
        let done = CancellationToken::new();
        Good {
            attacked: ask_meanwhile(attacked, &done),
            calm: ask_meanwhile(&app(&world).await, &done),
            done,
            left_in_peace,
            _its_world: world,
        }
    }

    fn end_quick(mut self, during: &str) {
        self.done.cancel();
        let (attacked, calm) = (self.attacked.join().unwrap(), self.calm.join().unwrap());
        self.left_in_peace.assert_calm();
        let p99 = |times: &[Duration]| times[times.len() * 99 / 100];
        let (count, worst) = (attacked.len(), attacked[attacked.len() - 1]);
        let (attacked, calm) = (p99(&attacked), p99(&calm));
        println!(
            "{count} good requests during {during}: p99 {attacked:?}, worst {worst:?}; in peace p99 {calm:?}"
        );
        let limit = GOOD_WITHIN.max(calm * BESIDE_CALM);
        assert!(attacked <= limit, "p99 {attacked:?}, in peace {calm:?}");
    }
}

/// Asks good questions, each on a connection of its own, until told to stop; the times come back in order. On a thread
/// of its own: its time is to be the service's, not that of the attackers in this process.
fn ask_meanwhile(app: &App, done: &CancellationToken) -> JoinHandle<Vec<Duration>> {
    let (app, done) = (app.clone(), done.clone());
    let asking = async move {
        let mut times = Vec::new();
        while !done.is_cancelled() {
            let started = Instant::now();
            ask_until_answered(&app).await;
            times.push(started.elapsed());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        times.sort();
        times
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    std::thread::spawn(move || runtime.block_on(asking))
}

/// The attackers share this address, so a busy moment may cost a newcomer its place; it asks again, as the app does.
async fn ask_until_answered(app: &App) {
    loop {
        if let Ok(answer) = app.get("/v1/messages?after=0").await {
            return assert_eq!(answer.status, 200);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_malformed_requests_do_no_harm() {
    let _alone = crate::ALONE.lock().await;
    let world = world_with_port().await;
    let mut process = Process::start(&world.config).await;
    let (app, sender) = (app(&world).await, process.sender());
    let good = Good::begin(&app).await;
    let mut attackers = JoinSet::new();
    for seed in 0..PARALLEL {
        attackers.spawn(attack(app.clone(), sender.clone(), Random(seed as u64)));
    }
    let answered: usize = attackers.join_all().await.into_iter().sum();
    assert!(
        answered > requests() * 3 / 10,
        "only {answered} of the malformed requests were answered at all"
    );
    println!("{} malformed requests, {answered} of them answered", requests());
    good.end_quick("malformed requests");
    process.assert_calm();
}

fn requests() -> usize {
    cases(10_000, 200_000) as usize
}

/// How many requests got an answer; the others were cut off, or wait for their own rest.
async fn attack(app: App, sender: Sender, mut random: Random) -> usize {
    let mut answered = 0;
    for round in 0..requests() / PARALLEL {
        let request = malformed(&mut random, &sender);
        let status = match round % 3 {
            0 => encrypted(&app, &request).await,
            1 => plain(sender.address, &request).await,
            _ => plain(app.address, &request).await,
        };
        let shown = String::from_utf8_lossy(&request[..request.len().min(300)]).into_owned();
        assert!(status.is_none_or(|status| status < 500), "{status:?} for {shown}");
        answered += usize::from(status.is_some());
    }
    answered
}

async fn encrypted(app: &App, request: &[u8]) -> Option<u16> {
    ask(&mut app.connect().await.unwrap(), request).await
}

async fn plain(address: std::net::SocketAddr, request: &[u8]) -> Option<u16> {
    ask(&mut TcpStream::connect(address).await.unwrap(), request).await
}

/// Half of a request may wait for its rest, so this does not wait for long.
async fn ask(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), request: &[u8]) -> Option<u16> {
    let answer = tokio::time::timeout(Duration::from_millis(5), exchange(stream, request));
    answer.await.ok()?.ok().map(|answer| answer.status)
}

/// A good request with something wrong in it, or nothing like one.
fn malformed(random: &mut Random, sender: &Sender) -> Vec<u8> {
    let get =
        format!("GET /v1/messages?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n");
    let mut request = match random.below(2) {
        0 => get.into_bytes(),
        _ => sender.request(vec![]),
    };
    match random.below(9) {
        0 => random.bytes(200),
        1 => b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
        2 => [
            b"GET /".as_slice(),
            &vec![b'a'; random.below(20_000)],
            b" HTTP/1.1\r\n\r\n",
        ]
        .concat(),
        3 => header_flood(random),
        4 => wrong_head(random),
        5 => wrong_body(random, sender),
        6 => {
            request.truncate(random.below(request.len()));
            request
        }
        _ => {
            for _ in 0..=random.below(5) {
                let at = random.below(request.len());
                request[at] = random.next() as u8;
            }
            request
        }
    }
}

fn header_flood(random: &mut Random) -> Vec<u8> {
    let headers: String = (0..random.below(500))
        .map(|number| format!("X-{number}: {number}\r\n"))
        .collect();
    format!("GET /v1/hello HTTP/1.1\r\n{headers}\r\n").into_bytes()
}

fn wrong_head(random: &mut Random) -> Vec<u8> {
    let line = random.pick(&[
        "GET  /v1/hello HTTP/1.1",
        "GET /v1/hello HTTP/9.9",
        "GET /v1/hello",
        "GET http:// HTTP/1.1",
        "GET ?? HTTP/1.1",
        "GET /v1/messages?after=%zz&limit=\u{0} HTTP/1.1",
        "CONNECT 10.0.0.1:443 HTTP/1.1",
        " GET / HTTP/1.1",
    ]);
    let header = random.pick(&[
        "Content-Length: -1",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Transfer-Encoding: gzip",
        "Host: a\r\nHost: b",
        "Upgrade: h2c\r\nConnection: Upgrade",
        "Expect: 100-continue",
        ": nameless",
        "No colon",
        " folded: line",
        "Authorization: Bearer \u{7f}",
    ]);
    format!("{line}\r\n{header}\r\nAuthorization: Bearer {TOKEN}\r\n\r\n0\r\n\r\n").into_bytes()
}

fn wrong_body(random: &mut Random, sender: &Sender) -> Vec<u8> {
    let deep = "[".repeat(5000);
    let body = random.pick(&[
        "",
        "null",
        "{}",
        "{\"sender\":1}",
        "{\"sender\":\"a\",\"messages\":[{\"number\":-1}]}",
        "{\"sender\":\"a\",\"messages\":[{\"number\":1e99,\"attempt\":1,\"time\":0,\"kind\":\"line\"}]}",
        "\u{feff}{}",
        &deep,
    ]);
    let (address, secret, length) = (sender.address, &sender.secret, body.len());
    let head = format!("POST /v1/messages HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {secret}\r\n");
    format!("{head}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_slow_connections_keep_nobody_out_and_are_cut() {
    let _alone = crate::ALONE.lock().await;
    let world = world_with_port().await;
    let mut process = Process::start(&world.config).await;
    let app = app(&world).await;
    let good = Good::begin(&app).await;
    let mut slow = JoinSet::new();
    for number in 0..1_000 {
        slow.spawn(drag(app.clone(), number));
    }
    // The longest life there is: a handshake of five seconds, then a header of five.
    let cut = tokio::time::timeout(Duration::from_secs(13), slow.join_all()).await;
    assert!(cut.is_ok(), "a slow connection is still open");
    good.end_quick("1,000 slow connections");
    process.assert_calm();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_on_both_ports_cost_few_file_descriptors() {
    let _alone = crate::ALONE.lock().await;
    let world = world_with_port().await;
    let mut process = Process::start(&world.config).await;
    let (app, inbox) = (app(&world).await, process.sender().address);
    let before = descriptors(&process);
    let mut slow = JoinSet::new();
    for number in 0..1_200 {
        slow.spawn(drag(app.clone(), number));
        if number % 4 == 0 {
            slow.spawn(async move {
                let mut socket = TcpStream::connect(inbox).await.unwrap();
                while socket.read_u8().await.is_ok() {}
            });
        }
    }
    let (mut most, mut good) = (0, 0);
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(4) {
        most = most.max(descriptors(&process));
        ask_until_answered(&app).await;
        good += 1;
    }
    slow.shutdown().await;
    println!(
        "{before} file descriptors at rest, at most {most} in the floods; {good} good requests meanwhile"
    );
    assert!(most > before + 20, "nobody came: {most}");
    assert!(most <= MOST_DESCRIPTORS, "{most} file descriptors");
    assert!(good > 20, "only {good} good requests were answered");
    process.assert_calm();
}

fn descriptors(process: &Process) -> usize {
    let open = std::fs::read_dir(format!("/proc/{}/fd", process.child.id()));
    open.unwrap().count()
}

/// Stays connected as slowly as it is let, until it is cut.
async fn drag(app: App, number: usize) {
    let silent = async |mut socket: TcpStream| while socket.read_u8().await.is_ok() {};
    match number % 4 {
        0 => silent(TcpStream::connect(app.address).await.unwrap()).await,
        // The first bytes of a TLS record that announces more than it brings.
        1 => {
            dribble(
                TcpStream::connect(app.address).await.unwrap(),
                b"\x16\x03\x01\x02\x00\x01\x00",
            )
            .await
        }
        kind => {
            let Ok(stream) = app.connect().await else { return };
            let start: &[u8] = if kind == 2 {
                b"GET /v1/hello HTTP/1.1\r\nHost: x\r\n"
            } else {
                b"G"
            };
            dribble(stream, start).await;
        }
    }
}

/// One more byte of a header that never ends, ten times a second.
async fn dribble(mut stream: impl AsyncRead + AsyncWrite + Unpin, start: &[u8]) {
    if stream.write_all(start).await.is_err() {
        return;
    }
    let mut answer = [0; 512];
    loop {
        match tokio::time::timeout(Duration::from_millis(100), stream.read(&mut answer)).await {
            Ok(Ok(read)) if read > 0 => {}
            Ok(_) => return,
            Err(_) if stream.write_all(b"x").await.is_err() => return,
            Err(_) => {}
        }
    }
}
