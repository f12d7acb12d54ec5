//! Security groups: one in use can't be deleted, and an answer lists every rule that was added.

use slipway_core::cloud::InstanceState;
use xmltree::Element;

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::params::Params;
use crate::xml;

/// DeleteSecurityGroup.
pub async fn delete(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let group = call.params.get("GroupId").unwrap_or_default();
    for id in users(cloud, group) {
        let seen = cloud.rack.look(&id).await;
        if seen.is_some_and(|seen| seen.state != InstanceState::Terminated) {
            return Err(Refusal::new(
                "DependencyViolation",
                format!("resource {group} has a dependent object"),
            ));
        }
    }
    cloud.moto.pass(call).await
}

fn users(cloud: &Cloud, group: &str) -> Vec<String> {
    let known = cloud.world.known();
    let using = known
        .instances
        .iter()
        .filter(|(_, seat)| seat.groups.iter().any(|one| one == group));
    using.map(|(id, _)| id.clone()).collect()
}

/// AuthorizeSecurityGroupIngress: moto stores all rules and lists the last one.
pub async fn authorize(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let group = call.params.get("GroupId").unwrap_or_default().to_owned();
    let before = rules(cloud, call, &group).await?;
    let mut answer = cloud.moto.edited(call, &call.params).await?;
    let mut added = rules(cloud, call, &group).await?;
    added.retain(|rule| !before.iter().any(|old| rule_id(old) == rule_id(rule)));
    xml::put(&mut answer, xml::node("securityGroupRuleSet", added));
    Ok(answer::ec2(&answer))
}

fn rule_id(rule: &Element) -> String {
    xml::text(rule, "securityGroupRuleId")
}

async fn rules(cloud: &Cloud, call: &Call, group: &str) -> Result<Vec<Element>, Refusal> {
    let filter = Params::from([("Filter.1.Name", "group-id"), ("Filter.1.Value.1", group)]);
    let found = cloud
        .moto
        .ask(&call.place, "DescribeSecurityGroupRules", filter)
        .await?;
    let items = xml::items(&found, "securityGroupRuleSet").into_iter();
    Ok(items.cloned().collect())
}
