use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::profiles::plan::Sso;

/// A provider that answers by how many were made before it.
#[derive(Debug)]
struct Scripted {
    number: usize,
    script: fn(usize) -> Result<Credentials, CredentialsError>,
    slow: bool,
}

impl ProvideCredentials for Scripted {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            if self.slow {
                std::future::pending::<()>().await;
            }
            (self.script)(self.number)
        })
    }
}

fn keys() -> Credentials {
    Credentials::new("AKIA", "s", None, None, "test")
}

fn plan(base: Base) -> Plan {
    Plan {
        profile: "work".into(),
        region: None,
        base,
        base_profile: "work".into(),
        roles: Vec::new(),
        settings: Vec::new(),
        services: None,
    }
}

fn sso() -> Base {
    Base::Sso(Sso {
        session: Some("corp".into()),
        start_url: "https://example.com/start".into(),
        region: "eu-west-1".into(),
        account: "123456789012".into(),
        role: "Admin".into(),
    })
}

fn scripted(
    base: Base,
    slow: bool,
    script: fn(usize) -> Result<Credentials, CredentialsError>,
) -> (ProfileCredentials, Arc<AtomicUsize>) {
    let made = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&made);
    let make = move || {
        let number = count.fetch_add(1, Ordering::SeqCst);
        SharedCredentialsProvider::new(Scripted { number, script, slow })
    };
    let credentials = ProfileCredentials {
        plan: plan(base),
        make: Box::new(make),
        limit: LIMIT,
        present: Mutex::default(),
    };
    (credentials, made)
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_panics_takes_nothing_down_and_a_new_one_is_asked() {
    let (credentials, made) = scripted(sso(), false, |number| match number {
        0 => panic!("the last renewal is in the future"),
        _ => Ok(keys()),
    });
    assert_eq!(credentials.load().await.unwrap().access_key_id(), "AKIA");
    assert_eq!(made.load(Ordering::SeqCst), 2);
    credentials.load().await.unwrap();
    assert_eq!(made.load(Ordering::SeqCst), 2, "the one that works is kept");
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_failed_is_replaced_so_a_later_load_reads_afresh() {
    let (credentials, made) = scripted(Base::Keys(Vec::new()), false, |number| match number {
        0 => Err(CredentialsError::unhandled("set-up error already taken")),
        _ => Ok(keys()),
    });
    assert_eq!(
        credentials.load().await.unwrap_err().kind,
        ErrorKind::CredentialsInvalid
    );
    assert_eq!(credentials.load().await.unwrap().access_key_id(), "AKIA");
    assert_eq!(made.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_token_file_that_is_being_written_is_looked_at_again() {
    let (credentials, made) = scripted(sso(), false, |number| match number {
        0 => Err(CredentialsError::provider_error("half a file")),
        _ => Ok(keys()),
    });
    assert!(credentials.load().await.is_ok());
    assert_eq!(made.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_missing_token_names_the_command_that_signs_in() {
    let (credentials, _) = scripted(sso(), false, |_| {
        Err(CredentialsError::provider_error(std::io::Error::from(
            std::io::ErrorKind::NotFound,
        )))
    });
    let error = credentials.load().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialsExpired);
    assert_eq!(error.sentence, "Nobody is signed in with the profile “work”.");
    assert!(
        error.hint.contains("“aws sso login --profile work”"),
        "{}",
        error.hint
    );
}

#[tokio::test(start_paused = true)]
async fn what_never_answers_is_told_after_the_limit_by_its_kind() {
    let process = Base::Process {
        command: "login --password hunter2".into(),
    };
    for (base, kind, word) in [
        (process, ErrorKind::CredentialsInvalid, "credential_process"),
        (sso(), ErrorKind::Unreachable, "60 seconds"),
    ] {
        let (credentials, _) = scripted(base, true, |_| Ok(keys()));
        let begun = tokio::time::Instant::now();
        let error = credentials.load().await.unwrap_err();
        assert_eq!((error.kind, begun.elapsed()), (kind, LIMIT));
        assert!(
            error.sentence.contains(word) && !format!("{error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn a_profile_that_cannot_be_used_says_why_whenever_it_is_asked() {
    let unusable = Unusable::new(
        "work",
        "config, line 3: it is neither a heading nor “key = value”.".into(),
    );
    for _ in 0..2 {
        let refused = unusable.provide_credentials().await.unwrap_err();
        let told =
            std::error::Error::source(&refused).and_then(|cause| cause.downcast_ref::<SignInTrouble>());
        let told = &told.unwrap().0;
        assert_eq!(told.kind, ErrorKind::CredentialsInvalid);
        assert!(
            told.sentence.contains("“work”") && told.sentence.contains("line 3"),
            "{told:?}"
        );
    }
}
