//! What must be true of a launch after its program was killed.

use std::time::Duration;

use slipway_tests::follower::Follower;
use slipway_tests::journal::Journal;
use slipway_tests::leftovers::{instances_ever, leftovers};
use slipway_tests::room::Room;

/// The name of the server in every story.
pub const NAME: &str = "demo";
/// How long the next start may take until there is news.
pub const RESUME: Duration = Duration::from_secs(3);
/// Far more than any of this takes.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Follows the launch with a fresh program, which must have news in time. The program goes on.
pub fn resumed(room: &Room, after: &str) -> (Follower, Duration) {
    let known = Journal::open(room)
        .launch(NAME)
        .expect("the launch is in the journal")
        .revision;
    let mut follower = Follower::start(&mut room.command(&["watch", NAME, "--json"]), "");
    // A launch that got through just before the kill has no more news than that.
    let news = follower.until(PATIENCE, |line| {
        line["type"] == "end" || line["launch"]["server"]["revision"].as_i64() > Some(known)
    });
    let Some(news) = news else {
        panic!(
            "{after}: no news; {:?} {:?}",
            follower.end(RESUME),
            follower.seen.last()
        );
    };
    let first_word = follower.seen.first().map(|line| line.at);
    assert!(
        news.at <= RESUME,
        "{after}: there was no news for {:?}, and no word for {first_word:?}",
        news.at
    );
    (follower, news.at)
}

/// The launch gets ready: one machine, every message shown once and in order.
pub fn gets_ready(room: &Room, follower: &mut Follower, after: &str) {
    let (status, said) = follower.end(PATIENCE);
    if status != 0 {
        let launch = Journal::open(room).launch(NAME).map(|row| row.body);
        let parked = launch.as_ref().map(|body| &body["parked"]);
        panic!("{after}: {said} {:?} {parked:?}", follower.seen.last());
    }
    assert_eq!(instances_ever(room), 1, "{after}: one machine");
    every_message_once(room, follower, after);
}

/// No number is missing in the journal, and the face showed each line once, in order.
pub fn every_message_once(room: &Room, follower: &Follower, after: &str) {
    let journal = Journal::open(room);
    let launch = journal.launch(NAME).unwrap();
    let numbers = journal.numbers(&launch.id);
    assert!(numbers.len() > 20, "{after}: {} messages", numbers.len());
    assert!(
        numbers.iter().copied().eq(1..=numbers.len() as i64),
        "{after}: the journal has gaps: {numbers:?}"
    );
    assert_eq!(
        follower.numbers(),
        journal.shown(&launch.id),
        "{after}: what was shown"
    );
}

/// Nothing is left of it.
pub fn leaves_nothing(room: &Room, after: &str) {
    assert_eq!(leftovers(room), Vec::<String>::new(), "{after}");
}
