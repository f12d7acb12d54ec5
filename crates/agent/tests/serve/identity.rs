//! Who the agent is, and what it learns from metadata.

use slipway_agent::identity::{Identity, IdentityError};
use slipway_agent::scrub;

use crate::world::World;

#[tokio::test]
async fn the_identity_stays_with_the_instance() {
    let world = World::new().await;
    let (first, second) = (world.identity().await, world.identity().await);
    assert_eq!(first.stream, second.stream);
    assert_eq!(first.certificate, second.certificate);
    assert_eq!(first.key.public(), second.key.public());
}

#[tokio::test]
async fn two_parts_that_start_at_once_agree() {
    let world = World::new().await;
    let (imds, other) = (world.imds(), world.imds());
    let (first, second) = tokio::join!(
        Identity::ensure(&world.config, &imds, &world.brief),
        Identity::ensure(&world.config, &other, &world.brief),
    );
    assert_eq!(first.unwrap().stream, second.unwrap().stream);
}

#[tokio::test]
async fn another_instance_id_begins_anew_without_the_old_files() {
    let world = World::new().await;
    let old = world.identity().await;
    let config = &world.config;
    let files = [
        config.messages_file(),
        config.queue_file(),
        config.secrets_file(),
        config.log_file(),
    ];
    for file in &files {
        std::fs::write(file, "of the old instance").unwrap();
    }
    scrub::scrub(config, "i-1").unwrap();
    std::fs::write(config.journal_file(), "of the old instance").unwrap();
    world.metadata.instance.lock().unwrap().id = "i-2".into();
    let new = world.identity().await;
    assert_eq!(new.instance, "i-2");
    assert_ne!(new.stream, old.stream);
    assert_ne!(new.certificate, old.certificate);
    assert!(!files.iter().any(|file| file.exists()));
    assert!(!config.journal_file().exists() && !config.scrubbed_file().exists());
}

#[tokio::test]
async fn a_scrubbed_instance_gets_no_identity_again() {
    let world = World::new().await;
    world.identity().await;
    scrub::scrub(&world.config, "i-1").unwrap();
    let again = Identity::ensure(&world.config, &world.imds(), &world.brief).await;
    assert!(matches!(again, Err(IdentityError::Scrubbed(id)) if id == "i-1"));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_identity() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new().await;
    world.identity().await;
    let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(world.config.identity_file()), 0o600);
    assert_eq!(mode(world.config.data_dir.clone()), 0o700);
}

#[tokio::test]
async fn metadata_is_read_again_with_a_new_session_when_the_old_one_has_ended() {
    let world = World::new().await;
    let imds = world.imds();
    assert_eq!(imds.tags(|_| true).await.unwrap().len(), 0);
    {
        let mut instance = world.metadata.instance.lock().unwrap();
        instance.token = "session-2".into();
        instance.tags = [
            ("Name".to_owned(), "demo".to_owned()),
            ("slipway-order-1.1of1".to_owned(), "x".to_owned()),
        ]
        .into();
        instance.user_data = None;
    }
    assert_eq!(imds.instance_id().await.unwrap(), "i-1");
    let tags = imds.tags(|name| name != "Name").await.unwrap();
    assert_eq!(tags, [("slipway-order-1.1of1".to_owned(), "x".to_owned())].into());
    assert_eq!(imds.user_data().await.unwrap(), None);
}
