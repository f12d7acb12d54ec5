//! What the app reads.

use std::time::{Duration, Instant};

use slipway_agent::serve::Ended;
use slipway_agent::serve::limits::Limits;
use slipway_protocol::message::StepResult;
use slipway_protocol::order;
use slipway_protocol::routes::{Hello, Page, StepState, Steps};
use slipway_protocol::sealing::Key;
use slipway_protocol::{Act, Kind, Level, Message, Order};

use crate::world::{World, line, message, success};

#[tokio::test]
async fn hello_tells_who_answers() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let identity = world.identity().await;
    let hello: Hello = running.app.get("/v1/hello").await.unwrap().json();
    assert_eq!(hello.instance, "i-1");
    assert_eq!(hello.launch, "launch-1");
    assert_eq!(hello.stream, identity.stream);
    assert_eq!(hello.key, identity.key.public().to_text());
    assert_eq!((hello.attempt, hello.protocol), (1, 1));
}

#[tokio::test]
async fn messages_come_back_as_they_were_sent_in_order_and_by_page() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let mut sent: Vec<Message> = (1..=450).map(line).collect();
    let strange = serde_json::from_str(r#"{"kind":"hologram","depth":[3]}"#).unwrap();
    sent.push(message(451, Kind::Unknown(strange)));
    sent[7].level = Level::Error;
    running.sender.deliver(sent[..200].to_vec()).await;
    running.sender.deliver(sent[200..].to_vec()).await;

    let page: Page = running
        .app
        .get("/v1/messages?after=0&limit=300")
        .await
        .unwrap()
        .json();
    assert_eq!(page.messages, sent[..300]);
    assert_eq!(page.last, 451);
    let page: Page = running.app.get("/v1/messages?after=300").await.unwrap().json();
    assert_eq!(page.messages, sent[300..]);
    let page: Page = running.app.get("/v1/messages?after=451").await.unwrap().json();
    assert_eq!(page.messages, []);
    for wrong in [
        "after=-1",
        "after=x",
        "after=99999999999999999999",
        "limit=",
        "wait=1.5",
    ] {
        let answer = running.app.get(&format!("/v1/messages?{wrong}")).await.unwrap();
        assert_eq!(answer.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_page_holds_about_a_mebibyte() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    for number in 1..=4 {
        let mut long = line(number);
        long.text = "x".repeat(400_000);
        running.sender.deliver(vec![long]).await;
    }
    let page: Page = running.app.get("/v1/messages?after=0").await.unwrap().json();
    assert_eq!(page.messages.len(), 2);
    assert_eq!(page.last, 4);
}

#[tokio::test]
async fn a_waiting_request_is_answered_when_something_comes() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let (app, started) = (running.app.clone(), Instant::now());
    let waiting = tokio::spawn(async move { app.get("/v1/messages?after=0&wait=25").await.unwrap() });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!waiting.is_finished());
    running.sender.deliver(vec![line(1)]).await;
    let page: Page = waiting.await.unwrap().json();
    assert_eq!(page.messages, [line(1)]);
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_waiting_request_ends_after_its_time() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let started = Instant::now();
    let page: Page = running
        .app
        .get("/v1/messages?after=0&wait=1")
        .await
        .unwrap()
        .json();
    assert_eq!(page.messages, []);
    assert!(started.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn the_snapshot_tells_how_far_each_step_is() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let (result, millis) = (StepResult::Failed, 5);
    let kinds = [
        Kind::StepStarted,
        Kind::StepProgress { done: 0.5 },
        Kind::StepFinished { result, millis },
    ];
    let numbered = kinds.into_iter().zip(1..);
    running
        .sender
        .deliver(numbered.map(|(kind, number)| message(number, kind)).collect())
        .await;
    let steps: Steps = running.app.get("/v1/steps").await.unwrap().json();
    assert_eq!(steps.last, 3);
    assert_eq!(steps.steps[0].state, StepState::Failed);
    assert_eq!(steps.steps[0].progress, Some(0.5));
}

#[tokio::test]
async fn the_log_comes_whole() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    assert_eq!(running.app.get("/v1/log").await.unwrap().body, b"");
    let text = "a line\n".repeat(50_000);
    std::fs::write(world.config.log_file(), &text).unwrap();
    let answer = running.app.get("/v1/log").await.unwrap();
    assert_eq!((answer.status, answer.body.len()), (200, text.len()));
}

#[tokio::test]
async fn after_a_success_that_the_app_has_stored_nothing_is_left_on_the_disk() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let config = &world.config;
    for file in [
        config.queue_file(),
        config.journal_file(),
        config.secrets_file(),
        config.log_file(),
    ] {
        std::fs::write(file, "x").unwrap();
    }
    std::fs::write(config.data_dir.join("identity.new"), "left by a crash").unwrap();
    std::fs::create_dir(config.work_dir()).unwrap();
    running.sender.deliver(vec![line(1), success(2)]).await;

    running.app.get("/v1/messages?after=1").await.unwrap();
    running.app.get("/v1/messages?after=77").await.unwrap();
    assert!(
        config.identity_file().exists(),
        "the success is not acknowledged yet"
    );
    let scrub = world.order(Act::Scrub {}).await;
    let path = "/v1/messages?after=2&wait=25";
    let answer = running.app.get_with_order(path, &scrub).await.unwrap();
    assert_eq!((answer.status, answer.json::<Page>().last), (200, 2));

    assert_eq!(running.ended.await.unwrap().unwrap(), Ended::Scrubbed);
    let mut left: Vec<_> = std::fs::read_dir(&config.data_dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    left.sort();
    assert_eq!(left, ["identity.lock", "install.log", "scrubbed"]);
    assert!(running.app.connect().await.is_err());
}

/// The token may have gone to somebody else who answered the app first.
#[tokio::test]
async fn without_an_order_that_the_app_sealed_a_get_removes_nothing() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    running.sender.deliver(vec![line(1), success(2)]).await;
    let agent = world.identity().await.key.public();
    let sealed = |app: &Key, launch: &str, act: Act| {
        let launch = launch.to_owned();
        order::to_text(
            &Order {
                launch,
                number: 0,
                act,
            },
            app,
            &agent,
        )
        .unwrap()
    };
    let retry = Act::Retry { restart: false };
    let orders = [
        String::new(),
        "c2NydWI=".to_owned(),
        r#"{"scrub":{}}"#.to_owned(),
        sealed(&Key::generate(), "launch-1", Act::Scrub {}),
        sealed(&world.app, "launch-2", Act::Scrub {}),
        sealed(&world.app, "launch-1", retry),
    ];
    for order in orders {
        let answer = running.app.get_with_order("/v1/messages?after=2", &order).await;
        assert_eq!(answer.unwrap().status, 200);
    }
    assert_eq!(running.app.get("/v1/messages?after=2").await.unwrap().status, 200);
    let scrub = sealed(&world.app, "launch-1", Act::Scrub {});
    let early = running.app.get_with_order("/v1/messages?after=1", &scrub).await;
    assert_eq!(early.unwrap().status, 200, "the app has not stored the end yet");
    assert!(world.config.identity_file().exists());
    assert!(!running.ended.is_finished());
}

#[tokio::test]
async fn a_failed_end_leaves_everything_in_place() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let outcome = slipway_protocol::Outcome::Failed {
        step: None,
        reason: "no".into(),
    };
    running
        .sender
        .deliver(vec![message(1, Kind::End { outcome })])
        .await;
    running.app.get("/v1/messages?after=1").await.unwrap();
    running.sender.deliver(vec![line(2)]).await;
    assert_eq!(running.app.get("/v1/hello").await.unwrap().status, 200);
}
