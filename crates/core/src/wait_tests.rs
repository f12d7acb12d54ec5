use super::*;

const NOW: Time = Time(1_790_000_000_000);

fn error(kind: ErrorKind) -> Error {
    Error::new(kind, "Something happened.").hint("Do something.")
}

#[test]
fn keys_that_do_not_match_are_never_trusted_away() {
    let mismatch = WaitReason::of(&error(ErrorKind::IdentityMismatch));
    assert_eq!(mismatch, Some(WaitReason::KeysMismatched));
    assert!(!WaitReason::KeysMismatched.allows(WaitAction::TrustKeys));
    assert!(!WaitReason::KeysMismatched.ends_by_itself());
    assert!(WaitReason::KeysUnproven.allows(WaitAction::TrustKeys));
}

#[test]
fn what_does_not_end_by_itself_leaves_the_user_something_to_do() {
    use crate::error::Retry;
    let kinds = [
        ErrorKind::CredentialsExpired,
        ErrorKind::CredentialsInvalid,
        ErrorKind::PermissionMissing,
        ErrorKind::AccountNotReady,
        ErrorKind::Throttled,
        ErrorKind::CloudTrouble,
        ErrorKind::Unreachable,
        ErrorKind::NoCapacity,
        ErrorKind::QuotaExceeded,
        ErrorKind::NetworkMissing,
        ErrorKind::ClockWrong,
        ErrorKind::AgentSilent,
        ErrorKind::SiteSilent,
        ErrorKind::Keychain,
        ErrorKind::DiskFull,
        ErrorKind::IdentityMismatch,
    ];
    for kind in kinds {
        let reason = WaitReason::of(&error(kind)).unwrap();
        assert!(
            reason.ends_by_itself() || reason.allows(WaitAction::TryAgain),
            "{reason:?}"
        );
        assert!(
            kind.retry() != Retry::Later || reason.ends_by_itself(),
            "{reason:?}"
        );
        assert!(!reason.words().is_empty());
    }
    assert_eq!(WaitReason::of(&error(ErrorKind::StepFailed)), None);
}

#[test]
fn it_is_told_what_could_not_be_reached() {
    let to_s3 = error(ErrorKind::CloudTrouble).unreached(Unreached::S3);
    let reason = WaitReason::of(&to_s3).unwrap();
    assert_eq!(reason, WaitReason::Network { what: Unreached::S3 });
    assert_eq!(reason.words(), "S3 to answer");
    assert_eq!(to_s3.unreached(Unreached::Aws).unreached, Some(Unreached::S3));
}

#[test]
fn a_wait_survives_being_stored() {
    let mut waiting = Waiting::new(
        WaitReason::Network {
            what: Unreached::OwnAddress,
        },
        false,
        error(ErrorKind::Unreachable),
        NOW,
    )
    .next(Time(NOW.0 + 4_000));
    waiting.failed_again(waiting.reason.clone(), error(ErrorKind::Unreachable));
    let text = serde_json::to_string(&waiting).unwrap();
    assert_eq!(serde_json::from_str::<Waiting>(&text).unwrap(), waiting, "{text}");
    assert_eq!(waiting.retrying.tries, 2);
}

#[test]
fn a_wait_of_the_first_layout_tells_its_reason_by_its_error() {
    let text = r#"{"error": {"kind": "credentials_expired", "sentence": "The sign-in has expired.", "hint": "Sign in.",
        "causes": [], "request_id": null}, "since": 1790000000000}"#;
    let waiting: Waiting = serde_json::from_str(text).unwrap();
    assert_eq!(waiting.reason, WaitReason::SignIn);
    assert!(waiting.needs_user);
    assert_eq!((waiting.retrying.since, waiting.retrying.tries), (NOW, 1));
}
