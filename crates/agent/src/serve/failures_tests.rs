use super::*;

fn address(last: u32) -> IpAddr {
    std::net::Ipv4Addr::from_bits(last).into()
}

#[test]
fn the_minute_begins_with_the_first_failure() {
    let mut failures = Failures::default();
    let start = Instant::now();
    let slow: Vec<bool> = (0..4).map(|_| failures.note(address(1), 3, start)).collect();
    assert_eq!(slow, [false, false, false, true]);
    assert!(!failures.note(address(2), 3, start));
    assert!(failures.note(address(1), 3, start + MINUTE - Duration::from_millis(1)));
    assert!(!failures.note(address(1), 3, start + MINUTE));
}

#[test]
fn a_crowd_of_addresses_does_not_fill_the_memory() {
    let mut failures = Failures::default();
    for last in 0..20_000 {
        failures.note(address(last), 3, Instant::now());
    }
    assert!(failures.counts.len() <= REMEMBERED);
}
