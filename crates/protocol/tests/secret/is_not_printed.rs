fn main() {
    let secret = slipway_protocol::Secret::new(String::from("hunter2"));
    let _ = secret.to_string();
}
