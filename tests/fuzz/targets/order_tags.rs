//! Tags on an instance, among which the app's own order is always found. Each line of the input is a tag: its name, `=`
//! and its value.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use slipway_protocol::sealing::Key;
use slipway_protocol::{Act, Order, order};

fuzz_target!(|data: &[u8]| {
    let (app, agent) = (key(7), key(9));
    let genuine = Order {
        launch: "launch".into(),
        number: 4,
        act: Act::Secret {
            name: "licence".into(),
            value: "x".repeat(300),
        },
    };
    let text = String::from_utf8_lossy(data);
    let mut tags: BTreeMap<String, String> = BTreeMap::new();
    for line in text.lines() {
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        tags.insert(name.to_owned(), value.to_owned());
        tags.insert(format!("{}{name}", order::TAG_PREFIX), value.to_owned());
    }
    tags.extend(order::to_tags(&genuine, &app, &agent.public()).expect("an order can be sealed"));
    let found = order::from_tags(tags.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let opened: Vec<(u32, Order)> = found
        .iter()
        .flat_map(|(number, sets)| sets.iter().map(move |sealed| (*number, sealed)))
        .filter_map(|(number, sealed)| Some((number, order::open(sealed, &agent, &app.public()).ok()?)))
        .collect();
    assert!(
        opened.len() == 1 && opened[0] == (4, genuine),
        "the app's order, and no other"
    );
});

fn key(byte: u8) -> Key {
    Key::from_bytes(&[byte; 32]).expect("32 bytes are a key")
}
