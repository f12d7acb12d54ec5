fn main() {
    let secret = slipway_protocol::Secret::new(String::from("hunter2"));
    let _ = serde_json::to_string(&secret);
}
