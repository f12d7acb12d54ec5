use super::*;

fn span(start: u64, end: u64) -> Span {
    Span { start, end }
}

#[test]
fn a_page_begins_behind_the_number_and_keeps_to_the_limit() {
    let ends = [10, 20, 30, 40];
    assert_eq!(Span::find(&ends, 0, 2), span(0, 20));
    assert_eq!(Span::find(&ends, 1, 2), span(10, 30));
    assert_eq!(Span::find(&ends, 3, 500), span(30, 40));
    assert_eq!(Span::find(&ends, 0, usize::MAX), span(0, 40));
}

#[test]
fn there_is_nothing_behind_the_last_message() {
    assert_eq!(Span::find(&[10, 20], 2, 500), span(20, 20));
    assert_eq!(Span::find(&[10, 20], u64::MAX, 500), span(20, 20));
    assert_eq!(Span::find(&[], 0, 500), span(0, 0));
}

#[test]
fn a_page_is_about_a_mebibyte_but_never_empty() {
    let ends = [600_000, 1_200_000, 9_000_000];
    assert_eq!(Span::find(&ends, 0, 500), span(0, 600_000));
    assert_eq!(Span::find(&ends, 2, 500), span(1_200_000, 9_000_000));
}

#[test]
fn no_more_than_the_protocols_most_are_given() {
    let ends: Vec<u64> = (1..=2000).collect();
    assert_eq!(Span::find(&ends, 0, 1000), span(0, MAX_MESSAGES as u64));
}
