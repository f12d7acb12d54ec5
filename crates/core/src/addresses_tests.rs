use super::*;

fn one(text: &str) -> Result<Vec<String>> {
    ranges(&[text.to_owned()])
}

#[test]
fn an_address_becomes_the_range_that_holds_it_alone() {
    assert_eq!(one(" 203.0.113.7 ").unwrap(), ["203.0.113.7/32"]);
}

#[test]
fn a_range_begins_at_its_first_address() {
    assert_eq!(one("203.0.113.7/24").unwrap(), ["203.0.113.0/24"]);
    assert_eq!(one("203.0.113.7/32").unwrap(), ["203.0.113.7/32"]);
}

#[test]
fn what_is_empty_is_left_out() {
    assert_eq!(
        ranges(&[String::new(), "  ".into()]).unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn what_is_no_address_is_refused_and_so_is_everybody() {
    for text in [
        "home",
        "203.0.113",
        "203.0.113.7/33",
        "203.0.113.7/x",
        "::1",
        "0.0.0.0/0",
    ] {
        assert_eq!(one(text).unwrap_err().kind, ErrorKind::Input, "{text}");
    }
}
