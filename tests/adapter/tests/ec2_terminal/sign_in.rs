//! Profiles whose keys end: they are renewed in the middle of a launch, whoever gives them, and a sign-in that can't be
//! renewed is told with the command that starts a new one. STS is moto's; the portal, its tokens and the renewal of
//! `aws login` are the test cloud's own.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use slipway_test_adapter::cloud::{Cloud, KEY, REGION};
use slipway_test_adapter::terminal::{PATIENCE, SECRET, Terminal};
use slipway_tests::follower::Follower;
use slipway_tests::side_by_side::side_by_side;

use crate::{LAUNCH, NAME};

/// Keys of sessions last this long: shorter than a launch, and the SDK renews them five to ten seconds before their end.
const SESSION_SECONDS: f64 = 30.0;
const LOGIN_ARN: &str = "arn:aws:iam::123456789012:user/anna";
/// `<hex sha1 of “corp”>.json` and `<hex sha256 of the ARN>.json`, as the AWS command line names them.
const SSO_FILE: &str = ".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
const LOGIN_FILE: &str =
    ".aws/login/cache/11bbc882fa0112a0e2aa42512092bdb77bdc2de5bcf739440b5e7e0228647a6c.json";
const SSO_PROFILE: &str = "sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n\
    [sso-session corp]\nsso_start_url = https://example.awsapps.com/start\nsso_region = eu-west-1\n";
/// Nothing may be signed with it: a profile was named.
const OF_THE_ENVIRONMENT: &str = "AKIAENVENVENVENVENVE";

/// A way to sign in: the profile's lines, a region of its own, so that moto tells the launches apart, and the request that
/// renews its keys.
const WAYS: [(&str, &str, &str); 3] = [
    ("sso", "eu-central-1", "sso:GetRoleCredentials"),
    ("login", "eu-west-1", "signin:CreateOAuth2Token"),
    ("role", "eu-west-2", "sts:AssumeRole"),
];

#[test]
fn ours_keys_of_every_kind_are_renewed_in_the_middle_of_a_launch() {
    let cloud = Cloud::with_processes();
    cloud.rules(&json!({ "session_seconds": SESSION_SECONDS, "expired": [OF_THE_ENVIRONMENT] }));
    side_by_side(WAYS.len(), |number| {
        let (way, region, renewal) = WAYS[number];
        let terminal = Terminal::without_profile(&cloud);
        signs_in(&terminal, &cloud, way, region);
        terminal.done(&["profiles", "add", "work", "--from-aws"]);
        let before = count(&cloud, renewal);
        let launch = [&LAUNCH[..], &["--profile", "work", "--json"]].concat();
        let mut command = terminal.command(&launch);
        // At EC2's own pace, so that a launch outlives its keys.
        command
            .env("SLIPWAY_TEST_HASTE", "1")
            .env("AWS_ACCESS_KEY_ID", OF_THE_ENVIRONMENT)
            .env("AWS_SECRET_ACCESS_KEY", "x");
        let mut launched = Follower::start(&mut command, "");
        let (status, said) = launched.end(PATIENCE);
        assert_eq!(status, 0, "{way}: {said} {:?}", launched.seen.last());
        let renewed = count(&cloud, renewal) - before;
        assert!(
            renewed >= 2,
            "{way}: {renewal} was asked {renewed} times in one launch"
        );
        terminal.done(&["terminate", NAME, "--profile", "work", "--yes"]);
        assert_eq!(cloud.leftovers(region), Vec::<String>::new(), "{way}");
    });
    assert!(
        count(&cloud, "sso-oidc:CreateToken") >= 1,
        "the token was about to end"
    );
    assert_eq!(cloud.told("violations"), json!([]));
}

#[test]
fn ours_a_sign_in_that_has_ended_is_told_with_the_command_that_starts_a_new_one() {
    let cloud = Cloud::on_paper();
    let refused = |terminal: &Terminal| {
        let ran = terminal.run(&["profiles", "add", "work", "--from-aws", "--json"]);
        assert_eq!(ran.status, 1, "{}", ran.out);
        ran.last()
    };
    let sso = Terminal::without_profile(&cloud);
    let config = format!("[profile work]\nregion = {REGION}\n{SSO_PROFILE}");
    write(&sso, ".aws/config", &config);
    let nobody = refused(&sso);
    assert_eq!(nobody["kind"], "credentials_expired", "{nobody}");
    assert!(
        said(&nobody, "hint").contains("“aws sso login --profile work”"),
        "{nobody}"
    );
    let mut ended = cloud.sign_in("sso", 3600.0);
    ended["accessToken"] = json!("of yesterday");
    write(&sso, SSO_FILE, &ended.to_string());
    assert_eq!(refused(&sso)["kind"], "credentials_expired");
    write(&sso, SSO_FILE, &cloud.sign_in("sso", 3600.0).to_string());
    write(&sso, ".aws/config", &config.replace("Admin", "NobodysRole"));
    let nobodys = refused(&sso);
    assert_eq!(nobodys["kind"], "permission_missing", "{nobodys}");
    assert!(
        said(&nobodys, "sentence").contains("IAM Identity Center"),
        "{nobodys}"
    );
    write(
        &sso,
        ".aws/config",
        &config.replace("[sso-session corp]", "[sso-session other]"),
    );
    let lost = refused(&sso);
    assert_eq!(lost["kind"], "credentials_invalid", "{lost}");
    assert!(said(&lost, "hint").contains("[sso-session corp]"), "{lost}");

    let login = Terminal::without_profile(&cloud);
    signs_in(&login, &cloud, "login", REGION);
    let mut ended = cloud.sign_in("login", 1.0);
    ended["refreshToken"] = json!("of yesterday");
    ended["accessToken"]["expiresAt"] = json!("2026-01-01T00:00:00Z");
    write(&login, LOGIN_FILE, &ended.to_string());
    let out = refused(&login);
    assert_eq!(out["kind"], "credentials_expired", "{out}");
    assert!(said(&out, "hint").contains("“aws login --profile work”"), "{out}");
}

/// What the AWS command line leaves behind once somebody has signed in.
fn signs_in(terminal: &Terminal, cloud: &Cloud, way: &str, region: &str) {
    let profile = match way {
        "sso" => SSO_PROFILE.to_owned(),
        "login" => format!("login_session = {LOGIN_ARN}\n"),
        _ => format!(
            "role_arn = arn:aws:iam::123456789012:role/deploy\nsource_profile = base\n\
             [profile base]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n"
        ),
    };
    write(
        terminal,
        ".aws/config",
        &format!("[profile work]\nregion = {region}\n{profile}"),
    );
    match way {
        // Near its end, so that it is renewed at once.
        "sso" => write(terminal, SSO_FILE, &cloud.sign_in("sso", 120.0).to_string()),
        "login" => write(
            terminal,
            LOGIN_FILE,
            &cloud.sign_in("login", SESSION_SECONDS).to_string(),
        ),
        _ => {}
    }
}

fn write(terminal: &Terminal, file: &str, text: &str) {
    let path: PathBuf = terminal.path().join(file);
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(""))).unwrap();
    std::fs::write(path, text).unwrap();
}

fn count(cloud: &Cloud, action: &str) -> u64 {
    cloud.told("counts")[action].as_u64().unwrap_or_default()
}

fn said(error: &Value, field: &str) -> String {
    error[field].as_str().unwrap_or_default().to_owned()
}
