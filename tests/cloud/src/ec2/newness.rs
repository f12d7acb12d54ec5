//! Eventual consistency of key pairs and groups: for a while after a create, reads do not know them.

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::xml;

/// DescribeSecurityGroups and DescribeKeyPairs without what is too new.
pub async fn hide(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let mut answer = cloud.moto.edited(call, &call.params).await?;
    for (set, id) in [("securityGroupInfo", "groupId"), ("keySet", "keyName")] {
        xml::keep_items(&mut answer, set, |item| !cloud.is_too_new(&xml::text(item, id)));
    }
    Ok(answer::ec2(&answer))
}

/// Creates one, and remembers when.
pub async fn note(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let answer = cloud.moto.edited(call, &call.params).await?;
    for id in ["groupId", "keyName"] {
        let id = xml::text(&answer, id);
        if !id.is_empty() {
            cloud.created(&id);
        }
    }
    Ok(answer::ec2(&answer))
}
