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

#[cfg(target_os = "linux")]
#[test]
fn the_first_client_found_gets_the_file_and_nothing_else() {
    let only_remmina = |name: &str| (name == "remmina").then(|| PathBuf::from("/usr/bin/remmina"));
    let command = rdp_client(Path::new("/tmp/a b.rdp"), only_remmina).unwrap();
    assert_eq!(command.get_program(), "/usr/bin/remmina");
    let arguments: Vec<_> = command.get_args().collect();
    assert_eq!(arguments, ["-c", "/tmp/a b.rdp"]);
}

#[test]
fn without_a_client_the_hint_says_what_to_install() {
    assert!(rdp_client(Path::new("a.rdp"), |_| None).is_none());
    assert!(no_client().hint.contains("FreeRDP"));
}
