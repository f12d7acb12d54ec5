use super::*;
use proptest::prelude::*;

fn hostile() -> Vec<String> {
    let mut values: Vec<String> = [
        "",
        " ",
        "a b",
        "demo\nrm",
        "demo\r\n",
        "\"demo\"",
        "'demo'",
        "</powershell>",
        "דמו",
        "\u{202e}omed",
        "🚀",
        "-demo",
        ".demo",
        "a/b",
        "a\\b",
        "a\0b",
        "${input.x}",
        "demo;",
        "é",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("a".repeat(64));
    values.push("x".repeat(1024 * 1024));
    values
}

#[test]
fn hostile_server_names_are_refused_with_the_field_and_a_short_value() {
    for name in hostile() {
        let error = check_server_name(&name).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Input);
        assert!(
            error.sentence.starts_with("The server name "),
            "{}",
            error.sentence
        );
        assert!(error.sentence.chars().count() < 220, "{}", error.sentence);
        assert!(
            !error.sentence.chars().any(is_hidden),
            "{}",
            error.sentence.escape_debug()
        );
        assert!(!error.hint.is_empty());
    }
}

#[test]
fn usual_server_names_are_fine() {
    for name in ["demo", "Demo-1", "9lives", "www.example.com", "a", "web_01"] {
        assert_eq!(check_server_name(name), Ok(()), "{name}");
    }
    assert_eq!(check_server_name(&"a".repeat(63)), Ok(()));
}

#[test]
fn image_names_follow_the_rule_of_ec2() {
    for name in ["demo-1", "My site (May) [2] ./-'@_", &"x".repeat(128)] {
        assert_eq!(check_image_name(name), Ok(()), "{name}");
    }
    for name in [
        "",
        "ab",
        "a:b",
        "naïve",
        "a\nb",
        " abc",
        "abc ",
        "a\"bc",
        "</powershell>",
        &"x".repeat(129),
    ] {
        let error = check_image_name(name).unwrap_err();
        assert!(
            error.sentence.starts_with("The image name "),
            "{}",
            error.sentence
        );
    }
}

#[test]
fn descriptions_and_tags_are_one_printable_line() {
    for text in [
        "",
        "first",
        "Größe “groß” 🚀 </powershell> שלום",
        &"é".repeat(255),
    ] {
        assert_eq!(check_image_description(text), Ok(()), "{text}");
        assert_eq!(check_tag_value(text), Ok(()), "{text}");
    }
    for text in ["a\nb", "a\u{7}", "\u{202e}abc", &"x".repeat(257)] {
        assert!(
            check_image_description(text)
                .unwrap_err()
                .sentence
                .starts_with("The image description ")
        );
        assert!(
            check_tag_value(text)
                .unwrap_err()
                .sentence
                .starts_with("The tag value ")
        );
    }
    assert!(check_image_description(&"x".repeat(256)).is_err());
    assert_eq!(check_tag_value(&"x".repeat(256)), Ok(()));
}

#[test]
fn a_shown_value_is_cut_and_its_hidden_characters_are_visible() {
    assert_eq!(shown("a\nb\u{202e}"), "a\\nb\\u{202e}");
    assert_eq!(shown(&"x".repeat(41)), format!("{}…", "x".repeat(40)));
    assert_eq!(shown(&"x".repeat(40)), "x".repeat(40));
}

#[test]
fn a_text_from_elsewhere_becomes_one_line_without_what_can_not_be_seen() {
    assert_eq!(one_line("plain – 日本語 👩‍🔧", 40), "plain – 日本語 👩‍🔧");
    let hostile = "a\nb\x1b[2J\u{202e}c\u{200f}\u{e0041}\0";
    assert_eq!(
        one_line(hostile, 40),
        "a\u{fffd}b\u{fffd}[2J\u{fffd}c\u{fffd}\u{fffd}\u{fffd}"
    );
    assert_eq!(one_line("ÄÖÜ", 2), "ÄÖ…");
}

#[test]
fn file_names_are_fit_for_every_file_system() {
    for (name, expected) in [
        ("demo", "demo.rdp"),
        ("www.example.com", "www.example.com.rdp"),
        ("../../etc/passwd", "etc-passwd.rdp"),
        ("..\\..\\autorun", "autorun.rdp"),
        ("a\0b\nc", "a-b-c.rdp"),
        ("con", "server-con.rdp"),
        ("Com1.x", "server-Com1.x.rdp"),
        ("CONIN$", "server-CONIN.rdp"),
        ("🚀", "server.rdp"),
        ("", "server.rdp"),
    ] {
        assert_eq!(file_name(name, "rdp"), expected);
    }
    assert_eq!(file_name(&"ä".repeat(300), "log"), "server.log");
    assert_eq!(file_name(&"a".repeat(300), "log").len(), 63 + 4);
}

#[test]
fn near_names_come_nearest_first() {
    let names = ["practice-site", "kentico", "umbraco"];
    assert_eq!(nearest("practise-site", names), ["practice-site"]);
    assert_eq!(nearest("Kentiko", names), ["kentico"]);
    assert_eq!(nearest("practice", names), ["practice-site"]);
    assert_eq!(nearest("wordpress", names), Vec::<String>::new());
    assert_eq!(nearest(&"x".repeat(1 << 20), names), Vec::<String>::new());
    assert_eq!(
        nearest("demo-1", ["demo-3", "demo-2", "demo-1x", "demo"]),
        ["demo-1x", "demo-2", "demo-3"]
    );
}

#[test]
fn the_hint_lists_near_names_or_all_or_says_that_there_are_none() {
    assert_eq!(suggest_hint("kentiko", ["kentico"]), "Did you mean “kentico”?");
    assert_eq!(
        suggest_hint("x", ["kentico", "umbraco"]),
        "There are: “kentico”, “umbraco”."
    );
    assert_eq!(suggest_hint("x", []), "There are none yet.");
}

proptest! {
    #[test]
    fn what_passes_as_a_server_name_is_plain(name in ".{0,80}") {
        if check_server_name(&name).is_ok() {
            prop_assert!(name.len() <= 63 && name.chars().all(|c| c.is_ascii_graphic()));
        }
    }

    #[test]
    fn a_file_name_is_never_a_path(name in any::<String>()) {
        let name = file_name(&name, "rdp");
        prop_assert!(name.ends_with(".rdp") && name.len() > 4 && !name.starts_with('.'));
        prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)));
    }

    #[test]
    fn a_sentence_never_holds_a_hidden_character(name in any::<String>()) {
        for error in [check_server_name(&name), check_image_name(&name), check_image_description(&name)] {
            if let Err(error) = error {
                prop_assert!(!error.sentence.chars().any(is_hidden));
            }
        }
    }
}

#[test]
fn a_foreign_profile_name_becomes_one_of_ours_and_stays_apart_from_the_others() {
    let taken = ["acct-Role", "practice"];
    for (foreign, own) in [
        ("work", "work"),
        ("work_", "work_"),
        ("acct/Role", "acct-Role-2"),
        ("user@prod", "user-prod"),
        ("my prof", "my-prof"),
        ("über", "ber"),
        ("日本", "profile"),
        ("../x", "x"),
        ("practice", "practice-2"),
        ("", "profile"),
    ] {
        let name = local_profile_name(foreign, |name| taken.contains(&name));
        assert_eq!(name, own, "{foreign}");
        assert_eq!(check_profile_name(&name), Ok(()), "{foreign}");
    }
    let long = local_profile_name(&"a/".repeat(500), |_| false);
    assert_eq!(check_profile_name(&long), Ok(()));
}
