//! What there is, in the profile in use.

use slipway_core::error::{Error, Result};
use slipway_core::view::choice::RecipeView;
use slipway_core::view::{ImageView, ServerView};

use super::Held;

#[tauri::command]
pub async fn list_servers(shell: Held<'_>) -> Result<Vec<ServerView>> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            engine.servers(&engine.current_profile().await?).await
        })
        .await
}

#[tauri::command]
pub async fn list_images(shell: Held<'_>) -> Result<Vec<ImageView>> {
    shell
        .act(async {
            let engine = &shell.desk().await?.engine;
            engine.images(&engine.current_profile().await?).await
        })
        .await
}

#[tauri::command]
pub async fn list_recipes(shell: Held<'_>) -> Result<Vec<RecipeView>> {
    shell
        .act(async { shell.desk().await?.engine.recipe_views().await })
        .await
}

#[tauri::command]
pub async fn broken_recipes(shell: Held<'_>) -> Result<Vec<Error>> {
    Ok(shell.desk().await?.engine.broken_recipes().to_vec())
}
