//! An agent whose keys are proven, and which says what it should not: it decides neither where the app goes nor how what
//! ended well is called.
#![allow(clippy::unwrap_used)] // a test that can't go on should stop

mod common;

use slipway_core::testing::World;
use slipway_core::view::Status;
use slipway_protocol::Outcome;
use slipway_protocol::message::{Admin, Site};

use common::{seconds, settled, world};

#[tokio::test(start_paused = true)]
async fn the_agents_end_does_not_choose_which_address_is_visited_and_shown() {
    for path in [
        "@127.0.0.1:9/",
        "//127.0.0.1:9/",
        "/\\127.0.0.1/",
        ".evil.example/",
        ":9/",
    ] {
        let (world, _folder, engine) = world().await;
        let id = engine.launch(World::request("demo", &[])).await.unwrap();
        seconds(40).await;
        world.end_with(&Outcome::Succeeded {
            site: Site {
                scheme: "file".into(),
                port: 9,
                path: path.into(),
            },
            admin: Some(Admin {
                user: "mallory".into(),
                secret: "token".into(),
                path: path.into(),
            }),
        });
        let view = settled(&engine, &id).await;
        assert_eq!(view.server.status, Status::Ready, "{path}");
        let instance = view.server.instance.unwrap();
        let home = format!("http://{instance}.test/");
        assert_eq!(view.server.site_url.as_deref(), Some(home.as_str()), "{path}");
        assert!(
            world.visited().iter().all(|url| *url == home),
            "{:?}",
            world.visited()
        );
        let admin = view.access.unwrap().admin.unwrap();
        assert!(admin.url.starts_with(&home), "{admin:?}");
        assert_ne!(admin.user, "mallory");
    }
}
