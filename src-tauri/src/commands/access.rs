//! How to get in. INVARIANT: `reveal_password` is the one command that answers with a secret.

use slipway_core::error::Result;
use slipway_core::view::choice::SitePage;
use slipway_core::view::{AccessView, PasswordOf, RdpCertificate};
use tauri::ipc::Response;

use super::Held;

#[tauri::command]
pub async fn access(shell: Held<'_>, id: String) -> Result<AccessView> {
    shell.desk().await?.engine.access(&id).await
}

#[tauri::command]
pub async fn console(shell: Held<'_>, id: String) -> Result<String> {
    shell.desk().await?.engine.console(&id).await
}

/// The bytes of a JPEG, as they are; none where the server has no screen.
#[tauri::command]
pub async fn screenshot(shell: Held<'_>, id: String) -> Result<Response> {
    let picture = shell.desk().await?.engine.screenshot(&id).await?;
    Ok(Response::new(picture.unwrap_or_default()))
}

#[tauri::command]
pub async fn open_site(shell: Held<'_>, id: String, page: SitePage) -> Result<()> {
    shell.desk().await?.open_site(&id, page).await
}

#[tauri::command]
pub async fn save_rdp(shell: Held<'_>, id: String) -> Result<String> {
    let file = shell.desk().await?.save_rdp(&id).await?;
    Ok(file.display().to_string())
}

#[tauri::command]
pub async fn connect_rdp(shell: Held<'_>, id: String) -> Result<()> {
    shell.desk().await?.connect_rdp(&id).await
}

#[tauri::command]
pub async fn rdp_certificate(shell: Held<'_>, id: String) -> Result<RdpCertificate> {
    shell.desk().await?.rdp_certificate(&id).await
}

#[tauri::command]
pub async fn reveal_password(shell: Held<'_>, id: String, of: PasswordOf) -> Result<String> {
    let password = shell.desk().await?.engine.reveal(&id, of).await?;
    Ok(password.expose().clone())
}

#[tauri::command]
pub async fn copy_password(shell: Held<'_>, id: String, of: PasswordOf) -> Result<()> {
    let password = shell.desk().await?.engine.reveal(&id, of).await?;
    shell.clipboard.copy(password)
}
