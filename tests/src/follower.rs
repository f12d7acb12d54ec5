//! `slipway … --json` in the background, each line with the moment it came.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

/// A running program whose lines are read as they come. It is killed when dropped.
pub struct Follower {
    child: Child,
    lines: Receiver<Line>,
    errors: Option<JoinHandle<String>>,
    /// All lines that were taken so far.
    pub seen: Vec<Line>,
}

/// One JSON line and when it came, counted from the start of the program.
#[derive(Debug, Clone)]
pub struct Line {
    /// Since the program was started.
    pub at: Duration,
    /// The line.
    pub value: Value,
}

impl Follower {
    /// Starts a program and writes `input` to it.
    pub fn start(command: &mut Command, input: &str) -> Self {
        let begun = Instant::now();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("slipway starts");
        // A program that dies at once does not read.
        drop(
            child
                .stdin
                .take()
                .map(|mut stdin| stdin.write_all(input.as_bytes())),
        );
        let (out, mut err) = (
            child.stdout.take().expect("out"),
            child.stderr.take().expect("err"),
        );
        let (send, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                // What a kill cut off in the middle is no line.
                let Ok(value) = serde_json::from_str(&line) else {
                    continue;
                };
                let at = begun.elapsed();
                if send.send(Line { at, value }).is_err() {
                    return;
                }
            }
        });
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            drop(err.read_to_string(&mut text));
            text
        });
        Follower {
            child,
            lines,
            errors: Some(errors),
            seen: Vec::new(),
        }
    }

    /// The program's id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Takes lines until one is as wanted; `None` when the program or the time ends first.
    pub fn until(&mut self, limit: Duration, wanted: impl Fn(&Value) -> bool) -> Option<Line> {
        let end = Instant::now() + limit;
        loop {
            match self
                .lines
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(line) => {
                    self.seen.push(line.clone());
                    if wanted(&line.value) {
                        return Some(line);
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Ends the program as `kill -9` does.
    pub fn kill(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Waits for the end: the exit status, -1 where a signal ended it, and what it said on standard error.
    pub fn end(&mut self, limit: Duration) -> (i32, String) {
        self.until(limit, |_| false);
        let goes_on = matches!(self.lines.try_recv(), Err(TryRecvError::Empty));
        assert!(!goes_on, "slipway goes on and on: {:?}", self.seen.last());
        let status = self.child.wait().expect("a status");
        let errors = self.errors.take().map(JoinHandle::join);
        let said = errors.and_then(Result::ok).unwrap_or_default();
        (status.code().unwrap_or(-1), said)
    }

    /// Numbers of the log lines that were shown, as they came.
    pub fn numbers(&self) -> Vec<i64> {
        let lines = self.seen.iter().filter(|line| line.value["type"] == "lines");
        lines
            .flat_map(|line| line.value["lines"].as_array().expect("lines").clone())
            .map(|line| line["number"].as_i64().expect("a number"))
            .collect()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.kill();
    }
}
