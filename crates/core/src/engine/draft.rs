//! The wizard's answers: kept while it is open, then launched.

use std::collections::BTreeMap;

use super::{Engine, LaunchRequest, Source};
use crate::error::Result;
use crate::recipe::{InputKind, Recipe, Start};
use crate::store::to_json;
use crate::view::choice::{Draft, LaunchSecrets};

/// Where the journal keeps it.
const DRAFT: &str = "draft";

impl Engine {
    /// The answers of last time. Those that another version wrote and this one can't read are none.
    pub async fn draft(&self) -> Result<Option<Draft>> {
        let kept = self.inner.store.setting(DRAFT).await?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps the answers, or forgets them.
    pub async fn save_draft(&self, draft: Option<&Draft>) -> Result<()> {
        let text = draft.map(to_json).transpose()?;
        self.inner.store.remember(DRAFT, text.as_deref()).await
    }

    /// Launches what the answers say, with the profile in use; gives the launch's id.
    pub async fn launch_draft(&self, draft: Draft, secrets: LaunchSecrets) -> Result<String> {
        let answers = match (&draft.image, draft.recipe.as_str()) {
            // An image that does not name its recipe asks nothing.
            (Some(_), "") => BTreeMap::new(),
            (_, recipe) => answers(self.library().find(recipe)?, &draft, &secrets),
        };
        self.launch(LaunchRequest {
            name: draft.name,
            profile: self.current_profile().await?,
            region: Some(draft.region).filter(|region| !region.is_empty()),
            source: draft.image.map_or(Source::Recipe(draft.recipe), Source::Image),
            answers,
            family: draft.family,
            size: Some(draft.size).filter(|size| !size.is_empty()),
            disk_gib: Some(draft.disk_gib).filter(|gib| *gib > 0),
            network: draft.network,
            allowed_from: draft.allowed_from,
            public_site: draft.public_site,
            administrator_password: secrets.administrator.filter(|_| draft.own_password),
            stop_after_minutes: draft.stop_after_minutes,
            stop_failed_after_minutes: draft.stop_failed_after_minutes,
            run_own_recipe: draft.run_own_recipe,
        })
        .await
    }
}

/// The answers to what this launch asks. A draft may hold answers to another recipe, chosen before this one.
fn answers(recipe: &Recipe, draft: &Draft, secrets: &LaunchSecrets) -> BTreeMap<String, String> {
    let start = if draft.image.is_some() {
        Start::FromImage
    } else {
        Start::Fresh
    };
    let mut answers = BTreeMap::new();
    for input in recipe.inputs_for(start) {
        let given = if recipe.rehearse.as_ref() == Some(&input.id) {
            draft.fail_at.clone()
        } else if input.kind == InputKind::Secret {
            secrets
                .inputs
                .get(&input.id)
                .map(|secret| secret.expose().clone())
        } else if start == Start::Fresh {
            draft.inputs.get(&input.id).cloned()
        } else {
            None
        };
        answers.extend(given.map(|value| (input.id.clone(), value)));
    }
    answers
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
