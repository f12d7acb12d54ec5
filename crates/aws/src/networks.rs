//! Subnets and their networks.

use aws_sdk_ec2::types::Subnet;
use slipway_core::cloud::Network;
use slipway_core::error::{Error, ErrorKind, Result};

use crate::actions::Action;
use crate::session::Session;
use crate::tags::{filter, from_ec2};

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
    subnets.sort_by_key(|subnet| (!subnet.default_for_az().unwrap_or(false), zone(subnet)));
    Ok(subnets.iter().map(network).collect())
}

/// The network of a subnet.
pub(crate) async fn vpc_of(session: &Session, subnet: &str) -> Result<String> {
    let found = session
        .ask(Action::DescribeSubnets, |aws| {
            let call = aws.ec2.describe_subnets();
            call.filters(filter("subnet-id", [subnet])).send()
        })
        .await?;
    let vpc = found.subnets().first().and_then(Subnet::vpc_id);
    vpc.map(str::to_owned).ok_or_else(|| {
        Error::new(
            ErrorKind::NotFound,
            format!("There is no subnet “{subnet}” in {}.", session.region),
        )
        .hint("Refresh the list and choose another network.")
    })
}

fn network(subnet: &Subnet) -> Network {
    let id = subnet.subnet_id().unwrap_or_default();
    let name = from_ec2(subnet.tags()).remove("Name");
    let kind = if subnet.default_for_az().unwrap_or(false) {
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
    }
}

fn zone(subnet: &Subnet) -> String {
    subnet.availability_zone().unwrap_or_default().to_owned()
}
