//! What the cloud answers to anybody who may ask it: tags, console, user data.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};

use slipway_core::cloud::InstanceFilter;
use slipway_core::ports::Cloud;
use slipway_practice::{PracticeCloud, PracticeOptions};
use slipway_tests::room::program;
use tokio::runtime::{Builder, Runtime};

use crate::places::Seen;

/// One who asks the practice world in a folder again and again.
pub struct Asker {
    folder: PathBuf,
    runtime: Runtime,
    world: Option<PracticeCloud>,
}

impl Asker {
    /// Of the world of a data folder; it need not be there yet.
    pub fn of(data: &Path) -> Self {
        Asker {
            folder: data.join("practice"),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            world: None,
        }
    }

    /// Adds what the world says now.
    pub fn ask(&mut self, seen: &mut Seen) {
        // Opening it would make it.
        if self.world.is_none() && self.folder.join("cloud.db").exists() {
            self.world = PracticeCloud::open(PracticeOptions {
                folder: self.folder.clone(),
                agent_program: program("slipway-agent"),
                machine_program: program("slipway-practice-machine"),
                speed: 50.0,
                notices: slipway_practice::Notices::default(),
            })
            .ok();
        }
        let Some(world) = &self.world else { return };
        let answers = self.runtime.block_on(async {
            let mut answers = Vec::new();
            for instance in world.instances(&InstanceFilter::Ours).await.unwrap_or_default() {
                let console = world.console(&instance.id).await.unwrap_or_default();
                answers.push(("console".to_owned(), console));
                let tags = instance.tags.into_iter();
                answers.extend(
                    tags.map(|(key, value)| (format!("tag {key} = {value}"), format!("{key}={value}"))),
                );
            }
            answers
        });
        seen.extend(
            answers
                .into_iter()
                .map(|(place, text)| (place, text.into_bytes())),
        );
    }
}

/// The user data of every agent among the processes that were seen, as its metadata endpoint gives it.
pub fn user_data(processes: &Seen) -> Seen {
    let ports = processes.iter().filter_map(|(place, arguments)| {
        let words = String::from_utf8_lossy(arguments).into_owned();
        let mut words = words.split('\0');
        words.find(|word| *word == "--imds")?;
        let port = words.next()?.strip_prefix("http://127.0.0.1:")?.parse().ok()?;
        place.starts_with("arguments").then_some(port)
    });
    let ports: std::collections::BTreeSet<u16> = ports.collect();
    let told = |port: u16| Some((format!("user data at port {port}"), ask_metadata(port)?));
    ports.into_iter().filter_map(told).collect()
}

fn ask_metadata(port: u16) -> Option<Vec<u8>> {
    let token = http(
        port,
        "PUT /latest/api/token",
        "x-aws-ec2-metadata-token-ttl-seconds: 60",
    )?;
    let token = String::from_utf8(token).ok()?;
    http(
        port,
        "GET /latest/user-data",
        &format!("x-aws-ec2-metadata-token: {token}"),
    )
}

/// The body of the answer, where it is one.
fn http(port: u16, what: &str, header: &str) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    let request = format!(
        "{what} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n{header}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let body = memchr::memmem::find(&answer, b"\r\n\r\n")? + 4;
    answer
        .starts_with(b"HTTP/1.1 200")
        .then(|| answer.split_off(body))
}
