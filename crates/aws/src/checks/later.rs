//! What this user may do later on. EC2 lets that be rehearsed only on a server that is there; IAM tells beforehand what its
//! policies say (“SimulatePrincipalPolicy”), if it may be asked.

use aws_sdk_iam::types::{ContextEntry, ContextKeyTypeEnum, PolicyEvaluationDecisionType};
use slipway_core::cloud::{Finding, Verdict, tag};
use slipway_core::error::Result;

use super::{finding, good, not_known, unknown};
use crate::account::Caller;
use crate::actions::Action;
use crate::session::Session;

const ABOUT: &str = "Permission for what comes later";

/// Something of ours, and what is done to it. IAM judges an action by what it is done to, so each has a question of its own.
struct Thing {
    /// Its end of an ARN; nothing of this name need be there.
    resource: &'static str,
    actions: &'static [Action],
}

const SERVER: Thing = Thing {
    resource: "instance/i-0123456789abcdef0",
    actions: &[
        Action::GetConsoleOutput,
        Action::GetPasswordData,
        Action::CreateTags,
        Action::DeleteTags,
        Action::CreateImage,
        Action::StopInstances,
        Action::StartInstances,
        Action::RebootInstances,
        Action::TerminateInstances,
    ],
};
const GROUP: Thing = Thing {
    resource: "security-group/sg-0123456789abcdef0",
    actions: &[
        Action::AuthorizeSecurityGroupIngress,
        Action::RevokeSecurityGroupIngress,
        Action::DeleteSecurityGroup,
    ],
};
const KEY_PAIR: Thing = Thing {
    resource: "key-pair/slipway",
    actions: &[Action::DeleteKeyPair],
};
const IMAGE: Thing = Thing {
    resource: "image/ami-0123456789abcdef0",
    actions: &[Action::DeregisterImage],
};
const SNAPSHOT: Thing = Thing {
    resource: "snapshot/snap-0123456789abcdef0",
    actions: &[Action::DeleteSnapshot],
};

/// Asks IAM about everything that is done to a server and what belongs to it.
pub(super) async fn check(session: &Session, caller: &Caller) -> Result<Finding> {
    let source = match Source::of(&caller.arn) {
        Source::Policies(source) => source,
        Source::Root => return Ok(good(ABOUT, "The account's root user may do everything.")),
        Source::Untold => return Ok(unknown(ABOUT, "IAM does not tell of this kind of user.")),
    };
    let ask = |thing| Box::pin(refused(session, caller, &source, thing));
    let asked = tokio::try_join!(
        ask(&SERVER),
        ask(&GROUP),
        ask(&KEY_PAIR),
        ask(&IMAGE),
        ask(&SNAPSHOT)
    );
    match asked {
        Ok((server, group, key_pair, image, snapshot)) => {
            Ok(judge(&[server, group, key_pair, image, snapshot].concat()))
        }
        // Whatever keeps IAM from answering says nothing about the launch.
        Err(error) => not_known(ABOUT, error),
    }
}

/// Which of a thing's actions IAM's policies don't allow. What IAM says nothing of is none of those that it allows.
async fn refused(session: &Session, caller: &Caller, source: &str, thing: &Thing) -> Result<Vec<String>> {
    let names = thing.actions.iter().map(|action| action.iam().to_owned());
    let answer = session.ask(Action::SimulatePrincipalPolicy, |aws| {
        aws.iam
            .simulate_principal_policy()
            .policy_source_arn(source)
            .set_action_names(Some(names.collect()))
            .resource_arns(arn(caller, &session.region, thing.resource))
            .context_entries(our_tag())
            .send()
    });
    let results = answer.await?.evaluation_results.unwrap_or_default();
    let allowed = |name: &&str| {
        results.iter().any(|result| {
            result.eval_action_name == *name && result.eval_decision == PolicyEvaluationDecisionType::Allowed
        })
    };
    let names = thing.actions.iter().map(|action| action.iam());
    Ok(names.filter(|name| !allowed(name)).map(str::to_owned).collect())
}

/// Policies allow most of it only on what carries our tag.
fn our_tag() -> ContextEntry {
    ContextEntry::builder()
        .context_key_name(format!("aws:ResourceTag/{}", tag::CREATED_BY))
        .context_key_type(ContextKeyTypeEnum::String)
        .context_key_values(tag::US)
        .build()
}

/// Images and snapshots have no account in their names, unlike everything else of EC2.
fn arn(caller: &Caller, region: &str, resource: &str) -> String {
    let partition = caller.arn.split(':').nth(1).unwrap_or("aws");
    let nobodys = ["image/", "snapshot/"]
        .iter()
        .any(|kind| resource.starts_with(kind));
    let account = if nobodys { "" } else { &caller.account };
    format!("arn:{partition}:ec2:{region}:{account}:{resource}")
}

/// Whose policies decide.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Those of this user or role.
    Policies(String),
    /// Nobody's: the account itself asks.
    Root,
    /// IAM simulates users and roles only.
    Untold,
}

impl Source {
    /// Somebody who took on a role is named by STS without the path of that role, which IAM wants: roles of IAM Identity
    /// Center have one, and IAM will say that it does not know them.
    pub fn of(arn: &str) -> Self {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let [arn_, partition, service, _, account, name] = parts[..] else {
            return Source::Untold;
        };
        match (service, name.split('/').collect::<Vec<_>>().as_slice()) {
            ("iam", ["root"]) => Source::Root,
            ("iam", ["user", ..]) => Source::Policies(arn.to_owned()),
            ("sts", ["assumed-role", role, ..]) => {
                Source::Policies(format!("{arn_}:{partition}:iam::{account}:role/{role}"))
            }
            _ => Source::Untold,
        }
    }
}

/// A no here stops no launch: IAM may not know everything that a policy asks for.
fn judge(refused: &[String]) -> Finding {
    if refused.is_empty() {
        return good(
            ABOUT,
            "IAM says that everything done to a server later on is allowed.",
        );
    }
    finding(
        ABOUT,
        Verdict::Warning,
        format!(
            "IAM says that this AWS user may not do this later on: {}.",
            refused.join(", ")
        ),
        "Ask whoever manages the account for the policy that “slipway policy” prints.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_asked_about_as_it_is_and_a_session_by_its_role() {
        let user = "arn:aws:iam::123456789012:user/web/anna";
        assert_eq!(Source::of(user), Source::Policies(user.to_owned()));
        assert_eq!(
            Source::of("arn:aws-cn:sts::123456789012:assumed-role/ops/anna:x"),
            Source::Policies("arn:aws-cn:iam::123456789012:role/ops".to_owned())
        );
    }

    #[test]
    fn nobody_is_asked_about_the_root_user_and_about_federated_ones() {
        assert_eq!(Source::of("arn:aws:iam::123456789012:root"), Source::Root);
        assert_eq!(
            Source::of("arn:aws:sts::123456789012:federated-user/anna"),
            Source::Untold
        );
        assert_eq!(Source::of(""), Source::Untold);
    }

    #[test]
    fn images_have_no_account_in_their_names() {
        let caller = Caller {
            account: "123456789012".to_owned(),
            arn: "arn:aws:iam::123456789012:user/anna".to_owned(),
        };
        assert_eq!(
            arn(&caller, "eu-central-1", IMAGE.resource),
            "arn:aws:ec2:eu-central-1::image/ami-0123456789abcdef0"
        );
        assert_eq!(
            arn(&caller, "eu-central-1", KEY_PAIR.resource),
            "arn:aws:ec2:eu-central-1:123456789012:key-pair/slipway"
        );
    }

    #[test]
    fn what_is_refused_is_named_and_stops_nothing() {
        let finding = judge(&["ec2:TerminateInstances".to_owned()]);
        assert_eq!(finding.verdict, Verdict::Warning);
        assert!(
            finding.text.contains("ec2:TerminateInstances"),
            "{}",
            finding.text
        );
        assert_eq!(judge(&[]).verdict, Verdict::Good);
    }
}
