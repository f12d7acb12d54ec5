//! The tools that the recipe calls, on a machine that runs, up to the site that a browser gets.

mod common;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use common::{World, until};
use slipway_core::cloud::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Runs a tool as the agent on that machine would.
fn tool(world: &World, id: &str, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(&world.options.machine_program)
        .arg("tool")
        .args(arguments)
        .env("SLIPWAY_PRACTICE_MACHINE", world.machine(id))
        .env("SLIPWAY_PRACTICE_SPEED", "500")
        .env("SLIPWAY_ADMIN_PASSWORD", "correct horse")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("started");
    child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes())
        .expect("written");
    child.wait_with_output().expect("ended")
}

fn install(world: &World, id: &str, arguments: &[&str], input: &str) {
    let output = tool(world, id, arguments, input);
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("##progress 1.00"),
        "{arguments:?}"
    );
}

fn unpack_theme(site: &Path) {
    let theme = std::io::Cursor::new(slipway_practice::THEME);
    zip::ZipArchive::new(theme)
        .expect("an archive")
        .extract(site.join("theme"))
        .expect("unpacked");
}

/// Status line, headers and body.
async fn get(port: u16, path: &str, headers: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    Some(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recipes_tools_make_a_site_with_an_administration_and_hostile_titles_stay_text() {
    let (world, id) = World::with_server("site").await;
    let port = world
        .instance(&id)
        .await
        .and_then(|it| it.endpoints)
        .expect("running")
        .site;
    let port_text = port.to_string();
    assert!(
        get(port, "/", "").await.is_none(),
        "the port refuses before the web server is installed"
    );

    let published_too_early = tool(&world, &id, &["publish", "--port", &port_text], "");
    assert!(!published_too_early.status.success());

    install(&world, &id, &["web-server", "--port", &port_text], "");
    assert!(
        get(port, "/about/", "")
            .await
            .expect("answered")
            .starts_with("HTTP/1.1 404")
    );
    let settings =
        r#"{ "title": "<script>alert('x')</script> & \"مرحبا\" 🚀", "tagline": "--help ${input.title}" }"#;
    install(&world, &id, &["database"], settings);
    install(&world, &id, &["runtime"], "");
    unpack_theme(&world.machine(&id).join("disk/site"));
    install(&world, &id, &["publish", "--port", &port_text], "");
    install(&world, &id, &["admin", "--user", "editor"], "");

    let home = get(port, "/", "").await.expect("answered");
    shows_hostile_text(&home);
    answers_only_its_own_pages(port).await;
    lets_only_the_editor_in(port).await;
    comes_back_after_a_restart(&world, &id, port, &home).await;
    world.terminate(&id).await;
    assert!(get(port, "/", "").await.is_none());
}

fn shows_hostile_text(home: &str) {
    assert!(home.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;مرحبا&quot; 🚀"));
    assert!(
        !home.contains("<script")
            && home.contains("${input.title}")
            && home.contains("data-site=\"published\"")
    );
}

async fn answers_only_its_own_pages(port: u16) {
    for path in [
        "/about/",
        "/what-to-try-next/",
        "/theme/theme.css",
        "/theme/hills.svg",
    ] {
        assert!(
            get(port, path, "")
                .await
                .expect("answered")
                .starts_with("HTTP/1.1 200"),
            "{path}"
        );
    }
    for path in ["/nowhere", "/..%2fserver/login.json", "/%2e%2e/server/content.db"] {
        assert!(
            get(port, path, "")
                .await
                .expect("answered")
                .starts_with("HTTP/1.1 404"),
            "{path}"
        );
    }
}

async fn lets_only_the_editor_in(port: u16) {
    let login = |pair: &str| format!("Authorization: Basic {}\r\n", BASE64.encode(pair));
    for (headers, status) in [
        (String::new(), "401"),
        (login("editor:wrong horse"), "401"),
        (login("root:correct horse"), "401"),
        (login("editor:correct horse"), "200"),
    ] {
        let answer = get(port, "/admin/", &headers).await.expect("answered");
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{headers}: {answer}"
        );
    }
}

/// The same site at the same port.
async fn comes_back_after_a_restart(world: &World, id: &str, port: u16, home: &str) {
    let restart = Command::new(world.machine(id).join("tools/restart-machine"))
        .status()
        .expect("started");
    assert!(restart.success());
    world.agent_is_up(id, 2).await;
    let body = |answer: &str| answer.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
    until("the site is back", async || {
        let page = get(port, "/", "").await?;
        (body(&page) == body(home)).then_some(())
    })
    .await;
    assert_eq!(
        world.instance(id).await.expect("there").state,
        InstanceState::Running
    );
}
