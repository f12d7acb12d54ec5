//! Acts on servers and images. Each returns when it is begun; how it goes comes as events.

use slipway_core::error::Result;
use slipway_core::view::choice::PowerAct;

use super::Held;

#[tauri::command]
pub async fn resume(shell: Held<'_>, id: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.resume(&id).await })
        .await
}

#[tauri::command]
pub async fn trust_connection(shell: Held<'_>, id: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.trust(&id).await })
        .await
}

#[tauri::command]
pub async fn take_offer(shell: Held<'_>, id: String, offer: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.take_offer(&id, &offer).await })
        .await
}

#[tauri::command]
pub async fn address_changed(shell: Held<'_>, id: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.mend_address(&id).await.map(drop) })
        .await
}

#[tauri::command]
pub async fn retry(shell: Held<'_>, id: String, restart: bool) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.retry(&id, restart).await })
        .await
}

#[tauri::command]
pub async fn extend(shell: Held<'_>, id: String, minutes: u32) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.extend(&id, minutes).await })
        .await
}

/// The engine knows by the phase that a launch at work is cancelled, not terminated.
#[tauri::command]
pub async fn cancel(shell: Held<'_>, id: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.terminate(&id).await })
        .await
}

#[tauri::command]
pub async fn terminate(shell: Held<'_>, id: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.terminate(&id).await })
        .await
}

#[tauri::command]
pub async fn server_act(shell: Held<'_>, id: String, act: PowerAct) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.power(&id, act).await })
        .await
}

#[tauri::command]
pub async fn create_image(shell: Held<'_>, id: String, name: String, description: String) -> Result<()> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            engine.create_image(&id, &name, &description).await
        })
        .await
}

#[tauri::command]
pub async fn delete_image(shell: Held<'_>, id: String) -> Result<()> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            let profile = engine.current_profile().await?;
            engine.delete_image(&profile, &id).await.map(drop)
        })
        .await
}
