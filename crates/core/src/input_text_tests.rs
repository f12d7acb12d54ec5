use proptest::prelude::*;

use super::*;

#[test]
fn files_of_every_encoding_come_out_as_the_same_text() {
    let text = "[default]\r\nregion = eu-central-1 # Zürich\n";
    let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
    let latin: Vec<u8> = text
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    for bytes in [
        text.as_bytes().to_vec(),
        marked(&[0xef, 0xbb, 0xbf], text.as_bytes()),
        marked(&[0xff, 0xfe], &le),
        marked(&[0xfe, 0xff], &be),
        le,
        be,
        latin,
    ] {
        assert_eq!(decode(&bytes), text, "{:?}", &bytes[..4]);
    }
    assert_eq!(decode(&[0x80, b'5']), "€5");
    assert_eq!(decode(b""), "");
}

#[test]
fn a_line_loses_mark_and_line_end_but_no_space() {
    for given in ["\u{feff} a b \r\n", " a b \n", " a b \r", "\u{feff}\u{feff} a b "] {
        assert_eq!(line(given), " a b ", "{given:?}");
    }
}

#[test]
fn what_a_pipe_brings_is_cleaned_or_refused_with_the_way_out() {
    assert_eq!(
        piped("password", b"\xef\xbb\xbfHarbour-1\r\n").unwrap().expose(),
        "Harbour-1"
    );
    let wide: Vec<u8> = "Harbour-1\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let refused = piped("password", &wide).unwrap_err();
    assert!(
        refused.sentence.contains("UTF-16") && refused.hint.contains("PowerShell"),
        "{refused:?}"
    );
    assert_eq!(
        piped("password", b"Stra\xdfe").unwrap_err().kind,
        ErrorKind::Input
    );
}

#[test]
fn what_can_be_typed_somewhere_is_taken_and_the_rest_is_named_by_its_number() {
    for typable in [
        "Harbour-light-2026!",
        "Grüße aus Łódź",
        "пароль-дом-7",
        "ñ ¿ § € £",
        "日本語",
        "🚀",
    ] {
        assert_eq!(check_typable("password", typable), Ok(()), "{typable}");
    }
    for (odd, number) in [
        ("\u{feff}x", "U+FEFF"),
        ("a\u{a0}b", "U+00A0"),
        ("a\u{ad}b", "U+00AD"),
        ("a\u{200b}b", "U+200B"),
        ("a\u{202e}b", "U+202E"),
        ("e\u{301}", "U+0301"),
        ("ａ", "U+FF41"),
        ("a\tb", "U+0009"),
        ("a\rb", "U+000D"),
        ("\u{e0041}", "U+E0041"),
        ("\u{f0000}", "U+F0000"),
        ("\u{fffd}", "U+FFFD"),
        ("\u{e000}", "U+E000"),
    ] {
        let refused = check_typable("password", odd).unwrap_err();
        assert!(refused.sentence.contains(number), "{}", refused.sentence);
        assert!(refused.sentence.is_ascii(), "{}", refused.sentence);
    }
}

proptest! {
    #[test]
    fn no_bytes_stop_the_decoder_and_no_mark_is_left_before_the_text(bytes: Vec<u8>) {
        let marked = decode(&bytes).starts_with('\u{feff}');
        prop_assert!(!marked);
    }

    #[test]
    fn cleaning_twice_changes_nothing(text: String) {
        prop_assert_eq!(line(line(&text)), line(&text));
    }
}
