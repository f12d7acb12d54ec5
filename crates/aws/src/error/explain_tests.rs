use slipway_core::error::Retry;

use super::*;

fn answer(code: &str, status: u16) -> Answer {
    Answer {
        code: code.to_owned(),
        message: format!("{code} in AWS's words"),
        status,
        request_id: Some("6f2c".to_owned()),
        ..Answer::default()
    }
}

fn kind(code: &str) -> ErrorKind {
    explain(Action::RunInstances, &answer(code, 400)).kind
}

macro_rules! facts {
    ($($name:ident: $($code:literal),+ => $kind:ident;)+) => {$(
        #[test]
        fn $name() {
            for code in [$($code),+] {
                assert_eq!(kind(code), ErrorKind::$kind, "{code}");
            }
        }
    )+};
}

facts! {
    a_refused_action_is_a_missing_permission: "UnauthorizedOperation", "AccessDenied" => PermissionMissing;
    unknown_keys_are_invalid_credentials: "AuthFailure", "InvalidClientTokenId" => CredentialsInvalid;
    a_wrong_secret_is_invalid_credentials: "SignatureDoesNotMatch" => CredentialsInvalid;
    an_ended_session_is_an_expired_sign_in: "ExpiredToken", "ExpiredTokenException", "RequestExpired" => CredentialsExpired;
    a_region_not_opted_in_is_an_account_not_ready: "OptInRequired" => AccountNotReady;
    a_new_account_is_not_ready: "PendingVerification" => AccountNotReady;
    a_blocked_account_is_not_ready: "Blocked" => AccountNotReady;
    too_many_vcpus_are_a_quota: "VcpuLimitExceeded" => QuotaExceeded;
    too_many_instances_are_a_quota: "InstanceLimitExceeded" => QuotaExceeded;
    a_full_zone_is_no_capacity: "InsufficientInstanceCapacity" => NoCapacity;
    what_does_not_go_together_is_unsupported: "Unsupported" => Unsupported;
    no_default_network_is_a_missing_network: "VPCIdNotSpecified" => NetworkMissing;
    no_default_subnet_is_a_missing_network: "MissingInput" => NetworkMissing;
    a_second_group_is_a_taken_name: "InvalidGroup.Duplicate" => NameTaken;
    a_second_rule_is_a_taken_name: "InvalidPermission.Duplicate" => NameTaken;
    a_second_key_pair_is_a_taken_name: "InvalidKeyPair.Duplicate" => NameTaken;
    a_missing_key_pair_is_not_found: "InvalidKeyPair.NotFound" => NotFound;
    a_bad_value_is_input: "InvalidParameterValue" => Input;
    a_second_image_is_a_taken_name: "InvalidAMIName.Duplicate" => NameTaken;
    an_image_that_is_not_there_is_not_found:
        "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "InvalidAMIID.Malformed" => NotFound;
    a_storm_is_throttling: "RequestLimitExceeded", "Throttling" => Throttled;
    a_wrong_state_is_told_as_such: "IncorrectInstanceState", "IncorrectState" => WrongState;
    a_protected_server_is_a_wrong_state: "OperationNotPermitted" => WrongState;
    a_reused_token_is_a_wrong_state: "IdempotentParameterMismatch" => WrongState;
    a_missing_instance_is_not_found: "InvalidInstanceID.NotFound" => NotFound;
    a_group_in_use_is_a_wrong_state: "DependencyViolation" => WrongState;
    trouble_inside_aws_goes_away: "InternalError", "ServiceUnavailable", "Unavailable" => CloudTrouble;
}

#[test]
fn every_row_has_a_sentence_and_no_code_stands_twice() {
    let mut codes: Vec<_> = TABLE.iter().flat_map(|row| row.codes).collect();
    let all = codes.len();
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), all);
    assert!(
        TABLE
            .iter()
            .all(|row| row.sentence.ends_with('.') && !row.codes.is_empty())
    );
}

#[test]
fn a_sentence_says_what_was_tried() {
    let error = explain(Action::RunInstances, &answer("UnauthorizedOperation", 403));
    assert_eq!(
        error.sentence,
        "This AWS user may not launch the server (ec2:RunInstances)."
    );
    assert_eq!(error.request_id.as_deref(), Some("6f2c"));
    assert_eq!(
        error.causes,
        ["UnauthorizedOperation: UnauthorizedOperation in AWS's words"]
    );
}

#[test]
fn an_expired_request_is_the_clock_when_the_clocks_differ() {
    let at = |ahead| {
        let answer = Answer {
            clock_ahead: Some(ahead),
            ..answer("RequestExpired", 400)
        };
        explain(Action::DescribeInstances, &answer).kind
    };
    assert_eq!(
        (at(900), at(-86_400), at(20)),
        (ClockWrong, ClockWrong, CredentialsExpired)
    );
}

#[test]
fn an_image_that_was_made_private_is_not_mistaken_for_wrong_keys() {
    let private = Answer {
        message: "Not authorized for images: [ami-1]".to_owned(),
        ..answer("AuthFailure", 401)
    };
    assert_eq!(explain(Action::RunInstances, &private).kind, NotFound);
}

#[test]
fn a_code_that_is_not_listed_goes_by_its_form_and_status() {
    let by = |code: &str, status| explain(Action::RunInstances, &answer(code, status)).kind;
    assert_eq!(by("InvalidNewThing.NotFound", 400), NotFound);
    assert_eq!(by("NewThingLimitExceeded", 400), QuotaExceeded);
    assert_eq!(by("", 502), CloudTrouble);
    assert_eq!(by("NewRefusal", 403), PermissionMissing);
    assert_eq!(by("NewWord", 400), Input);
}

#[test]
fn what_goes_away_by_itself_is_tried_again() {
    for code in ["RequestLimitExceeded", "InternalError"] {
        assert_eq!(kind(code).retry(), Retry::Later, "{code}");
    }
    let silence = Answer {
        failure: Failure::NoAnswer,
        ..Answer::default()
    };
    assert_eq!(explain(Action::RunInstances, &silence).kind, Unreachable);
}

#[test]
fn what_the_keys_of_a_profile_say_themselves_is_told_as_it_is_whatever_words_are_below() {
    let own = slipway_core::error::Error::new(CredentialsInvalid, "The profile “x” names no [sso-session].");
    let told = Answer {
        failure: Failure::NoCredentials,
        causes: vec!["the SSO session has expired".to_owned()],
        sign_in: Some(own.clone()),
        ..Answer::default()
    };
    assert_eq!(explain(Action::GetCallerIdentity, &told), own);
    let silent = Answer {
        sign_in: None,
        ..told
    };
    assert_eq!(
        explain(Action::GetCallerIdentity, &silent).kind,
        CredentialsInvalid
    );
}
