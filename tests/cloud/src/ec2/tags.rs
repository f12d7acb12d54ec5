//! Tags: moto keeps them, a running machine sees them in its metadata.

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;

/// CreateTags.
pub async fn create(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let answer = cloud.moto.pass(call).await?;
    if answer.status().is_success() {
        let tags = call.params.tags("Tag");
        for id in call.params.list("ResourceId") {
            cloud.rack.tag(&id, &tags).await;
        }
    }
    Ok(answer)
}

/// DeleteTags.
pub async fn delete(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let answer = cloud.moto.pass(call).await?;
    if answer.status().is_success() {
        let keys: Vec<String> = call.params.tags("Tag").into_iter().map(|(key, _)| key).collect();
        for id in call.params.list("ResourceId") {
            cloud.rack.untag(&id, &keys).await;
        }
    }
    Ok(answer)
}
