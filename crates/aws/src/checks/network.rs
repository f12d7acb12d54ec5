//! Whether the network has a way to and from the internet.

use aws_sdk_ec2::types::{Filter, Route, RouteTable};
use slipway_core::cloud::{Finding, Verdict};
use slipway_core::error::{ErrorKind, Result};

use super::{blocking, finding, good, of_error, unknown};
use crate::actions::Action;
use crate::networks;
use crate::session::{Session, Trouble};
use crate::tags::filter;

const ABOUT: &str = "Network";

/// Looks at the chosen subnet, or at the default network.
pub(super) async fn check(session: &Session, subnet: Option<&str>) -> Result<Finding> {
    let asked = match subnet {
        Some(subnet) => of_subnet(session, subnet).await,
        None => of_default(session).await,
    };
    match asked {
        Ok(Some(way)) => Ok(judge(way)),
        Ok(None) if subnet.is_none() => Ok(no_default()),
        Ok(None) => Ok(unknown(ABOUT, "the subnet's routes are not told.")),
        Err(error) => of_error(ABOUT, error),
    }
}

/// Where packets to the internet go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// An internet gateway: out and in.
    Both,
    /// A NAT or another machine: out only.
    Out,
    /// None.
    Closed,
}

/// A subnet without a table of its own uses the main one of its network.
async fn of_subnet(session: &Session, subnet: &str) -> Result<Option<Way>> {
    let own = filter("association.subnet-id", [subnet]);
    let own = tables(session, vec![own]).await?;
    if !own.is_empty() {
        return Ok(way(&own));
    }
    let vpc = networks::vpc_of(session, subnet).await?;
    of_main(session, &vpc).await
}

async fn of_default(session: &Session) -> Result<Option<Way>> {
    let found = session.ask(Action::DescribeVpcs, |aws| {
        aws.ec2
            .describe_vpcs()
            .filters(filter("is-default", ["true"]))
            .send()
    });
    let found = found.await?;
    match found.vpcs().first().and_then(|vpc| vpc.vpc_id()) {
        Some(vpc) => of_main(session, vpc).await,
        None => Ok(None),
    }
}

/// The main table is for every subnet without one of its own.
async fn of_main(session: &Session, vpc: &str) -> Result<Option<Way>> {
    let main = vec![filter("vpc-id", [vpc]), filter("association.main", ["true"])];
    Ok(way(&tables(session, main).await?))
}

async fn tables(session: &Session, filters: Vec<Filter>) -> Result<Vec<RouteTable>, Trouble> {
    let found = session.ask(Action::DescribeRouteTables, |aws| {
        aws.ec2.describe_route_tables().set_filters(Some(filters)).send()
    });
    Ok(found.await?.route_tables.unwrap_or_default())
}

fn way(tables: &[RouteTable]) -> Option<Way> {
    let table = tables.first()?;
    let out = table
        .routes()
        .iter()
        .find(|route| route.destination_cidr_block() == Some("0.0.0.0/0"));
    Some(match out {
        Some(route) if leads_to_gateway(route) => Way::Both,
        Some(_) => Way::Out,
        None => Way::Closed,
    })
}

fn leads_to_gateway(route: &Route) -> bool {
    route
        .gateway_id()
        .is_some_and(|gateway| gateway.starts_with("igw-"))
}

/// A warning, not an end: behind a VPN a closed network is what was wanted.
fn judge(way: Way) -> Finding {
    let warn = |text: &str| {
        let fix = "Choose a subnet whose route table leads to an internet gateway, unless a VPN leads there.";
        finding(ABOUT, Verdict::Warning, text, fix)
    };
    match way {
        Way::Both => good(ABOUT, "The server can reach the internet and be reached."),
        Way::Out => warn("This subnet lets servers out to the internet, but nobody in."),
        Way::Closed => warn("This network has no way to the internet, so nothing could be downloaded."),
    }
}

fn no_default() -> Finding {
    blocking(
        ABOUT,
        ErrorKind::NetworkMissing,
        "The region has no default network.",
        "Choose a subnet, or let Slipway create the default network.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(gateway: Option<&str>) -> [RouteTable; 1] {
        let local = Route::builder()
            .destination_cidr_block("10.0.0.0/16")
            .gateway_id("local")
            .build();
        let out = gateway.map(|gateway| {
            Route::builder()
                .destination_cidr_block("0.0.0.0/0")
                .gateway_id(gateway)
                .build()
        });
        [RouteTable::builder()
            .routes(local)
            .set_routes(out.map(|out| vec![out]))
            .build()]
    }

    #[test]
    fn only_an_internet_gateway_lets_visitors_in() {
        assert_eq!(way(&table(Some("igw-1"))), Some(Way::Both));
        assert_eq!(way(&table(Some("nat-1"))), Some(Way::Out));
        assert_eq!(way(&table(None)), Some(Way::Closed));
        assert_eq!(way(&[]), None);
    }

    #[test]
    fn a_network_without_a_way_in_is_worth_a_look_and_none_at_all_stops_a_launch() {
        assert_eq!(judge(Way::Both).verdict, Verdict::Good);
        for way in [Way::Out, Way::Closed] {
            assert_eq!(judge(way).verdict, Verdict::Warning, "{way:?}");
        }
        assert_eq!(no_default().verdict, Verdict::Blocking);
        assert!(no_default().fix.contains("create the default network"));
    }
}
