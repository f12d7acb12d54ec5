//! The life of a server as its user goes through it, chapter by chapter, with nothing but the terminal.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::http;
use crate::terminal::Terminal;

/// A server's life. Every chapter panics where it goes otherwise than promised.
pub struct Story<'a> {
    /// Where it is typed. Its profile is in use.
    pub terminal: &'a Terminal,
    /// What is installed.
    pub recipe: &'a str,
    /// More arguments of every launch.
    pub launch: &'a [&'a str],
    /// Longest time from a launch to its end.
    pub patience: Duration,
    times: Mutex<Vec<(String, Duration)>>,
    /// Ids of what the sweep listed before: an account may hold what other computers made.
    strange: Vec<String>,
}

/// Words that are said again where a name or password must not be guessed.
const TITLE: &str = "Hello from a test";

impl<'a> Story<'a> {
    /// One with nothing told yet.
    pub fn new(terminal: &'a Terminal, recipe: &'a str, launch: &'a [&'a str], patience: Duration) -> Self {
        Story {
            terminal,
            recipe,
            launch,
            patience,
            times: Mutex::default(),
            strange: swept(terminal),
        }
    }

    /// How long what took.
    pub fn times(&self) -> Vec<(String, Duration)> {
        self.times.lock().expect("nobody panics with it").clone()
    }

    /// Nothing would keep a launch from going well.
    pub fn checks(&self) -> Vec<Value> {
        let findings = self
            .terminal
            .done(&["doctor", "--recipe", self.recipe, "--json"])
            .json();
        let blocked: Vec<&Value> = findings
            .iter()
            .filter(|finding| finding["verdict"] == "blocking")
            .collect();
        assert_eq!(blocked, Vec::<&Value>::new());
        findings
    }

    /// A launch from the recipe, to ready.
    pub fn launches(&self, name: &str) {
        let title = format!("title={TITLE}");
        self.gets_ready(name, &["--recipe", self.recipe, "--set", &title]);
    }

    /// A launch on another Windows than the recipe proposes, whose step fails; then it goes on from that step and gets
    /// ready.
    pub fn fails_and_goes_on(&self, name: &str, step: &str) {
        let (title, fail) = (format!("title={TITLE}"), format!("fail_at={step}"));
        let what = ["--recipe", self.recipe, "--windows", "windows-2025"];
        let more = [&what[..], &["--set", &title, "--set", &fail]].concat();
        let end = self.follow(name, &more);
        assert_eq!(end["outcome"], "failed", "{end}");
        let refused = self
            .terminal
            .run(&["image", "create", name, "--name", "no-image"]);
        assert_eq!(refused.status, 1, "no image of a failed server: {}", refused.out);
        self.terminal.done(&["keep", name, "--hours", "2"]);
        let mut retried = self.terminal.follow(&["retry", name, "--json"], "");
        let again = retried.until(self.patience, of_second_attempt);
        let again = again.expect("the order arrives on the server, by its tags");
        self.took("the way of the order to retry", again.at);
        let ended = retried.until(self.patience, |line| line["type"] == "end");
        let ended = ended.expect("it ends");
        assert_eq!(ended.value["outcome"], "ready", "{}", ended.value);
        self.took("retry to ready", ended.at);
    }

    /// A launch from an own image, to ready.
    pub fn launches_from(&self, image: &str, name: &str) {
        self.gets_ready(name, &["--image", image]);
        let (original, copy) = (image.trim_end_matches("-image"), name);
        let password = |server: &str| self.access(server)["password"].clone();
        assert_ne!(password(original), password(copy), "no two servers share one");
    }

    /// How to get in is told: an address, a password, a file for Remote Desktop.
    pub fn lets_in(&self, name: &str) {
        let access = self.access(name);
        let password = access["password"].as_str().expect("a password");
        assert!(password.len() >= 12, "{} characters", password.len());
        let thumbprint = access["rdp_thumbprint"].as_str().expect("a thumbprint");
        assert_eq!(thumbprint.len(), 40, "SHA-1 in hex: {thumbprint}");
        let file = format!("{name}.rdp");
        let shown = self.terminal.done(&["access", name, "--rdp", &file]);
        assert!(!shown.out.contains(password), "shown only when asked for");
        let text = std::fs::read_to_string(self.terminal.path().join(&file)).expect("the file");
        let address = format!("full address:s:{}", access["host"].as_str().expect("a host"));
        assert!(text.contains(&address), "{text}");
        assert!(!text.contains(password), "{text}");
    }

    /// The site answers with the title that was asked for.
    pub fn shows_its_site(&self, name: &str) {
        let access = self.access(name);
        let url = access["site_url"].as_str().expect("an address");
        let (status, page) = http::get(url).expect("the site answers");
        assert_eq!(status, 200, "{page}");
        assert!(page.contains(TITLE), "{page}");
    }

    /// What its console says, and its screen as a picture.
    pub fn shows_console_and_screen(&self, name: &str) {
        let console = self.terminal.done(&["console", name]);
        assert!(console.out.contains("Windows is Ready to use"), "{}", console.out);
        self.terminal
            .done(&["console", name, "--screenshot", "screen.jpg"]);
        let picture = std::fs::read(self.terminal.path().join("screen.jpg")).expect("a picture");
        assert!(picture.starts_with(&[0xff, 0xd8]), "a JPEG file");
    }

    /// An image, made while the server is watched, and listed.
    pub fn is_imaged(&self, name: &str, image: &str) {
        let begun = Instant::now();
        let made = ["image", "create", name, "--name", image, "--wait"];
        self.terminal.done(&made);
        self.took("image", begun.elapsed());
        let list = self.terminal.done(&["image", "list", "--json"]).json();
        let found = list
            .iter()
            .find(|one| one["name"] == image)
            .expect("it is listed");
        assert_eq!(
            (&found["state"], &found["server"]),
            (&"available".into(), &name.into())
        );
    }

    /// Stop, start and restart: another address, at which everything is as before.
    pub fn moves(&self, name: &str) {
        let host = self.access(name)["host"].clone();
        let begun = Instant::now();
        self.terminal.done(&["stop", name]);
        self.took("stop", begun.elapsed());
        assert_eq!(self.status(name), "stopped");
        let begun = Instant::now();
        self.terminal.done(&["start", name]);
        self.took("start", begun.elapsed());
        assert_eq!(self.status(name), "ready");
        assert_ne!(self.access(name)["host"], host, "a start gives another address");
        self.lets_in(name);
        self.shows_its_site(name);
        self.terminal.done(&["restart", name]);
    }

    /// Servers and images go, with everything that was made for them.
    pub fn ends(&self, servers: &[&str], images: &[&str]) {
        let begun = Instant::now();
        let terminate = [&["terminate"], servers, &["--yes"]].concat();
        self.terminal.done(&terminate);
        self.took("terminate", begun.elapsed());
        if !images.is_empty() {
            self.terminal
                .done(&[&["image", "delete"], images, &["--yes"]].concat());
        }
        assert_eq!(self.terminal.done(&["servers", "--json"]).out, "");
        let mut left = swept(self.terminal);
        left.retain(|id| !self.strange.contains(id));
        assert_eq!(left, Vec::<String>::new(), "left behind");
    }

    /// How to get in, passwords too.
    pub fn access(&self, name: &str) -> Value {
        let asked = ["access", name, "--json", "--show-password"];
        self.terminal.done(&asked).last()
    }

    fn status(&self, name: &str) -> String {
        let servers = self.terminal.done(&["servers", "--json"]).json();
        let server = servers.iter().find(|server| server["name"] == name);
        server.expect("it is listed")["status"]
            .as_str()
            .expect("a word")
            .to_owned()
    }

    fn gets_ready(&self, name: &str, more: &[&str]) {
        let end = self.follow(name, more);
        assert_eq!(end["outcome"], "ready", "{end}");
    }

    /// Launches and follows to the end; notes when each phase was over.
    fn follow(&self, name: &str, more: &[&str]) -> Value {
        let asked = [&["launch", "--name", name, "--yes", "--json"], more, self.launch].concat();
        let mut follower = self.terminal.follow(&asked, "");
        let mut over: Vec<String> = Vec::new();
        let end = loop {
            let Some(line) = follower.until(self.patience, |_| true) else {
                let last = follower.seen.last().map(|line| line.value.clone());
                let (status, said) = follower.end(self.patience);
                panic!("{name} ended with {status} without a last word: {said} {last:?}");
            };
            for phase in done(&line.value) {
                if !over.contains(&phase) {
                    self.took(&format!("{name}: {phase} is over"), line.at);
                    over.push(phase);
                }
            }
            if line.value["type"] == "end" {
                break line.value;
            }
        };
        follower.end(self.patience);
        end
    }

    fn took(&self, what: &str, time: Duration) {
        let mut times = self.times.lock().expect("nobody panics with it");
        times.push((what.to_owned(), time));
    }
}

/// Phases of a snapshot that are over, and the password as soon as it is known.
fn done(line: &Value) -> Vec<String> {
    let rail = line["launch"]["rail"].as_array().into_iter().flatten();
    let mut over: Vec<String> = rail
        .filter(|piece| piece["state"] == "done")
        .filter_map(|piece| piece["phase"].as_str().map(str::to_owned))
        .collect();
    if line["launch"]["access"]["has_password"] == true {
        over.push("the wait for the password".to_owned());
    }
    over
}

/// What the agent says once it goes on.
fn of_second_attempt(line: &Value) -> bool {
    let lines = line["lines"].as_array().into_iter().flatten();
    lines.into_iter().any(|line| line["attempt"] == 2)
}

/// Ids of what nobody here knows.
fn swept(terminal: &Terminal) -> Vec<String> {
    let left = terminal.done(&["sweep", "--json"]).json();
    let id = |one: &Value| one["id"].as_str().expect("an id").to_owned();
    left.iter().map(id).collect()
}
