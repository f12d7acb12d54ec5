use super::*;

const CONFIG: &str = "\
[default]
region = eu-central-1
[profile work]
sso_session = corp
sso_account_id = 1
region=us-east-1
s3 =
    region = not-this-one
[sso-session corp]
sso_start_url = https://example.com
[profile deploy]
role_arn = arn:aws:iam::1:role/x
source_profile = default
# [profile ghost]
[profile tool]
credential_process = /bin/true
[profile signin]
login_session = arn:aws:iam::1:user/x
[profile careful]
role_arn = arn:aws:iam::1:role/x
source_profile = default
mfa_serial = arn:aws:iam::1:mfa/x
[profile bare]
region = eu-west-1
";

const CREDENTIALS: &str = "\
[default]
aws_access_key_id = AKIA
aws_secret_access_key = secret
[temporary]
aws_access_key_id = ASIA
aws_session_token = token
";

#[test]
fn profiles_of_both_files_are_told_with_region_and_what_keeps_them_from_signing_in() {
    let told: Vec<_> = merge(CONFIG, CREDENTIALS)
        .into_iter()
        .map(|profile| (profile.name, profile.region.unwrap_or_default(), profile.problem))
        .collect();
    let line = |name: &str, region: &str, problem| (name.to_owned(), region.to_owned(), problem);
    assert_eq!(
        told,
        [
            line("bare", "eu-west-1", NO_WAY),
            line("careful", "", WANTS_MFA),
            line("default", "eu-central-1", ""),
            line("deploy", "", ""),
            line("signin", "", ""),
            line("temporary", "", ""),
            line("tool", "", ""),
            line("work", "us-east-1", ""),
        ]
    );
}

#[test]
fn no_secret_is_in_what_is_told() {
    assert!(!format!("{:?}", merge(CONFIG, CREDENTIALS)).contains("secret"));
}

#[test]
fn a_changed_file_changes_the_stamp() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files {
        config: folder.path().join("config"),
        credentials: folder.path().join("credentials"),
        caches: vec![folder.path().join("cache")],
    };
    let before = files.stamp();
    assert_eq!(before, files.stamp());
    std::fs::write(&files.credentials, "[x]").unwrap();
    let with_file = files.stamp();
    assert_ne!(before, with_file);
    std::fs::create_dir(&files.caches[0]).unwrap();
    std::fs::write(files.caches[0].join("token.json"), "{}").unwrap();
    assert_ne!(with_file, files.stamp());
}
