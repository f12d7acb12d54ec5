//! The cloud that tests see: moto, the machines, what the proxy keeps in mind, and what is to go wrong.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::answer::Refusal;
use crate::call::Call;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::moto::Moto;
use crate::rack::Rack;
use crate::requests::Requests;
use crate::rules::Rules;
use crate::sign_in::SignIns;
use crate::validate::Models;
use crate::world::World;

/// Everything that an answer may need.
pub struct Cloud {
    /// What this stands on.
    pub moto: Moto,
    /// Where the instances run.
    pub rack: Box<dyn Rack>,
    /// What is known beside.
    pub world: World,
    /// What is to go wrong.
    pub faults: Faults,
    /// What came.
    pub requests: Requests,
    /// What time it is.
    pub clock: Clock,
    /// Who is signed in for how long.
    pub sign_ins: SignIns,
    /// AWS's descriptions of its services.
    pub models: Models,
    /// Taken by what must not be done twice at once.
    pub turn: tokio::sync::Mutex<()>,
    rules: Mutex<Rules>,
}

impl Cloud {
    /// A cloud in which nothing has happened.
    pub fn new(moto: Moto, rack: Box<dyn Rack>, models: Models) -> Self {
        Cloud {
            moto,
            rack,
            models,
            world: World::default(),
            faults: Faults::default(),
            requests: Requests::default(),
            clock: Clock::default(),
            sign_ins: SignIns::default(),
            turn: tokio::sync::Mutex::default(),
            rules: Mutex::default(),
        }
    }

    /// How it behaves; to be read or changed.
    pub fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers that something was created just now.
    pub fn created(&self, id: &str) {
        let now = tokio::time::Instant::now();
        self.world.known().created.insert(id.to_owned(), now);
    }

    /// Whether reads do not know of it yet.
    pub fn is_too_new(&self, id: &str) -> bool {
        let limit = Duration::from_secs_f64(self.rules().unknown_for);
        let known = self.world.known();
        known.created.get(id).is_some_and(|since| since.elapsed() < limit)
    }

    /// Refuses a request that names something which is not known yet.
    pub fn check_known(&self, call: &Call) -> Result<(), Refusal> {
        let named = [
            ("InstanceId", "InvalidInstanceID.NotFound"),
            ("GroupId", "InvalidGroup.NotFound"),
            ("SecurityGroupId", "InvalidGroup.NotFound"),
            ("ImageId", "InvalidAMIID.NotFound"),
            ("KeyName", "InvalidKeyPair.NotFound"),
            ("ResourceId", "InvalidInstanceID.NotFound"),
        ];
        for (name, code) in named {
            let one = call.params.get(name).map(str::to_owned);
            let mut all = one.into_iter().chain(call.params.list(name));
            if let Some(id) = all.find(|id| self.is_too_new(id)) {
                return Err(Refusal::new(code, format!("The ID '{id}' does not exist")));
            }
        }
        Ok(())
    }
}
