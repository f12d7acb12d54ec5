//! What this user may do for a launch: EC2 rehearses requests on demand (“DryRun”), but only for things that exist already
//! or are about to be made.

use aws_sdk_ec2::types::ResourceType;
use aws_smithy_types::Blob;
use slipway_core::cloud::{CheckRequest, Finding, RunInstance, Tags, tag};
use slipway_core::error::ErrorKind;

use super::{blocking, good, unknown};
use crate::actions::Action;
use crate::ami::BaseImage;
use crate::servers::launch;
use crate::session::{Session, Trouble};
use crate::tags::at_creation;

/// A rehearsal that would have succeeded answers with this code.
const WOULD_SUCCEED: &str = "DryRunOperation";
/// Marks what a rehearsal would make; nothing is made.
const REHEARSAL: &str = "slipway-rehearsal";
/// A key that was never used and whose private half nobody has.
const SOME_KEY: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDQS785oeFCrLD8jSnbb8cIPudzGHnwKpXjyH6cl/yhVDQdRWeH6HFj5VV5Lcz2ki7aX49n672mlcr9SQnMR/14ygeBARh4ImNtn6v9D7VhoJ0O7G6jwB/gqVUUplaHAeg0AmacQ1VX41PY9/CjGFGvWHb+Jovectrt4yB+ST+f2GdUC4GMR9Qpbm1FGDr1bFQqjc8U4E5urYpvc15YcpyGihzhsfAGJj06hckRA8fybs9wGuW8MhaEYUnkbOFp4OWrJyMOy4GM6QSzfNwo2HDqGjaACLC3nIlOLn164ByVw0dH62kpoGWRgLKWQO/UW9XRRtRKrQT74eQNF0eyehh7 slipway";

/// Rehearses what a launch makes.
pub(super) async fn check(session: &Session, request: &CheckRequest, image: &BaseImage) -> Vec<Finding> {
    let (key_pair, group, launch) = tokio::join!(
        import_key_pair(session),
        create_group(session, request),
        run_instance(session, request, image),
    );
    vec![
        judge(Action::ImportKeyPair, key_pair),
        judge(Action::CreateSecurityGroup, group),
        judge(Action::RunInstances, launch),
    ]
}

fn tags() -> Tags {
    Tags::from([
        (tag::LAUNCH.to_owned(), REHEARSAL.to_owned()),
        (tag::CREATED_BY.to_owned(), tag::US.to_owned()),
    ])
}

async fn import_key_pair(session: &Session) -> Result<(), Trouble> {
    let sent = session.ask(Action::ImportKeyPair, |aws| {
        aws.ec2
            .import_key_pair()
            .dry_run(true)
            .key_name(REHEARSAL)
            .public_key_material(Blob::new(SOME_KEY))
            .tag_specifications(at_creation(ResourceType::KeyPair, &tags()))
            .send()
    });
    sent.await.map(drop)
}

async fn create_group(session: &Session, request: &CheckRequest) -> Result<(), Trouble> {
    let vpc = match &request.network {
        Some(subnet) => crate::networks::vpc_of(session, subnet).await.ok(),
        None => None,
    };
    let sent = session.ask(Action::CreateSecurityGroup, |aws| {
        aws.ec2
            .create_security_group()
            .dry_run(true)
            .group_name(REHEARSAL)
            .description("A rehearsal")
            .set_vpc_id(vpc)
            .tag_specifications(at_creation(ResourceType::SecurityGroup, &tags()))
            .send()
    });
    sent.await.map(drop)
}

/// With the tags of a real launch, because the policy asks for them; without group and key pair, which are not there
/// yet, and which EC2 looks at only after the permission.
async fn run_instance(session: &Session, request: &CheckRequest, image: &BaseImage) -> Result<(), Trouble> {
    let rehearsal = RunInstance {
        token: String::new(),
        image: request.image.clone(),
        size: request.size.clone(),
        disk_gib: request.disk_gib,
        network: request.network.clone(),
        group: String::new(),
        key_name: String::new(),
        user_data: String::new(),
        good_until: None,
        tags: tags(),
    };
    let call = launch::input(&rehearsal, image).dry_run(true);
    let sent = session.ask(Action::RunInstances, |aws| {
        let ec2 = aws.ec2.clone();
        async move { call.send_with(&ec2).await }
    });
    sent.await.map(drop)
}

fn judge(action: Action, rehearsed: Result<(), Trouble>) -> Finding {
    let about = format!("Permission to {}", action.doing());
    let Err(trouble) = rehearsed else {
        return unknown(&about, "AWS did not answer as to a rehearsal.");
    };
    if trouble.code == WOULD_SUCCEED {
        return good(&about, format!("{} is allowed.", action.iam()));
    }
    match trouble.error.kind {
        ErrorKind::PermissionMissing => {
            let details: String = trouble
                .error
                .causes
                .iter()
                .skip(1)
                .map(|cause| format!(" {cause}."))
                .collect();
            blocking(
                &about,
                ErrorKind::PermissionMissing,
                format!("{}{details}", trouble.error.sentence),
                trouble.error.hint,
            )
        }
        // What else would stop a launch has a check of its own.
        _ => unknown(&about, &trouble.error.sentence),
    }
}

#[cfg(test)]
mod tests {
    use slipway_core::cloud::Verdict;
    use slipway_core::error::Error;

    use super::*;

    fn trouble(code: &str, kind: ErrorKind) -> Result<(), Trouble> {
        Err(Trouble {
            code: code.to_owned(),
            error: Error::new(
                kind,
                "This AWS user may not launch the server (ec2:RunInstances).",
            )
            .hint("Ask."),
        })
    }

    #[test]
    fn a_rehearsal_that_would_have_succeeded_is_good() {
        let finding = judge(Action::RunInstances, trouble(WOULD_SUCCEED, ErrorKind::Input));
        assert_eq!(finding.verdict, Verdict::Good);
    }

    #[test]
    fn a_missing_permission_stops_a_launch_and_says_what_to_do() {
        let finding = judge(
            Action::RunInstances,
            trouble("UnauthorizedOperation", ErrorKind::PermissionMissing),
        );
        assert_eq!(
            (finding.verdict, finding.fix.as_str()),
            (Verdict::Blocking, "Ask.")
        );
    }

    #[test]
    fn trouble_in_a_rehearsal_is_not_taken_for_a_missing_permission() {
        let finding = judge(
            Action::RunInstances,
            trouble("InternalError", ErrorKind::CloudTrouble),
        );
        assert_eq!(finding.verdict, Verdict::Unknown);
    }
}
