//! Reading instances: one request however many are asked for.

use aws_sdk_ec2::types::{Filter, Instance as Ec2Instance, InstanceStateName};
use slipway_core::cloud::{DISK_KEY_REFUSED, Endpoints, Instance, InstanceFilter, InstanceState, tag};
use slipway_core::error::Result;
use slipway_protocol::Time;

use crate::actions::Action;
use crate::session::{Session, Trouble};
use crate::tags::{filter, from_ec2};

/// A filter takes at most 200 values (“DescribeInstances”, API reference).
const AT_ONCE: usize = 200;
const RDP: u16 = 3389;
const SITE: u16 = 80;

/// The instances, in no particular order. Always by filter: asking by id fails as a whole where one is not known yet.
pub(crate) async fn find(session: &Session, wanted: &InstanceFilter) -> Result<Vec<Instance>> {
    let mut found = Vec::new();
    for filter in filters(wanted) {
        found.extend(describe(session, filter).await?);
    }
    Ok(found.iter().map(instance).collect())
}

fn filters(wanted: &InstanceFilter) -> Vec<Filter> {
    match wanted {
        InstanceFilter::Ids(ids) => ids
            .chunks(AT_ONCE)
            .map(|ids| filter("instance-id", ids))
            .collect(),
        InstanceFilter::Token(token) => vec![filter("client-token", [token])],
        InstanceFilter::Launch(launch) => vec![filter(format!("tag:{}", tag::LAUNCH), [launch])],
        InstanceFilter::Ours => vec![filter("tag-key", [tag::LAUNCH])],
    }
}

/// The instances that a filter lets through, as EC2 tells them.
pub(crate) async fn describe(session: &Session, filter: Filter) -> Result<Vec<Ec2Instance>, Trouble> {
    session
        .ask(Action::DescribeInstances, |aws| {
            let pages = aws.ec2.describe_instances().filters(filter).into_paginator();
            async move {
                let pages = pages.send().collect::<Result<Vec<_>, _>>().await?;
                let reservations = pages.iter().flat_map(|page| page.reservations());
                Ok(reservations.flat_map(|each| each.instances()).cloned().collect())
            }
        })
        .await
}

fn instance(of: &Ec2Instance) -> Instance {
    Instance {
        id: of.instance_id().unwrap_or_default().to_owned(),
        state: state(of),
        state_reason: reason(of),
        endpoints: of.public_ip_address().map(endpoints),
        size: of
            .instance_type()
            .map_or_else(String::new, |size| size.as_str().to_owned()),
        image: of.image_id().unwrap_or_default().to_owned(),
        started: of
            .launch_time()
            .and_then(|time| time.to_millis().ok())
            .map_or(Time::default(), Time),
        token: of
            .client_token()
            .filter(|token| !token.is_empty())
            .map(str::to_owned),
        tags: from_ec2(of.tags()),
    }
}

/// A state that this version does not know counts as pending: slow is never turned into gone.
fn state(of: &Ec2Instance) -> InstanceState {
    match of.state().and_then(|state| state.name()) {
        Some(InstanceStateName::Running) => InstanceState::Running,
        Some(InstanceStateName::Stopping) => InstanceState::Stopping,
        Some(InstanceStateName::Stopped) => InstanceState::Stopped,
        Some(InstanceStateName::ShuttingDown) => InstanceState::ShuttingDown,
        Some(InstanceStateName::Terminated) => InstanceState::Terminated,
        _ => InstanceState::Pending,
    }
}

/// The first is EC2's own reason, such as a failed disk; the second says who asked for the change. A refused disk key is
/// always named by its code: the words beside it say nothing.
fn reason(of: &Ec2Instance) -> Option<String> {
    let own = of.state_reason();
    let message = own
        .and_then(|reason| reason.message())
        .or(of.state_transition_reason());
    let message = message.filter(|message| !message.is_empty());
    let refused = own
        .and_then(|reason| reason.code())
        .filter(|code| *code == DISK_KEY_REFUSED);
    match (refused, message) {
        (Some(code), Some(message)) if !message.starts_with(code) => Some(format!("{code}: {message}")),
        (Some(code), None) => Some(code.to_owned()),
        (_, message) => message.map(str::to_owned),
    }
}

/// The address and not the DNS name: it is the same to everybody, and there is one resolver less to trust. It changes
/// with every stop and start, so it is read anew each time.
fn endpoints(address: &str) -> Endpoints {
    Endpoints {
        host: address.to_owned(),
        agent: slipway_protocol::routes::PORT,
        rdp: RDP,
        site: SITE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ids_are_asked_for_in_few_requests() {
        let ids: Vec<String> = (0..450).map(|number| format!("i-{number}")).collect();
        let filters = filters(&InstanceFilter::Ids(ids));
        let sizes: Vec<_> = filters.iter().map(|filter| filter.values().len()).collect();
        assert_eq!(sizes, [200, 200, 50]);
    }

    #[test]
    fn no_ids_are_no_request() {
        assert_eq!(filters(&InstanceFilter::Ids(Vec::new())), []);
    }

    #[test]
    fn a_refused_disk_key_is_named_by_its_code_whatever_stands_beside_it() {
        let of = |message: Option<&str>| {
            let told = aws_sdk_ec2::types::StateReason::builder().code(DISK_KEY_REFUSED);
            let told = told.set_message(message.map(str::to_owned)).build();
            reason(&Ec2Instance::builder().state_reason(told).build()).unwrap()
        };
        assert_eq!(
            of(Some("Client error on launch")),
            "Client.InternalError: Client error on launch"
        );
        assert_eq!(
            of(Some("Client.InternalError: Client error on launch")),
            "Client.InternalError: Client error on launch"
        );
        assert_eq!(of(None), DISK_KEY_REFUSED);
    }

    #[test]
    fn an_instance_without_a_known_state_is_pending() {
        let instance = instance(&Ec2Instance::builder().instance_id("i-1").build());
        assert_eq!(
            (instance.state, instance.endpoints),
            (InstanceState::Pending, None)
        );
    }
}
