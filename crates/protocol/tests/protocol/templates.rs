//! Placeholders, with values that would like to be more than values.

use proptest::prelude::*;
use slipway_protocol::template::{TemplateError, expand, parse};

fn title(value: &str) -> impl Fn(&str, &str) -> Option<String> {
    move |namespace, name| (namespace == "input" && name == "title").then(|| value.to_owned())
}

#[test]
fn placeholders_are_replaced_and_escapes_are_not() {
    let text = "a ${input.title} b $${input.title} $5 ${ input.title }";
    assert_eq!(expand(text, title("X")).unwrap(), "a X b ${input.title} $5 X");
}

#[test]
fn what_is_wrong_is_told() {
    let told = |text: &str| expand(text, title("X")).unwrap_err();
    assert_eq!(told("${input.title"), TemplateError::Open);
    assert_eq!(told("${title}"), TemplateError::Form("title".into()));
    assert_eq!(told("${input.}"), TemplateError::Form("input.".into()));
    assert_eq!(told("${input.a.b}"), TemplateError::Form("input.a.b".into()));
    assert_eq!(
        told("${input.title|shell}"),
        TemplateError::Filter("shell".into())
    );
    assert_eq!(
        told("${input.other}"),
        TemplateError::Unknown("input.other".into())
    );
    assert_eq!(
        told("${input.other}").to_string(),
        "nothing is known as “${input.other}”"
    );
}

#[test]
fn a_value_is_never_expanded_again() {
    let value = "${secret.password} $${x} ${";
    assert_eq!(
        expand("<${input.title}>", title(value)).unwrap(),
        format!("<{value}>")
    );
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
            decoded.extend(hex::decode(pair).unwrap());
        } else {
            decoded.push(byte);
        }
    }
    decoded
}

proptest! {
    #[test]
    fn any_text_is_cut_or_refused_but_never_panics(text in "\\PC*|[${}|.$ a]{0,40}") {
        let _ = parse(&text);
    }

    #[test]
    fn an_escaped_text_expands_to_itself(text in "[${}a.|é]{0,40}") {
        let escaped = text.replace("${", "$${");
        prop_assert_eq!(expand(&escaped, |_, _| None).unwrap(), text);
    }

    #[test]
    fn filters_make_values_safe_for_their_place(value in any::<String>()) {
        let html = expand("${input.title|html}", title(&value)).unwrap();
        prop_assert!(!html.contains(['<', '>', '"', '\'']));
        let json = expand("${input.title|json}", title(&value)).unwrap();
        prop_assert_eq!(&serde_json::from_str::<String>(&json).unwrap(), &value);
        let url = expand("${input.title|url}", title(&value)).unwrap();
        prop_assert!(url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
        prop_assert_eq!(percent_decoded(&url), value.into_bytes());
    }
}
