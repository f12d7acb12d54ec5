use std::num::NonZeroU16;

use super::*;
use crate::output::frame::{Look, draw};
use crate::output::style::Style;
use crate::sample;

const ROWS: u16 = 30;
const ABOVE: &str = "$ slipway launch";

/// A picture of the sample as wide as the terminal, at a time that stands in it.
fn picture(columns: u16, now: i64) -> Vec<String> {
    let look = Look {
        now,
        columns: columns.into(),
        rows: ROWS.into(),
        style: Style { colour: true },
        last: false,
    };
    draw(
        &sample::installing(),
        &[sample::line(1, &format!("at {now}"))],
        look,
    )
}

fn size(of: u16) -> NonZeroU16 {
    NonZeroU16::new(of).unwrap()
}

fn terminal_of(rows: u16, columns: u16) -> vt100::Parser {
    vt100::Parser::new(size(rows), size(columns), 0)
}

fn bytes(drawn: &mut Picture, columns: u16, now: i64) -> Vec<u8> {
    let mut out = Vec::new();
    drawn
        .replace(&picture(columns, now), columns.into(), &mut out)
        .unwrap();
    out
}

fn texts(terminal: &vt100::Parser, columns: u16) -> Vec<String> {
    let rows = terminal.screen().rows(0, columns);
    let texts: Vec<String> = rows.map(|row| row.trim_end().to_owned()).collect();
    let used = texts
        .iter()
        .rposition(|row| !row.is_empty())
        .map_or(0, |last| last + 1);
    texts[..used].to_vec()
}

/// As the terminal shows it when it is drawn on an empty one.
fn fresh(columns: u16, now: i64) -> Vec<String> {
    let mut terminal = terminal_of(ROWS, columns);
    terminal.process(&bytes(&mut Picture::default(), columns, now));
    texts(&terminal, columns)
}

#[test]
fn a_picture_is_drawn_over_the_one_before() {
    let (mut drawn, mut terminal) = (Picture::default(), terminal_of(ROWS, 80));
    terminal.process(format!("{ABOVE}\r\n").as_bytes());
    for now in [100_000, 200_000, 300_000] {
        terminal.process(&bytes(&mut drawn, 80, now));
    }
    let shown = texts(&terminal, 80);
    assert_eq!(shown[0], ABOVE);
    assert_eq!(shown[1..], fresh(80, 300_000));
}

/// A terminal that breaks lines apart when it becomes narrower shows what this one shows when the wide picture is
/// written into it at the narrow width.
#[test]
fn after_the_terminal_became_narrower_no_line_of_the_wide_picture_stays() {
    let (mut drawn, mut terminal) = (Picture::default(), terminal_of(ROWS + 20, 44));
    terminal.process(format!("{ABOVE}\r\n").as_bytes());
    terminal.process(&bytes(&mut drawn, 80, 100_000));
    let broken_apart = texts(&terminal, 44);
    assert!(
        broken_apart.len() > picture(80, 100_000).len() + 1,
        "{broken_apart:#?}"
    );
    terminal.process(&bytes(&mut drawn, 44, 200_000));
    let shown = texts(&terminal, 44);
    assert_eq!(shown[0], ABOVE);
    assert_eq!(shown[1..], fresh(44, 200_000));
}

#[test]
fn on_a_terminal_that_cuts_lines_and_on_one_that_becomes_wider_none_stays_either() {
    for (before, after) in [(80, 44), (44, 80)] {
        let (mut drawn, mut terminal) = (Picture::default(), terminal_of(ROWS, before));
        terminal.process(&bytes(&mut drawn, before, 100_000));
        terminal.screen_mut().set_size(size(ROWS), size(after));
        terminal.process(&bytes(&mut drawn, after, 200_000));
        assert_eq!(
            texts(&terminal, after),
            fresh(after, 200_000),
            "{before} to {after}"
        );
    }
}

#[test]
fn codes_for_colours_take_no_columns() {
    assert_eq!(seen_width("\x1b[1mbold\x1b[0m and 日本"), 13);
    assert_eq!(seen_width(""), 0);
}
