//! The default network: AWS's leads to the internet (“Default VPCs”, VPC User Guide), moto's leads nowhere.

use xmltree::{Element, XMLNode};

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::params::Params;
use crate::xml;

/// DescribeRouteTables, with the way out in tables of default networks.
pub async fn routes(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let mut answer = cloud.moto.edited(call, &call.params).await?;
    let filter = [("Filter.1.Name", "is-default"), ("Filter.1.Value.1", "true")];
    let found = cloud
        .moto
        .ask(&call.place, "DescribeVpcs", Params::from(filter))
        .await?;
    let default: Vec<String> = xml::items(&found, "vpcSet")
        .into_iter()
        .map(|vpc| xml::text(vpc, "vpcId"))
        .collect();
    for table in xml::items_mut(&mut answer, "routeTableSet") {
        if default.contains(&xml::text(table, "vpcId"))
            && let Some(routes) = table.get_mut_child("routeSet")
        {
            routes.children.push(XMLNode::Element(way_out()));
        }
    }
    Ok(answer::ec2(&answer))
}

fn way_out() -> Element {
    let parts = [
        xml::leaf("destinationCidrBlock", "0.0.0.0/0"),
        xml::leaf("gatewayId", "igw-00000000000000001"),
        xml::leaf("state", "active"),
        xml::leaf("origin", "CreateRoute"),
    ];
    xml::node("item", parts)
}
