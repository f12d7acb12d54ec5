//! The agents of the fake world: each installs by the plan in its user data, in virtual time.

use async_trait::async_trait;
use slipway_protocol::console::{Line, News};
use slipway_protocol::message::StepResult;
use slipway_protocol::order::{self, Act, OrderResult};
use slipway_protocol::routes::{Hello, Page};
use slipway_protocol::sealing::{Key, PublicKey};
use slipway_protocol::{Brief, Kind, Level, Message, Outcome, Time, VERSION};
use std::time::Duration;
use tokio::time::Instant;

use super::World;
use super::impostor::FOREIGN_TLS;
use crate::error::{Error, ErrorKind, Result};
use crate::ports::{Agent, AgentAddress, Answered, Visit};

/// The certificate of every fake agent.
pub(super) const TLS: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// What an agent tells, and from when on.
pub(super) struct Script {
    pub brief: Option<Brief>,
    public: String,
    ready: Instant,
    messages: Vec<(Instant, Message)>,
    attempt: u32,
    chatter: u32,
    pub stream: String,
    /// Secrets of the orders that could be opened, by name; `token` for another bearer token.
    pub learned: Vec<String>,
}

impl Script {
    pub fn new(brief: Option<Brief>, ready: Instant, key: &Key, chatter: u32) -> Self {
        let mut script = Script {
            brief,
            public: key.public().to_text(),
            ready,
            messages: Vec::new(),
            attempt: 0,
            chatter,
            stream: "stream-1".into(),
            learned: Vec::new(),
        };
        script.play(ready + Duration::from_secs(2));
        script
    }

    pub fn keys_line(&self) -> String {
        self.line_of(TLS, self.public.clone())
    }

    /// The console's line for these keys.
    pub fn line_of(&self, tls_sha256: &str, key: String) -> String {
        let launch = self.launch();
        let tls_sha256 = tls_sha256.to_owned();
        let news = News::Keys { tls_sha256, key };
        format!("2026/11/22 09:01:05Z: {}\n", Line { launch, news })
    }

    fn launch(&self) -> String {
        let launch = self.brief.as_ref().map(|brief| brief.launch.clone());
        launch.unwrap_or_default()
    }

    /// What the agent tells in place of its good end.
    pub fn end_with(&mut self, told: &Outcome) {
        for (_, message) in &mut self.messages {
            if let Kind::End { outcome } = &mut message.kind {
                *outcome = told.clone();
            }
        }
    }

    /// Writes the next attempt down: steps one after the other, by their usual durations.
    fn play(&mut self, mut at: Instant) {
        let Some(brief) = self.brief.clone() else { return };
        self.attempt += 1;
        let done: Vec<String> = self.done();
        for step in brief.plan.steps.iter().filter(|step| !done.contains(&step.id)) {
            self.say(at, Some(&step.id), Kind::StepStarted, &step.title);
            at += Duration::from_secs(u64::from(step.usual_seconds.unwrap_or(5)));
            let working = format!("working for {}", brief.launch);
            for _ in 0..=self.chatter {
                self.say(at, Some(&step.id), Kind::Line, &working);
            }
            if self.attempt == 1 && brief.plan.fail_at.as_ref() == Some(&step.id) {
                let reason = "the script says so".to_owned();
                self.say(
                    at,
                    Some(&step.id),
                    Kind::StepFinished {
                        result: StepResult::Failed,
                        millis: 1,
                    },
                    &reason,
                );
                let outcome = Outcome::Failed {
                    step: Some(step.id.clone()),
                    reason,
                };
                return self.say(at, None, Kind::End { outcome }, "failed");
            }
            self.say(
                at,
                Some(&step.id),
                Kind::StepFinished {
                    result: StepResult::Done,
                    millis: 1,
                },
                "",
            );
        }
        let outcome = Outcome::Succeeded {
            site: brief.plan.site.clone(),
            admin: brief.plan.admin.clone(),
        };
        self.say(at, None, Kind::End { outcome }, "succeeded");
    }

    fn done(&self) -> Vec<String> {
        let finished = |message: &Message| {
            matches!(
                message.kind,
                Kind::StepFinished {
                    result: StepResult::Done,
                    ..
                }
            )
        };
        self.messages
            .iter()
            .filter(|(_, message)| finished(message))
            .filter_map(|(_, message)| message.step.clone())
            .collect()
    }

    pub fn say(&mut self, at: Instant, step: Option<&str>, kind: Kind, text: &str) {
        let (number, attempt) = (self.messages.len() as u64 + 1, self.attempt);
        let (time, step) = (Time(number as i64), step.map(str::to_owned));
        let message = Message {
            number,
            attempt,
            time,
            step,
            level: Level::Info,
            text: text.to_owned(),
            kind,
        };
        self.messages.push((at, message));
    }

    /// Carries out the orders among the tags that are new.
    pub fn obey<'t>(&mut self, tags: impl Iterator<Item = (&'t str, &'t str)>, key: &Key, now: Instant) {
        let Some(brief) = self.brief.clone() else { return };
        let Ok(app) = PublicKey::from_text(&brief.app_key) else {
            return;
        };
        for (number, sealed) in order::from_tags(tags) {
            let known = |(_, message): &(Instant, Message)| matches!(message.kind, Kind::OrderDone { order, .. } if order == number);
            if self.messages.iter().any(known) {
                continue;
            }
            let mut sets = sealed.iter();
            let Some(order) = sets.find_map(|sealed| order::open(sealed, key, &app).ok()) else {
                continue;
            };
            self.say(
                now,
                None,
                Kind::OrderDone {
                    order: number,
                    result: OrderResult::Done,
                },
                "",
            );
            match order.act {
                Act::Retry { .. } => self.play(now + Duration::from_secs(1)),
                Act::Secret { name, .. } => self.learned.push(name),
                Act::Token { .. } => self.learned.push("token".into()),
                _ => {}
            }
        }
    }

    fn after(&self, number: u64, now: Instant) -> Vec<Message> {
        let told = self
            .messages
            .iter()
            .filter(|(at, message)| *at <= now && message.number > number);
        told.map(|(_, message)| message.clone()).take(500).collect()
    }

    fn next_at(&self, number: u64) -> Option<Instant> {
        self.messages
            .iter()
            .find(|(_, message)| message.number > number)
            .map(|(at, _)| *at)
    }
}

impl World {
    /// Does something with the agent at an address, if it answers by now.
    fn with_agent<T>(
        &self,
        at: &AgentAddress,
        call: &str,
        work: impl FnOnce(&mut Script) -> T,
    ) -> Result<Answered<T>> {
        self.faults.pass(call, || {
            let state = &mut *self.lock();
            let found = state
                .instances
                .iter_mut()
                .find(|(id, _)| at.host == format!("{id}.test"));
            let machine = found
                .map(|(_, machine)| machine)
                .filter(|machine| machine.is_up());
            let Some(machine) = machine.filter(|machine| Instant::now() >= machine.script.ready) else {
                return Err(Error::new(ErrorKind::Unreachable, "Nothing answers."));
            };
            let tags: Vec<(String, String)> = machine.tags.clone().into_iter().collect();
            let tags = tags.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            let (script, key, tls) = match &mut state.impostor {
                Some(impostor) => (&mut impostor.script, &impostor.key, FOREIGN_TLS),
                None => (&mut machine.script, &machine.key, TLS),
            };
            if at.pin.as_deref().is_some_and(|pin| pin != tls) {
                return Err(Error::new(ErrorKind::IdentityMismatch, "Another server answers."));
            }
            script.obey(tags, key, Instant::now());
            Ok(Answered {
                value: work(script),
                tls_sha256: tls.into(),
            })
        })
    }
}

#[async_trait]
impl Agent for World {
    async fn hello(&self, at: &AgentAddress) -> Result<Answered<Hello>> {
        self.with_agent(at, "hello", |script| Hello {
            protocol: VERSION,
            agent: "fake".into(),
            launch: script.launch(),
            instance: at.host.clone(),
            stream: script.stream.clone(),
            key: script.public.clone(),
            attempt: script.attempt,
        })
    }

    async fn messages(&self, at: &AgentAddress, after: u64, wait_seconds: u32) -> Result<Answered<Page>> {
        let next = self
            .with_agent(at, "messages", |script| script.next_at(after))?
            .value;
        let patience = Instant::now() + Duration::from_secs(u64::from(wait_seconds));
        tokio::time::sleep_until(next.map_or(patience, |next| next.min(patience))).await;
        self.with_agent(at, "messages_answer", |script| {
            let messages = script.after(after, Instant::now());
            let last = messages.last().map_or(after, |message| message.number);
            Page {
                stream: script.stream.clone(),
                messages,
                last,
            }
        })
    }

    async fn finish(&self, at: &AgentAddress, after: u64, _order: &str) -> Result<()> {
        self.messages(at, after, 0).await.map(drop)
    }

    async fn log(&self, at: &AgentAddress) -> Result<Answered<String>> {
        self.with_agent(at, "log", |script| {
            script
                .messages
                .iter()
                .map(|(_, message)| format!("{}\n", message.text))
                .collect()
        })
    }

    async fn visit(&self, url: &str) -> Result<Visit> {
        self.faults.pass("visit", || {
            let mut state = self.lock();
            state.visited.push(url.to_owned());
            let up = state
                .instances
                .iter()
                .any(|(id, machine)| url.contains(&format!("{id}.test")) && machine.is_up());
            if up {
                Ok(Visit {
                    status: 200,
                    millis: 12,
                })
            } else {
                Err(Error::new(ErrorKind::Unreachable, "Nothing answers."))
            }
        })
    }

    fn forget_connections(&self) {}
}
