//! Profiles whose keys STS gives, against moto's STS: roles, roles of roles, and tokens of somebody else.

use slipway_aws::Files;
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

use crate::server::Moto;

const KEYS: &str = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";

struct Home(tempfile::TempDir);

impl Home {
    fn with(config: &str) -> Self {
        let home = Home(tempfile::tempdir().unwrap());
        std::fs::write(home.0.path().join("token"), "eyJ.a.token").unwrap();
        let token = home.0.path().join("token");
        let config = config.replace("@TOKEN@", &token.to_string_lossy());
        std::fs::write(home.0.path().join("config"), config).unwrap();
        home
    }

    fn files(&self) -> Files {
        Files {
            config: self.0.path().join("config"),
            credentials: self.0.path().join("credentials"),
            caches: Vec::new(),
        }
    }
}

#[tokio::test]
async fn a_role_is_taken_with_the_keys_of_another_profile() {
    let moto = Moto::start();
    let home = Home::with(&format!(
        "[profile base]\n{KEYS}[profile deploy]\nrole_arn = arn:aws:iam::123456789012:role/deploy\n\
         source_profile = base\nrole_session_name = anna\nexternal_id = client-7\n"
    ));
    let account = moto
        .cloud_of_files(home.files(), "deploy")
        .account()
        .await
        .unwrap();
    assert_eq!(
        (account.id.as_str(), account.user.as_str()),
        ("123456789012", "assumed-role/deploy/anna")
    );
}

#[tokio::test]
async fn a_role_of_a_role_ends_in_the_account_of_the_last() {
    let moto = Moto::start();
    let home = Home::with(&format!(
        "[profile base]\n{KEYS}[profile hub]\nrole_arn = arn:aws:iam::123456789012:role/hub\nsource_profile = base\n\
         [profile client]\nrole_arn = arn:aws:iam::210987654321:role/client\nsource_profile = hub\nrole_session_name = a\n"
    ));
    let account = moto
        .cloud_of_files(home.files(), "client")
        .account()
        .await
        .unwrap();
    assert_eq!(
        (account.id.as_str(), account.user.as_str()),
        ("210987654321", "assumed-role/client/a")
    );
}

#[tokio::test]
async fn a_token_of_somebody_else_gives_a_role() {
    let moto = Moto::start();
    let home = Home::with(
        "[profile ci]\nrole_arn = arn:aws:iam::123456789012:role/ci\nweb_identity_token_file = @TOKEN@\n\
         role_session_name = build-7\n",
    );
    let account = moto.cloud_of_files(home.files(), "ci").account().await.unwrap();
    assert_eq!(account.user, "assumed-role/ci/build-7");
    std::fs::remove_file(home.0.path().join("token")).unwrap();
    let refused = moto
        .cloud_of_files(home.files(), "ci")
        .account()
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::CredentialsInvalid);
    assert!(
        refused.sentence.contains("web_identity_token_file"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_program_gives_keys_and_what_it_says_of_itself_is_kept_from_the_error() {
    let moto = Moto::start();
    let good = r#"/bin/echo '{"Version": 1, "AccessKeyId": "ASIA1234567890123456", "SecretAccessKey": "s"}'"#;
    let home = Home::with(&format!(
        "[profile tool]\ncredential_process = {good}\n\
         [profile broken]\ncredential_process = echo the-secret-hunter2 >&2; exit 7\n"
    ));
    moto.cloud_of_files(home.files(), "tool").account().await.unwrap();
    let refused = moto
        .cloud_of_files(home.files(), "broken")
        .account()
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::CredentialsInvalid);
    let told = format!("{refused:?}");
    assert!(
        told.contains("credential_process") && told.contains('7') && !told.contains("hunter2"),
        "{told}"
    );
}

#[tokio::test]
async fn a_profile_that_was_mended_works_at_once_and_names_its_fault_before() {
    let moto = Moto::start();
    let home = Home::with("[profile work]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n");
    let cloud = moto.cloud_of_files(home.files(), "work");
    for _ in 0..2 {
        let refused = cloud.account().await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::CredentialsInvalid, "{refused:?}");
        assert!(refused.sentence.contains("[sso-session corp]"), "{refused:?}");
    }
    std::fs::write(home.files().config, format!("[profile work]\n{KEYS}")).unwrap();
    cloud.account().await.unwrap();
}
