//! A file of `~/.aws`: sections with lines of it, whatever it holds.

#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_core::input_text::decode;

/// The very file: its crate would bring the whole AWS SDK along.
#[allow(dead_code)]
#[path = "../../../crates/aws/src/profiles/lines.rs"]
mod lines;

fuzz_target!(|data: &[u8]| {
    let text = decode(data);
    let last = text.split(['\n', '\r']).count() + 1;
    for section in lines::sections(&text) {
        assert!(section.line <= last);
        for setting in &section.settings {
            assert!((1..=last).contains(&setting.line), "{setting:?}");
            assert!(!setting.key.contains(['\n', '\r']), "{setting:?}");
        }
        if let Some(fault) = &section.fault {
            assert!((1..=last).contains(&fault.line) && !fault.reason.is_empty());
        }
    }
});
