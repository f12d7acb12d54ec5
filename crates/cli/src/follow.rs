//! Following a launch: takes the engine's events and shows them, redrawn, line by line or as JSON, until nothing is
//! left to do for it.

use std::time::{Duration, Instant};

use serde::Serialize;
use slipway_core::engine::Watch;
use slipway_core::event::Event;
use slipway_core::view::{LaunchView, LogQuery, Status};
use slipway_protocol::Time;
use tokio::time::MissedTickBehavior;

use crate::context::Context;
use crate::failure::{End, Result};
use crate::interrupt;
use crate::output::text::wrap;
use crate::output::{Mode, Output, clean, summary, words};
use crate::show::Show;

/// How often it is looked whether a picture is due.
const LOOK: Duration = Duration::from_millis(100);
/// What a launch waits for may have been done before it was followed again, a new sign-in for example. The engine notices
/// within this time.
const NOTICED: Duration = Duration::from_secs(5);
/// The same for what it waits for by itself: the next try may be a while off.
const TRIED: Duration = Duration::from_secs(30);
/// Lines of earlier log that a redrawn view begins with.
const EARLIER: u32 = 5;

/// When to stop following.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// The launch is ready, failed or terminated.
    Settled,
    /// The instance's id is stored.
    Started,
}

impl Until {
    /// As a command was asked: it goes along to the end unless `detach` is set.
    pub fn asked(detach: bool) -> Self {
        if detach { Until::Started } else { Until::Settled }
    }
}

/// How a launch ended, as the last JSON line.
#[derive(Serialize)]
struct Ended<'a> {
    success: bool,
    outcome: &'a str,
    id: &'a str,
    name: &'a str,
    instance: Option<&'a str>,
    site_url: Option<&'a str>,
}

/// How the loop was left.
enum Left {
    Reached,
    Waits,
    Interrupted,
}

/// Follows a launch and says how it ended.
pub async fn follow(context: &Context, id: &str, until: Until) -> Result<End> {
    let output = context.output;
    let attendance = context.engine().attend();
    let mut watch = context
        .engine()
        .watch(id, lines_after(context, id).await?)
        .await?;
    let mut show = Show::open(output)?;
    let left = follow_events(context, id, until, &mut watch, &mut show).await;
    let launch = show.close();
    drop(attendance);
    let (left, launch) = (left?, context_view(context, id, launch).await?);
    finish(output, until, &left, &launch)
}

/// Follows until the end, keeping the newest snapshot in `show`.
async fn follow_events(
    context: &Context,
    id: &str,
    until: Until,
    watch: &mut Watch,
    show: &mut Show,
) -> Result<Left> {
    let mut settled = std::pin::pin!(context.engine().settled(id));
    let mut interrupted = std::pin::pin!(interrupt::wanted());
    let mut redraw = tokio::time::interval(LOOK);
    redraw.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let (begun, mut last) = (Instant::now(), None);
    loop {
        tokio::select! {
            biased;
            () = &mut interrupted => return Ok(Left::Interrupted),
            event = watch.next() => show.event(event?)?,
            ended = &mut settled, if last.is_none() => last = Some(ended?.server.revision),
            _ = redraw.tick() => show.tick()?,
        }
        if last.is_some_and(|last| show.revision() >= last)
            || show.launch().is_some_and(|launch| reached(launch, until))
        {
            return Ok(Left::Reached);
        }
        let waits = show
            .launch()
            .is_some_and(|launch| waits(launch, begun.elapsed(), now()));
        if waits && output_is_unattended(context.output) {
            return Ok(Left::Waits);
        }
    }
}

/// It waits for its user, or has waited so long for something else that nobody who only reads lines would go along.
fn waits(launch: &LaunchView, followed: Duration, now: i64) -> bool {
    let Some(waiting) = &launch.waiting else {
        return false;
    };
    if waiting.needs_user {
        return followed >= NOTICED;
    }
    let waited = Duration::from_millis(u64::try_from(now - waiting.since).unwrap_or_default());
    let patience = waiting.reason.patience(launch.server.instance.is_some());
    patience.is_some_and(|patience| waited >= patience && followed >= patience.min(TRIED))
}

/// A script can't do what such a launch waits for; a person at the terminal can, and it goes on before their eyes.
fn output_is_unattended(output: Output) -> bool {
    output.mode != Mode::Live
}

fn reached(launch: &LaunchView, until: Until) -> bool {
    until == Until::Started && launch.server.instance.is_some()
}

/// Redrawn views begin with the newest lines; the others tell everything.
async fn lines_after(context: &Context, id: &str) -> Result<Option<i64>> {
    if context.output.mode != Mode::Live {
        return Ok(Some(0));
    }
    let query = LogQuery {
        limit: EARLIER,
        ..LogQuery::default()
    };
    let page = context.engine().log_page(id, &query).await?;
    Ok(Some(page.lines.first().map_or(0, |line| line.number - 1)))
}

async fn context_view(context: &Context, id: &str, known: Option<LaunchView>) -> Result<LaunchView> {
    match known {
        Some(launch) => Ok(launch),
        None => Ok(context.engine().view(id).await?),
    }
}

fn finish(output: Output, until: Until, left: &Left, launch: &LaunchView) -> Result<End> {
    let (end, outcome) = outcome(until, left, launch);
    let server = &launch.server;
    output.json(
        "end",
        &Ended {
            success: end == End::Done,
            outcome,
            id: &server.id,
            name: &server.name,
            instance: server.instance.as_deref(),
            site_url: server.site_url.as_deref(),
        },
    )?;
    for line in last_words(output, left, outcome, launch) {
        output.line(line)?;
    }
    Ok(end)
}

/// Says how a launch stands that nobody needs to follow, without its log.
pub fn tell(context: &Context, launch: &LaunchView) -> Result<End> {
    let output = context.output;
    if output.mode == Mode::Json {
        let launch = Box::new(launch.clone());
        output.raw(&Event::Launch { launch })?;
    }
    finish(output, Until::Settled, &Left::Reached, launch)
}

fn last_words(output: Output, left: &Left, outcome: &str, launch: &LaunchView) -> Vec<String> {
    if !matches!(left, Left::Interrupted) && outcome != "started" {
        return summary::lines(launch, output.width(), output.style);
    }
    let away = words::while_away(launch);
    let wrapped = wrap(&clean::line(&away), output.width() - 1);
    std::iter::once(String::new()).chain(wrapped).collect()
}

fn outcome(until: Until, left: &Left, launch: &LaunchView) -> (End, &'static str) {
    match (left, launch.server.status) {
        (Left::Interrupted, _) => (End::Interrupted, "interrupted"),
        (_, Status::Failed) => (End::Failed, "failed"),
        (Left::Waits, _) | (_, Status::Parked) => (End::Failed, "waiting"),
        (_, Status::Terminated | Status::Terminating) => (End::Failed, "terminated"),
        (Left::Reached, Status::Launching) if until == Until::Started => (End::Done, "started"),
        _ => (End::Done, "ready"),
    }
}

/// The clock that running times are measured by.
pub fn now() -> i64 {
    Time::now().0
}
