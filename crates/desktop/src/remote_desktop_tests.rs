use super::*;

const SHA256: &str = "F7:FF:70";

fn certificate() -> Shown {
    Shown {
        thumbprint: "AB".into(),
        sha256: SHA256.into(),
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_first_client_found_is_taken() {
    let only = |wanted: &'static str| {
        move |name: &str| (name == wanted).then(|| PathBuf::from(format!("/usr/bin/{name}")))
    };
    let kind = |wanted| Client::find(only(wanted)).map(|client| client.kind);
    assert_eq!(kind("xfreerdp3"), Some(Kind::FreeRdp));
    assert_eq!(kind("xfreerdp"), Some(Kind::FreeRdp));
    assert_eq!(kind("remmina"), Some(Kind::Own(&["-c"])));
    assert_eq!(kind("mstsc"), None);
}

#[test]
fn without_a_client_the_hint_says_what_to_install() {
    assert_eq!(Client::find(|_| None), None);
    assert!(no_client().hint.contains("FreeRDP"));
}

#[test]
fn freerdp_is_told_the_certificate_and_never_left_to_ask() {
    let client = |program: &str, kind| Client {
        program: program.into(),
        kind,
    };
    let file = Path::new("/tmp/a b.rdp");
    let command = client("xfreerdp", Kind::FreeRdp).command(file, Some(&certificate()));
    let arguments: Vec<_> = command.get_args().collect();
    assert_eq!(
        arguments,
        [
            "/tmp/a b.rdp",
            "/cert:fingerprint:sha256:F7:FF:70",
            "/from-stdin:force"
        ]
    );
    let other = client("remmina", Kind::Own(&["-c"])).command(file, Some(&certificate()));
    assert_eq!(other.get_args().collect::<Vec<_>>(), ["-c", "/tmp/a b.rdp"]);
    assert_eq!(not_told("demo").kind, ErrorKind::IdentityMismatch);
}

#[cfg(unix)]
mod clients {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_client_that_ends_at_once_is_told_with_its_last_error() {
        let script = "echo '[20:22:14:961] [27657:27661] [ERROR][com.freerdp.core] - ERRCONNECT_LOGON_FAILURE'; \
                      echo '[20:22:14:962] [27657:27661] [INFO][com.freerdp.client] - bye' >&2; exit 147";
        let error = open(shell(script), None).unwrap_err();
        assert!(
            error.sentence.contains("It said: ERRCONNECT_LOGON_FAILURE"),
            "{error}"
        );
        let silent = open(shell("exit 3"), None).unwrap_err();
        assert!(
            silent.sentence.contains("It said nothing (exit status: 3)"),
            "{silent}"
        );
    }

    #[test]
    fn the_password_comes_by_standard_input_which_then_ends() {
        let folder = tempfile::tempdir().unwrap();
        let (heard, read) = (folder.path().join("heard"), "cat > \"$0\"");
        let mut command = shell(read);
        command.arg(&heard);
        open(command, Some(&Secret::new("P@ss w0rd!".into()))).unwrap();
        assert_eq!(std::fs::read_to_string(heard).unwrap(), "P@ss w0rd!\n");
    }
}
