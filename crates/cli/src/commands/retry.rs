//! `slipway retry`.

use crate::args::Retry;
use crate::context::Context;
use crate::failure::{End, Result};
use crate::follow::{Until, follow};

pub async fn run(context: &Context, asked: &Retry) -> Result<End> {
    let id = context.find(&asked.server.server).await?;
    context.engine().retry(&id, asked.restart).await?;
    if asked.detach {
        context.engine().taken_up(&id).await?;
    }
    follow(context, &id, Until::asked(asked.detach)).await
}
