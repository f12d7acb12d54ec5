use std::sync::Arc;

use futures::future::join_all;

use super::*;

const PENDING: Duration = Duration::from_secs(10);

fn kind(size: &str) -> Kind {
    ("windows-2025".to_owned(), size.to_owned())
}

fn launched_now(size: &str) -> Waiter {
    let now = Instant::now();
    Waiter {
        kind: kind(size),
        launched: now,
        asked: None,
        due: now + PENDING,
    }
}

/// Asks about one again and again, as a launch does, until it is so old that its password is there. How often it asked,
/// and its age then.
async fn follow(turns: Arc<PasswordTurns>, mut waiting: Waiter, there: Duration) -> (u32, Duration) {
    for asked in 1.. {
        turns.turn(&waiting, PENDING).await;
        let now = Instant::now();
        let age = now - waiting.launched;
        if age >= there {
            turns.known(waiting.kind, age);
            return (asked, age);
        }
        waiting.asked = Some(now);
        waiting.due = now + PENDING;
    }
    unreachable!("it asks until it is there")
}

async fn crowd(launched: impl IntoIterator<Item = Duration>, there: Duration) -> Vec<(u32, Duration)> {
    let turns = Arc::new(PasswordTurns::new());
    let each = launched.into_iter().map(|after| {
        let turns = Arc::clone(&turns);
        async move {
            tokio::time::sleep(after).await;
            follow(turns, launched_now("t3.small"), there).await
        }
    });
    join_all(each).await
}

#[tokio::test(start_paused = true)]
async fn one_alone_is_asked_about_at_its_own_pace() {
    let alone = crowd([Duration::ZERO], Duration::from_secs(38)).await;
    assert_eq!(alone, [(4, Duration::from_secs(40))]);
}

#[tokio::test(start_paused = true)]
async fn a_hundred_ask_little_more_than_once_each_and_soon_have_all() {
    let there = Duration::from_secs(40);
    let all = crowd([Duration::ZERO; 100], there).await;
    let questions: u32 = all.iter().map(|(asked, _)| asked).sum();
    assert!(questions <= 100 + 60, "{questions}");
    let latest = all.iter().map(|(_, age)| *age).max();
    assert!(latest <= Some(there + Duration::from_secs(3)), "{latest:?}");
}

#[tokio::test(start_paused = true)]
async fn of_those_launched_one_by_one_none_is_seen_later_than_at_its_own_pace() {
    let there = Duration::from_secs(40);
    let one_by_one = (0..100).map(|number| Duration::from_millis(number * 200));
    let latest = crowd(one_by_one, there)
        .await
        .into_iter()
        .map(|(_, age)| age)
        .max();
    assert!(latest <= Some(there + PENDING), "{latest:?}");
}

#[tokio::test(start_paused = true)]
async fn one_that_never_has_any_holds_nobody_up() {
    let turns = Arc::new(PasswordTurns::new());
    let never = follow(Arc::clone(&turns), launched_now("t3.small"), Duration::MAX);
    let _never = tokio::spawn(never);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let (_, age) = follow(turns, launched_now("t3.small"), Duration::from_secs(30)).await;
    assert!(age < Duration::from_secs(32), "{age:?}");
}

#[tokio::test(start_paused = true)]
async fn an_age_that_is_too_high_or_of_another_kind_hides_nothing() {
    for known in [kind("t3.small"), kind("m5.large")] {
        let turns = Arc::new(PasswordTurns::new());
        turns.known(known, Duration::from_secs(600));
        let found = follow(turns, launched_now("t3.small"), Duration::from_secs(38)).await;
        assert_eq!(found, (4, Duration::from_secs(40)));
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_was_told_not_yet_a_moment_ago_is_asked_about_at_the_age_of_the_others() {
    let turns = Arc::new(PasswordTurns::new());
    let mut waiting = launched_now("t3.small");
    tokio::time::sleep(Duration::from_secs(39)).await;
    waiting.asked = Some(Instant::now());
    waiting.due = Instant::now() + PENDING;
    turns.known(waiting.kind.clone(), Duration::from_secs(40));
    turns.turn(&waiting, PENDING).await;
    assert_eq!(waiting.launched.elapsed(), Duration::from_secs(40));
}

#[tokio::test(start_paused = true)]
async fn whoever_goes_away_leaves_the_place_in_the_line() {
    let turns = Arc::new(PasswordTurns::new());
    let begun = Instant::now();
    let mut due = launched_now("t3.small");
    due.due = begun;
    turns.turn(&due, PENDING).await;
    for _ in 0..30 {
        let gone = turns.turn(&due, PENDING);
        assert!(
            tokio::time::timeout(Duration::from_millis(1), gone)
                .await
                .is_err()
        );
    }
    turns.turn(&due, PENDING).await;
    assert_eq!(begun.elapsed(), PENDING / EARLY);
}
