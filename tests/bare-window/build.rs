//! What every Tauri window needs built beside it.

fn main() {
    tauri_build::build();
}
