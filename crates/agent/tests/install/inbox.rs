//! An inbox that stores what the installer posts by the rules of the protocol, and notices every breach of them.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use slipway_protocol::Message;
use slipway_protocol::routes::{Accepted, Batch, Inbox as Address, MAX_BODY_BYTES, MAX_MESSAGES};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The service as one process would be: it can be stopped and started, and keeps its messages.
pub struct Inbox {
    file: PathBuf,
    store: Arc<Mutex<Store>>,
    stored: watch::Sender<usize>,
    task: Option<JoinHandle<()>>,
    starts: u32,
}

#[derive(Default)]
struct Store {
    sender: Option<String>,
    messages: Vec<Message>,
}

impl Inbox {
    /// `file` is where the installer learns how the service is reached.
    pub fn new(file: PathBuf) -> Self {
        Inbox {
            file,
            store: Arc::default(),
            stored: watch::channel(0).0,
            task: None,
            starts: 0,
        }
    }

    /// Starts it with another port and another secret than before.
    pub async fn start(&mut self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        self.starts += 1;
        let secret = format!("secret-{}", self.starts);
        let port = listener.local_addr().unwrap().port();
        let (store, stored) = (self.store.clone(), self.stored.clone());
        let expected = secret.clone();
        self.task = Some(tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (store, stored, secret) = (store.clone(), stored.clone(), expected.clone());
                tokio::spawn(async move { answer_all(socket, &store, &stored, &secret).await });
            }
        }));
        std::fs::create_dir_all(self.file.parent().unwrap()).unwrap();
        std::fs::write(&self.file, serde_json::to_vec(&Address { port, secret }).unwrap()).unwrap();
    }

    pub fn messages(&self) -> Vec<Message> {
        self.store.lock().unwrap().messages.clone()
    }

    /// Waits until the messages stored so far satisfy the test.
    pub async fn wait_for(&self, what: &str, enough: impl Fn(&[Message]) -> bool) -> Vec<Message> {
        let mut stored = self.stored.subscribe();
        let waiting = async {
            loop {
                stored.borrow_and_update();
                let messages = self.messages();
                if enough(&messages) {
                    return messages;
                }
                stored.changed().await.unwrap();
            }
        };
        match tokio::time::timeout(Duration::from_secs(20), waiting).await {
            Ok(messages) => messages,
            Err(_) => panic!("waited in vain for {what}; there is {:#?}", self.messages()),
        }
    }
}

async fn answer_all(
    mut socket: TcpStream,
    store: &Mutex<Store>,
    stored: &watch::Sender<usize>,
    secret: &str,
) {
    while let Some((head, body)) = read_request(&mut socket).await {
        assert!(head.starts_with("POST /v1/messages "), "{head}");
        let allowed = head
            .to_lowercase()
            .contains(&format!("authorization: bearer {secret}\r\n"));
        let (status, body) = match allowed {
            true => (200, take(&mut store.lock().unwrap(), &body)),
            false => (401, String::new()),
        };
        stored.send_modify(|stored| *stored += 1);
        let length = body.len();
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n\r\n{body}");
        if socket.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read_request(socket: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let lower = head.to_lowercase();
    let length = lower
        .split("content-length: ")
        .nth(1)?
        .split("\r\n")
        .next()?
        .parse()
        .unwrap();
    let mut body = vec![0; length];
    socket.read_exact(&mut body).await.ok()?;
    Some((head, body))
}

fn take(store: &mut Store, body: &[u8]) -> String {
    assert!(body.len() <= MAX_BODY_BYTES, "a body of {} bytes", body.len());
    let batch: Batch = serde_json::from_slice(body).unwrap();
    assert!(batch.messages.len() <= MAX_MESSAGES);
    let sender = store.sender.get_or_insert(batch.sender.clone());
    assert_eq!(*sender, batch.sender, "one queue has one name");
    for message in batch.messages {
        let next = store.messages.len() as u64 + 1;
        assert!(message.number <= next, "a gap before {}", message.number);
        if message.number == next {
            store.messages.push(message);
        } else {
            assert_eq!(
                store.messages[message.number as usize - 1],
                message,
                "a number stays a message's own"
            );
        }
    }
    let through = store.messages.len() as u64;
    serde_json::to_string(&Accepted { through }).unwrap()
}
