//! Security groups: who may come in.

use std::time::Duration;

use aws_sdk_ec2::types::{ResourceType, SecurityGroup as Ec2Group};
use slipway_core::cloud::{
    AllowIngress, CreateSecurityGroup, DeleteSecurityGroup, Ingress, RevokeIngress, SecurityGroup, tag,
};
use slipway_core::error::Result;
use slipway_core::poll::{self, Look, Policy};

use crate::actions::Action;
use crate::rules::{from_ec2 as rules_of, to_ec2 as permissions};
use crate::session::{Session, Trouble};
use crate::settle::{or_gone, patiently};
use crate::tags::{at_creation, filter, from_ec2};

const NOT_FOUND: &str = "InvalidGroup.NotFound";
/// A terminated instance's network interface may hold its group for so long.
const LET_GO: Duration = Duration::from_secs(180);

/// The group of that name, in whichever network it is.
pub(crate) async fn find(session: &Session, name: &str) -> Result<Option<SecurityGroup>> {
    Ok(find_by(session, "group-name", name).await?)
}

async fn find_by(session: &Session, by: &str, value: &str) -> Result<Option<SecurityGroup>, Trouble> {
    let found = session
        .ask(Action::DescribeSecurityGroups, |aws| {
            let call = aws.ec2.describe_security_groups();
            call.filters(filter(by, [value])).send()
        })
        .await?;
    Ok(found.security_groups().iter().map(group).next())
}

/// Creates one without any rule: there is no moment at which it is open further than asked for. Where a lost answer left it behind, that one is taken.
pub(crate) async fn create(session: &Session, request: &CreateSecurityGroup) -> Result<SecurityGroup> {
    let vpc = match &request.network {
        Some(subnet) => Some(crate::networks::vpc_of(session, subnet).await?),
        None => None,
    };
    let sent = session.ask(Action::CreateSecurityGroup, |aws| {
        aws.ec2
            .create_security_group()
            .group_name(&request.name)
            .description(&request.description)
            .set_vpc_id(vpc)
            .tag_specifications(at_creation(ResourceType::SecurityGroup, &request.tags))
            .send()
    });
    match sent.await {
        Ok(made) => Ok(SecurityGroup {
            id: made.group_id().unwrap_or_default().to_owned(),
            name: request.name.clone(),
            ingress: Vec::new(),
            tags: request.tags.clone(),
        }),
        Err(trouble) if trouble.code == "InvalidGroup.Duplicate" => {
            let found = find(session, &request.name).await?;
            let ours = found.filter(|group| group.tags.get(tag::LAUNCH) == request.tags.get(tag::LAUNCH));
            ours.ok_or(trouble.error)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// Opens ports. AWS refuses all rules where it has one of them, so then only the missing ones are sent.
pub(crate) async fn allow(session: &Session, request: &AllowIngress) -> Result<()> {
    let sent = patiently(&[NOT_FOUND], || {
        authorize(session, &request.group, &request.rules)
    })
    .await;
    match sent {
        Err(trouble) if trouble.code == "InvalidPermission.Duplicate" => {
            let open = open(session, &request.group).await?;
            let mut missing = request.rules.clone();
            missing.retain(|rule| !open.contains(rule));
            if !missing.is_empty() {
                let sent = authorize(session, &request.group, &missing).await;
                or_gone(&["InvalidPermission.Duplicate"], sent)?;
            }
            Ok(())
        }
        sent => Ok(sent?),
    }
}

/// Closes ports. What is not open, and a group that is gone, count as closed.
pub(crate) async fn revoke(session: &Session, request: &RevokeIngress) -> Result<()> {
    let sent = deauthorize(session, &request.group, &request.rules).await;
    match sent {
        Err(trouble) if trouble.code == "InvalidPermission.NotFound" => {
            let open = open(session, &request.group).await?;
            let mut left = request.rules.clone();
            left.retain(|rule| open.contains(rule));
            if !left.is_empty() {
                let sent = deauthorize(session, &request.group, &left).await;
                or_gone(&["InvalidPermission.NotFound"], sent)?;
            }
            Ok(())
        }
        sent => Ok(or_gone(&[NOT_FOUND], sent)?),
    }
}

/// Deletes one; waits while a terminated instance still holds it.
pub(crate) async fn delete(session: &Session, request: &DeleteSecurityGroup) -> Result<()> {
    let look = || async {
        match delete_once(session, &request.group).await {
            Err(trouble) if trouble.code == "DependencyViolation" => Ok(Look::NotYet),
            sent => Ok(Look::Done(or_gone(&[NOT_FOUND], sent)?)),
        }
    };
    let deleted = poll::within(LET_GO, Policy::every(Duration::from_secs(5)), look).await?;
    if deleted.is_none() {
        // Somebody else uses it: now the refusal is the answer.
        let sent = delete_once(session, &request.group).await;
        or_gone(&[NOT_FOUND], sent)?;
    }
    Ok(())
}

/// `DependencyViolation` is what EC2 says while anything still uses the group.
async fn delete_once(session: &Session, group: &str) -> Result<(), Trouble> {
    let sent = session.ask(Action::DeleteSecurityGroup, |aws| {
        aws.ec2.delete_security_group().group_id(group).send()
    });
    sent.await.map(drop)
}

async fn authorize(session: &Session, group: &str, rules: &[Ingress]) -> Result<(), Trouble> {
    let sent = session.ask(Action::AuthorizeSecurityGroupIngress, |aws| {
        let call = aws.ec2.authorize_security_group_ingress().group_id(group);
        call.set_ip_permissions(Some(permissions(rules))).send()
    });
    sent.await.map(drop)
}

async fn deauthorize(session: &Session, group: &str, rules: &[Ingress]) -> Result<(), Trouble> {
    let sent = session.ask(Action::RevokeSecurityGroupIngress, |aws| {
        let call = aws.ec2.revoke_security_group_ingress().group_id(group);
        call.set_ip_permissions(Some(permissions(rules))).send()
    });
    sent.await.map(drop)
}

/// Read from the group itself: EC2's reply to a change does not list what was there before.
async fn open(session: &Session, group: &str) -> Result<Vec<Ingress>, Trouble> {
    let found = find_by(session, "group-id", group).await?;
    Ok(found.map(|group| group.ingress).unwrap_or_default())
}

fn group(group: &Ec2Group) -> SecurityGroup {
    SecurityGroup {
        id: group.group_id().unwrap_or_default().to_owned(),
        name: group.group_name().unwrap_or_default().to_owned(),
        ingress: rules_of(group.ip_permissions()),
        tags: from_ec2(group.tags()),
    }
}
