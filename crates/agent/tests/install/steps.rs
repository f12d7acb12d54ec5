//! The kinds of steps, with what goes wrong in each.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use slipway_protocol::message::Kind;
use slipway_protocol::{Message, Outcome, Plan};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::world::{World, lines, outcome, plan, results, script};

async fn fails(plan: Plan) -> (World, String) {
    let mut world = World::new(plan).await;
    world.start();
    let messages = world.end_of(1).await;
    let Outcome::Failed { reason, .. } = outcome(&messages, 1) else {
        panic!("{messages:#?}")
    };
    (world, reason)
}

#[tokio::test]
async fn hostile_inputs_arrive_unchanged_in_a_file_and_an_environment_variable() {
    let hostile = BTreeMap::from([
        ("quotes", "a'b\"c`d$(e)%PATH%\\".to_owned()),
        (
            "lines",
            "one\r\ntwo\n</powershell>\n<script>${secret.x}".to_owned(),
        ),
        (
            "scripts",
            "\u{202e}evil\u{2066} \u{1f6a2}\u{200d}\u{1f525} e\u{301}".to_owned(),
        ),
        ("long", "x\u{20ac}".repeat(1024 * 256)),
    ]);
    for (name, value) in hostile {
        let write = json!({"id": "w", "title": "w", "kind": "write_file",
            "to": "${machine.work}/../written", "content": "[${input.value}]"});
        let mut run = script("r", &[], "printf %s \"$VALUE\" > ../printed; cat > ../piped");
        // Linux takes at most 128 KiB in one variable; the long one goes by standard input alone.
        run["env"] = if name == "long" {
            json!({})
        } else {
            json!({"VALUE": "${input.value}"})
        };
        run["stdin"] = json!("${input.value}");
        let mut plan = plan(json!([write, run]));
        plan.inputs.insert("value".into(), value.clone());
        let mut world = World::new(plan).await;
        world.succeed().await;
        assert!(
            world.read("data/written") == format!("[{value}]"),
            "{name} in a file"
        );
        assert!(world.read("data/piped") == value, "{name} on standard input");
        if name != "long" {
            assert_eq!(world.read("data/printed"), value, "{name} in a variable");
        }
    }
}

#[tokio::test]
async fn an_unknown_placeholder_fails_the_step_with_its_name() {
    let (_, reason) = fails(plan(json!([script("a", &[], "echo ${input.titel}")]))).await;
    assert!(reason.contains("input.titel"), "{reason}");
}

#[tokio::test]
async fn a_step_of_a_newer_kind_fails_with_a_sentence() {
    let (_, reason) = fails(plan(
        json!([{"id": "a", "title": "a", "kind": "teleport", "to": "x"}]),
    ))
    .await;
    assert!(
        reason.contains("“teleport”") && reason.contains("newer agent"),
        "{reason}"
    );
}

#[tokio::test]
async fn a_timeout_stops_a_program_and_its_grandchildren() {
    let mut step = script(
        "a",
        &[],
        "(while :; do echo x >> ../beats; sleep 0.05; done) & wait",
    );
    step["timeout_seconds"] = json!(1);
    let (world, reason) = fails(plan(json!([step]))).await;
    assert!(reason.contains("after 1 s"), "{reason}");
    let beats = world.read("data/beats");
    assert!(!beats.is_empty());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(
        world.read("data/beats").len(),
        beats.len(),
        "the grandchild is still alive"
    );
}

#[tokio::test]
async fn what_a_program_leaves_in_the_background_does_not_hold_its_step() {
    let mut world = World::new(plan(json!([script("a", &[], "sleep 8 & echo done")]))).await;
    let began = std::time::Instant::now();
    let messages = world.succeed().await;
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert_eq!(lines(&messages, "a"), ["done"]);
}

#[tokio::test]
async fn long_lines_are_cut_and_broken_text_is_shown() {
    let long = "head -c 300000 /dev/zero | tr '\\0' x; echo; printf 'bad\\377byte\\n'";
    let mut world = World::new(plan(json!([script("a", &[], long)]))).await;
    let said = lines(&world.succeed().await, "a");
    assert_eq!(said.len(), 2);
    assert!(
        said[0].len() <= 16 * 1024 && said[0].contains("cut"),
        "{}",
        said[0].len()
    );
    assert_eq!(said[1], "bad\u{fffd}byte");
}

#[tokio::test]
async fn a_thousand_lines_come_in_order() {
    let mut world = World::new(plan(json!([script("a", &[], "seq 1 1000")]))).await;
    let said = lines(&world.succeed().await, "a");
    let expected: Vec<String> = (1..=1000).map(|number| number.to_string()).collect();
    assert_eq!(said, expected);
}

fn archive(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in entries {
        archive
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn unzip() -> Value {
    json!({"id": "u", "title": "u", "kind": "unzip", "from": "${machine.work}/../a.zip", "to": "${machine.site}"})
}

#[tokio::test]
async fn an_archive_is_unpacked() {
    let mut world = World::new(plan(json!([unzip()]))).await;
    std::fs::write(
        world.path("data/a.zip"),
        archive(&[("index.html", "hi"), ("a/b/c.txt", "deep")]),
    )
    .unwrap();
    world.succeed().await;
    assert_eq!(
        (world.read("site/index.html"), world.read("site/a/b/c.txt")),
        ("hi".into(), "deep".into())
    );
}

#[tokio::test]
async fn an_archive_that_points_out_of_its_folder_is_refused_as_a_whole() {
    for evil in ["../evil.txt", "a/../../evil.txt", "/tmp/slipway-evil.txt"] {
        let mut world = World::new(plan(json!([unzip()]))).await;
        std::fs::write(
            world.path("data/a.zip"),
            archive(&[("good.txt", "x"), (evil, "x")]),
        )
        .unwrap();
        world.start();
        let Outcome::Failed { reason, .. } = outcome(&world.end_of(1).await, 1) else {
            panic!("{evil}")
        };
        assert!(reason.contains("points out of the folder"), "{reason}");
        assert!(!world.path("evil.txt").exists() && !world.path("site/good.txt").exists());
    }
}

/// Serves one file; each connection breaks off after `piece` bytes. Tells from where each request asked.
async fn file_server(
    body: Vec<u8>,
    piece: usize,
    ranges: bool,
) -> (String, std::sync::Arc<std::sync::Mutex<Vec<usize>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/file", listener.local_addr().unwrap());
    let asked = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let seen = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(socket.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap().to_lowercase();
            let from = head
                .split("range: bytes=")
                .nth(1)
                .and_then(|rest| rest.split('-').next()?.parse().ok());
            let from = from.filter(|_| ranges).unwrap_or(0).min(body.len());
            seen.lock().unwrap().push(from);
            let status = if from > 0 { "206 Partial" } else { "200 OK" };
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nContent-Range: bytes {from}-{}/{}\r\nConnection: close\r\n\r\n",
                body.len() - from,
                body.len() - 1,
                body.len()
            );
            let _ = socket.write_all(answer.as_bytes()).await;
            let _ = socket.write_all(&body[from..body.len().min(from + piece)]).await;
        }
    });
    (url, asked)
}

fn download(url: &str, sha256: &str) -> Plan {
    plan(
        json!([{"id": "d", "title": "d", "kind": "download", "url": url, "sha256": sha256,
        "to": "${machine.work}/../got.bin"}]),
    )
}

#[tokio::test]
async fn a_download_that_breaks_off_goes_on_where_it_ended() {
    let body: Vec<u8> = (0..900_000_u32).map(|number| (number % 251) as u8).collect();
    let (url, asked) = file_server(body.clone(), 400_000, true).await;
    let mut world = World::new(download(&url, &hex::encode(Sha256::digest(&body)))).await;
    world.succeed().await;
    assert!(std::fs::read(world.path("data/got.bin")).unwrap() == body);
    let asked = asked.lock().unwrap().clone();
    assert!(
        asked.len() >= 3 && asked[0] == 0 && asked.is_sorted(),
        "{asked:?}"
    );
    assert!(asked[1] > 0, "the second request began anew: {asked:?}");
    assert!(!world.path("data/got.bin.part").exists());
}

#[tokio::test]
async fn a_download_with_another_hash_is_fetched_once_more_and_then_deleted() {
    let (url, asked) = file_server(b"not what was ordered".to_vec(), 1_000, true).await;
    let (world, reason) = fails(download(&url, &"ab".repeat(32))).await;
    assert!(reason.contains("not what the recipe expects"), "{reason}");
    assert_eq!(*asked.lock().unwrap(), [0, 0]);
    assert!(!world.path("data/got.bin").exists() && !world.path("data/got.bin.part").exists());
}

#[tokio::test]
async fn a_missing_download_fails_at_once() {
    let (world, reason) = {
        let metadata_answers_404 = World::new(plan(json!([]))).await;
        let url = format!("{}/latest/nothing", metadata_answers_404.metadata.url);
        let failed = fails(download(&url, &"ab".repeat(32))).await;
        drop(metadata_answers_404);
        failed
    };
    assert!(
        reason.contains("answers 401") || reason.contains("answers 404"),
        "{reason}"
    );
    drop(world);
}

#[tokio::test]
async fn waiting_for_a_url_ends_when_it_answers_as_expected() {
    let (url, asked) = file_server(b"<h1>Hello</h1>".to_vec(), 1_000, false).await;
    let wait = |id: &str, text: &str, seconds: u32| json!({"id": id, "title": id, "kind": "wait_http", "url": url, "contains": text, "timeout_seconds": seconds});
    let mut world = World::new(plan(json!([wait("found", "Hello", 10)]))).await;
    let messages = world.succeed().await;
    assert_eq!(results(&messages, "found").len(), 1);
    assert_eq!(asked.lock().unwrap().len(), 1);
    let (_, reason) = fails(plan(json!([wait("missing", "Goodbye", 2)]))).await;
    assert!(reason.contains("after 2 s"), "{reason}");
}

#[tokio::test]
async fn progress_of_a_program_is_told() {
    let text = "for p in 0.1 0.5 1.0; do echo \"##progress $p\"; sleep 0.3; done; echo '##progress x'";
    let mut world = World::new(plan(json!([script("a", &[], text)]))).await;
    let messages = world.succeed().await;
    let done = |message: &Message| match message.kind {
        Kind::StepProgress { done } => Some(done),
        _ => None,
    };
    let told: Vec<f32> = messages.iter().filter_map(done).collect();
    assert_eq!(told, [0.1, 0.5, 1.0]);
    assert_eq!(lines(&messages, "a"), ["##progress x"]);
}

#[tokio::test]
async fn a_download_and_an_archive_do_not_write_through_links() {
    let body = b"from the server".to_vec();
    let (url, _) = file_server(body.clone(), 1_000, true).await;
    let sha256 = hex::encode(Sha256::digest(&body));
    let steps = json!([
        {"id": "d", "title": "d", "kind": "download", "url": url, "sha256": sha256, "to": "${machine.work}/../open/file"},
        {"id": "u", "title": "u", "kind": "unzip", "from": "${machine.work}/../a.zip", "to": "${machine.work}/../open/site"},
        {"id": "deep", "title": "deep", "kind": "unzip", "from": "${machine.work}/../deep.zip", "to": "${machine.work}/../open/deep"},
    ]);
    let mut world = World::new(plan(steps)).await;
    let victim = world.path("victim");
    std::fs::create_dir_all(world.path("data/open/site")).unwrap();
    std::fs::create_dir_all(world.path("data/open/deep")).unwrap();
    std::fs::create_dir(world.path("elsewhere")).unwrap();
    std::fs::write(&victim, "untouched").unwrap();
    for link in ["file.part", "file", "site/index.html"] {
        std::os::unix::fs::symlink(&victim, world.path("data/open").join(link)).unwrap();
    }
    std::os::unix::fs::symlink(world.path("elsewhere"), world.path("data/open/deep/images")).unwrap();
    pack(&world.path("data/a.zip"), "index.html");
    pack(&world.path("data/deep.zip"), "images/logo.txt");
    world.start();
    let messages = world.end_of(1).await;
    assert_eq!(world.read("victim"), "untouched");
    assert_eq!(world.read("data/open/file"), "from the server");
    assert_eq!(world.read("data/open/site/index.html"), "from the archive");
    assert!(!world.path("elsewhere/logo.txt").exists());
    assert_eq!(
        results(&messages, "deep"),
        [slipway_protocol::message::StepResult::Failed]
    );
    let Outcome::Failed { reason, .. } = outcome(&messages, 1) else {
        panic!("{messages:#?}")
    };
    assert!(reason.contains("behind a link"), "{reason}");
}

fn pack(path: &std::path::Path, name: &str) {
    let mut zip = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    zip.start_file(name, zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.write_all(b"from the archive").unwrap();
    zip.finish().unwrap();
}

/// A file, or a pipe that nobody writes to in its place: the step ends with a sentence, it does not wait.
#[tokio::test]
async fn a_pipe_in_the_place_of_an_archive_holds_nobody() {
    let steps = json!([{"id": "u", "title": "u", "kind": "unzip", "from": "${machine.work}/../pipe", "to": "${machine.work}/x"}]);
    let mut world = World::new(plan(steps)).await;
    std::fs::create_dir_all(world.path("data")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(world.path("data/pipe"))
        .status();
    assert!(made.unwrap().success());
    world.start();
    let messages = world.end_of(1).await;
    let Outcome::Failed { reason, .. } = outcome(&messages, 1) else {
        panic!("{messages:#?}")
    };
    assert!(reason.contains("not a file"), "{reason}");
}

#[tokio::test]
async fn a_busy_installer_is_waited_for_and_costs_no_try() {
    let mut step = script(
        "a",
        &[],
        "echo x >> ../runs; [ $(wc -l < ../runs) -ge 3 ] || exit 118",
    );
    step["busy_codes"] = json!([118]);
    let mut world = World::new(plan(json!([step]))).await;
    let messages = world.succeed().await;
    assert_eq!(world.read("data/runs"), "x\nx\nx\n");
    let said = lines(&messages, "a");
    assert!(
        said[0].contains("exit code 118") && said[0].ends_with("Trying again in 2 s."),
        "{said:?}"
    );
}
