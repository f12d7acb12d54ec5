//! `slipway log`: the install's log, whole or in part.

use slipway_core::view::{LineLevel, LogLine, LogQuery};

use crate::args::Log;
use crate::context::Context;
use crate::failure::{End, Result};
use crate::output::text::timestamp;
use crate::output::{Output, clean, words};

/// Lines read at a time.
const PAGE: u32 = 1_000;

pub async fn run(context: &Context, asked: &Log) -> Result<End> {
    let engine = context.engine();
    let id = engine
        .find_any_server(&context.profile, &asked.server.server)
        .await?;
    match asked.lines {
        Some(count) => newest(context, &id, asked, count).await?,
        None => all(context, &id, asked).await?,
    }
    Ok(End::Done)
}

fn query(asked: &Log) -> LogQuery {
    LogQuery {
        limit: PAGE,
        step: asked.step.clone(),
        search: asked.search.clone(),
        warnings_only: asked.warnings,
        ..LogQuery::default()
    }
}

async fn all(context: &Context, id: &str, asked: &Log) -> Result<()> {
    let mut after = 0;
    loop {
        let query = LogQuery {
            after: Some(after),
            ..query(asked)
        };
        let page = context.engine().log_page(id, &query).await?;
        let Some(last) = page.lines.last() else {
            return Ok(());
        };
        after = last.number;
        page.lines
            .iter()
            .try_for_each(|line| print(context.output, line))?;
    }
}

/// Reads backwards in pages, then prints in order.
async fn newest(context: &Context, id: &str, asked: &Log, count: u32) -> Result<()> {
    let (mut pages, mut missing, mut before) = (Vec::new(), count, None);
    while missing > 0 {
        let query = LogQuery {
            before,
            limit: missing.min(PAGE),
            ..query(asked)
        };
        let lines = context.engine().log_page(id, &query).await?.lines;
        let Some(first) = lines.first() else { break };
        before = Some(first.number);
        missing = missing.saturating_sub(u32::try_from(lines.len()).unwrap_or(u32::MAX));
        pages.push(lines);
    }
    pages
        .iter()
        .rev()
        .flatten()
        .try_for_each(|line| print(context.output, line))
}

fn print(output: Output, line: &LogLine) -> Result<()> {
    output.json("line", line)?;
    let Some(said) = words::said(line) else {
        return Ok(());
    };
    let step = line
        .step
        .as_deref()
        .map_or_else(String::new, |step| format!("{}  ", clean::line(step)));
    let text = format!("{}  {step}{}", timestamp(line.time), clean::line(said));
    output.line(match line.level {
        LineLevel::Info => text,
        LineLevel::Warn => output.style.warn(text),
        LineLevel::Error => output.style.bad(text),
    })
}
