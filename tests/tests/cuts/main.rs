//! App and agent on a line that breaks off all the time: every message arrives once and in order.

#![allow(clippy::unwrap_used, reason = "all of this is tests")]
#![allow(clippy::print_stdout, reason = "the figures of a run")]

mod detour;
mod line;

use std::path::Path;
use std::sync::Arc;

use slipway_core::clock::Clock;
use slipway_core::engine::{Engine, LaunchRequest, Options, Profile, Source};
use slipway_core::view::{KeysIn, LogQuery, Status};
use slipway_desktop::secret_files::SecretFiles;
use slipway_practice::{PracticeCloud, PracticeOptions};
use slipway_tests::chatter;
use slipway_tests::long::cases;
use slipway_tests::room::{Room, program};

use crate::detour::Detour;

const PROFILE: &str = "practice";

#[test]
fn through_resets_delays_and_truncated_answers_every_message_arrives_once_and_in_order() {
    // Outside of the runtime, because a room is left by running programs to their end.
    let room = Room::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(follow(&room, cases(2_000, 100_000)));
}

async fn follow(room: &Room, messages: usize) {
    chatter::write(&room.data(), &format!("seq {messages}"));
    let detour = Arc::new(Detour::default());
    let engine = engine(&room.data(), detour.clone()).await;
    let request = LaunchRequest {
        run_own_recipe: true,
        ..LaunchRequest::new("chatter", PROFILE, Source::Recipe("chatter".into()))
    };
    let id = engine.launch(request).await.unwrap();
    let view = engine.settled(&id).await.unwrap();
    assert_eq!(view.server.status, Status::Ready, "{:?}", view.failure);
    assert_eq!(said(&engine, &id).await, (1..=messages).collect::<Vec<_>>());
    let cut = detour.cut();
    println!("{messages} messages over {cut} connections that broke off: each once, in order");
    assert!(cut > messages / 500, "only {cut} connections broke off");
    engine.close().await;
}

async fn engine(data: &Path, agent: Arc<Detour>) -> Engine {
    let cloud = PracticeCloud::open(PracticeOptions {
        folder: data.join("practice"),
        agent_program: program("slipway-agent"),
        machine_program: program("slipway-practice-machine"),
        speed: 100.0,
        notices: slipway_practice::Notices::default(),
    });
    let cloud = cloud.unwrap();
    let profile = Profile {
        name: PROFILE.to_owned(),
        region: PROFILE.to_owned(),
        region_title: str::to_owned,
        practice: true,
        keys: KeysIn::Nowhere,
        cloud: Arc::new(move |_| Arc::new(cloud.clone())),
        secrets: Arc::new(SecretFiles::new(data.join("practice/secrets"))),
    };
    let options = Options {
        journal: data.join("journal.db"),
        recipes: data.join("recipes"),
        profiles: vec![profile],
        agent,
        clock: Clock::system(),
        notices: slipway_practice::Notices::default(),
    };
    Engine::open(options).await.unwrap()
}

/// The numbers that the script has printed, as the log shows them. No number of a message is missing or there twice.
async fn said(engine: &Engine, id: &str) -> Vec<usize> {
    let mut lines = Vec::new();
    loop {
        let after = lines.last().map_or(0, |(number, _)| *number);
        let query = LogQuery {
            limit: 1_000,
            after: Some(after),
            ..LogQuery::default()
        };
        let page = engine.log_page(id, &query).await.unwrap();
        if page.lines.is_empty() {
            break;
        }
        lines.extend(page.lines.into_iter().map(|line| (line.number, line.text)));
    }
    assert!(lines.is_sorted_by(|one, next| one.0 < next.0));
    lines.iter().filter_map(|(_, text)| text.parse().ok()).collect()
}
