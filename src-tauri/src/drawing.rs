//! How WebKit draws on Linux. It uses OpenGL, which without a graphics card is computed by the processor: a frame of a busy
//! page then takes a quarter of a second. WebKit's own drawing is quicker there and takes less memory.

use std::path::Path;

use tauri::WebviewWindow;
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

/// Where the kernel shows its graphics cards (“The Linux Kernel: GPU Driver Developer’s Guide”, DRM devices).
const CARDS: &str = "/dev/dri";

/// Set where OpenGL is to be used all the same: for a card that shows elsewhere, and for WebKit's driver, which takes
/// pictures of a page by OpenGL only.
const ALL_THE_SAME: &str = "SLIPWAY_OPENGL";

/// Draws without OpenGL where there is no graphics card.
pub fn suit_this_computer(window: &WebviewWindow) {
    if Path::new(CARDS).exists() || std::env::var_os(ALL_THE_SAME).is_some() {
        return;
    }
    let told = window.with_webview(|webview| {
        if let Some(settings) = webview.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    });
    if let Err(error) = told {
        tracing::warn!(%error, "The window is drawn as WebKit does by itself");
    }
}
