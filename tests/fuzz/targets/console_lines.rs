//! The serial console, where anybody on the instance may write.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_protocol::console;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for line in text.lines().filter_map(console::parse) {
        let written = line.to_string();
        assert!(written.lines().count() == 1, "{written:?}");
        let again = console::parse(&written).expect("what was written can be read");
        // A reason loses what is no plain ASCII when it is written for the first time.
        assert_eq!(again.to_string(), written);
        assert_eq!(again.launch, line.launch);
    }
});
