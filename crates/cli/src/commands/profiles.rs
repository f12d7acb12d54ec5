//! `slipway profiles`.

use slipway_core::view::ProfileView;

use crate::context::Context;
use crate::failure::{End, Result};

pub async fn run(context: &Context) -> Result<End> {
    let profiles = context.engine().profiles().await?;
    let row = |profile: &ProfileView| {
        let about = if profile.practice {
            "on this computer, costs nothing"
        } else {
            ""
        };
        let account = profile.account.clone().unwrap_or_else(|| about.to_owned());
        let mark = if profile.current { "in use" } else { "" };
        vec![
            profile.name.clone(),
            profile.region.clone(),
            account,
            mark.to_owned(),
        ]
    };
    context
        .output
        .list("profile", &profiles, &["PROFILE", "REGION", "ACCOUNT", ""], row)?;
    Ok(End::Done)
}
