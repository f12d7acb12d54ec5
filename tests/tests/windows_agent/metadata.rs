//! A metadata endpoint as small as can be: one instance, no tags.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// What the endpoint tells.
#[derive(Clone)]
pub struct Metadata {
    pub instance: String,
    pub user_data: String,
}

impl Metadata {
    /// Answers on a loopback port for as long as the test lives; returns the URL.
    pub fn serve(self) -> String {
        Self::serve_what_is_in(&Arc::new(Mutex::new(self)))
    }

    /// The same, and what is told may change.
    pub fn serve_what_is_in(told: &Arc<Mutex<Self>>) -> String {
        let told = told.clone();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let told = told.clone();
                thread::spawn(move || converse(&told, stream));
            }
        });
        url
    }

    fn answer(&self, question: &str) -> (&str, &str) {
        let mut words = question.split_whitespace();
        match (words.next(), words.next()) {
            (Some("PUT"), Some("/latest/api/token")) => ("200 OK", "session-token"),
            (Some("GET"), Some("/latest/meta-data/instance-id")) => ("200 OK", &self.instance),
            (Some("GET"), Some("/latest/user-data")) => ("200 OK", &self.user_data),
            _ => ("404 Not Found", ""),
        }
    }
}

/// One connection, until the other side closes it.
fn converse(told: &Mutex<Metadata>, mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap())
        .lines()
        .map_while(Result::ok);
    while let Some(question) = lines.next() {
        lines
            .by_ref()
            .take_while(|header| !header.is_empty())
            .for_each(drop);
        let metadata = told.lock().unwrap().clone();
        let (status, body) = metadata.answer(&question);
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
        if stream.write_all(format!("{head}{body}").as_bytes()).is_err() {
            return;
        }
    }
}
