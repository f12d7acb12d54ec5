//! Starting, stopping, restarting and terminating: moto keeps the books, the machine does it.

use std::collections::HashMap;

use slipway_core::cloud::InstanceState;

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::ec2::describe::state;
use crate::xml;

/// What is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// StartInstances.
    Start,
    /// StopInstances.
    Stop,
    /// RebootInstances.
    Restart,
    /// TerminateInstances.
    Terminate,
}

/// Does it.
pub async fn switch(cloud: &Cloud, call: &Call, power: Power) -> Result<Answer, Refusal> {
    let mut before = HashMap::new();
    let ids = call.params.list("InstanceId");
    for id in &ids {
        if let Some(seen) = cloud.rack.look(id).await {
            check(id, power, seen.state)?;
            before.insert(id.clone(), seen.state);
        }
    }
    let mut answer = cloud.moto.edited(call, &call.params).await?;
    for id in before.keys() {
        let done = match power {
            Power::Start => start(cloud, id).await,
            Power::Stop => cloud.rack.stop(id).await,
            Power::Restart => cloud.rack.restart(id).await,
            Power::Terminate => cloud.rack.terminate(id).await,
        };
        done.map_err(|reason| Refusal::new("IncorrectInstanceState", reason))?;
    }
    for item in xml::items_mut(&mut answer, "instancesSet") {
        let id = xml::text(item, "instanceId");
        if let (Some(was), Some(is)) = (before.get(&id), cloud.rack.look(&id).await) {
            xml::put(item, state("previousState", *was));
            xml::put(item, state("currentState", is.state));
        }
    }
    Ok(answer::ec2(&answer))
}

/// A start gives another public address.
async fn start(cloud: &Cloud, id: &str) -> Result<(), String> {
    let runs = cloud.rack.look(id).await;
    if runs.is_some_and(|seen| seen.state != InstanceState::Stopped) {
        return Ok(());
    }
    let address = cloud.world.known().new_address();
    if let Some(seat) = cloud.world.known().instances.get_mut(id) {
        seat.address = address;
    }
    cloud.rack.start(id, address).await
}

fn check(id: &str, power: Power, state: InstanceState) -> Result<(), Refusal> {
    use InstanceState::{Pending, Running, ShuttingDown, Stopped, Stopping, Terminated};
    let possible = match power {
        Power::Start => matches!(state, Stopped | Pending | Running),
        Power::Stop => matches!(state, Running | Pending | Stopping | Stopped),
        Power::Restart => !matches!(state, ShuttingDown | Terminated | Stopped | Stopping),
        Power::Terminate => true,
    };
    if possible {
        return Ok(());
    }
    Err(Refusal::new(
        "IncorrectInstanceState",
        format!(
            "The instance '{id}' is not in a state from which it can be {}.",
            power.done()
        ),
    ))
}

impl Power {
    fn done(self) -> &'static str {
        match self {
            Power::Start => "started",
            Power::Stop => "stopped",
            Power::Restart => "restarted",
            Power::Terminate => "terminated",
        }
    }
}
