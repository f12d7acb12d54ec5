//! One launch: all of it but the log, and the log in pages. What changes after comes as events.

use slipway_core::error::Result;
use slipway_core::view::{LaunchView, LogPage, LogQuery};

use super::Held;

#[tauri::command]
pub async fn watch(shell: Held<'_>, id: String) -> Result<LaunchView> {
    shell
        .act(async { shell.desk().await?.engine.view(&id).await })
        .await
}

#[tauri::command]
pub async fn log_page(shell: Held<'_>, id: String, query: LogQuery) -> Result<LogPage> {
    shell
        .act(async { shell.desk().await?.engine.log_page(&id, &query).await })
        .await
}

#[tauri::command]
pub async fn save_log(shell: Held<'_>, id: String) -> Result<String> {
    shell
        .act(async {
            let file = shell.desk().await?.save_log(&id).await?;
            Ok(file.display().to_string())
        })
        .await
}
