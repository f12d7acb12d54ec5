//! Stands in for the agent in tests: shows on the console that it runs, keeps a child, answers on its port.

use std::fs::OpenOptions;
use std::io::Write;
use std::net::TcpListener;
use std::process::{Command, Stdio};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1))
            .cloned()
            .unwrap_or_default()
    };
    if arguments.iter().any(|argument| argument == "child") {
        std::thread::park();
        return;
    }
    // A real agent is two processes; the second must not be left over when the first is killed.
    let child = Command::new(&arguments[0])
        .arg("child")
        .stdin(Stdio::null())
        .spawn();
    let listener = TcpListener::bind(value("--listen"));
    let console = OpenOptions::new()
        .create(true)
        .append(true)
        .open(value("--console"));
    let told = console.and_then(|mut console| writeln!(console, "stand-in agent pid {}", std::process::id()));
    if child.is_err() || told.is_err() {
        return;
    }
    if let Ok(listener) = listener {
        listener.incoming().for_each(drop);
    }
}
