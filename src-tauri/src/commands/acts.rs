//! Acts on servers and images. Each returns when it is begun; how it goes comes as events.

use slipway_core::error::Result;
use slipway_core::view::choice::PowerAct;

use super::Held;

#[tauri::command]
pub async fn resume(shell: Held<'_>, id: String) -> Result<()> {
    shell.desk().await?.engine.resume(&id).await
}

#[tauri::command]
pub async fn trust_connection(shell: Held<'_>, id: String) -> Result<()> {
    shell.desk().await?.engine.trust(&id).await
}

#[tauri::command]
pub async fn take_offer(shell: Held<'_>, id: String, offer: String) -> Result<()> {
    shell.desk().await?.engine.take_offer(&id, &offer).await
}

#[tauri::command]
pub async fn address_changed(shell: Held<'_>, id: String) -> Result<()> {
    shell.desk().await?.engine.mend_address(&id).await.map(drop)
}

#[tauri::command]
pub async fn retry(shell: Held<'_>, id: String, restart: bool) -> Result<()> {
    shell.desk().await?.engine.retry(&id, restart).await
}

#[tauri::command]
pub async fn extend(shell: Held<'_>, id: String, minutes: u32) -> Result<()> {
    shell.desk().await?.engine.extend(&id, minutes).await
}

/// The engine knows by the phase that a launch at work is cancelled, not terminated.
#[tauri::command]
pub async fn cancel(shell: Held<'_>, id: String) -> Result<()> {
    shell.desk().await?.engine.terminate(&id).await
}

#[tauri::command]
pub async fn terminate(shell: Held<'_>, id: String) -> Result<()> {
    shell.desk().await?.engine.terminate(&id).await
}

#[tauri::command]
pub async fn server_act(shell: Held<'_>, id: String, act: PowerAct) -> Result<()> {
    shell.desk().await?.engine.power(&id, act).await
}

#[tauri::command]
pub async fn create_image(shell: Held<'_>, id: String, name: String, description: String) -> Result<()> {
    let engine = &shell.desk().await?.engine;
    engine.create_image(&id, &name, &description).await
}

#[tauri::command]
pub async fn delete_image(shell: Held<'_>, id: String) -> Result<()> {
    let engine = &shell.desk().await?.engine;
    let profile = engine.current_profile().await?;
    engine.delete_image(&profile, &id).await.map(drop)
}
