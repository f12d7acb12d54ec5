//! A Tauri window with one heading and nothing behind it: what Slipway's own window is compared with. Never shipped.

use std::process::ExitCode;

#[expect(
    clippy::disallowed_methods,
    reason = "in what `generate_context` writes, not in ours"
)]
fn main() -> ExitCode {
    match tauri::Builder::default().run(tauri::generate_context!()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
