//! The settings as a face shows them: what the user has set, the practice speed in use, and where things are.

use slipway_core::engine::Preferences;
use slipway_core::error::Result;
use slipway_core::view::choice::SettingsView;

use crate::wiring::Desk;

impl Desk {
    /// The settings.
    pub async fn settings(&self) -> Result<SettingsView> {
        let kept = self.engine.preferences().await?;
        Ok(SettingsView {
            theme: kept.theme,
            practice_speed: self.speed_in_use(),
            welcomed: kept.welcomed,
            data_folder: self.folders.data().display().to_string(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    /// Takes over what can be set, and gives what is in use then.
    pub async fn update_settings(&self, wanted: &SettingsView) -> Result<SettingsView> {
        let mut kept = self.engine.preferences().await?;
        kept = Preferences {
            theme: wanted.theme,
            welcomed: wanted.welcomed,
            ..kept
        };
        // A speed that the environment gives is for this run; only a change is kept.
        if wanted.practice_speed != self.speed_in_use() {
            kept.practice_speed = wanted.practice_speed.clamp(1, 1000);
            self.practice.set_speed(f64::from(kept.practice_speed));
        }
        self.engine.set_preferences(&kept).await?;
        self.settings().await
    }

    fn speed_in_use(&self) -> u32 {
        self.practice.speed().round().clamp(1.0, 1000.0) as u32
    }
}
