use super::*;

#[test]
fn text_is_cut_and_filled_by_columns_not_bytes() {
    assert_eq!(fit("database", 8), "database");
    assert_eq!(fit("database", 5), "data…");
    assert_eq!(fit("日本語です", 6), "日本…");
    assert_eq!(pad("ab", 4), "ab  ");
    assert_eq!(width(&pad("日本語", 9)), 9);
    assert_eq!(fit("x", 0), "");
}

#[test]
fn lines_break_at_spaces_and_long_words_where_they_must() {
    assert_eq!(wrap("one two three four", 10), ["one two", "three four"]);
    assert_eq!(wrap("abcdefghijklmnop", 10), ["abcdefghij", "klmnop"]);
    assert_eq!(wrap("", 10), [""]);
}

#[test]
fn durations_and_ages_read_as_people_say_them() {
    let shown: Vec<_> = [-5, 400, 59_400, 60_000, 187_000, 3_840_000].map(duration).into();
    assert_eq!(shown, ["0 s", "0 s", "59 s", "1:00", "3:07", "1 h 04"]);
    let ages: Vec<_> = [0, 720_000, 10_800_000, 432_000_000].map(age).into();
    assert_eq!(ages, ["just now", "12 min", "3 h", "5 days"]);
}
