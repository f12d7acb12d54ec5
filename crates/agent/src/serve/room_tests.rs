use super::*;

fn room(connections: usize, per_address: usize, strangers: usize) -> Arc<Room> {
    Room::new(Limits {
        connections,
        per_address,
        strangers,
        ..Limits::public()
    })
}

fn address(last: u8) -> IpAddr {
    [10, 0, 0, last].into()
}

/// Pulses count microseconds.
fn tick() {
    let started = Instant::now();
    while started.elapsed() < Duration::from_micros(20) {
        std::hint::spin_loop();
    }
}

#[test]
fn the_stranger_that_was_silent_longest_leaves() {
    let room = room(9, 9, 2);
    let (first, first_leaves) = room.enter(address(1));
    tick();
    let (_second, second_leaves) = room.enter(address(1));
    tick();
    first.pulse().beat();
    let (_third, third_leaves) = room.enter(address(1));
    assert!(second_leaves.is_cancelled());
    assert!(!first_leaves.is_cancelled() && !third_leaves.is_cancelled());
}

#[test]
fn a_crowd_from_one_address_costs_another_nothing() {
    let room = room(9, 9, 4);
    let (_quiet, quiet_leaves) = room.enter(address(1));
    let crowd: Vec<_> = (0..20).map(|_| room.enter(address(2))).collect();
    assert!(!quiet_leaves.is_cancelled());
    assert_eq!(
        crowd.iter().filter(|(_, leaves)| !leaves.is_cancelled()).count(),
        3
    );
}

#[test]
fn strangers_never_push_out_who_has_shown_the_token() {
    let room = room(9, 9, 2);
    let (good, good_leaves) = room.enter(address(1));
    good.prove();
    let crowd: Vec<_> = (0..20).map(|_| room.enter(address(1))).collect();
    assert!(!good_leaves.is_cancelled());
    assert_eq!(room.crowd(), 3);
    drop(crowd);
    assert_eq!(room.crowd(), 1);
}

#[test]
fn one_address_and_all_together_have_their_limits() {
    let room = room(3, 2, 99);
    let guests: Vec<_> = [1, 1, 1, 2, 3].map(|last| room.enter(address(last))).into();
    for (place, _) in &guests {
        tick();
        place.pulse().beat();
        place.prove();
        place.prove();
    }
    let gone: Vec<bool> = guests.iter().map(|(_, leaves)| leaves.is_cancelled()).collect();
    assert_eq!(gone, [true, true, false, false, false]);
}

#[tokio::test(start_paused = true)]
async fn a_pulse_stops_only_after_silence() {
    let room = room(9, 9, 9);
    let (place, _leaves) = room.enter(address(1));
    let pulse = place.pulse();
    let started = Instant::now();
    let beating = async {
        for _ in 0..4 {
            tokio::time::sleep(Duration::from_millis(30)).await;
            pulse.beat();
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = pulse.stops(Duration::from_millis(100)) => {}
        () = beating => {}
    }
    assert!(started.elapsed() >= Duration::from_millis(210));
}
