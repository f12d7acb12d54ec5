//! The private bucket: one an account and region, made when it is first needed.

use aws_sdk_s3::types::{
    BucketLifecycleConfiguration, BucketLocationConstraint, CreateBucketConfiguration, ExpirationStatus,
    LifecycleExpiration, LifecycleRule, LifecycleRuleFilter, PublicAccessBlockConfiguration,
};
use slipway_core::error::{Error, ErrorKind, Result};

use crate::actions::Action;
use crate::session::Session;
use crate::settle::or_gone;

/// Objects go by themselves after so many days.
pub(super) const DAYS_KEPT: i32 = 30;
/// The one region that must not be named as a location (S3 API reference, CreateBucket).
const UNNAMED_REGION: &str = "us-east-1";

/// Where the program lies.
pub(super) struct Bucket {
    /// Unique in the world; account and region make it ours.
    pub name: String,
    /// The account that must own it, so that a bucket of a stranger with this name is never used.
    pub owner: String,
}

impl Bucket {
    pub fn new(owner: String, region: &str) -> Self {
        Bucket {
            name: format!("slipway-{owner}-{region}"),
            owner,
        }
    }
}

/// Sees to it that the bucket is there, private and tidy. The last two are said each time something is uploaded, which is
/// seldom: so a first time that was cut short leaves nothing open.
pub(super) async fn ensure(session: &Session, bucket: &Bucket) -> Result<()> {
    let looked = session.ask(Action::ListBucket, |aws| {
        let call = aws.s3.head_bucket().bucket(&bucket.name);
        call.expected_bucket_owner(&bucket.owner).send()
    });
    match looked.await {
        Ok(_) => {}
        Err(trouble) if trouble.error.kind == ErrorKind::NotFound => make(session, bucket).await?,
        Err(trouble) => return Err(trouble.into()),
    }
    keep_private(session, bucket).await?;
    let_expire(session, bucket).await
}

async fn make(session: &Session, bucket: &Bucket) -> Result<()> {
    let sent = session.ask(Action::CreateBucket, |aws| {
        let call = aws.s3.create_bucket().bucket(&bucket.name);
        call.set_create_bucket_configuration(location(&session.region))
            .send()
    });
    match sent.await {
        Err(trouble) if trouble.code == "BucketAlreadyExists" => Err(taken(bucket, &trouble.error)),
        sent => Ok(or_gone(&["BucketAlreadyOwnedByYou"], sent)?),
    }
}

fn location(region: &str) -> Option<CreateBucketConfiguration> {
    (region != UNNAMED_REGION).then(|| {
        CreateBucketConfiguration::builder()
            .location_constraint(BucketLocationConstraint::from(region))
            .build()
    })
}

/// New buckets are private by themselves since April 2023; this keeps them so whatever is done to them later.
async fn keep_private(session: &Session, bucket: &Bucket) -> Result<()> {
    let block = PublicAccessBlockConfiguration::builder()
        .block_public_acls(true)
        .ignore_public_acls(true)
        .block_public_policy(true)
        .restrict_public_buckets(true)
        .build();
    session
        .ask(Action::PutBucketPublicAccessBlock, |aws| {
            aws.s3
                .put_public_access_block()
                .bucket(&bucket.name)
                .expected_bucket_owner(&bucket.owner)
                .public_access_block_configuration(block)
                .send()
        })
        .await?;
    Ok(())
}

/// Versions of the program pile up otherwise, one for each build.
async fn let_expire(session: &Session, bucket: &Bucket) -> Result<()> {
    let lifecycle = lifecycle()?;
    session
        .ask(Action::PutLifecycleConfiguration, |aws| {
            aws.s3
                .put_bucket_lifecycle_configuration()
                .bucket(&bucket.name)
                .expected_bucket_owner(&bucket.owner)
                .lifecycle_configuration(lifecycle)
                .send()
        })
        .await?;
    Ok(())
}

fn lifecycle() -> Result<BucketLifecycleConfiguration> {
    let incomplete = |cause: aws_smithy_types::error::operation::BuildError| {
        Error::new(
            ErrorKind::Internal,
            "The rule for the installer's bucket is incomplete.",
        )
        .because(&cause)
    };
    let rule = LifecycleRule::builder()
        .id("slipway-installers-expire")
        .status(ExpirationStatus::Enabled)
        .filter(LifecycleRuleFilter::builder().prefix("").build())
        .expiration(LifecycleExpiration::builder().days(DAYS_KEPT).build())
        .build()
        .map_err(incomplete)?;
    BucketLifecycleConfiguration::builder()
        .rules(rule)
        .build()
        .map_err(incomplete)
}

fn taken(bucket: &Bucket, cause: &Error) -> Error {
    let sentence = format!("The bucket name “{}” belongs to somebody else.", bucket.name);
    Error::new(ErrorKind::NameTaken, sentence)
        .hint("Launch in another region, or use a released Slipway, which needs no bucket.")
        .because(cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_named_by_account_and_region() {
        let bucket = Bucket::new("123456789012".into(), "ap-southeast-1");
        assert_eq!(bucket.name, "slipway-123456789012-ap-southeast-1");
        assert!(bucket.name.len() <= 63);
    }

    #[test]
    fn only_one_region_is_not_named() {
        assert!(location("us-east-1").is_none());
        assert!(location("eu-central-1").is_some());
    }
}
