//! Carries orders out: each once, journaled before it is answered.

use std::io;

use slipway_protocol::message::{Kind, Level};
use slipway_protocol::order::{Act, Order, OrderResult};

use super::installer::Installer;
use super::journal::{Begin, Entry};
use super::orders::{self, Incoming, Verdict};
use super::password;
use crate::expiry::wish::{Extension, Wish};
use crate::private;

/// What the order to retry is answered with.
const RETRIED: &str = "The install goes on from what failed.";

impl Installer {
    /// Does what came by tags, and answers it. Stray tags are told to people, to nobody else.
    pub(super) async fn take_order(&mut self, incoming: Incoming) -> io::Result<()> {
        match incoming {
            Incoming::Ignored(text) => {
                self.reporter.note(&text).await;
                Ok(())
            }
            Incoming::Order(order) => self.carry_out(order).await,
        }
    }

    async fn carry_out(&mut self, order: Order) -> io::Result<()> {
        let (result, text, begins) = match orders::judge(&order, self.journal.state(), &self.plan) {
            Verdict::Repeat(result, text) => {
                self.answer(order.number, result, &text).await;
                return Ok(());
            }
            Verdict::Refuse(reason) => (OrderResult::Refused, reason, None),
            Verdict::Begin(begin) => (OrderResult::Done, RETRIED.to_owned(), Some(begin)),
            Verdict::Keep => done_or_refused(self.keep(&order.act)),
            Verdict::Extend(minutes) => self.extend(order.number, minutes),
            Verdict::NewToken(sha256) => done_or_refused(self.renew_token(&sha256)),
            Verdict::SetPassword => done_or_refused(self.set_password(&order.act).await),
        };
        self.journal.record(Entry::OrderEnded {
            order: order.number,
            result,
            text: self.reporter.redactor().redact(&text),
            begins,
        })?;
        match begins {
            Some(_) => self.begin_attempt().await,
            None => Ok(()),
        }
    }

    /// Answers an order that changes nothing in the journal.
    async fn answer(&self, order: u32, result: OrderResult, text: &str) {
        let kind = Kind::OrderDone { order, result };
        self.reporter
            .tell(self.reporter.draft(Level::Info, text, kind))
            .await;
    }

    /// What happened, or why not.
    fn keep(&self, act: &Act) -> Result<String, String> {
        let Act::Secret { name, value } = act else {
            return Ok(String::new());
        };
        let kept = self.secrets.put(name, value);
        kept.map(|()| format!("The secret “{name}” has come."))
            .map_err(|error| format!("The secret “{name}” can't be kept: {error}."))
    }

    fn extend(&self, order: u32, minutes: u32) -> (OrderResult, String, Option<Begin>) {
        let extension = Some(Extension { order, minutes });
        match Wish::change(&self.config.wish_file(), |wish| wish.extension = extension) {
            Ok(()) => {
                let text = format!("This server does not stop itself within the next {minutes} minutes.");
                (OrderResult::Done, text, None)
            }
            Err(error) => done_or_refused(Err(format!("The stop can't be put off: {error}."))),
        }
    }

    /// The status service reads the file when a token is shown that it does not know yet.
    fn renew_token(&self, sha256: &str) -> Result<String, String> {
        let is_hash = hex::decode(sha256).is_ok_and(|bytes| bytes.len() == 32);
        if !is_hash {
            return Err("The new token's SHA-256 is not one.".to_owned());
        }
        private::write(&self.config.next_token_file(), sha256.as_bytes())
            .map(|()| "The new token counts from now on.".to_owned())
            .map_err(|error| format!("The new token can't be kept: {error}."))
    }

    async fn set_password(&self, act: &Act) -> Result<String, String> {
        let Act::Secret { value, .. } = act else {
            return Ok(String::new());
        };
        self.reporter.redactor().hide(value);
        password::set(&self.config, value).await?;
        self.keep(act)?;
        Ok("The Administrator password is set.".to_owned())
    }
}

fn done_or_refused(result: Result<String, String>) -> (OrderResult, String, Option<Begin>) {
    match result {
        Ok(text) => (OrderResult::Done, text, None),
        Err(reason) => (OrderResult::Refused, reason, None),
    }
}
