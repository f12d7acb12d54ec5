//! How WebKit draws on Linux. It uses OpenGL, which without a graphics card is computed by the processor: a frame of a busy
//! page then takes a quarter of a second. WebKit's own drawing is quicker there and takes less memory. With NVIDIA's driver
//! the window may stay blank, because WebKit hands its pictures over in a way (DMA-BUF) that this driver refuses
//! (WebKit bug 261874, tauri issue 9304); without that it uses OpenGL all the same.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use tauri::WebviewWindow;
use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};

/// Where the kernel shows its graphics cards (“The Linux Kernel: GPU Driver Developer’s Guide”, DRM devices).
const CARDS: &str = "/dev/dri";

/// There where NVIDIA's own driver is loaded, whichever card draws.
const NVIDIA: &str = "/sys/module/nvidia";

/// `0` draws without OpenGL, anything else lets WebKit draw as it does by itself: for a computer that is judged wrongly,
/// and for WebKit's driver, which takes pictures of a page by OpenGL only.
const CHOICE: &str = "SLIPWAY_OPENGL";

/// WebKit's own switch, read when its processes start. What the user has set counts.
const NO_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// What decides.
#[derive(Debug, Clone, Copy)]
struct Computer<'a> {
    has_card: bool,
    has_nvidia: bool,
    choice: Option<&'a OsStr>,
    dmabuf_is_chosen: bool,
}

/// What WebKit is told to leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Without {
    opengl: bool,
    dmabuf: bool,
}

fn decide(computer: Computer<'_>) -> Without {
    let nothing = Without {
        opengl: false,
        dmabuf: false,
    };
    match computer.choice {
        Some(choice) if choice == "0" => Without {
            opengl: true,
            ..nothing
        },
        Some(_) => nothing,
        None => Without {
            opengl: !computer.has_card,
            dmabuf: computer.has_nvidia && !computer.dmabuf_is_chosen,
        },
    }
}

fn decided() -> Without {
    decide(Computer {
        has_card: Path::new(CARDS).exists(),
        has_nvidia: Path::new(NVIDIA).exists(),
        choice: std::env::var_os(CHOICE).as_deref(),
        dmabuf_is_chosen: std::env::var_os(NO_DMABUF).is_some(),
    })
}

/// Starts this program anew where WebKit needs another environment: it reads it from the very beginning. To be called
/// first of all; returns where nothing is to be changed.
pub fn set_environment() {
    if !decided().dmabuf {
        return;
    }
    let Ok(own) = std::env::current_exe() else {
        return;
    };
    let mut again = Command::new(own);
    again.args(std::env::args_os().skip(1)).env(NO_DMABUF, "1");
    let error = again.exec();
    tracing::warn!(%error, "The window is drawn as WebKit does by itself, and may stay blank");
}

/// Draws without OpenGL where there is no graphics card.
pub fn suit_this_computer(window: &WebviewWindow) {
    if !decided().opengl {
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

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Computer<'static> = Computer {
        has_card: true,
        has_nvidia: false,
        choice: None,
        dmabuf_is_chosen: false,
    };

    fn without(opengl: bool, dmabuf: bool) -> Without {
        Without { opengl, dmabuf }
    }

    #[test]
    fn only_nvidias_driver_and_a_missing_card_change_how_webkit_draws() {
        assert_eq!(decide(USUAL), without(false, false));
        for (has_card, has_nvidia) in [(true, true), (false, false), (false, true)] {
            let computer = Computer {
                has_card,
                has_nvidia,
                ..USUAL
            };
            assert_eq!(decide(computer), without(!has_card, has_nvidia));
        }
    }

    #[test]
    fn what_the_user_has_set_counts() {
        let nvidia = Computer {
            has_nvidia: true,
            ..USUAL
        };
        let own = Computer {
            dmabuf_is_chosen: true,
            ..nvidia
        };
        assert_eq!(decide(own), without(false, false));
        for (choice, wanted) in [("1", without(false, false)), ("0", without(true, false))] {
            for has_card in [true, false] {
                let chosen = Computer {
                    has_card,
                    choice: Some(OsStr::new(choice)),
                    ..nvidia
                };
                assert_eq!(decide(chosen), wanted, "{choice} {has_card}");
            }
        }
    }
}
