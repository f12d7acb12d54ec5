use super::*;

#[test]
fn only_web_addresses_are_opened() {
    for address in [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "calculator:",
        "",
        "/bin/sh",
        "ms-settings:x",
    ] {
        assert_eq!(url(address).unwrap_err().kind, ErrorKind::Input, "{address}");
    }
}

#[test]
fn a_missing_file_is_named() {
    let error = in_folder(Path::new("/nowhere/at/all.rdp")).unwrap_err();
    assert!(error.sentence.contains("/nowhere/at/all"), "{error}");
}
