//! `slipway resume`: goes on with a launch that waits for its user; `slipway keep`: a failed server stays longer;
//! `slipway console`: what a silent server shows.

use std::path::Path;

use serde::Serialize;
use slipway_core::view::Status;
use slipway_desktop::saving;

use crate::args::{Console, Keep, Resume};
use crate::context::Context;
use crate::failure::{End, Result, wrong_use};
use crate::follow::{self, Until};
use crate::output::{Mode, Output, clean};

/// What a server shows, as a JSON line.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    console: &'a str,
}

/// A server that does not stop itself for now, as a JSON line.
#[derive(Serialize)]
struct Kept<'a> {
    id: &'a str,
    name: &'a str,
    hours: u32,
    stops_at: Option<i64>,
}

pub async fn run(context: &Context, asked: &Resume) -> Result<End> {
    let id = context.find(&asked.server.server).await?;
    let engine = context.engine();
    let launch = engine.view(&id).await?;
    if launch.waiting.is_none() && at_rest(launch.server.status) {
        return follow::tell(context, &launch);
    }
    match (&asked.offer, asked.trust) {
        (Some(offer), _) => engine.take_offer(&id, offer).await?,
        (None, true) => engine.trust(&id).await?,
        (None, false) => engine.resume(&id).await?,
    }
    if asked.detach {
        engine.taken_up(&id).await?;
    }
    follow::follow(context, &id, Until::asked(asked.detach)).await
}

/// There is nothing to go on with.
fn at_rest(status: Status) -> bool {
    !matches!(status, Status::Launching | Status::Parked | Status::Terminating)
}

pub async fn keep(context: &Context, asked: &Keep) -> Result<End> {
    let id = context.find(&asked.server.server).await?;
    context.engine().extend(&id, asked.hours * 60).await?;
    let server = context.engine().view(&id).await?.server;
    let (name, hours) = (clean::line(&server.name), asked.hours);
    context.output.json(
        "kept",
        &Kept {
            id: &id,
            name: &server.name,
            hours,
            stops_at: server.stops_at,
        },
    )?;
    let mark = context.output.style.good("✓");
    let for_so_long = if hours == 1 {
        "hour".to_owned()
    } else {
        format!("{hours} hours")
    };
    context.output.line(format!(
        "{mark} {name} does not stop itself in the next {for_so_long}."
    ))?;
    Ok(End::Done)
}

pub async fn console(context: &Context, asked: &Console) -> Result<End> {
    let id = context.find(&asked.server.server).await?;
    if let Some(file) = &asked.screenshot {
        let picture = context.engine().screenshot(&id).await?;
        let picture =
            picture.ok_or_else(|| wrong_use("This server has no screen.", "Leave --screenshot out."))?;
        return save_picture(context.output, file, &picture);
    }
    let text = context.engine().console(&id).await?;
    context.output.json(
        "console",
        &Shown {
            id: &id,
            console: &text,
        },
    )?;
    for line in text.lines() {
        context.output.line(clean::line(line))?;
    }
    Ok(End::Done)
}

fn save_picture(output: Output, file: &Path, picture: &[u8]) -> Result<End> {
    if file != Path::new("-") {
        saving::save_as(file, picture)?;
        output.saved(file)?;
        return Ok(End::Done);
    }
    if output.mode == Mode::Plain {
        output.content(picture)?;
        return Ok(End::Done);
    }
    Err(wrong_use(
        "A picture can be written to a file or into a pipe only.",
        "Give a file name, or send the output on.",
    ))
}
