use std::sync::Mutex;

use slipway_core::testing::{Fault, World};
use slipway_practice::{PracticeCloud, PracticeOptions};

use super::*;
use crate::folders::Folders;

/// A desk over the fake world: what is asked of AWS is asked of it, and its secrets are the keychain.
async fn desk(world: &World, room: &tempfile::TempDir) -> (Desk, Arc<Mutex<Vec<String>>>) {
    let folders = Folders::open(Some(room.path())).unwrap();
    let practice = PracticeCloud::open(PracticeOptions {
        folder: folders.practice(),
        agent_program: "none".into(),
        machine_program: "none".into(),
        speed: 1.0,
        notices: slipway_practice::Notices::default(),
    });
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let (cloud, regions) = (world.clone(), Arc::clone(&asked));
    let connect: Connect = Arc::new(move |_, region| {
        regions.lock().unwrap().push(region.to_owned());
        Ok(Arc::new(cloud.clone()))
    });
    let desk = Desk {
        engine: world.engine().await.unwrap(),
        accounts: Profiles::new(
            folders.profiles(),
            Arc::new(world.clone()),
            connect,
            slipway_practice::Notices::default(),
        ),
        practice: practice.unwrap(),
        folders,
    };
    (desk, asked)
}

fn new(name: &str) -> NewProfile {
    NewProfile {
        name: name.into(),
        key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret: Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into()),
        region: "eu-central-1".into(),
    }
}

async fn names(desk: &Desk) -> Vec<String> {
    let profiles = desk.profiles().await.unwrap();
    profiles.into_iter().map(|profile| profile.name).collect()
}

#[tokio::test]
async fn a_key_is_checked_first_and_lies_in_the_keychain_alone() {
    let room = tempfile::tempdir().unwrap();
    let world = World::new(room.path());
    let (desk, asked) = desk(&world, &room).await;
    desk.add_profile(new("client"), Check::First).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), ["eu-central-1"]);
    assert_eq!(world.secret_names(), ["profile/client"]);
    let list = std::fs::read_to_string(room.path().join("profiles.json")).unwrap();
    assert!(list.contains("client") && !list.contains("wJalr") && !list.contains("AKIA"));
    desk.engine.ask_accounts().await;
    let profiles = desk.profiles().await.unwrap();
    let client = profiles.iter().find(|profile| profile.name == "client").unwrap();
    assert_eq!(
        (client.keys, client.account.as_deref()),
        (KeysIn::Keychain, Some("123456789012"))
    );
}

#[tokio::test]
async fn what_aws_refuses_or_the_keychain_does_not_take_is_not_kept() {
    let room = tempfile::tempdir().unwrap();
    let world = World::new(room.path());
    let (desk, _) = desk(&world, &room).await;
    world
        .faults
        .next("account", Fault::Refused(ErrorKind::CredentialsInvalid), 1);
    let refused = desk.add_profile(new("client"), Check::First).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::CredentialsInvalid);
    world
        .faults
        .next("secret_put", Fault::Refused(ErrorKind::Keychain), 1);
    let refused = desk.add_profile(new("client"), Check::First).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Keychain);
    assert!(world.secret_names().is_empty() && !room.path().join("profiles.json").exists());
    assert!(!names(&desk).await.contains(&"client".to_owned()));
    desk.add_profile(new("client"), Check::None).await.unwrap();
}

#[tokio::test]
async fn a_removed_profile_leaves_nothing_and_one_from_another_window_is_seen() {
    let room = tempfile::tempdir().unwrap();
    let world = World::new(room.path());
    let (first, _) = desk(&world, &room).await;
    let (second, _) = desk(&world, &room).await;
    first.add_profile(new("client"), Check::First).await.unwrap();
    assert!(names(&second).await.contains(&"client".to_owned()));
    second.remove_profile("client", false).await.unwrap();
    assert!(world.secret_names().is_empty());
    assert!(!names(&second).await.contains(&"client".to_owned()));
    assert!(!names(&first).await.contains(&"client".to_owned()));
}

#[tokio::test]
async fn a_name_is_given_once_but_a_key_of_the_same_account_can_be_replaced() {
    let room = tempfile::tempdir().unwrap();
    let world = World::new(room.path());
    let (desk, _) = desk(&world, &room).await;
    desk.add_profile(new("client"), Check::First).await.unwrap();
    desk.engine.ask_accounts().await;
    desk.add_profile(new("client"), Check::First).await.unwrap();
    let taken = desk.add_profile(new("client"), Check::None).await.unwrap_err();
    assert_eq!(taken.kind, ErrorKind::NameTaken);
    let nonsense = NewProfile {
        key_id: "my key".into(),
        ..new("other")
    };
    assert_eq!(
        desk.add_profile(nonsense, Check::None).await.unwrap_err().kind,
        ErrorKind::Input
    );
}
