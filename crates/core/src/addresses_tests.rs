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

#[test]
fn a_range_wider_than_a_company_has_is_refused() {
    for text in [
        "0.0.0.0/1",
        "128.0.0.0/1",
        "10.0.0.0/7",
        "203.0.113.7/2",
        "0.0.0.0/00",
    ] {
        assert_eq!(one(text).unwrap_err().kind, ErrorKind::Input, "{text}");
    }
    assert_eq!(one("10.1.2.3/8").unwrap(), ["10.0.0.0/8"]);
}

#[test]
fn the_window_says_the_same_of_who_can_open_the_site() {
    let page = include_str!("../../../ui/src/lib/wizard/CheckStage.svelte");
    let named = ["203.0.113.7".to_owned()];
    for words in [
        site_visitors(true, &named),
        site_visitors(false, &[]),
        site_visitors(false, &named),
    ] {
        let (_, to) = words.split_once(" to ").unwrap();
        assert!(
            page.contains("open to ${") && page.contains(&format!("'{to}'")),
            "{words}"
        );
    }
}

fn several(named: &[&str]) -> Result<Vec<String>> {
    ranges(&named.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
}

#[test]
fn ranges_that_are_too_wide_together_are_refused() {
    let whole: Vec<String> = (0..=255).map(|first| format!("{first}.0.0.0/8")).collect();
    assert_eq!(ranges(&whole).unwrap_err().kind, ErrorKind::Input);
    let sentence = several(&["10.0.0.0/8", "203.0.113.7"]).unwrap_err().sentence;
    assert!(sentence.contains("together"), "{sentence}");
    several(&["10.0.0.0/9", "10.128.0.0/9", "9.0.0.0/32"]).unwrap_err();
}

#[test]
fn what_is_named_twice_counts_once() {
    let named = ["10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8", "10.1.2.3"];
    assert_eq!(several(&named).unwrap().len(), 4);
}

#[test]
fn addresses_of_the_newer_kind_are_refused_in_every_form() {
    for text in ["::/0", "2000::/3", "::ffff:0.0.0.0/96", "2001:db8::1", "[::1]"] {
        assert_eq!(one(text).unwrap_err().kind, ErrorKind::Input, "{text}");
    }
}
