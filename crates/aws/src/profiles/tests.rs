use std::path::Path;

use super::plan::{Base, NO_WAY, WANTS_MFA};
use super::read::{File, Known};
use super::*;

const CONFIG: &str = "\
[default]
region = eu-central-1
[profile work]
sso_session = corp
sso_account_id = 1
sso_role_name = Admin
region=us-east-1
s3 =
    region = not-this-one
[sso-session corp]
sso_start_url = https://example.com
sso_region = eu-west-1
[profile deploy]
role_arn = arn:aws:iam::1:role/x
source_profile = middle
external_id = e
[profile middle]
role_arn = arn:aws:iam::1:role/y
source_profile = default
# [profile ghost]
[profile tool]
credential_process = /bin/true ; --region x
[profile signin]
login_session = arn:aws:iam::1:user/x
[profile careful]
role_arn = arn:aws:iam::1:role/x
source_profile = default
mfa_serial = arn:aws:iam::1:mfa/x
[profile bare]
region = eu-west-1
[profile round]
role_arn = arn:aws:iam::1:role/x
source_profile = trip
[profile trip]
role_arn = arn:aws:iam::1:role/x
source_profile = round
[profile lost]
sso_session = gone
sso_account_id = 1
sso_role_name = Admin
";

const CREDENTIALS: &str = "\
[default]
aws_access_key_id = AKIA
aws_secret_access_key = secret
[temporary]
aws_access_key_id = ASIA
aws_secret_access_key = secret
aws_session_token = token
";

fn known(config: &str, credentials: &str) -> Known {
    let mut known = Known::default();
    known.add(File::Config, Path::new("config"), config);
    known.add(File::Credentials, Path::new("credentials"), credentials);
    known
}

fn plan(name: &str) -> Result<Plan, String> {
    Plan::of(&known(CONFIG, CREDENTIALS), name)
}

#[test]
fn every_kind_of_profile_is_told_from_the_others() {
    for (name, kind) in [
        ("default", Kind::Keys),
        ("temporary", Kind::Keys),
        ("work", Kind::Sso),
        ("deploy", Kind::Role),
        ("tool", Kind::Process),
        ("signin", Kind::Login),
    ] {
        assert_eq!(plan(name).map(|plan| plan.kind()), Ok(kind), "{name}");
    }
}

#[test]
fn what_keeps_a_profile_from_signing_in_is_named() {
    assert_eq!(plan("careful").unwrap_err(), WANTS_MFA);
    assert_eq!(plan("bare").unwrap_err(), NO_WAY);
    assert!(plan("round").unwrap_err().contains("round, trip"));
    assert!(plan("lost").unwrap_err().contains("[sso-session gone]"));
    assert_eq!(plan("ghost").unwrap_err(), "It is in neither file.");
}

#[test]
fn a_role_builds_on_the_roles_and_keys_below_and_takes_their_region() {
    let plan = plan("deploy").unwrap();
    let arns: Vec<&str> = plan.roles.iter().map(|role| role.arn.as_str()).collect();
    assert_eq!(arns, ["arn:aws:iam::1:role/y", "arn:aws:iam::1:role/x"]);
    assert_eq!(plan.roles[1].external_id.as_deref(), Some("e"));
    assert!(matches!(plan.base, Base::Keys(_)));
    assert_eq!(
        (plan.base_profile.as_str(), plan.region.as_deref()),
        ("default", Some("eu-central-1"))
    );
}

#[test]
fn a_command_keeps_what_looks_like_a_comment() {
    let Base::Process { command } = plan("tool").unwrap().base else {
        panic!("a program")
    };
    assert_eq!(command, "/bin/true ; --region x");
}

#[test]
fn the_command_that_signs_in_names_the_profile_that_a_role_builds_on() {
    let config = "[profile a]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = acct/My Role\n\
                  [profile \"acct/My Role\"]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n\
                  [sso-session corp]\nsso_start_url = https://x\nsso_region = eu-west-1\n";
    let plan = Plan::of(&known(config, ""), "a").unwrap();
    assert_eq!(
        plan.sign_in_command().unwrap(),
        "aws sso login --profile 'acct/My Role'"
    );
}

/// The SDK's own reader understands what is written for it, and finds every value.
#[tokio::test]
async fn the_sdk_reads_the_text_that_is_made_for_it() {
    use aws_types::os_shim_internal::{Env, Fs};
    let plan = plan("deploy").unwrap();
    let files = canonical::files(&plan, Some("http://127.0.0.1:1"));
    let name = Some(canonical::NAME.into());
    let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
    let read = aws_config::profile::load(&fs, &env, &files, name).await.unwrap();
    let get = |profile: &str, key: &str| {
        read.get_profile(profile)
            .and_then(|found| found.get(key).map(str::to_owned))
    };
    assert_eq!(read.get("role_arn"), Some("arn:aws:iam::1:role/x"));
    assert_eq!(read.get("endpoint_url"), Some("http://127.0.0.1:1"));
    let below = read.get("source_profile").unwrap();
    assert_eq!(get(below, "role_arn").unwrap(), "arn:aws:iam::1:role/y");
    let base = get(below, "source_profile").unwrap();
    assert_eq!(get(&base, "aws_access_key_id").unwrap(), "AKIA");
}

#[test]
fn no_secret_is_in_what_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (config, credentials) = (folder.path().join("config"), folder.path().join("credentials"));
    std::fs::write(&config, CONFIG).unwrap();
    std::fs::write(&credentials, CREDENTIALS).unwrap();
    let files = Files {
        config,
        credentials,
        caches: Vec::new(),
    };
    assert!(!format!("{:?}", files.profiles()).contains("secret"));
    assert_eq!(files.profiles().len(), 12);
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_listed_with_the_reason_and_keeps_nobody_waiting() {
    let folder = tempfile::tempdir().unwrap();
    let (config, credentials) = (folder.path().join("config"), folder.path().join("credentials"));
    std::os::unix::fs::symlink("/dev/zero", &config).unwrap();
    std::fs::write(&credentials, CREDENTIALS).unwrap();
    let files = Files {
        config: config.clone(),
        credentials,
        caches: Vec::new(),
    };
    let listed = files.profiles();
    assert_eq!(listed[0].name, config.display().to_string());
    assert!(listed[0].problem.contains("can't be read"), "{:?}", listed[0]);
    assert_eq!(listed.len(), 3, "the other file is read all the same");
}
