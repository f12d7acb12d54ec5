//! Orders in tags, where others may write too.

use std::collections::BTreeMap;

use proptest::prelude::*;
use slipway_protocol::order::{self, TAG_VALUE_MAX};
use slipway_protocol::sealing::{Key, SealError, Sealed};
use slipway_protocol::{Act, Order};

use crate::samples::{Tags, agent_key, app_key, orders};

fn collect(tags: &Tags) -> BTreeMap<u32, Vec<Sealed>> {
    order::from_tags(tags.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// The orders of a number that the app has sealed, out of all sets that are complete.
fn opened(tags: &Tags, number: u32) -> Vec<Order> {
    let all = collect(tags).remove(&number).unwrap_or_default();
    let opened = all
        .iter()
        .map(|sealed| order::open(sealed, &agent_key(), &app_key().public()));
    opened.filter_map(Result::ok).collect()
}

fn long_order(value: String) -> Order {
    Order {
        launch: "launch".into(),
        number: 4,
        act: Act::Secret {
            name: "licence".into(),
            value,
        },
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_order_survives_its_tags(value in "\\PC{0,900}", number in 1..u32::MAX, noise in "[a-z-]{0,20}") {
        let order = Order { number, ..long_order(value) };
        let mut tags = order::to_tags(&order, &app_key(), &agent_key().public()).unwrap();
        prop_assert!(tags.values().all(|value| value.len() <= TAG_VALUE_MAX));
        prop_assert!(tags.keys().all(|name| order::is_tag_of(name, number) && name.len() <= 127));
        tags.insert(format!("slipway-order-{noise}"), "noise".into());
        tags.insert("Name".into(), "demo".into());
        let sealed = collect(&tags);
        prop_assert_eq!(sealed.len(), 1);
        prop_assert!(opened(&tags, number) == [order]);
    }

    #[test]
    fn hostile_tags_never_panic(tags in prop::collection::btree_map("(slipway-order-)?[0-9of.+-]{0,12}", "\\PC{0,40}", 0..12)) {
        for sealed in collect(&tags).values().flatten() {
            prop_assert!(order::open(sealed, &agent_key(), &app_key().public()).is_err());
        }
    }
}

#[test]
fn an_order_waits_until_all_its_tags_are_there() {
    let tags = order::to_tags(&long_order("x".repeat(700)), &app_key(), &agent_key().public()).unwrap();
    assert!(tags.len() >= 4);
    for missing in tags.keys() {
        let mut some = tags.clone();
        some.remove(missing);
        assert!(collect(&some).is_empty());
    }
}

#[test]
fn more_than_nine_parts_keep_their_order() {
    let order = long_order("x".repeat(3000));
    let tags = order::to_tags(&order, &app_key(), &agent_key().public()).unwrap();
    assert!(tags.len() > 10);
    assert!(opened(&tags, 4) == [order]);
}

#[test]
fn stray_tags_do_not_hide_an_order() {
    let mut tags = order::to_tags(&orders()[0], &app_key(), &agent_key().public()).unwrap();
    for stray in [
        "1.1of0",
        "1.0of1",
        "1.7of2",
        "1.2of1",
        "+1.1of1",
        "1.1of+1",
        "1.of",
        "1",
        ".1of1",
        "1.1of9",
        "01.1of1",
        "1.01of1",
        "1.1of01",
        "0.1of1",
        "4294967296.1of1",
        "1.1of18446744073709551616",
    ] {
        tags.insert(format!("slipway-order-{stray}"), "stray".into());
    }
    assert!(opened(&tags, 1) == orders()[..1]);
}

#[test]
fn complete_stray_sets_of_any_length_do_not_hide_an_order() {
    let order = long_order("x".repeat(700));
    let mut tags = order::to_tags(&order, &app_key(), &agent_key().public()).unwrap();
    for parts in (1..12).filter(|parts| *parts != tags.len()).collect::<Vec<_>>() {
        for part in 1..=parts {
            tags.insert(format!("slipway-order-4.{part}of{parts}"), "c3RyYXk=".into());
        }
    }
    assert!(collect(&tags)[&4].len() > 9);
    assert!(opened(&tags, 4) == [order]);
}

#[test]
fn an_order_from_another_key_or_for_another_agent_is_not_opened() {
    let stranger = Key::generate();
    let forged = order::to_tags(&orders()[0], &stranger, &agent_key().public()).unwrap();
    let opened = order::open(&collect(&forged)[&1][0], &agent_key(), &app_key().public());
    assert_eq!(opened.err(), Some(SealError::Foreign));
    let misled = order::to_tags(&orders()[0], &app_key(), &stranger.public()).unwrap();
    let opened = order::open(&collect(&misled)[&1][0], &agent_key(), &app_key().public());
    assert_eq!(opened.err(), Some(SealError::Foreign));
}
