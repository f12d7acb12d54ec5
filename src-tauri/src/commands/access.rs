//! How to get in. INVARIANT: `reveal_password` is the one command that answers with a secret.

use slipway_core::error::Result;
use slipway_core::view::choice::SitePage;
use slipway_core::view::{AccessView, PasswordOf, RdpCertificate};
use tauri::ipc::Response;

use super::Held;

#[tauri::command]
pub async fn access(shell: Held<'_>, id: String) -> Result<AccessView> {
    shell
        .act(async { shell.desk().await?.engine.access(&id).await })
        .await
}

#[tauri::command]
pub async fn console(shell: Held<'_>, id: String) -> Result<String> {
    shell
        .act(async { shell.desk().await?.engine.console(&id).await })
        .await
}

/// The bytes of a JPEG, as they are; none where the server has no screen.
#[tauri::command]
pub async fn screenshot(shell: Held<'_>, id: String) -> Result<Response> {
    shell
        .act(async {
            let picture = shell.desk().await?.engine.screenshot(&id).await?;
            Ok(Response::new(picture.unwrap_or_default()))
        })
        .await
}

#[tauri::command]
pub async fn open_site(shell: Held<'_>, id: String, page: SitePage) -> Result<()> {
    shell
        .act(async { shell.desk().await?.open_site(&id, page).await })
        .await
}

#[tauri::command]
pub async fn save_rdp(shell: Held<'_>, id: String) -> Result<String> {
    shell
        .act(async {
            let file = shell.desk().await?.save_rdp(&id).await?;
            Ok(file.display().to_string())
        })
        .await
}

#[tauri::command]
pub async fn connect_rdp(shell: Held<'_>, id: String) -> Result<()> {
    shell
        .act(async { shell.desk().await?.connect_rdp(&id).await })
        .await
}

#[tauri::command]
pub async fn rdp_certificate(shell: Held<'_>, id: String) -> Result<RdpCertificate> {
    shell
        .act(async { shell.desk().await?.rdp_certificate(&id).await })
        .await
}

#[tauri::command]
pub async fn reveal_password(shell: Held<'_>, id: String, of: PasswordOf) -> Result<String> {
    shell
        .act(async {
            let password = shell.desk().await?.engine.reveal(&id, of).await?;
            Ok(password.expose().clone())
        })
        .await
}

#[tauri::command]
pub async fn copy_password(shell: Held<'_>, id: String, of: PasswordOf) -> Result<()> {
    shell
        .act(async {
            let password = shell.desk().await?.engine.reveal(&id, of).await?;
            shell.clipboard.copy(password)
        })
        .await
}
