//! What is told of many lines at once.

use super::*;
use crate::view::LineLevel;

fn lines(numbers: std::ops::Range<i64>) -> Event {
    let line = |number| LogLine {
        number,
        attempt: 1,
        time: number,
        step: None,
        level: LineLevel::Info,
        kind: "line".into(),
        text: number.to_string(),
    };
    Event::Lines {
        id: "launch".into(),
        lines: numbers.map(line).collect(),
        left_out: 0,
    }
}

#[test]
fn of_many_lines_the_newest_are_told_and_the_others_counted() {
    let mut unsaid = Unsaid::default();
    for first in [1, 501, 1_001] {
        unsaid.add(lines(first..first + 500));
    }
    let numbers: Vec<i64> = unsaid.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, (1_301..=1_500).collect::<Vec<i64>>());
    assert_eq!(unsaid.left_out, 1_300);
}

#[test]
fn few_lines_are_told_in_full() {
    let mut unsaid = Unsaid::default();
    unsaid.add(lines(1..151));
    unsaid.add(lines(151..201));
    assert_eq!((unsaid.lines.len(), unsaid.left_out), (200, 0));
}
