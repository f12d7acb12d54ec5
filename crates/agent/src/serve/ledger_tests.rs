use proptest::prelude::*;
use slipway_protocol::{Level, Time};

use super::*;

fn batch(sender: &str, numbers: std::ops::RangeInclusive<u64>) -> Batch {
    let messages = numbers.map(|number| Message {
        number,
        attempt: 1,
        time: Time(0),
        step: None,
        level: Level::Info,
        text: format!("{sender} says {number}"),
        kind: Kind::Line,
    });
    Batch {
        sender: sender.into(),
        messages: messages.collect(),
    }
}

/// What is written, without the zeros ahead of it.
fn lines(path: &Path) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    bytes.truncate(
        bytes
            .iter()
            .rposition(|byte| *byte != 0)
            .map_or(0, |last| last + 1),
    );
    bytes
}

fn texts(path: &Path) -> Vec<String> {
    let lines = lines(path);
    let text = |line: &[u8]| {
        let message: Message = serde_json::from_str(record::decode(line).unwrap().message.get()).unwrap();
        message.text
    };
    lines.split_inclusive(|byte| *byte == b'\n').map(text).collect()
}

#[test]
fn a_tail_torn_at_any_byte_is_cut_off_and_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.jsonl");
    let (mut ledger, _) = Ledger::open(&path).unwrap();
    ledger.stage(batch("a", 1..=2)).unwrap();
    ledger.stage(batch("b", 1..=1)).unwrap();
    ledger.commit().unwrap();
    let before = ledger.length;
    ledger.stage(batch("a", 3..=3)).unwrap();
    ledger.commit().unwrap();
    let whole = lines(&path);
    for cut in before as usize..whole.len() {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let (mut ledger, index) = Ledger::open(&path).unwrap();
        assert_eq!(index.ends.len(), 3, "cut at {cut}");
        assert_eq!(std::fs::metadata(&path).unwrap().len(), before);
        assert_eq!(ledger.stage(batch("a", 2..=3)), Ok(Accepted { through: 3 }));
        ledger.commit().unwrap();
        assert_eq!(lines(&path), whole);
    }
}

#[test]
fn garbage_behind_the_last_line_is_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("messages.jsonl");
    let (mut ledger, _) = Ledger::open(&path).unwrap();
    ledger.stage(batch("a", 1..=1)).unwrap();
    ledger.commit().unwrap();
    let whole = lines(&path);
    // A power cut may leave zeros, another line's end, or an old line where the next one should be.
    for garbage in [vec![0; 4096], b"}\n".to_vec(), whole.clone(), vec![0xff, b'\n']] {
        std::fs::write(&path, [whole.clone(), garbage].concat()).unwrap();
        let (_, index) = Ledger::open(&path).unwrap();
        assert_eq!(index.ends.len(), 1);
        assert_eq!(lines(&path), whole);
    }
}

#[test]
fn what_is_refused_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let (mut ledger, _) = Ledger::open(&folder.path().join("messages.jsonl")).unwrap();
    assert_eq!(ledger.stage(batch("a", 2..=2)), Err(Refusal::Gap { through: 0 }));
    assert!(matches!(
        ledger.stage(batch("", 1..=1)),
        Err(Refusal::Malformed(_))
    ));
    assert!(matches!(
        ledger.stage(batch(&"x".repeat(65), 1..=1)),
        Err(Refusal::Malformed(_))
    ));
    let mut wrapping = batch("a", 1..=2);
    (wrapping.messages[0].number, wrapping.messages[1].number) = (u64::MAX, 0);
    assert!(matches!(ledger.stage(wrapping), Err(Refusal::Malformed(_))));
    assert_eq!(ledger.staged_bytes(), 0);
}

proptest! {
    // Each case waits for the disk dozens of times.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However batches repeat, overlap and leave out, each sender's messages are stored once and in order.
    #[test]
    fn every_message_is_stored_once(batches in prop::collection::vec((0..3usize, 1..20u64, 0..6u64, any::<bool>()), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("messages.jsonl");
        let (mut ledger, _) = Ledger::open(&path).unwrap();
        let mut stored = [0; 3];
        for (sender, first, more, reopen) in batches {
            let answer = ledger.stage(batch(&sender.to_string(), first..=first + more));
            if first <= stored[sender] + 1 {
                stored[sender] = stored[sender].max(first + more);
                prop_assert_eq!(answer, Ok(Accepted { through: stored[sender] }));
            } else {
                prop_assert_eq!(answer, Err(Refusal::Gap { through: stored[sender] }));
            }
            ledger.commit().unwrap();
            if reopen {
                ledger = Ledger::open(&path).unwrap().0;
            }
        }
        let all = texts(&path);
        for (sender, through) in stored.into_iter().enumerate() {
            let own: Vec<_> = all.iter().filter(|text| text.starts_with(&format!("{sender} "))).cloned().collect();
            let expected: Vec<_> = (1..=through).map(|number| format!("{sender} says {number}")).collect();
            prop_assert_eq!(own, expected);
        }
    }
}
