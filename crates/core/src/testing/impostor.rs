//! Others who answer in place of an agent, consoles that show other keys, and agents that say what they should not.

use slipway_protocol::sealing::Key;
use slipway_protocol::{Kind, Outcome};
use tokio::time::Instant;

use super::World;
use super::agent::Script;
use super::state::{Machine, State};
use crate::cloud::{Tags, tag};

/// The certificate of whoever answers in an agent's place.
pub(super) const FOREIGN_TLS: &str = "ff112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// Which keys the consoles show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConsoleShows {
    /// Those of the agent on the machine.
    #[default]
    Its,
    /// None.
    Nothing,
    /// Those of somebody else.
    Others,
}

impl ConsoleShows {
    pub(super) fn line(self, script: &Script) -> String {
        match self {
            ConsoleShows::Its => script.keys_line(),
            ConsoleShows::Nothing => String::new(),
            ConsoleShows::Others => script.line_of(FOREIGN_TLS, "A".repeat(44)),
        }
    }
}

/// Somebody with keys of their own, who tells a whole install.
pub(super) struct Impostor {
    pub key: Key,
    pub script: Script,
}

impl World {
    /// Which keys the consoles show from now on.
    pub fn set_console(&self, shows: ConsoleShows) {
        self.lock().console = shows;
    }

    /// Somebody else answers from now on in place of the newest machine's agent, and tells that all went well.
    pub fn intrude(&self) {
        let mut state = self.lock();
        let key = Key::generate();
        let brief = newest(&mut state).script.brief.clone();
        let mut script = Script::new(brief, Instant::now(), &key, 0);
        script.stream = "stream-of-somebody-else".into();
        state.impostor = Some(Impostor { key, script });
    }

    /// The agents answer again.
    pub fn withdraw(&self) {
        self.lock().impostor = None;
    }

    /// Names of the secrets that whoever intrudes could open.
    pub fn stolen(&self) -> Vec<String> {
        let state = self.lock();
        let learned = state
            .impostor
            .as_ref()
            .map(|impostor| impostor.script.learned.clone());
        learned.unwrap_or_default()
    }

    /// Names of the secrets that the newest machine's agent could open.
    pub fn delivered(&self) -> Vec<String> {
        newest(&mut self.lock()).script.learned.clone()
    }

    /// The newest machine's agent says one thing more.
    pub fn say(&self, kind: Kind, text: &str) {
        let mut state = self.lock();
        newest(&mut state).script.say(Instant::now(), None, kind, text);
    }

    /// How the newest machine's agent tells that its attempts end.
    pub fn end_with(&self, told: &Outcome) {
        newest(&mut self.lock()).script.end_with(told);
    }

    /// The messages of the newest machine come from another disk from now on.
    pub fn replace_stream(&self) {
        newest(&mut self.lock()).script.stream = "stream-of-another-disk".into();
    }

    /// The id of a launch's instance; empty where it has none.
    pub fn instance_of(&self, launch: &str) -> String {
        let state = self.lock();
        let mut found = state.instances.iter();
        let of_launch = |tags: &Tags| tags.get(tag::LAUNCH).is_some_and(|id| id == launch);
        let id = found
            .find(|(_, machine)| of_launch(&machine.tags))
            .map(|(id, _)| id.clone());
        id.unwrap_or_default()
    }

    /// Addresses of sites that were asked for.
    pub fn visited(&self) -> Vec<String> {
        self.lock().visited.clone()
    }
}

fn newest(state: &mut State) -> &mut Machine {
    let machines = state.instances.values_mut();
    machines.max_by_key(|machine| machine.made).expect("a machine")
}
