//! The quota of virtual CPUs, and how much of it is in use.

use aws_sdk_ec2::types::{Instance, InstanceType};
use slipway_core::cloud::Finding;
use slipway_core::error::{ErrorKind, Result};

use super::{blocking, good, not_known, unknown};
use crate::actions::Action;
use crate::servers::read;
use crate::session::{Session, Trouble};
use crate::tags::filter;

const ABOUT: &str = "vCPU quota";
/// “Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances” (Service Quotas).
const STANDARD: &str = "L-1216C47A";
const STANDARD_FAMILIES: &str = "acdhimrtz";
/// Virtual CPUs of the smallest size that Windows is offered on.
const FEWEST: f64 = 2.0;
/// What helps at any size.
const MORE: &str = "Stop another server, or ask AWS for more under Service Quotas (L-1216C47A).";

/// Whether one more server of this size fits.
pub(super) async fn check(session: &Session, size: &str) -> Result<Finding> {
    let asked = tokio::try_join!(quota(session), used(session), vcpus(session, size));
    match asked {
        Ok((Some(quota), used, Some(wanted))) => Ok(judge(quota, used, wanted)),
        Ok(_) => Ok(unknown(ABOUT, "AWS does not tell it for this size.")),
        Err(trouble) => not_known(ABOUT, trouble.error),
    }
}

/// The account's own value; where AWS has granted none, its default comes back.
async fn quota(session: &Session) -> Result<Option<f64>, Trouble> {
    let answer = session.ask(Action::GetServiceQuota, |aws| {
        aws.quotas
            .get_service_quota()
            .service_code("ec2")
            .quota_code(STANDARD)
            .send()
    });
    Ok(answer.await?.quota().and_then(|quota| quota.value()))
}

async fn used(session: &Session) -> Result<i32, Trouble> {
    let live = filter("instance-state-name", ["pending", "running"]);
    let instances = read::describe(session, live).await?;
    Ok(instances
        .iter()
        .filter(|instance| is_standard(instance))
        .map(vcpus_of)
        .sum())
}

fn is_standard(instance: &Instance) -> bool {
    let family = instance
        .instance_type()
        .map(InstanceType::as_str)
        .and_then(|id| id.chars().next());
    family.is_some_and(|family| STANDARD_FAMILIES.contains(family))
}

/// What counts is threads, not cores, and a launch may have switched threads off.
fn vcpus_of(instance: &Instance) -> i32 {
    let options = instance.cpu_options();
    options.map_or(0, |cpu| {
        cpu.core_count().unwrap_or(0) * cpu.threads_per_core().unwrap_or(1)
    })
}

async fn vcpus(session: &Session, size: &str) -> Result<Option<i32>, Trouble> {
    let answer = session.ask(Action::DescribeInstanceTypes, |aws| {
        let call = aws.ec2.describe_instance_types();
        call.filters(filter("instance-type", [size])).send()
    });
    let answer = answer.await?;
    let info = answer.instance_types().first().and_then(|info| info.v_cpu_info());
    Ok(info.and_then(|info| info.default_v_cpus()))
}

fn judge(quota: f64, used: i32, wanted: i32) -> Finding {
    let text = format!("{used} of {quota} virtual CPUs are in use; this server needs {wanted}.");
    let room = quota - f64::from(used);
    if f64::from(wanted) <= room {
        return good(ABOUT, text);
    }
    let fix = if room >= FEWEST {
        format!(
            "{MORE} A size with at most {} virtual CPUs fits; a launch that waits has to be given up for it.",
            room.floor()
        )
    } else {
        MORE.to_owned()
    };
    blocking(ABOUT, ErrorKind::QuotaExceeded, text, fix)
}

#[cfg(test)]
mod tests {
    use slipway_core::cloud::Verdict;

    use super::*;

    #[test]
    fn what_is_in_use_counts() {
        assert_eq!(judge(32.0, 30, 2).verdict, Verdict::Good);
        let full = judge(32.0, 31, 2);
        assert_eq!(
            (full.verdict, full.kind),
            (Verdict::Blocking, Some(ErrorKind::QuotaExceeded))
        );
    }

    #[test]
    fn a_smaller_size_is_named_only_where_one_fits() {
        let some_room = judge(32.0, 28, 8);
        assert!(
            some_room.fix.contains("at most 4 virtual CPUs"),
            "{}",
            some_room.fix
        );
        let none = judge(32.0, 31, 2);
        assert!(!none.fix.contains("at most"), "{}", none.fix);
    }

    #[test]
    fn servers_of_other_quotas_do_not_count() {
        let of = |id: &str| Instance::builder().instance_type(InstanceType::from(id)).build();
        assert!(is_standard(&of("m7i.large")));
        assert!(!is_standard(&of("g5.xlarge")));
        assert!(!is_standard(&Instance::builder().build()));
    }
}
