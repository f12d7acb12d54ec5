use proptest::prelude::*;
use slipway_protocol::plan::Plan;
use slipway_protocol::{Limits, VERSION, sealing};

use super::*;
use crate::token::sha256_hex;

const URL: &str =
    "https://slipway-1-eu.s3.eu-central-1.amazonaws.com/agent/ab.exe?X-Amz-Signature=0123&X-Amz-Expires=7200";

fn brief(agent: Option<AgentSource>) -> Brief {
    Brief {
        version: VERSION,
        launch: "01JD0000000000000000000000".into(),
        agent,
        token_sha256: "cd".repeat(32),
        app_key: "A".repeat(44),
        plan: plan(),
        limits: Limits::default(),
    }
}

fn plan() -> Plan {
    let site = serde_json::json!({ "scheme": "http", "port": 80, "path": "/" });
    serde_json::from_value(serde_json::json!({ "recipe": "x", "steps": [], "site": site })).unwrap()
}

fn agent(url: &str) -> Option<AgentSource> {
    Some(AgentSource {
        url: url.into(),
        sha256: "ab".repeat(32),
    })
}

#[test]
fn where_the_world_brings_the_agent_there_is_only_the_brief() {
    let text = render(&brief(None)).unwrap();
    assert!(text.starts_with(slipway_protocol::brief::MARK) && text.lines().count() == 1);
}

#[test]
fn the_bootstrap_is_in_front_and_the_agent_finds_its_brief() {
    let brief = brief(agent(URL));
    let text = render(&brief).unwrap();
    assert!(text.starts_with("<powershell>\n$ErrorActionPreference = 'Stop'\n"));
    assert_eq!(Brief::from_user_data(&text).unwrap(), brief);
    assert!(text.contains(&format!("DownloadFile('{URL}', $fetched)")));
    assert!(text.contains("& $program install-service\n"));
}

#[test]
fn no_placeholder_is_left_and_no_comment_travels() {
    let text = render(&brief(agent(URL))).unwrap();
    for placeholder in ["@url@", "@sha256@", "@launch@", "@mark@", "@install@"] {
        assert!(!text.contains(placeholder), "{placeholder}");
    }
    let comments = text.lines().filter(|line| line.starts_with('#')).count();
    assert_eq!(comments, 1, "the brief alone");
}

#[test]
fn the_bootstrap_takes_less_than_a_seventh_of_what_fits() {
    let with = render(&brief(agent(URL))).unwrap().len();
    assert!(with < MAX_BYTES / 7, "{with} bytes");
}

#[test]
fn its_lines_on_the_console_are_understood() {
    let text = render(&brief(agent(URL))).unwrap();
    let written = text.lines().find(|line| line.contains("$port.Write")).unwrap();
    let written = written
        .split('"')
        .nth(1)
        .unwrap()
        .replace("$line`n", "it broke off");
    let line = console::parse(&written).unwrap();
    assert_eq!(line.launch, "01JD0000000000000000000000");
    assert_eq!(line.news, console::News::Trouble("it broke off".into()));
}

#[test]
fn an_address_that_could_leave_its_quotes_is_refused() {
    for url in [
        "https://x/'; Remove-Item C:\\",
        "https://x/\u{2019}; rm",
        "https://x/</powershell>",
        "https://x/a b",
        "https://x/a\nb",
        "https://x/`n",
        "ftp://x/",
    ] {
        let refused = render(&brief(agent(url))).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Internal, "{url}");
    }
}

/// The script without what was put into it: the same whatever that was.
fn frame(text: &str, brief: &Brief) -> Vec<String> {
    let agent = brief.agent.clone().unwrap();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with(slipway_protocol::brief::MARK));
    lines
        .map(|line| {
            line.replace(&format!("'{}'", agent.url), "'@'")
                .replace(&format!("'{}'", agent.sha256), "'@'")
                .replace(&format!(" {} ", brief.launch), " @ ")
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Whatever comes in, the script stays the script; what does not fit its quotes is refused.
    #[test]
    fn nothing_escapes_and_no_secret_is_in_it(
        url in "(https://)?[ -~\u{2018}-\u{201f}\n`'\"$<>/a-z]{0,60}",
        sha256 in prop_oneof!["[0-9a-f]{64}", "[ -~]{60,68}"],
        launch in prop_oneof!["[0-9A-Z]{26}", "[ -~]{0,30}"],
        title in "\\PC{0,80}",
        token in "[0-9a-f]{64}",
    ) {
        let key = sealing::Key::generate();
        let mut brief = Brief {
            launch,
            agent: Some(AgentSource { url, sha256 }),
            token_sha256: sha256_hex(token.as_bytes()),
            app_key: key.public().to_text(),
            ..brief(None)
        };
        brief.plan.inputs.insert("title".into(), title);
        let Ok(text) = render(&brief) else { return Ok(()) };
        prop_assert!(text.is_ascii());
        prop_assert_eq!(text.matches("<powershell>").count(), 1);
        prop_assert_eq!(text.matches("</powershell>").count(), 1);
        let model = self::brief(agent(URL));
        prop_assert_eq!(frame(&text, &brief), frame(&render(&model).unwrap(), &model));
        let read = Brief::from_user_data(&text).unwrap();
        let everything = format!("{text}{}", serde_json::to_string(&read).unwrap());
        prop_assert_eq!(read, brief);
        prop_assert!(!everything.contains(&token));
        for form in [hex::encode(key.to_bytes().expose()), base64(key.to_bytes().expose())] {
            prop_assert!(!everything.contains(&form));
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
