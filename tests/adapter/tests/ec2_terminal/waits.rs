//! Commands that can't go on, each cause once, with the real program: within ten seconds they have ended with the reason, or
//! they say what they wait for. Proxies and services that stay silent are stand-ins on loopback.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::{PATIENCE, SECRET, Terminal};
use slipway_tests::follower::Follower;

use crate::{LAUNCH, NAME};

/// No command may go on longer than this without a word.
const SILENCE: Duration = Duration::from_secs(10);
/// A name that nobody has (RFC 6761).
const NOWHERE: &str = "http://aws.slipway.invalid";

/// Variables of the environment, and words of the reason.
type Case<'a> = (&'a [(&'a str, &'a String)], &'a [&'a str]);

/// A port that is open and never answers.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

/// A proxy that answers every request with a status.
fn proxy(status: &'static str) -> String {
    let (listener, url) = silent();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let head = BufReader::new(stream.try_clone().unwrap()).lines();
            head.map_while(Result::ok).find(String::is_empty);
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            drop(stream.write_all(answer.as_bytes()));
        }
    });
    url
}

/// A terminal with a profile of `~/.aws`, whose keys need no keychain.
fn terminal(cloud: &Cloud) -> Terminal {
    let terminal = Terminal::without_profile(cloud);
    let folder = terminal.path().join(".aws");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("config"),
        format!("[profile work]\nregion = {REGION}\n"),
    )
    .unwrap();
    let keys =
        format!("[work]\naws_access_key_id = AKIATESTTESTTESTTEST\naws_secret_access_key = {SECRET}\n");
    std::fs::write(folder.join("credentials"), keys).unwrap();
    terminal.done(&["profiles", "add", "work", "--from-aws", "--unchecked"]);
    terminal.done(&["profiles", "use", "work"]);
    terminal
}

/// The words of the first line that tells of a wait or a reason, which must come in time.
fn told(command: &mut Command) -> (Value, Follower) {
    let mut follower = Follower::start(command, "");
    let tells = |line: &Value| {
        let kind = line["type"].as_str().unwrap_or_default();
        let blocked = kind == "finding" && line["verdict"] == "blocking";
        blocked || kind == "waiting" || kind == "error"
    };
    let line = follower.until(SILENCE, tells);
    let line = line.unwrap_or_else(|| panic!("silent: {:?} {:?}", command, follower.seen.last()));
    (line.value, follower)
}

/// The words of a reason, whatever line it came in.
fn words(line: &Value) -> String {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    [
        text("what"),
        text("text"),
        text("sentence"),
        text("hint"),
        text("fix"),
    ]
    .join(" ")
}

#[test]
fn ours_whatever_is_in_the_way_of_a_profile_check_is_named() {
    let cloud = Cloud::on_paper();
    let terminal = terminal(&cloud);
    let refuses = proxy("407 Proxy Authentication Required");
    let closed = "http://127.0.0.1:1".to_owned();
    let nowhere = NOWHERE.to_owned();
    let secure = NOWHERE.replace("http:", "https:");
    let cases: [Case<'_>; 6] = [
        (
            &[("AWS_ENDPOINT_URL", &nowhere)],
            &["name resolution", "aws.slipway.invalid"],
        ),
        (
            &[("AWS_ENDPOINT_URL", &nowhere), ("HTTP_PROXY", &refuses)],
            &["proxy", "407", "HTTPS_PROXY"],
        ),
        (
            &[("AWS_ENDPOINT_URL", &secure), ("HTTPS_PROXY", &refuses)],
            &["proxy", "407", "HTTPS_PROXY"],
        ),
        (
            &[("AWS_ENDPOINT_URL", &secure), ("HTTPS_PROXY", &closed)],
            &["proxy", "does not answer"],
        ),
        (
            &[("AWS_ENDPOINT_URL_STS", &closed)],
            &["AWS STS can't be reached"],
        ),
        (
            &[("AWS_ENDPOINT_URL_EC2", &closed)],
            &["Amazon EC2 can't be reached"],
        ),
    ];
    for (environment, expected) in cases {
        for asked in ["doctor", "sweep", "offer"] {
            // Only the check of the sign-in asks STS, and it asks that first.
            let other = match environment[0].0 {
                "AWS_ENDPOINT_URL_STS" => asked != "doctor",
                "AWS_ENDPOINT_URL_EC2" => asked == "doctor",
                _ => false,
            };
            if !other {
                is_named(&terminal, asked, environment, expected);
            }
        }
    }
}

/// The reason of a command in this environment holds all of these words.
fn is_named(terminal: &Terminal, asked: &str, environment: &[(&str, &String)], expected: &[&str]) {
    let mut command = terminal.command(&[asked, "--json"]);
    // Only the proxy of the case is in the way.
    for variable in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
        "http_proxy",
        "https_proxy",
        "no_proxy",
    ] {
        command.env_remove(variable);
    }
    command.envs(environment.iter().copied());
    let (line, _follower) = told(&mut command);
    let words = words(&line);
    for word in expected {
        assert!(
            words.contains(word),
            "{asked} {environment:?}: “{word}” is not in {line}"
        );
    }
}

#[test]
fn ours_a_service_that_takes_its_time_is_named_while_it_is_waited_for() {
    let cloud = Cloud::on_paper();
    let terminal = terminal(&cloud);
    let (_open, url) = silent();
    for (asked, who) in [("sweep", "Amazon EC2"), ("doctor", "STS")] {
        let mut command = terminal.command(&[asked, "--json"]);
        command.env("AWS_ENDPOINT_URL", &url);
        let (line, _follower) = told(&mut command);
        assert_eq!(line["type"], "waiting", "{line}");
        assert!(words(&line).contains(who), "{line}");
        assert!(line["since"].as_i64().unwrap() > 0, "{line}");
    }
    // The same on the screen of somebody who sits there.
    let mut command = terminal.command(&["sweep"]);
    command.env("AWS_ENDPOINT_URL", &url);
    let mut sweep = Follower::start(&mut command, "");
    sweep.until(SILENCE - Duration::from_secs(3), |_| false);
    sweep.kill();
    let (_, said) = sweep.end(PATIENCE);
    assert!(said.contains("Amazon EC2 has not answered yet. ("), "{said}");
}

#[test]
fn ours_a_stop_that_aws_throttles_says_so_and_goes_on_when_it_may() {
    let cloud = Cloud::with_processes();
    let terminal = terminal(&cloud);
    terminal.done(&LAUNCH);
    let many = json!({"error": {"code": "RequestLimitExceeded", "status": 503, "message": "A test asked for this."}});
    let asked = || {
        cloud
            .told("requests")
            .to_string()
            .matches("StopInstances")
            .count()
    };
    // The checks have asked whether it would be allowed.
    let before = asked();
    let mut stop = terminal.follow(&["stop", NAME, "--json"], "");
    while asked() == before {
        std::thread::park_timeout(Duration::from_millis(20));
    }
    // It waits until the server is off, which the cloud does not tell any more.
    cloud.fault(&json!({"action": "DescribeInstances", "effect": many}));
    let throttled = |line: &Value| line["type"] == "waiting" && line["error"]["kind"] == "throttled";
    let told = stop.until(PATIENCE, throttled);
    let told = told.unwrap_or_else(|| {
        panic!(
            "it says what it waits for: {:?} {:?}",
            stop.end(PATIENCE),
            stop.seen
        )
    });
    assert!(words(&told.value).contains("too many requests"));
    cloud.clear();
    let (status, said) = stop.end(PATIENCE);
    assert_eq!(status, 0, "{said}");
    terminal.done(&["terminate", NAME, "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}

/// A session without a keychain, as over SSH: the checks refuse a launch, and it is removed without one.
#[test]
fn ours_a_launch_that_was_refused_goes_without_a_keychain_and_its_profile_too() {
    let cloud = Cloud::on_paper();
    let terminal = terminal(&cloud);
    let bare = |arguments: &[&str]| {
        let mut command = terminal.command(arguments);
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        command.output().unwrap()
    };
    cloud.rules(&json!({"denied": ["ec2:RunInstances"]}));
    let launched = bare(&LAUNCH);
    cloud.rules(&json!({}));
    assert_eq!(launched.status.code(), Some(1), "{launched:?}");
    let gone = bare(&["terminate", NAME, "--yes"]);
    assert_eq!(gone.status.code(), Some(0), "{gone:?}");
    let removed = bare(&["profiles", "remove", "work", "--yes"]);
    assert_eq!(removed.status.code(), Some(0), "{removed:?}");
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}

/// The whole way of a server where there is no keychain at all: over SSH, in a container, in CI.
#[test]
fn ours_a_server_lives_and_goes_with_files_in_place_of_a_keychain() {
    let cloud = Cloud::with_processes();
    let terminal = terminal(&cloud);
    let bare = |arguments: &[&str], keychain: &str| {
        let mut command = terminal.command(arguments);
        command
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env("SLIPWAY_KEYCHAIN", keychain);
        let ran = command.output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (ran.status.code(), text(&ran.stdout) + &text(&ran.stderr))
    };
    let (status, said) = bare(&["doctor", "--recipe", "ec2-site"], "system");
    assert_eq!(status, Some(1), "{said}");
    assert!(
        said.contains("This session has no keychain") && said.contains("SLIPWAY_KEYCHAIN=file"),
        "{said}"
    );
    let (status, said) = bare(&["doctor", "--recipe", "ec2-site"], "file");
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("take its place"), "{said}");
    let (status, said) = bare(&LAUNCH, "file");
    assert_eq!(status, Some(0), "{said}");
    let (status, said) = bare(&["access", NAME, "--show-password"], "file");
    assert_eq!(status, Some(0), "{said}");
    let kept = || {
        std::fs::read_dir(terminal.data().join("keychain"))
            .unwrap()
            .count()
    };
    assert!(kept() > 2);
    let (status, said) = bare(&["terminate", NAME, "--yes"], "file");
    assert_eq!(status, Some(0), "{said}");
    assert_eq!(kept(), 0, "its secrets go with it");
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}

/// What a script gets that asks for an image and goes on: the request was answered, and nothing stands in the way later.
#[test]
fn ours_an_image_that_nobody_waits_for_is_asked_for_and_made() {
    let cloud = Cloud::with_processes();
    let terminal = terminal(&cloud);
    terminal.done(&LAUNCH);
    terminal.done(&["image", "create", NAME, "--name", "first"]);
    assert_eq!(cloud.there("images", REGION).len(), 1, "by moto's word");
    let made = |image: &Value| image["name"] == "first" && image["state"] == "available";
    let listed = || terminal.done(&["image", "list", "--json"]).json();
    for _ in 0..200 {
        if listed().iter().any(made) {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(100));
    }
    assert!(listed().iter().any(made), "{:?}", listed());
    // The server comes back before anything else can be done with it.
    let is_ready = |server: &Value| server["name"] == NAME && server["status"] == "ready";
    let servers = || terminal.done(&["servers", "--json"]).json();
    for _ in 0..200 {
        if servers().iter().any(is_ready) {
            break;
        }
        std::thread::park_timeout(Duration::from_millis(100));
    }
    assert!(servers().iter().any(is_ready), "{:?}", servers());
    terminal.done(&["stop", NAME]);
    terminal.done(&["image", "delete", "first", "--yes"]);
    assert_eq!(listed(), Vec::<Value>::new(), "no ghost");
    terminal.done(&["terminate", NAME, "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}
