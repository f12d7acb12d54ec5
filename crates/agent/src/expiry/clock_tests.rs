use super::*;

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

fn clock(stop_after: Option<u32>, stop_failed_after: Option<u32>) -> Clock {
    let limits = Limits {
        stop_after_minutes: stop_after,
        stop_failed_after_minutes: stop_failed_after,
    };
    Clock::begin("i-1", limits)
}

fn failed(attempt: u32) -> Wish {
    Wish {
        failed_attempt: Some(attempt),
        extension: None,
    }
}

fn extended(order: u32, minutes: u32) -> Wish {
    Wish {
        extension: Some(Extension { order, minutes }),
        ..failed(1)
    }
}

/// A clock that is opened goes on with the machine's own, so a moment has passed of its last minute.
fn minutes_left(clock: &Clock) -> Option<u64> {
    clock
        .ahead()
        .map(|(left, _)| left.as_secs_f64() / 60.0)
        .map(|left| left.ceil() as u64)
}

#[test]
fn without_limits_nothing_is_ever_due() {
    let mut clock = clock(None, None);
    clock.hear(&failed(1));
    clock.pass(minutes(1_000_000));
    assert_eq!(clock.ahead(), None);
    assert!(clock.is_over());
}

#[test]
fn the_stop_timer_is_due_once() {
    let mut clock = clock(Some(60), None);
    clock.pass(minutes(59));
    assert_eq!(clock.ahead(), Some((minutes(1), Due::Timer)));
    clock.pass(minutes(1));
    assert_eq!(clock.due(), Some(Due::Timer));
    clock.stop_calling();
    clock.stop_called();
    assert_eq!(clock.ahead(), None);
}

#[test]
fn a_failed_server_is_due_unless_it_is_tried_again() {
    let mut clock = clock(None, Some(30));
    clock.pass(minutes(100));
    assert_eq!(clock.due(), None);
    assert!(clock.hear(&failed(1)) && !clock.hear(&failed(1)));
    clock.pass(minutes(29));
    assert_eq!(clock.ahead(), Some((minutes(1), Due::Failed)));
    clock.hear(&Wish::default());
    clock.pass(minutes(500));
    assert_eq!(clock.due(), None);
    clock.hear(&failed(2));
    assert_eq!(clock.ahead(), Some((minutes(30), Due::Failed)));
}

#[test]
fn an_order_puts_both_stops_off_and_counts_once() {
    let mut clock = clock(Some(50), Some(30));
    clock.hear(&failed(1));
    clock.pass(minutes(29));
    clock.hear(&extended(7, 60));
    clock.pass(minutes(59));
    clock.hear(&extended(7, 60));
    assert_eq!(clock.ahead().map(|(left, _)| left), Some(minutes(1)));
    clock.hear(&extended(8, 5));
    assert_eq!(clock.ahead().map(|(left, _)| left), Some(minutes(5)));
}

#[test]
fn a_short_order_does_not_bring_a_stop_forward() {
    let mut clock = clock(None, Some(30));
    clock.hear(&extended(1, 5));
    assert_eq!(clock.ahead(), Some((minutes(30), Due::Failed)));
}

#[test]
fn a_restart_counts_and_a_stop_does_not() {
    let mut clock = clock(Some(60), None);
    let saved = clock.saved;
    clock.wake(saved.plus(minutes(3)));
    assert_eq!(clock.ahead(), Some((minutes(57), Due::Timer)));
    clock.wake(saved.plus(minutes(60 * 24)));
    assert_eq!(clock.ahead(), Some((minutes(57), Due::Timer)));
    clock.wake(Time(saved.0 - 3_600_000));
    assert_eq!(clock.ahead(), Some((minutes(57), Due::Timer)));
}

#[test]
fn a_failed_server_that_is_started_again_has_its_time_once_more() {
    let mut clock = clock(None, Some(30));
    clock.hear(&failed(1));
    clock.pass(minutes(30));
    clock.stop_calling();
    clock.stop_called();
    clock.hear(&failed(1));
    assert_eq!(clock.ahead(), Some((minutes(30), Due::Failed)));
}

#[test]
fn a_stop_whose_success_was_never_written_is_called_twice_at_most() {
    let mut clock = clock(Some(1), None);
    clock.pass(minutes(1));
    clock.stop_calling();
    let saved = clock.saved;
    clock.wake(saved);
    assert_eq!(clock.due(), Some(Due::Timer));
    clock.stop_calling();
    clock.wake(saved);
    assert_eq!(clock.due(), None);
}

#[test]
fn the_clock_goes_on_for_its_own_instance_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clock.json");
    let mut clock = clock(Some(60), None);
    clock.pass(minutes(40));
    clock.save(&path).unwrap();
    let limits = Some(clock.limits);
    let again = Clock::open(&path, "i-1", None).unwrap();
    assert_eq!(minutes_left(&again), Some(20));
    let other = Clock::open(&path, "i-2", limits).unwrap();
    assert_eq!(minutes_left(&other), Some(60));
    std::fs::write(&path, "{").unwrap();
    let anew = Clock::open(&path, "i-1", limits).unwrap();
    assert_eq!(minutes_left(&anew), Some(60));
}
