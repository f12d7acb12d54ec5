//! The key that encrypts new disks. Where it is the account's own and may not be used by whoever launches, EC2 accepts the
//! request and ends the instance a moment later with nothing but “Client.InternalError”.

use aws_sdk_iam::types::PolicyEvaluationDecisionType;
use slipway_core::cloud::{Finding, Verdict};
use slipway_core::error::Result;

use super::later::Source;
use super::{finding, good, not_known};
use crate::account::Caller;
use crate::actions::Action;
use crate::session::Session;

const ABOUT: &str = "Disk encryption";
/// AWS's own key, which everybody in the account may use for disks.
const OF_AWS: &str = "alias/aws/ebs";
/// What an instance's disk needs of its key (“How Amazon EBS encryption works”, Amazon EBS User Guide).
const NEEDED: [&str; 4] = [
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKeyWithoutPlaintext",
];

/// Which key it is, and what IAM says of it.
pub(super) async fn check(session: &Session, caller: &Caller) -> Result<Finding> {
    let key = match own_key(session).await {
        Ok(None) => return Ok(good(ABOUT, "New disks need no key of this account.")),
        Ok(Some(key)) => key,
        Err(error) => return not_known(ABOUT, error),
    };
    let refused = match Source::of(&caller.arn) {
        // IAM takes only whole names of keys.
        Source::Policies(source) if key.starts_with("arn:") => refused(session, &source, &key).await.ok(),
        _ => None,
    };
    Ok(judge(&key, refused.as_deref()))
}

/// The account's own key for new disks; `None` where there is none.
async fn own_key(session: &Session) -> Result<Option<String>> {
    let asked = session.ask(Action::GetEbsEncryptionByDefault, |aws| {
        aws.ec2.get_ebs_encryption_by_default().send()
    });
    if asked.await?.ebs_encryption_by_default() != Some(true) {
        return Ok(None);
    }
    let asked = session.ask(Action::GetEbsDefaultKmsKeyId, |aws| {
        aws.ec2.get_ebs_default_kms_key_id().send()
    });
    let key = asked.await?.kms_key_id().unwrap_or_default().to_owned();
    Ok(Some(key).filter(|key| !key.is_empty() && !key.ends_with(OF_AWS)))
}

/// What IAM's policies of this user don't allow with the key. The key's own policy may allow it all the same.
async fn refused(session: &Session, source: &str, key: &str) -> Result<Vec<&'static str>> {
    let answer = session.ask(Action::SimulatePrincipalPolicy, |aws| {
        aws.iam
            .simulate_principal_policy()
            .policy_source_arn(source)
            .set_action_names(Some(NEEDED.map(str::to_owned).to_vec()))
            .resource_arns(key)
            .send()
    });
    let results = answer.await?.evaluation_results.unwrap_or_default();
    let allowed = |name: &&&str| {
        results.iter().any(|result| {
            result.eval_action_name == **name && result.eval_decision == PolicyEvaluationDecisionType::Allowed
        })
    };
    Ok(NEEDED.iter().filter(|name| !allowed(name)).copied().collect())
}

/// Stops no launch: a key's own policy may allow what IAM's don't, and nobody here may read that.
fn judge(key: &str, refused: Option<&[&str]>) -> Finding {
    match refused {
        Some([]) => good(
            ABOUT,
            format!("New disks are encrypted with {key}, which this AWS user may use."),
        ),
        Some(refused) => finding(
            ABOUT,
            Verdict::Warning,
            format!(
                "New disks are encrypted with {key}, and no policy of this AWS user allows {}.",
                refused.join(", ")
            ),
            "If a server ends with “Client.InternalError”, this is why: have the key's policy or the user's allow them.",
        ),
        None => finding(
            ABOUT,
            Verdict::Warning,
            format!(
                "New disks are encrypted with {key}; whether this AWS user may use it can't be known before."
            ),
            "If a server ends with “Client.InternalError”, this is why: have the key's policy allow its use.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/1234";

    #[test]
    fn a_key_that_may_not_be_used_is_named_with_what_is_missing_and_stops_nothing() {
        let missing = judge(KEY, Some(&["kms:CreateGrant"]));
        assert_eq!(missing.verdict, Verdict::Warning);
        assert!(
            missing.text.contains(KEY) && missing.text.contains("kms:CreateGrant"),
            "{missing:?}"
        );
        assert!(missing.fix.contains("Client.InternalError"), "{missing:?}");
        assert_eq!(judge(KEY, Some(&[])).verdict, Verdict::Good);
        assert_eq!(judge(KEY, None).verdict, Verdict::Warning);
    }
}
