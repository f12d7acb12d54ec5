//! What the user has set: kept in the journal, so that every face knows it.

use serde::{Deserialize, Serialize};

use super::Engine;
use crate::error::Result;
use crate::store::to_json;
use crate::view::choice::Theme;

/// Where the journal keeps it.
const PREFERENCES: &str = "preferences";

/// What the user has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Light, dark, or as the system.
    pub theme: Theme,
    /// How many times faster than life the practice world works; at least 1.
    pub practice_speed: u32,
    /// The first-run page was answered.
    pub welcomed: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Preferences {
            theme: Theme::System,
            practice_speed: 1,
            welcomed: false,
        }
    }
}

impl Engine {
    /// What the user has set; the usual where nothing that can be read is there.
    pub async fn preferences(&self) -> Result<Preferences> {
        let kept = self.inner.store.setting(PREFERENCES).await?;
        Ok(kept
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Keeps what the user has set.
    pub async fn set_preferences(&self, preferences: &Preferences) -> Result<()> {
        let text = to_json(preferences)?;
        self.inner.store.remember(PREFERENCES, Some(&text)).await
    }
}
