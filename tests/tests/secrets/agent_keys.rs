//! The agent's own secrets: made on the server, known to nobody else, gone after a good end. They are read while it runs.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use slipway_tests::search::places::Seen;

/// File and field of each.
const KEPT: [(&str, &str); 3] = [
    ("identity.json", "key"),
    ("identity.json", "certificate_key"),
    ("inbox.json", "secret"),
];

/// Files of an agent that is not done: for their owner alone, and gone after a success.
pub fn is_agents_own(place: &str) -> bool {
    let own = ["identity.json", "inbox.json", "secrets.json"];
    own.iter().any(|name| place.ends_with(&format!("/agent/{name}")))
}

/// Looks for the secrets of every agent of a data folder, and whether others could read them.
pub fn look(data: &Path, seen: &mut Seen) {
    for folder in agents(data) {
        for (file, field) in KEPT {
            let path = folder.join(file);
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            assert_private(&path);
            let kept: Value = serde_json::from_str(&text).unwrap();
            let value = kept[field].as_str().unwrap().to_owned();
            // A key is written as base64; the bytes are the secret, and the search knows their forms.
            let bytes = match file {
                "identity.json" => STANDARD.decode(&value).unwrap(),
                _ => value.clone().into_bytes(),
            };
            let name = hex::encode(Sha256::digest(&bytes));
            seen.insert(format!("agent's {field} with the hash {name}"), bytes);
        }
    }
}

fn agents(data: &Path) -> Vec<PathBuf> {
    let machines = std::fs::read_dir(data.join("practice/machines"));
    let machines = machines.into_iter().flatten().flatten();
    machines.map(|machine| agent_of(&machine.path())).collect()
}

/// The agent's data folder on a machine's disk.
fn agent_of(machine: &Path) -> PathBuf {
    machine.join("disk/agent")
}

fn assert_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    // It may be gone by now.
    if let Ok(file) = std::fs::metadata(path) {
        assert_eq!(file.permissions().mode() & 0o077, 0, "{}", path.display());
    }
}
