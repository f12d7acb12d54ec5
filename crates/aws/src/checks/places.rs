//! Whether region and zone offer the size.

use aws_sdk_ec2::types::LocationType;
use slipway_core::cloud::{CheckRequest, Finding};
use slipway_core::error::{ErrorKind, Result};

use super::{blocking, good, of_error, unknown};
use crate::actions::Action;
use crate::networks;
use crate::session::{Session, Trouble};
use crate::tags::filter;

const REGION: &str = "Region";
const SIZE: &str = "Size";

/// Whether the account has opted in to the region.
pub(super) async fn region(session: &Session) -> Result<Finding> {
    let asked = session.ask(Action::DescribeRegions, |aws| {
        let call = aws.ec2.describe_regions().all_regions(true);
        call.region_names(&session.region).send()
    });
    let status = match asked.await {
        Ok(answer) => answer
            .regions()
            .first()
            .and_then(|region| region.opt_in_status())
            .map(str::to_owned),
        Err(trouble) => return of_error(REGION, trouble.error),
    };
    Ok(match status.as_deref() {
        Some("not-opted-in") => blocking(
            REGION,
            ErrorKind::AccountNotReady,
            format!("The account has not enabled {}.", session.region),
            "Enable it in the AWS console under Account, or choose another region.",
        ),
        Some(_) => good(REGION, format!("{} is enabled.", session.region)),
        None => unknown(REGION, "AWS does not say whether it is enabled."),
    })
}

/// Whether the size is offered where the server will be.
pub(super) async fn offering(session: &Session, request: &CheckRequest) -> Result<Finding> {
    let zones = match zones(session, &request.size).await {
        Ok(zones) => zones,
        Err(trouble) => return of_error(SIZE, trouble.error),
    };
    let wanted = match &request.network {
        Some(subnet) => networks::zone_of(session, subnet).await.ok(),
        None => None,
    };
    Ok(judge(&request.size, &zones, wanted.as_deref()))
}

/// Capacity is not told beforehand, only what a zone has in principle.
async fn zones(session: &Session, size: &str) -> Result<Vec<String>, Trouble> {
    let offers = session.ask(Action::DescribeInstanceTypeOfferings, |aws| {
        let call = aws.ec2.describe_instance_type_offerings();
        let call = call.location_type(LocationType::AvailabilityZone);
        call.filters(filter("instance-type", [size])).send()
    });
    let offers = offers.await?;
    let zones = offers.instance_type_offerings().iter();
    let mut zones: Vec<String> = zones
        .filter_map(|offer| offer.location().map(str::to_owned))
        .collect();
    zones.sort();
    Ok(zones)
}

fn judge(size: &str, zones: &[String], wanted: Option<&str>) -> Finding {
    let blocked = |text: String, fix: String| blocking(SIZE, ErrorKind::Unsupported, text, fix);
    if zones.is_empty() {
        return blocked(
            format!("{size} is not offered in this region."),
            "Choose another size.".to_owned(),
        );
    }
    match wanted {
        Some(zone) if !zones.iter().any(|offered| offered == zone) => blocked(
            format!("{size} is not offered in {zone}."),
            format!("Choose a subnet in {}, or another size.", zones.join(" or ")),
        ),
        _ => good(SIZE, format!("{size} is offered in {}.", zones.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use slipway_core::cloud::Verdict;

    use super::*;

    #[test]
    fn a_size_must_be_offered_in_the_chosen_zone() {
        let zones = ["eu-central-1a".to_owned(), "eu-central-1b".to_owned()];
        let verdict = |zone| judge("m7i.large", &zones, zone).verdict;
        assert_eq!(verdict(Some("eu-central-1a")), Verdict::Good);
        assert_eq!(verdict(None), Verdict::Good);
        let refused = judge("m7i.large", &zones, Some("eu-central-1c"));
        assert_eq!(refused.verdict, Verdict::Blocking);
        assert!(refused.fix.contains("eu-central-1a or eu-central-1b"));
        assert_eq!(judge("m9x.large", &[], None).verdict, Verdict::Blocking);
    }
}
