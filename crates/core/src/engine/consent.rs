//! Recipes that did not come with Slipway. On Practice a step is a program on this computer that may do whatever its user
//! may, so the user is asked once before the first one runs: once for each content of the file.

use std::collections::BTreeSet;

use super::request::find_image;
use super::{Engine, LaunchRequest, Place, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::recipe::Recipe;
use crate::store::to_json;

/// Where the journal keeps the SHA-256 of the files that may run.
const ALLOWED: &str = "own_recipes";

impl Engine {
    /// What the user is asked before this is launched, as the end of “This would …”; `None` where there is nothing to
    /// ask. After a yes [`LaunchRequest::run_own_recipe`] is to be set.
    pub async fn asks_before_running(&self, request: &LaunchRequest) -> Result<Option<String>> {
        let place = &*self.place_in(&request.profile, request.region.as_deref())?;
        if !place.profile.practice {
            return Ok(None);
        }
        let image = match &request.source {
            Source::Recipe(_) => None,
            Source::Image(wanted) => Some(find_image(place, wanted).await?),
        };
        let recipe = self.recipe_for(place, request, image.as_ref())?;
        Ok(self.is_unasked(recipe).await?.then(|| question(recipe)))
    }

    /// True for an own recipe that nobody has allowed yet.
    pub(super) async fn is_unasked(&self, recipe: &Recipe) -> Result<bool> {
        match &recipe.own_sha256 {
            None => Ok(false),
            Some(sha256) => Ok(!self.allowed_recipes().await?.contains(sha256)),
        }
    }

    /// Refuses an own recipe on this computer that nobody has allowed; `now` allows it for good.
    pub(super) async fn allow_own_recipe(&self, place: &Place, recipe: &Recipe, now: bool) -> Result<()> {
        if !place.profile.practice || !self.is_unasked(recipe).await? {
            return Ok(());
        }
        if !now {
            return Err(Error::new(ErrorKind::Input, sentence(recipe)).hint(
                "Read its file first. Then allow it: in the window by the box below the recipe, in the terminal by --yes.",
            ));
        }
        let mut allowed = self.allowed_recipes().await?;
        allowed.extend(recipe.own_sha256.clone());
        let text = to_json(&allowed)?;
        self.inner.store.remember(ALLOWED, Some(&text)).await
    }

    async fn allowed_recipes(&self) -> Result<BTreeSet<String>> {
        let kept = self.inner.store.setting(ALLOWED).await?;
        Ok(kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }
}

fn question(recipe: &Recipe) -> String {
    format!(
        "run the recipe “{}”, which did not come with Slipway, as programs on this computer with all your rights",
        recipe.title
    )
}

fn sentence(recipe: &Recipe) -> String {
    format!(
        "The recipe “{}” did not come with Slipway, and on Practice its steps run as programs on this computer, with \
         all the rights that you have here.",
        recipe.title
    )
}
