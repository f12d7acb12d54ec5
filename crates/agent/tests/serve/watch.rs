//! `run` with both its parts, as real processes.

use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use slipway_agent::config::Config;
use slipway_protocol::console::{self, Line, News};
use slipway_protocol::routes::Page;
use slipway_protocol::{Act, Action, Kind, Outcome, Step};

use crate::process::{AGENT, app, free_address, world_with_port};
use crate::world::World;

const SOON: Duration = Duration::from_secs(20);

struct Run(Child);

impl Run {
    fn start(config: &Config) -> Self {
        let errors = std::fs::File::create(config.data_dir.with_extension("stderr")).unwrap();
        let mut command = Command::new(AGENT);
        command
            .arg("run")
            .args(config.to_arguments())
            .stdin(Stdio::null())
            .stderr(errors);
        Run(command.spawn().unwrap())
    }

    /// Process ids of the parts, by name.
    fn part(&self, name: &str) -> Option<u32> {
        let id = self.0.id();
        let all = std::fs::read_dir("/proc").unwrap();
        let ids = all.filter_map(|entry| entry.unwrap().file_name().to_str()?.parse::<u32>().ok());
        ids.into_iter()
            .find(|child| parent(*child) == Some(id) && says(*child, name))
    }

    async fn wait(&mut self) -> ExitStatus {
        until("the end of run", async || self.0.try_wait().unwrap()).await
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn parent(id: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok()
}

fn says(id: u32, part: &str) -> bool {
    let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    line.split(|byte| *byte == 0).nth(1) == Some(part.as_bytes())
}

fn signal(id: u32, name: &str) {
    let sent = Command::new("kill").args([name, &id.to_string()]).status();
    assert!(sent.unwrap().success());
}

async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < SOON, "{what} does not come");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn answers(world: &World) {
    let app = app(world).await;
    until("an answer", async || app.get("/v1/hello").await.ok()).await;
}

fn said(world: &World) -> Vec<Line> {
    console::lines(
        &std::fs::read_to_string(&world.config.console).unwrap_or_default(),
        "launch-1",
    )
}

/// A world whose plan writes one file, so that its install ends well.
async fn easy_world() -> World {
    let mut world = world_with_port().await;
    world.brief.plan.steps = vec![Step {
        id: "page".into(),
        title: "Write the page".into(),
        needs: Vec::new(),
        resource: None,
        action: Action::WriteFile {
            to: "${machine.site}/index.html".into(),
            content: "hello".into(),
        },
        check: None,
        timeout_seconds: 10,
        retries: 0,
        usual_seconds: None,
    }];
    set_user_data(&world, world.brief.to_line().unwrap());
    world
}

fn set_user_data(world: &World, user_data: String) {
    world.metadata.instance.lock().unwrap().user_data = Some(user_data);
}

#[tokio::test]
async fn a_part_that_was_killed_is_started_again() {
    let world = easy_world().await;
    let run = Run::start(&world.config);
    answers(&world).await;
    let killed = run.part("serve").unwrap();
    signal(killed, "-KILL");
    until("another process", async || {
        run.part("serve").filter(|id| *id != killed)
    })
    .await;
    answers(&world).await;
}

#[tokio::test]
async fn both_parts_end_when_run_is_asked_to_stop() {
    let world = easy_world().await;
    let mut run = Run::start(&world.config);
    answers(&world).await;
    let serve = run.part("serve").unwrap();
    signal(run.0.id(), "-TERM");
    assert!(run.wait().await.success());
    assert!(!Path::new(&format!("/proc/{serve}")).exists());
    assert!(!world.config.inbox_file().exists());
}

#[tokio::test]
async fn both_parts_end_when_run_is_killed() {
    let world = easy_world().await;
    let run = Run::start(&world.config);
    answers(&world).await;
    let serve = run.part("serve").unwrap();
    signal(run.0.id(), "-KILL");
    until("the end of serve", async || (!says(serve, "serve")).then_some(())).await;
}

#[tokio::test]
async fn an_install_runs_to_its_end_and_stays_over_until_the_instance_is_another() {
    let world = easy_world().await;
    let mut run = Run::start(&world.config);
    let app = app(&world).await;
    let last = until("the end", async || {
        let page: Page = app.get("/v1/messages?after=0&wait=1").await.ok()?.json();
        let last = page.messages.last()?.clone();
        let well = matches!(
            &last.kind,
            Kind::End {
                outcome: Outcome::Succeeded { .. }
            }
        );
        well.then_some(last.number)
    });
    let last = last.await;
    let order = world.order(Act::Scrub {}).await;
    app.get_with_order(&format!("/v1/messages?after={last}"), &order)
        .await
        .unwrap();
    assert!(run.wait().await.success());
    let site = std::fs::read_to_string(world.config.site_dir.join("index.html"));
    assert_eq!(site.unwrap(), "hello");
    assert!(
        said(&world)
            .iter()
            .any(|line| matches!(line.news, News::Keys { .. }))
    );
    assert_eq!(
        left_behind(&world),
        ["identity.lock", "install.lock", "install.log", "scrubbed"]
    );

    assert!(
        Run::start(&world.config).wait().await.success(),
        "there is nothing to do again"
    );
    assert!(app.connect().await.is_err());

    world.metadata.instance.lock().unwrap().id = "i-2".into();
    let _run = Run::start(&world.config);
    until("a new identity", async || {
        world.config.identity_file().exists().then_some(())
    })
    .await;
    answers(&world).await;
}

fn left_behind(world: &World) -> Vec<String> {
    let entries = std::fs::read_dir(&world.config.data_dir).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_brief_that_can_not_be_read_is_told_on_the_console() {
    let world = easy_world().await;
    set_user_data(&world, "# slipway-brief AAAA".into());
    let mut run = Run::start(&world.config);
    assert!(!run.wait().await.success());
    let console = std::fs::read_to_string(&world.config.console).unwrap();
    let trouble = "the brief in the user data is damaged".to_owned();
    let said = console::lines(&console, "unknown");
    assert_eq!(
        said.into_iter().map(|line| line.news).collect::<Vec<_>>(),
        [News::Trouble(trouble)]
    );
}

#[tokio::test]
async fn metadata_that_comes_later_is_waited_for() {
    let mut world = easy_world().await;
    let (late, _taken) = (world.config.imds.clone(), std::mem::take(&mut world.config.imds));
    let free = free_address();
    world.config.imds = format!("http://{free}");
    let mut run = Run::start(&world.config);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(run.0.try_wait().unwrap().is_none());
    let listener = tokio::net::TcpListener::bind(free).await.unwrap();
    tokio::spawn(pass_on(listener, late.replace("http://", "")));
    answers(&world).await;
}

async fn pass_on(listener: tokio::net::TcpListener, to: String) {
    while let Ok((mut socket, _)) = listener.accept().await {
        let mut other = tokio::net::TcpStream::connect(&to).await.unwrap();
        tokio::spawn(async move { tokio::io::copy_bidirectional(&mut socket, &mut other).await });
    }
}
