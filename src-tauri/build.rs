//! Gives every command of the window a permission of its own, and sees that there is a front end to build in.

use std::path::Path;

/// Every command: one that is not named here could be called by any page.
const COMMANDS: &[&str] = &[
    "settings",
    "update_settings",
    "notices",
    "list_profiles",
    "switch_profile",
    "file_profiles",
    "add_profile",
    "add_file_profile",
    "remove_profile",
    "switch_region",
    "doctor",
    "prices",
    "create_default_network",
    "sweep",
    "delete_leftover",
    "list_servers",
    "list_images",
    "list_recipes",
    "broken_recipes",
    "catalog",
    "draft",
    "save_draft",
    "launch",
    "watch",
    "log_page",
    "save_log",
    "resume",
    "trust_connection",
    "take_offer",
    "address_changed",
    "retry",
    "extend",
    "cancel",
    "terminate",
    "server_act",
    "create_image",
    "delete_image",
    "access",
    "console",
    "screenshot",
    "open_site",
    "save_rdp",
    "connect_rdp",
    "rdp_certificate",
    "reveal_password",
    "copy_password",
];

const FRONT_END: &str = "../ui/build";

fn main() {
    assert!(
        Path::new(FRONT_END).join("index.html").is_file(),
        "the front end is not built yet: enter `cargo xtask run`, or `npm ci && npm run build` in ui/"
    );
    println!("cargo:rerun-if-changed={FRONT_END}");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        panic!("{error:#}");
    }
}
