//! The commands: what the front end may ask. Each passes its arguments on and its answer back; `ui/src/lib/backend.ts`
//! calls them. Errors cross as [`slipway_core::error::Error`].

mod access;
mod acts;
mod choices;
mod lists;
mod profiles;
mod settings;
mod watch;

use tauri::State;
use tauri::ipc::Invoke;

use crate::shell::Shell;

/// What every command works with.
type Held<'a> = State<'a, Shell>;

/// All of them; each is also named in `build.rs` and allowed in `capabilities/main.json`.
pub fn all() -> impl Fn(Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        settings::settings,
        settings::update_settings,
        settings::notices,
        profiles::list_profiles,
        profiles::switch_profile,
        profiles::file_profiles,
        profiles::add_profile,
        profiles::add_file_profile,
        profiles::remove_profile,
        profiles::switch_region,
        profiles::doctor,
        profiles::prices,
        profiles::create_default_network,
        profiles::sweep,
        profiles::delete_leftover,
        lists::list_servers,
        lists::list_images,
        lists::list_recipes,
        lists::broken_recipes,
        choices::catalog,
        choices::draft,
        choices::save_draft,
        choices::launch,
        watch::watch,
        watch::log_page,
        watch::save_log,
        acts::resume,
        acts::trust_connection,
        acts::take_offer,
        acts::address_changed,
        acts::retry,
        acts::extend,
        acts::cancel,
        acts::terminate,
        acts::server_act,
        acts::create_image,
        acts::delete_image,
        access::access,
        access::console,
        access::screenshot,
        access::open_site,
        access::save_rdp,
        access::connect_rdp,
        access::rdp_certificate,
        access::reveal_password,
        access::copy_password,
    ]
}
