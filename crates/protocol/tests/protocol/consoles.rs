//! The console, where everything on the machine may write.

use proptest::prelude::*;
use slipway_protocol::console::{Line, News, lines, parse};

fn line(news: News) -> Line {
    Line {
        launch: "L1".into(),
        news,
    }
}

#[test]
fn lines_of_others_are_passed_over() {
    let console = format!(
        "2026/11/22 10:00:00Z: Windows is Ready to use\r\n2026/11/22 10:00:01Z: {}\r\n{}\nSLIPWAY1\nSLIPWAY1 L1\n\
         SLIPWAY1 L1 step\nSLIPWAY1 L1 steps a started\nslipway1 L1 end failed\n",
        line(News::Succeeded),
        Line {
            launch: "L2".into(),
            news: News::Failed
        },
    );
    assert_eq!(lines(&console, "L1"), [line(News::Succeeded)]);
}

#[test]
fn keys_that_the_ring_buffer_cut_are_not_taken() {
    let keys = line(News::Keys {
        tls_sha256: "ab".repeat(32),
        key: "A".repeat(43) + "=",
    });
    let said = keys.to_string();
    assert_eq!(parse(&said), Some(keys));
    assert!((0..said.len()).all(|length| parse(&said[..length]).is_none()));
    assert!((1..said.len()).all(|start| parse(&said[start..]).is_none()));
}

#[test]
fn a_reason_can_not_pass_for_another_line() {
    let reason = format!(
        "x\r\nSLIPWAY1 L1 keys tls-sha256={} x25519={}",
        "0".repeat(64),
        "A".repeat(44)
    );
    let said = line(News::Trouble(reason)).to_string();
    assert_eq!(said.lines().count(), 1);
    assert!(matches!(
        lines(&said, "L1").as_slice(),
        [Line {
            news: News::Trouble(_),
            ..
        }]
    ));
}

proptest! {
    #[test]
    fn steps_survive_the_console(step in "[a-z0-9_-]{1,40}", before in "[^\nS]{0,40}") {
        for news in [News::StepStarted(step.clone()), News::StepDone(step.clone()), News::StepFailed(step)] {
            prop_assert_eq!(parse(&format!("{before}{}", line(news.clone()))), Some(line(news)));
        }
    }

    #[test]
    fn hostile_consoles_never_panic(text in "(SLIPWAY1 L1 |keys |step |x25519=|\\PC|\n){0,60}") {
        let _ = lines(&text, "L1");
    }

    #[test]
    fn a_trouble_is_one_short_line_of_ascii(reason in any::<String>()) {
        let said = line(News::Trouble(reason)).to_string();
        prop_assert!(said.is_ascii() && said.len() < 400);
        prop_assert!(!said.chars().any(char::is_control));
    }
}
