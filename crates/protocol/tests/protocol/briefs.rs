//! The brief in user data, which PowerShell takes for a comment.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use slipway_protocol::Brief;
use slipway_protocol::brief::{BriefError, MARK, launch_in};

use crate::samples::brief;

fn packed(json: &[u8]) -> String {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(json).unwrap();
    format!("{MARK}{}", BASE64.encode(gzip.finish().unwrap()))
}

#[test]
fn the_brief_is_found_between_other_lines() {
    let line = brief().to_line().unwrap();
    for user_data in [
        format!("<powershell>\n{line}\nWrite-Host 'x'\n</powershell>"),
        format!("<powershell>\r\n  {line}\r\n</powershell>\r\n"),
        format!("{line}\n{MARK}the first one counts"),
    ] {
        assert_eq!(Brief::from_user_data(&user_data).unwrap(), brief());
    }
}

#[test]
fn user_data_without_a_readable_brief_is_refused() {
    let refused = |text: &str| Brief::from_user_data(text).unwrap_err();
    assert!(matches!(refused(""), BriefError::Missing));
    assert!(matches!(refused("#slipway-brief x"), BriefError::Missing));
    assert!(matches!(
        refused(&format!("{MARK}no base64!")),
        BriefError::Damaged
    ));
    assert!(matches!(refused(&format!("{MARK}AAAA")), BriefError::Damaged));
    assert!(matches!(refused(&packed(b"{}")), BriefError::Json(_)));
    let line = brief().to_line().unwrap();
    for length in MARK.len()..line.len() {
        assert!(Brief::from_user_data(&line[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn a_bomb_is_not_unpacked() {
    let bomb = packed(&vec![b' '; 64 * 1024 * 1024]);
    assert!(bomb.len() < 100_000);
    assert!(matches!(Brief::from_user_data(&bomb), Err(BriefError::Json(_))));
}

#[test]
fn the_launch_is_known_even_where_the_plan_can_not_be_read() {
    assert_eq!(
        launch_in(&packed(br#"{"launch":"L1","plan":{"steps":7}}"#)),
        Some("L1".into())
    );
    assert_eq!(launch_in(&brief().to_line().unwrap()), Some(brief().launch));
    assert_eq!(launch_in(&packed(b"[]")), None);
    assert_eq!(launch_in("nothing"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn answers_of_any_kind_are_carried_in_one_harmless_line(title in any::<String>(), name in "\\PC{0,30}") {
        let mut brief = brief();
        brief.plan.inputs.insert(name, title);
        let line = brief.to_line().unwrap();
        let harmless = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        prop_assert!(line.strip_prefix(MARK).unwrap().chars().all(harmless));
        prop_assert_eq!(Brief::from_user_data(&line).unwrap(), brief);
    }

    #[test]
    fn hostile_user_data_never_panics(text in "(# slipway-brief )?[A-Za-z0-9+/=\n]{0,300}") {
        prop_assert!(Brief::from_user_data(&text).is_err());
    }
}
