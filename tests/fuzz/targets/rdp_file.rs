//! Host, user and name of a server, each a line of the input: a file of the same lines whatever they are, or a refusal.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_core::rdp::{RdpTarget, file, file_name};

/// Lines of every file.
const LINES: usize = 21;

fuzz_target!(|data: &[u8]| {
    // Split at a byte that may not be in a text, so that line ends stay in the parts.
    let mut parts = data.split(|byte| *byte == 0xff).map(String::from_utf8_lossy);
    let mut part = || parts.next().unwrap_or_default().into_owned();
    let (host, user, server) = (part(), part(), part());
    let name = file_name(&server);
    assert!(name.ends_with(".rdp") && name.len() < 80 && !name.starts_with('.'));
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)));
    let target = RdpTarget { host, port: 3389, user };
    let Ok(text) = file(&target) else { return };
    assert_eq!(text.lines().count(), LINES);
    assert_eq!(text.matches(['\r', '\n']).count(), 2 * LINES);
    assert_eq!(text.lines().nth(1), Some(format!("username:s:{}", target.user).as_str()));
    assert!(!text.contains("password"), "{text}");
    assert!(text.contains("drivestoredirect:s:\r\n"));
});
