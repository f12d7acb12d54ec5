//! A POST from anywhere but the installer: none is accepted.

use slipway_agent::serve::limits::Limits;
use slipway_protocol::routes::{Batch, Page};
use tokio::net::TcpStream;

use crate::client::Sender;
use crate::random::Random;
use crate::world::{TOKEN, World, line};

const VARIANTS: usize = 500;

/// One way to post, made of parts that each claim something else.
struct Post {
    method: &'static str,
    target: String,
    version: &'static str,
    headers: Vec<String>,
    body: Vec<u8>,
}

impl Post {
    fn random(random: &mut Random, sender: &Sender) -> Self {
        let port = sender.address.port();
        let own = format!("127.0.0.1:{port}");
        let absolute = format!("http://{own}/v1/messages");
        let batch = Batch {
            sender: "elsewhere".into(),
            messages: vec![line(1)],
        };
        let mut post = Post {
            method: random.pick(&[
                "POST", "POST", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post",
            ]),
            target: random
                .pick(&["/v1/messages", "/v1/messages", "/", &absolute, "/v1/messages?x"])
                .to_owned(),
            version: random.pick(&["HTTP/1.1", "HTTP/1.1", "HTTP/1.0"]),
            headers: vec![format!(
                "Host: {}",
                random.pick(&[own.as_str(), "localhost", "[::1]", "evil.example", "x"])
            )],
            body: serde_json::to_vec(&batch).unwrap(),
        };
        let (secret, token) = (format!("Bearer {}", sender.secret), format!("Bearer {TOKEN}"));
        let shown = random.pick(&[secret.as_str(), &token, "Bearer ", "Bearer x", "Basic eA=="]);
        post.headers.push(format!("Authorization: {shown}"));
        post.add_claims(random);
        post
    }

    fn add_claims(&mut self, random: &mut Random) {
        let claims = [
            "X-Forwarded-For: 127.0.0.1",
            "X-Forwarded-Host: localhost",
            "X-Real-IP: ::1",
            "Forwarded: for=127.0.0.1",
            "Via: 1.1 localhost",
            "Origin: http://localhost",
            "X-HTTP-Method-Override: GET",
            "Content-Type: application/json",
        ];
        for _ in 0..random.below(4) {
            self.headers.push(random.pick(&claims).to_owned());
        }
        if self.version == "HTTP/1.1" && random.below(3) == 0 {
            self.headers.push("Transfer-Encoding: chunked".into());
            let chunk = [
                format!("{:x}\r\n", self.body.len()).as_bytes(),
                &self.body,
                b"\r\n0\r\n\r\n",
            ]
            .concat();
            self.body = chunk;
        } else {
            self.headers.push(format!("Content-Length: {}", self.body.len()));
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let Post {
            method,
            target,
            version,
            headers,
            body,
        } = self;
        let head = format!("{method} {target} {version}\r\n{}\r\n\r\n", headers.join("\r\n"));
        [head.as_bytes(), body].concat()
    }

    /// What makes it the installer's own, on the loopback port.
    fn is_the_installers(&self, sender: &Sender) -> bool {
        let shows = |header: String| self.headers.contains(&header);
        let marked = |name: &str| self.headers.iter().any(|header| header.starts_with(name));
        self.method == "POST"
            && self.target.starts_with("/v1/messages")
            && self.version == "HTTP/1.1"
            && shows(format!("Host: 127.0.0.1:{}", sender.address.port()))
            && shows(format!("Authorization: Bearer {}", sender.secret))
            && !["X-F", "X-R", "Forwarded", "Via", "Origin", "Transfer"]
                .into_iter()
                .any(marked)
    }
}

#[tokio::test]
async fn port_8080_answers_403_to_every_post() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let mut random = Random(1);
    for _ in 0..VARIANTS {
        let post = Post::random(&mut random, &running.sender);
        let answer = running.app.send(&post.bytes()).await.unwrap();
        assert_eq!(answer.status, 403, "{}", String::from_utf8_lossy(&post.bytes()));
    }
    let page: Page = running.app.get("/v1/messages").await.unwrap().json();
    assert_eq!(page.last, 0);
}

#[tokio::test]
async fn the_loopback_port_takes_nothing_that_is_not_the_installers() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    let mut random = Random(2);
    let mut tried = 0;
    while tried < VARIANTS {
        let post = Post::random(&mut random, &running.sender);
        if post.is_the_installers(&running.sender) {
            continue;
        }
        tried += 1;
        let answer = running.sender.send(&post.bytes()).await.unwrap();
        assert!(
            (400..500).contains(&answer.status),
            "{}",
            String::from_utf8_lossy(&post.bytes())
        );
    }
    let page: Page = running.app.get("/v1/messages").await.unwrap().json();
    assert_eq!(page.last, 0);
    assert_eq!(
        running.sender.deliver(vec![line(1)]).await,
        1,
        "the installer itself still gets in"
    );
}

#[tokio::test]
async fn the_loopback_port_is_not_reachable_by_another_address() {
    let world = World::new().await;
    let running = world.serve(Limits::public()).await;
    for elsewhere in ["127.0.0.2", "127.255.0.1"] {
        let address = format!("{elsewhere}:{}", running.sender.address.port());
        assert!(TcpStream::connect(address).await.is_err());
    }
}
