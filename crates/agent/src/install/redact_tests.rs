use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;

const SECRET: &str = "p\u{e4}ss/w+rd&\"1'>\\x?";

fn hiding(values: &[&str]) -> Redactor {
    let redactor = Redactor::default();
    values.iter().for_each(|value| redactor.hide(value));
    redactor
}

#[test]
fn every_known_value_is_taken_out_the_longest_first() {
    let redactor = hiding(&["hunter2", "hunter2-and-more"]);
    assert_eq!(redactor.redact("a hunter2-and-more b hunter2 c"), "a ••• b ••• c");
}

#[test]
fn a_value_of_several_lines_is_taken_out_of_each_line() {
    let redactor = hiding(&["first-half\r\nsecond-half\n"]);
    assert_eq!(redactor.redact("x second-half y"), "x ••• y");
    assert_eq!(redactor.redact("first-half"), "•••");
}

#[test]
fn a_value_is_taken_out_in_every_form_that_programs_print() {
    let redactor = hiding(&[SECRET]);
    let utf16: Vec<u8> = SECRET.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let percent = |upper: bool| -> String {
        let bytes = SECRET.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            other if upper => format!("%{other:02X}"),
            other => format!("%{other:02x}"),
        });
        bytes.collect()
    };
    let separated = |between: &str| {
        let bytes: Vec<String> = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
        bytes.join(between)
    };
    let escape = |c: char| format!("\\u{:04X}", c as u32);
    let forms = [
        SECRET.to_owned(),
        STANDARD.encode(SECRET),
        URL_SAFE_NO_PAD.encode(SECRET),
        STANDARD.encode(&utf16),
        hex::encode(SECRET),
        hex::encode_upper(SECRET),
        hex::encode(&utf16),
        separated("-"),
        separated(":"),
        separated(", 0x"),
        percent(true),
        percent(false),
        serde_json::to_string(SECRET)
            .unwrap()
            .trim_matches('"')
            .to_owned(),
        SECRET.chars().map(escape).collect(),
        SECRET
            .replace('&', "&amp;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;")
            .replace('>', "&gt;"),
        SECRET.chars().map(|c| format!("&#x{:X};", c as u32)).collect(),
        SECRET.chars().map(|c| format!("&#{};", c as u32)).collect(),
        SECRET.replace('\'', "''"),
        SECRET.replace('"', "\"\""),
        SECRET.replace('"', "`\""),
    ];
    for form in forms {
        assert_eq!(redactor.redact(&format!("<{form}>")), "<•••>", "{form}");
    }
}

#[test]
fn base64_of_more_than_the_value_shows_nothing_of_it() {
    let redactor = hiding(&["correct-horse-battery"]);
    for before in ["", "u", "us", "user:", "abcd"] {
        for after in ["", "!", "!!", "!!!"] {
            for utf16 in [false, true] {
                let text = format!("{before}correct-horse-battery{after}");
                let bytes: Vec<u8> = match utf16 {
                    false => text.into_bytes(),
                    true => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                };
                let shown = redactor.redact(&STANDARD.encode(bytes));
                assert!(shown.contains(MARK), "{shown}");
                // What is left decodes to less than four characters of the value on either side.
                let sides: Vec<&str> = shown.split(MARK).collect();
                assert!(
                    sides[0].len() <= (before.len() * 2 + 3) * 2 && sides[1].len() <= 12,
                    "{shown}"
                );
            }
        }
    }
}

#[test]
fn powershells_encoded_command_is_taken_out() {
    let redactor = hiding(&["correct-horse-battery"]);
    let command: Vec<u8> = "sqlcmd -P correct-horse-battery"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let shown = redactor.redact(&format!(
        "powershell -EncodedCommand {}",
        STANDARD.encode(command)
    ));
    assert!(shown.ends_with(MARK) || shown.len() < 80, "{shown}");
    assert!(shown.contains(MARK), "{shown}");
}

#[test]
fn a_value_broken_over_lines_is_taken_out_and_the_lines_stay() {
    let redactor = hiding(&["correct-horse-battery"]);
    assert_eq!(redactor.redact("a corr\nect-horse-\r\nbattery b"), "a •••\n\n b");
    let encoded = STANDARD.encode("correct-horse-battery");
    assert_eq!(
        redactor.redact(&format!("{}\n{}", &encoded[..10], &encoded[10..])),
        "•••\n"
    );
}

#[test]
fn what_may_become_a_secret_is_noticed() {
    let redactor = hiding(&["correct-horse-battery"]);
    assert_eq!(redactor.look("the key is corr").open, Some(11));
    assert_eq!(redactor.look("the key is corr ").open, None);
    assert_eq!(redactor.look("correct-horse-battery").open, None);
}

#[test]
fn a_value_that_is_too_short_to_hide_makes_no_riddle_of_the_log() {
    let redactor = hiding(&["e", "", "12345"]);
    assert_eq!(redactor.redact("seven 12345 eleven"), "seven 12345 eleven");
    let redactor = hiding(&["123456"]);
    assert_eq!(redactor.redact("seven 123456 eleven"), "seven ••• eleven");
}

/// The escapers of others, as far as this machine has them.
#[test]
fn what_python_prints_of_a_value_is_taken_out() {
    let script = "import sys,base64,json,urllib.parse,html\nv=sys.stdin.read()\n\
        print(base64.b64encode(v.encode()).decode())\nprint(base64.b64encode(v.encode('utf-16-le')).decode())\n\
        print(urllib.parse.quote(v))\nprint(urllib.parse.quote_plus(v))\nprint(json.dumps(v))\n\
        print(html.escape(v))\nprint(v.encode().hex())\nprint(v.encode().hex(':'))";
    let mut python = Command::new("python3");
    python
        .args(["-c", script])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let Ok(mut child) = python.spawn() else {
        return;
    };
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), SECRET.as_bytes()).unwrap();
    let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let shown = hiding(&[SECRET]).redact(&said);
    assert_eq!(shown.lines().count(), 8);
    for line in shown.lines() {
        let rest = line.trim_matches('"').trim_end_matches('=');
        assert!(rest.replace(MARK, "").len() <= 3, "{line}");
    }
}
