//! A metadata endpoint (IMDSv2) with one instance, for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the endpoint tells; tests change it while it runs.
#[derive(Clone, Default)]
pub struct Instance {
    pub id: String,
    pub user_data: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub token: String,
}

#[derive(Clone)]
pub struct Metadata {
    pub url: String,
    pub instance: Arc<Mutex<Instance>>,
}

impl Metadata {
    pub async fn start(instance: Instance) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let instance = Arc::new(Mutex::new(instance));
        let shared = instance.clone();
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(answer(socket, shared.clone()));
            }
        });
        Metadata { url, instance }
    }
}

async fn answer(mut socket: TcpStream, instance: Arc<Mutex<Instance>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match socket.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let (status, body) = decide(&String::from_utf8(head).unwrap(), &instance.lock().unwrap());
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    let _ = socket.write_all(answer.as_bytes()).await;
}

fn decide(head: &str, instance: &Instance) -> (u16, String) {
    let head_lower = head.to_lowercase();
    if head.starts_with("PUT /latest/api/token ") {
        assert!(head_lower.contains("x-aws-ec2-metadata-token-ttl-seconds: "));
        return (200, instance.token.clone());
    }
    let shown = format!("x-aws-ec2-metadata-token: {}\r\n", instance.token);
    if !head_lower.contains(&shown) {
        return (401, String::new());
    }
    let path = head.split(' ').nth(1).unwrap();
    let found = match path.strip_prefix("/latest/").unwrap() {
        "user-data" => instance.user_data.clone(),
        "meta-data/instance-id" => Some(instance.id.clone()),
        "meta-data/tags/instance/" if instance.tags.is_empty() => None,
        "meta-data/tags/instance/" => Some(instance.tags.keys().cloned().collect::<Vec<_>>().join("\n")),
        other => {
            let key = other.strip_prefix("meta-data/tags/instance/").unwrap_or_default();
            instance.tags.get(key).cloned()
        }
    };
    found.map_or((404, "not here".into()), |body| (200, body))
}
