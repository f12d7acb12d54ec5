//! The wizard: what can be chosen, what was chosen so far, and the launch itself.

use slipway_core::error::Result;
use slipway_core::view::choice::{CatalogView, Draft, LaunchSecrets};

use super::Held;

#[tauri::command]
pub async fn catalog(shell: Held<'_>) -> Result<CatalogView> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            engine.catalog_view(&engine.current_profile().await?).await
        })
        .await
}

#[tauri::command]
pub async fn draft(shell: Held<'_>) -> Result<Option<Draft>> {
    shell
        .act(async { shell.desk().await?.engine.draft().await })
        .await
}

#[tauri::command]
pub async fn save_draft(shell: Held<'_>, draft: Option<Draft>) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.save_draft(draft.as_ref()).await })
        .await
}

#[tauri::command]
pub async fn launch(shell: Held<'_>, draft: Draft, secrets: LaunchSecrets) -> Result<String> {
    shell
        .act(async { shell.desk().await?.engine.launch_draft(draft, secrets).await })
        .await
}
