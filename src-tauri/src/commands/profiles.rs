//! Profiles and the accounts behind them. A key comes in once, with `add_profile`, and goes to the keychain.

use slipway_core::error::Result;
use slipway_core::view::choice::Draft;
use slipway_core::view::{DoctorView, FileProfileView, LeftoverView, NewProfile, PricesView, ProfileView};
use slipway_desktop::profiles::Check;

use super::Held;

#[tauri::command]
pub async fn list_profiles(shell: Held<'_>) -> Result<Vec<ProfileView>> {
    shell.act(async { shell.desk().await?.profiles().await }).await
}

#[tauri::command]
pub async fn switch_profile(shell: Held<'_>, name: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.engine.switch_profile(&name).await })
        .await
}

#[tauri::command]
pub async fn file_profiles(shell: Held<'_>) -> Result<Vec<FileProfileView>> {
    shell
        .act(async { shell.desk().await?.file_profiles().await })
        .await
}

#[tauri::command]
pub async fn add_profile(shell: Held<'_>, profile: NewProfile) -> Result<()> {
    shell
        .act(async { shell.desk().await?.add_profile(profile, Check::First).await })
        .await
}

#[tauri::command]
pub async fn add_file_profile(shell: Held<'_>, name: String, region: String) -> Result<String> {
    shell
        .act(async {
            shell
                .desk()
                .await?
                .add_file_profile(&name, &region, Check::First)
                .await
        })
        .await
}

#[tauri::command]
pub async fn remove_profile(shell: Held<'_>, name: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.remove_profile(&name, false).await })
        .await
}

#[tauri::command]
pub async fn switch_region(shell: Held<'_>, region: String) -> Result<()> {
    shell
        .act(async {
            let desk = shell.desk().await?;
            desk.switch_region(&desk.engine.current_profile().await?, &region)
                .await
        })
        .await
}

#[tauri::command]
pub async fn doctor(shell: Held<'_>, name: String, draft: Option<Draft>) -> Result<DoctorView> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            engine.doctor(&name, &draft.unwrap_or_default()).await
        })
        .await
}

#[tauri::command]
pub async fn prices(shell: Held<'_>) -> Result<PricesView> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            engine.prices(&engine.current_profile().await?).await
        })
        .await
}

#[tauri::command]
pub async fn create_default_network(shell: Held<'_>, region: Option<String>) -> Result<()> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            let profile = engine.current_profile().await?;
            engine.create_default_network(&profile, region.as_deref()).await
        })
        .await
}

#[tauri::command]
pub async fn sweep(shell: Held<'_>, name: String) -> Result<Vec<LeftoverView>> {
    shell
        .act(async { shell.desk().await?.engine.sweep(&name, None).await })
        .await
}

#[tauri::command]
pub async fn delete_leftover(shell: Held<'_>, name: String, id: String) -> Result<()> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            engine.delete_leftover(&name, None, &id).await.map(drop)
        })
        .await
}
