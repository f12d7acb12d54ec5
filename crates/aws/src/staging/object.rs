//! The program as an object: one for each SHA-256, shared by launches.

use std::time::{Duration, SystemTime};

use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_types::DateTime;
use slipway_core::error::{Error, ErrorKind, Result};

use super::bucket::{Bucket, DAYS_KEPT};
use super::program::Program;
use crate::actions::Action;
use crate::session::Session;

/// An object that expires within this many days is put again, so that it outlives the launch.
const DAYS_LEFT: i64 = 5;
const DAY: i64 = 24 * 3600;

/// Its name in the bucket.
fn key(program: &Program) -> String {
    format!("agent/{}.exe", program.sha256)
}

/// True when this very program is there and stays long enough.
pub(super) async fn is_there(session: &Session, bucket: &Bucket, program: &Program) -> Result<bool> {
    let looked = session.ask(Action::GetObject, |aws| {
        let call = aws.s3.head_object().bucket(&bucket.name).key(key(program));
        call.expected_bucket_owner(&bucket.owner).send()
    });
    match looked.await {
        Ok(object) => Ok(stays(object.last_modified(), SystemTime::now())),
        Err(trouble) if trouble.error.kind == ErrorKind::NotFound => Ok(false),
        Err(trouble) => Err(trouble.into()),
    }
}

fn stays(put: Option<&DateTime>, now: SystemTime) -> bool {
    put.is_some_and(|put| DateTime::from(now).secs() - put.secs() < (i64::from(DAYS_KEPT) - DAYS_LEFT) * DAY)
}

/// Uploads it.
pub(super) async fn upload(session: &Session, bucket: &Bucket, program: &Program) -> Result<()> {
    session
        .ask(Action::PutObject, |aws| {
            aws.s3
                .put_object()
                .bucket(&bucket.name)
                .key(key(program))
                .expected_bucket_owner(&bucket.owner)
                .content_type("application/vnd.microsoft.portable-executable")
                .body(ByteStream::from(program.bytes.clone()))
                .send()
        })
        .await?;
    Ok(())
}

/// A URL that anybody may fetch it by, for a time. Made on this computer, but dated by AWS's clock: S3 refuses a URL from
/// its future, and one of the past ends too soon.
pub(super) async fn signed_url(
    session: &Session,
    bucket: &Bucket,
    program: &Program,
    good_for: Duration,
) -> Result<String> {
    let ahead = session.clients().await.ahead.clone();
    let config = PresigningConfig::builder()
        .start_time(ahead.correct(SystemTime::now()))
        .expires_in(good_for)
        .build()
        .map_err(|cause| {
            Error::new(
                ErrorKind::Internal,
                "The installer's address could not be signed.",
            )
            .because(&cause)
        })?;
    let signed = session.ask(Action::GetObject, |aws| {
        let call = aws.s3.get_object().bucket(&bucket.name).key(key(program));
        call.presigned(config)
    });
    Ok(signed.await?.uri().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_that_soon_expires_is_put_again() {
        let now = SystemTime::now();
        let put = |days: i64| DateTime::from_secs(DateTime::from(now).secs() - days * DAY);
        assert!(stays(Some(&put(24)), now));
        assert!(!stays(Some(&put(26)), now));
        assert!(!stays(None, now));
    }
}
