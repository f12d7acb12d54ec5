//! What an agent answers and an installer sends: whatever is read is written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;
use slipway_protocol::routes::{Accepted, Batch, Hello, Page, Steps};
use slipway_protocol::{Brief, Message, Plan};

fuzz_target!(|data: &[u8]| {
    same_again::<Page>(data);
    same_again::<Batch>(data);
    same_again::<Hello>(data);
    same_again::<Steps>(data);
    same_again::<Accepted>(data);
    same_again::<Message>(data);
    same_again::<Plan>(data);
    same_again::<Brief>(data);
});

fn same_again<T: Serialize + DeserializeOwned>(data: &[u8]) {
    let Ok(first) = serde_json::from_slice::<T>(data) else {
        return;
    };
    let written = serde_json::to_vec(&first).expect("what was read can be written");
    let second: T = serde_json::from_slice(&written).expect("what was written can be read");
    // Not the values: a number that is none (NaN) is not equal to itself.
    assert_eq!(
        written,
        serde_json::to_vec(&second).expect("it was written before")
    );
}
