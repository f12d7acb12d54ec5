//! `slipway image`: create, list, delete.

use serde::Serialize;
use slipway_core::view::{ImageJobPhase, ImageJobView, ImageStatus, ImageView};

use crate::args::ImageAct;
use crate::ask;
use crate::context::{Context, Whose};
use crate::failure::{End, Failure, Result};
use crate::follow::now;
use crate::interrupt;
use crate::output::table::{text, whole};
use crate::output::text::{age, duration};
use crate::output::{clean, shell, words};
use crate::tell::{along, of_image};

/// An image that was deleted, as a JSON line.
#[derive(Serialize)]
struct Deleted<'a> {
    name: &'a str,
    #[serde(flatten)]
    whose: &'a Whose,
}

/// How the making of an image stands, as a JSON line.
#[derive(Serialize)]
struct Making<'a> {
    id: &'a str,
    image: &'a ImageJobView,
}

pub async fn run(context: &Context, act: ImageAct) -> Result<End> {
    match act {
        ImageAct::Create {
            server,
            name,
            description,
            wait,
        } => {
            let id = context.find(&server.server).await?;
            let engine = context.engine();
            let answered = Box::pin(engine.create_image(&id, &name, &description));
            along(engine, context.output, &id, of_image, answered).await?;
            if wait {
                made(context, &id, &name).await
            } else {
                asked(context, &id, &name).await
            }
        }
        ImageAct::List => list(context).await,
        ImageAct::Delete { images } => delete(context, &images).await,
    }
}

async fn asked(context: &Context, id: &str, name: &str) -> Result<End> {
    if let Some(image) = context.engine().view(id).await?.image_job {
        context.output.json("image", &Making { id, image: &image })?;
    }
    let name = clean::line(name);
    context.output.line(format!(
        "The image {name} is being made. “slipway image list” shows how far it is."
    ))?;
    Ok(End::Done)
}

/// Waits until the image is there and the server is back.
async fn made(context: &Context, id: &str, name: &str) -> Result<End> {
    let engine = context.engine();
    let attendance = engine.attend();
    let job = tokio::select! {
        job = along(engine, context.output, id, of_image, Box::pin(engine.image_settled(id))) => job?,
        () = interrupt::wanted() => {
            let name = clean::line(name);
            context.output.line(format!("The snapshot of {name} goes on; the server is started again when Slipway is open."))?;
            return Ok(End::Interrupted);
        }
    };
    drop(attendance);
    let Some(job) = job else { return Ok(End::Done) };
    context.output.json("image", &Making { id, image: &job })?;
    if let Some(error) = job.error.clone() {
        return Err(Failure::Error(error));
    }
    if job.phase == ImageJobPhase::Failed {
        return Ok(End::Failed);
    }
    let (mark, name) = (context.output.style.good("✓"), clean::line(name));
    let took = duration(now() - job.started);
    context.output.line(format!(
        "{mark} The image {name} can be launched from. It took {took}."
    ))?;
    context.output.line(format!(
        "  slipway launch {} --name NAME",
        shell::option("--image", &job.name)
    ))?;
    Ok(End::Done)
}

async fn list(context: &Context) -> Result<End> {
    let images = context.engine().images(&context.profile).await?;
    let (now, free) = (now(), context.free().await?);
    let row = |image: &ImageView| {
        let state = match image.state {
            ImageStatus::Making => format!("{} ({} %)", words::image(image.state), image.percent),
            ImageStatus::Available | ImageStatus::Failed => words::image(image.state).to_owned(),
        };
        let server = image.server.clone().unwrap_or_default();
        vec![
            image.name.clone(),
            state,
            server,
            age(now - image.created),
            format!("{:.0} GiB", image.size_gib),
            words::price(image.usd_per_month.or(free), "a month"),
            image.description.clone(),
        ]
    };
    context.output.list(
        "image_summary",
        &images,
        &[
            whole("IMAGE"),
            text("STATE"),
            whole("OF SERVER"),
            whole("AGE"),
            whole("SIZE"),
            whole("COST"),
            text("DESCRIPTION"),
        ],
        row,
    )?;
    if images.is_empty() {
        context
            .output
            .line("No images yet. “slipway image create SERVER --name NAME” makes one.")?;
    }
    Ok(End::Done)
}

async fn delete(context: &Context, images: &[String]) -> Result<End> {
    let mut names = Vec::new();
    for image in images {
        names.push(context.engine().image_to_delete(&context.profile, image).await?);
    }
    let whose = context.whose(&context.profile).await?;
    let what = format!(
        "delete {} for good, with its snapshots ({whose})",
        names.join(", ")
    );
    if !ask::confirm(context.yes, &what)? {
        context.output.line("Nothing was done.")?;
        return Ok(End::Failed);
    }
    for name in &names {
        context.engine().delete_image(&context.profile, name).await?;
        context.output.json("deleted", &Deleted { name, whose: &whose })?;
        context.output.line(format!(
            "{} {} is deleted ({whose}).",
            context.output.style.good("✓"),
            clean::line(name)
        ))?;
    }
    Ok(End::Done)
}
