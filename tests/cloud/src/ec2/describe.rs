//! Describing instances: moto's answer, with the states of the machines, their loopback addresses and tokens in it.

use slipway_core::cloud::InstanceState;
use xmltree::Element;

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::rack::Seen;
use crate::xml;

/// DescribeInstances. Filters on what moto does not know are the proxy's.
pub async fn instances(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let mut params = call.params.clone();
    let states = params.take_filter("instance-state-name");
    let tokens = params.take_filter("client-token");
    if let Some(tokens) = &tokens {
        // moto knows no tokens; without this it would answer with every instance there is.
        params.add_filter("instance-id", &launched_with(cloud, call, tokens));
    }
    let mut answer = cloud.moto.edited(call, &params).await?;
    for reservation in xml::items_mut(&mut answer, "reservationSet") {
        mend(cloud, xml::items_mut(reservation, "instancesSet")).await;
        xml::keep_items(reservation, "instancesSet", |item| {
            is_wanted(&states, &xml::text(item, "instanceState/name"))
                && !cloud.is_too_new(&xml::text(item, "instanceId"))
        });
    }
    xml::keep_items(&mut answer, "reservationSet", |item| {
        !xml::items(item, "instancesSet").is_empty()
    });
    Ok(answer::ec2(&answer))
}

/// Ids of the instances that these tokens gave; one that nobody has where there are none.
fn launched_with(cloud: &Cloud, call: &Call, tokens: &[String]) -> Vec<String> {
    let known = cloud.world.known();
    let found = tokens
        .iter()
        .filter_map(|token| known.by_token(&call.place, token));
    let ids: Vec<String> = found.map(|(id, _)| id.clone()).collect();
    if ids.is_empty() { vec!["i-0".into()] } else { ids }
}

/// DescribeInstanceStatus: only what runs, unless all is asked for.
pub async fn statuses(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let mut params = call.params.clone();
    let states = params.take_filter("instance-state-name");
    params.set("IncludeAllInstances", "true");
    let mut answer = cloud.moto.edited(call, &params).await?;
    for item in xml::items_mut(&mut answer, "instanceStatusSet") {
        let Some(seen) = cloud.rack.look(&xml::text(item, "instanceId")).await else {
            continue;
        };
        xml::put(item, state("instanceState", seen.state));
    }
    let all = call.params.flag("IncludeAllInstances");
    xml::keep_items(&mut answer, "instanceStatusSet", |item| {
        let name = xml::text(item, "instanceState/name");
        (all || name == "running") && is_wanted(&states, &name)
    });
    Ok(answer::ec2(&answer))
}

fn is_wanted(filter: &Option<Vec<String>>, value: &str) -> bool {
    filter
        .as_ref()
        .is_none_or(|wanted| wanted.iter().any(|one| one == value))
}

/// Writes into instances what is true of their machines.
pub async fn mend(cloud: &Cloud, items: Vec<&mut Element>) {
    for item in items {
        let id = xml::text(item, "instanceId");
        let seat = cloud.world.known().instances.get(&id).cloned();
        let (Some(seat), Some(mut seen)) = (seat, cloud.rack.look(&id).await) else {
            continue;
        };
        seen.reason = seat.ended.clone().or(seen.reason);
        xml::put(item, state("instanceState", seen.state));
        put_reason(item, &seen);
        let size = xml::text(item, "instanceType");
        xml::put(item, cpus(&size));
        if let Some(token) = seat.token {
            xml::put(item, xml::leaf("clientToken", token));
        }
        let reachable = matches!(seen.state, InstanceState::Running | InstanceState::Stopping);
        let address = reachable.then(|| seat.address.to_string());
        put_address(item, address.as_deref());
        for interface in xml::items_mut(item, "networkInterfaceSet") {
            put_association(interface, address.as_deref());
        }
    }
}

fn put_reason(item: &mut Element, seen: &Seen) {
    let Some(reason) = &seen.reason else {
        return;
    };
    let (code, message) = reason
        .split_once(": ")
        .unwrap_or(("Server.InternalError", reason));
    xml::put(item, xml::leaf("reason", reason));
    let parts = [xml::leaf("code", code), xml::leaf("message", message)];
    xml::put(item, xml::node("stateReason", parts));
}

/// What quotas count. moto leaves it out; so many cores with two threads each are true of the families that we offer but
/// for the newest of AMD's.
fn cpus(size: &str) -> Element {
    let word = size.split('.').nth(1).unwrap_or_default();
    let cores = match word.strip_suffix("xlarge") {
        Some("") => 2,
        Some(times) => times.parse().map_or(1, |times: u32| 2 * times),
        None => 1,
    };
    let parts = [
        xml::leaf("coreCount", cores.to_string()),
        xml::leaf("threadsPerCore", "2"),
    ];
    xml::node("cpuOptions", parts)
}

/// moto's public addresses are somebody's: nobody may be sent there.
fn put_address(item: &mut Element, address: Option<&str>) {
    xml::remove(item, "ipAddress");
    xml::put(item, xml::leaf("dnsName", address.unwrap_or_default()));
    if let Some(address) = address {
        xml::put(item, xml::leaf("ipAddress", address));
    }
}

fn put_association(interface: &mut Element, address: Option<&str>) {
    let Some(address) = address else {
        return xml::remove(interface, "association");
    };
    if let Some(association) = interface.get_mut_child("association") {
        xml::put(association, xml::leaf("publicIp", address));
        xml::put(association, xml::leaf("publicDnsName", address));
    }
}

/// A state with its code (EC2 API Reference, `InstanceState`).
pub fn state(name: &str, state: InstanceState) -> Element {
    let (code, word) = match state {
        InstanceState::Pending => ("0", "pending"),
        InstanceState::Running => ("16", "running"),
        InstanceState::ShuttingDown => ("32", "shutting-down"),
        InstanceState::Terminated => ("48", "terminated"),
        InstanceState::Stopping => ("64", "stopping"),
        InstanceState::Stopped => ("80", "stopped"),
    };
    xml::node(name, [xml::leaf("code", code), xml::leaf("name", word)])
}
