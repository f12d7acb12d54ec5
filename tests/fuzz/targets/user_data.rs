//! User data as an instance finds it; what begins with `{` is packed first, so that the JSON inside is reached too.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slipway_protocol::{Brief, brief};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let Ok(read) = (match data.first() {
        Some(b'{') => serde_json::from_slice::<Brief>(data).map_err(drop),
        _ => Brief::from_user_data(&text).map_err(drop),
    }) else {
        brief::launch_in(&text);
        return;
    };
    let line = read.to_line().expect("what was read can be written");
    let user_data = format!("<powershell>\r\n{line}\r\n</powershell>\r\n");
    let again = Brief::from_user_data(&user_data).expect("what was written can be read");
    assert_eq!(line, again.to_line().expect("it was written before"));
    assert_eq!(brief::launch_in(&user_data), Some(read.launch));
});
