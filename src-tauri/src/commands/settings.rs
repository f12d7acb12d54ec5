//! Settings, and what is told without being asked for.

use slipway_core::error::Result;
use slipway_core::view::choice::SettingsView;

use super::Held;

#[tauri::command]
pub async fn settings(shell: Held<'_>) -> Result<SettingsView> {
    shell.act(async { shell.desk().await?.settings().await }).await
}

#[tauri::command]
pub async fn update_settings(shell: Held<'_>, settings: SettingsView) -> Result<SettingsView> {
    shell
        .act(async { shell.desk().await?.update_settings(&settings).await })
        .await
}

#[tauri::command]
pub async fn notices(shell: Held<'_>) -> Result<Vec<String>> {
    shell
        .act(async { Ok(shell.desk().await?.engine.notices()) })
        .await
}
