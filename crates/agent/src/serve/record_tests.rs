use slipway_protocol::{Kind, Level, Time};

use super::*;

fn written() -> Vec<u8> {
    let message = Message {
        number: 7,
        attempt: 2,
        time: Time(5),
        step: None,
        level: Level::Warn,
        text: "a \"quoted\"\nline\u{0} ü".into(),
        kind: Kind::Line,
    };
    let mut line = Vec::new();
    encode(&mut line, "queue \"1\"", 3, &message).unwrap();
    line
}

#[test]
fn a_line_is_read_back() {
    let line = written();
    let record = decode(&line).unwrap();
    assert_eq!((record.sender.as_str(), record.sent), ("queue \"1\"", 3));
    let message: Message = serde_json::from_str(record.message.get()).unwrap();
    assert_eq!(
        (message.number, message.text.as_str()),
        (7, "a \"quoted\"\nline\u{0} ü")
    );
    assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
}

#[test]
fn a_line_that_was_cut_anywhere_is_not_read() {
    let line = written();
    assert!((0..line.len()).all(|length| decode(&line[..length]).is_none()));
}

#[test]
fn a_line_with_any_bit_changed_is_not_read() {
    let line = written();
    for at in 0..line.len() * 8 {
        let mut changed = line.clone();
        changed[at / 8] ^= 1 << (at % 8);
        // Hexadecimal digits of the sum in upper case are another sum.
        assert!(decode(&changed).is_none(), "bit {at}");
    }
}
