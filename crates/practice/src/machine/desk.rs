//! What programs on the machine can ask of it. The agent takes each as one program without arguments, so the
//! machine's own program lies in its `tools` folder under these names, and finds its machine by where it lies.

use std::fs;
use std::io::{self, Read};

use rusqlite::Connection;

use crate::layout::MachineFolder;
use crate::ledger::{Ledger, instances};
use crate::machine::password::USER;
use crate::salted::Login;
use crate::trouble::{Outcome, input};

/// Restarts the machine.
pub const RESTART: &str = "restart-machine";
/// Shuts the machine down.
pub const SHUT_DOWN: &str = "shut-down-machine";
/// Sets the Administrator password.
pub const SET_PASSWORD: &str = "set-administrator-password";

/// Windows takes no longer one (Microsoft Learn, "Maximum password length").
const MAX_PASSWORD: u64 = 127 * 4;

/// Puts the programs into the machine's `tools` folder. Blocks.
pub fn install(folder: &MachineFolder) -> io::Result<()> {
    fs::create_dir_all(folder.tools())?;
    let program = std::env::current_exe()?;
    for name in [RESTART, SHUT_DOWN, SET_PASSWORD] {
        let file = folder
            .tools()
            .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
        match fs::remove_file(&file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // A link costs nothing. Between two drives it is not possible, and Windows would not remove it as long as
        // any machine runs the program.
        if cfg!(windows) || fs::hard_link(&program, &file).is_err() {
            fs::copy(&program, &file)?;
        }
    }
    Ok(())
}

/// Does what this program's name says, where it was started from a `tools` folder; `None` elsewhere. Blocks.
pub fn as_desk_program() -> Option<Outcome<()>> {
    let program = std::env::current_exe().ok()?;
    let folder = MachineFolder::new(program.parent()?.parent()?.to_owned());
    match program.file_stem()?.to_str()? {
        RESTART => Some(ask(&folder, instances::restarts)),
        SHUT_DOWN => Some(ask(&folder, instances::shuts_down)),
        SET_PASSWORD => Some(set_administrator_password(&folder, io::stdin())),
        _ => None,
    }
}

/// Asks for a restart or the end of the machine's run, as `shutdown /r` and `shutdown /s` do. Blocks.
fn ask(folder: &MachineFolder, what: impl FnOnce(&Connection, &str) -> Outcome<()>) -> Outcome<()> {
    let ledger = Ledger::of_machine(&folder.world())?;
    ledger.change(|ledger| what(ledger, &folder.instance()))
}

/// Reads a password from standard input and sets it. Blocks.
fn set_administrator_password(folder: &MachineFolder, from: impl Read) -> Outcome<()> {
    let mut password = String::new();
    from.take(MAX_PASSWORD + 1).read_to_string(&mut password)?;
    let password = password.trim_end_matches(['\r', '\n']);
    if password.is_empty() || password.chars().count() > 127 {
        return Err(input("The Administrator password must have 1 to 127 characters."));
    }
    Ok(Login::new(USER, password.as_bytes())?.save(&folder.disk().administrator())?)
}
