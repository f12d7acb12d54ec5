use proptest::prelude::*;

use super::*;

fn target(host: &str, user: &str) -> RdpTarget {
    RdpTarget {
        host: host.into(),
        port: 3389,
        user: user.into(),
    }
}

#[test]
fn the_file_names_host_port_and_user_in_lines_that_end_as_windows_wants() {
    let text = file(&target("203.0.113.7", "Administrator")).unwrap();
    assert!(text.starts_with("full address:s:203.0.113.7:3389\r\nusername:s:Administrator\r\n"));
    assert!(text.ends_with("\r\n") && text.is_ascii());
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

#[test]
fn drives_are_not_shared_the_clipboard_is_and_an_unknown_certificate_warns() {
    let text = file(&target("a.example.com", "Administrator")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for line in [
        "drivestoredirect:s:",
        "redirectclipboard:i:1",
        "authentication level:i:2",
        "enablecredsspsupport:i:1",
    ] {
        assert!(lines.contains(&line), "{line}");
    }
    assert!(!text.contains("password"));
}

#[test]
fn every_line_is_a_key_a_type_and_a_value_and_no_key_comes_twice() {
    let text = file(&target("a.example.com", ".\\Administrator")).unwrap();
    let mut keys: Vec<&str> = Vec::new();
    for line in text.lines() {
        let mut parts = line.splitn(3, ':');
        let (key, kind, value) = (
            parts.next().unwrap(),
            parts.next().unwrap(),
            parts.next().unwrap(),
        );
        assert!(
            kind == "s" || (kind == "i" && value.parse::<u32>().is_ok()),
            "{line}"
        );
        assert!(!keys.contains(&key), "{key} comes twice");
        keys.push(key);
    }
}

#[test]
fn an_ipv6_address_stands_in_brackets() {
    let text = file(&target("2001:db8::1", "Administrator")).unwrap();
    assert!(text.starts_with("full address:s:[2001:db8::1]:3389\r\n"));
}

#[test]
fn hostile_hosts_and_users_are_refused_by_name() {
    let inject = "x\r\nalternate shell:s:calc.exe";
    for host in [
        "",
        " ",
        inject,
        "a b",
        "a:1",
        "-a",
        "a..b",
        "a/b",
        "[::1",
        "http://a",
        "\u{202e}a",
        &"a".repeat(300),
    ] {
        let error = file(&target(host, "Administrator")).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Input);
        assert!(!error.sentence.contains(['\r', '\n']), "{}", error.sentence);
    }
    for user in [
        "",
        " ",
        inject,
        "a\nb",
        "a\0",
        "a:b",
        "\u{2028}a",
        &"a".repeat(300),
    ] {
        assert!(file(&target("a.example.com", user)).is_err(), "{user:?}");
    }
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("alternate shell:s:cmd".to_owned()),
        Just("\u{85}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\0".to_owned()),
        Just(":i:1".to_owned()),
        "[a-z0-9.-]{1,12}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_host_or_user_adds_or_changes_a_line(host in hostile(), user in hostile()) {
        let usual = file(&target("a.example.com", "Administrator")).unwrap();
        for (host, user) in [(host.as_str(), "Administrator"), ("a.example.com", user.as_str()), (&host, &user)] {
            let Ok(text) = file(&target(host, user)) else { continue };
            let separators = ['\r', '\n', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}'];
            let lines: Vec<&str> = text.split(separators).filter(|line| !line.is_empty()).collect();
            let expected: Vec<&str> = usual.lines().collect();
            prop_assert_eq!(lines.len(), expected.len());
            prop_assert_eq!(&lines[2..], &expected[2..]);
            prop_assert!(lines[0].starts_with("full address:s:") && lines[1].starts_with("username:s:"));
        }
    }
}
