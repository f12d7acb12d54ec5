//! `slipway watch`.

use crate::args::One;
use crate::context::Context;
use crate::failure::{End, Result};
use crate::follow::{Until, follow};

pub async fn run(context: &Context, asked: &One) -> Result<End> {
    let id = context.find(&asked.server).await?;
    follow(context, &id, Until::Settled).await
}
