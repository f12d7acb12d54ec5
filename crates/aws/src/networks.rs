//! Subnets and their networks.

use std::time::Duration;

use aws_sdk_ec2::types::Subnet;
use slipway_core::cloud::Network;
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::poll::{self, Look, Policy};

use crate::actions::Action;
use crate::session::Session;
use crate::settle::or_gone;
use crate::tags::{filter, from_ec2};

/// Subnets of a new network may take a moment to be seen.
const APPEARS: Duration = Duration::from_secs(60);

/// The subnets of the region, those of the default network first.
pub(crate) async fn list(session: &Session) -> Result<Vec<Network>> {
    let mut subnets = session
        .ask(Action::DescribeSubnets, |aws| {
            aws.ec2
                .describe_subnets()
                .into_paginator()
                .items()
                .send()
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    subnets.sort_by_key(|subnet| (!is_default(subnet), zone(subnet)));
    Ok(subnets.iter().map(network).collect())
}

/// Creates the default network with a subnet in each zone. One that is there already counts as created.
pub(crate) async fn create_default(session: &Session) -> Result<Network> {
    let sent = session
        .ask(Action::CreateDefaultVpc, |aws| {
            aws.ec2.create_default_vpc().send()
        })
        .await;
    or_gone(&["DefaultVpcAlreadyExists"], sent)?;
    let look = || async {
        let found = list(session)
            .await?
            .into_iter()
            .find(|network| network.is_default);
        Ok(found.map_or(Look::NotYet, Look::Done))
    };
    let found = poll::within(APPEARS, Policy::every(Duration::from_secs(2)), look).await?;
    found.ok_or_else(|| {
        Error::new(
            ErrorKind::NetworkMissing,
            "The region's default network has no subnet.",
        )
        .hint("Create a default subnet in the AWS console under VPC, then try again.")
    })
}

/// The VPC of a subnet.
pub(crate) async fn vpc_of(session: &Session, subnet: &str) -> Result<String> {
    Ok(one(session, subnet).await?.vpc)
}

/// The zone of a subnet.
pub(crate) async fn zone_of(session: &Session, subnet: &str) -> Result<String> {
    Ok(one(session, subnet).await?.zone)
}

/// By filter, so that a wrong id is an empty answer and not one more error code.
async fn one(session: &Session, subnet: &str) -> Result<Network> {
    let found = session
        .ask(Action::DescribeSubnets, |aws| {
            let call = aws.ec2.describe_subnets();
            call.filters(filter("subnet-id", [subnet])).send()
        })
        .await?;
    found.subnets().first().map(network).ok_or_else(|| {
        let sentence = format!("There is no subnet “{subnet}” in {}.", session.region);
        Error::new(ErrorKind::NotFound, sentence).hint("Refresh the list and choose another network.")
    })
}

/// Subnets rarely have names, so the zone and the range of addresses tell them apart.
fn network(subnet: &Subnet) -> Network {
    let id = subnet.subnet_id().unwrap_or_default();
    let name = from_ec2(subnet.tags()).remove("Name");
    let kind = if is_default(subnet) {
        "default subnet".to_owned()
    } else {
        name.unwrap_or_else(|| id.to_owned())
    };
    Network {
        id: id.to_owned(),
        title: format!(
            "{kind}, {} ({})",
            zone(subnet),
            subnet.cidr_block().unwrap_or("no IPv4")
        ),
        zone: zone(subnet),
        vpc: subnet.vpc_id().unwrap_or_default().to_owned(),
        is_default: is_default(subnet),
    }
}

/// The subnet that EC2 takes in this zone when a launch names none.
fn is_default(subnet: &Subnet) -> bool {
    subnet.default_for_az().unwrap_or(false)
}

fn zone(subnet: &Subnet) -> String {
    subnet.availability_zone().unwrap_or_default().to_owned()
}
