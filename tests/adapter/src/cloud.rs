//! `slipway-test-cloud` for one test, and its desk.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use slipway_tests::room::program;

use crate::http;

/// An access key that the test cloud takes; it takes any.
pub const KEY: &str = "AKIATESTTESTTESTTEST";
/// Where tests work that don't care.
pub const REGION: &str = "eu-central-1";
const ADDRESS: &str = "export AWS_ENDPOINT_URL=";

/// A running test cloud. It removes its instances and ends when it is dropped.
pub struct Cloud {
    /// Its `AWS_ENDPOINT_URL`.
    pub url: String,
    program: Child,
}

impl Cloud {
    /// Instances on paper, hundreds of times quicker than life.
    pub fn on_paper() -> Self {
        Self::start(&["--paper", "--speed", "200"])
    }

    /// Instances as processes with the real agent in them.
    pub fn with_processes() -> Self {
        Self::start(&["--speed", "50"])
    }

    /// Starts one on a free port.
    pub fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(program("slipway-test-cloud"));
        command.args(["--listen", "127.0.0.1:0"]).args(arguments);
        let mut program = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the test cloud starts");
        let said = BufReader::new(program.stdout.take().expect("its output is a pipe"));
        let first = said.lines().next().expect("a line").expect("text");
        let url = first.strip_prefix(ADDRESS).expect("it says where it is");
        Cloud {
            url: url.to_owned(),
            program,
        }
    }

    /// Address of its desk.
    pub fn desk(&self, what: &str) -> String {
        format!("{}/_test-cloud/{what}", self.url)
    }

    /// `requests`, `counts`, `violations`, or `world?region=…`.
    pub fn told(&self, what: &str) -> Value {
        let (_, text) = http::get(&self.desk(what)).expect("the test cloud answers");
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{what}: {text}"))
    }

    /// Lets something go wrong.
    pub fn fault(&self, fault: &Value) {
        self.tell("faults", fault);
    }

    /// Sets how it behaves.
    pub fn rules(&self, rules: &Value) {
        self.tell("rules", rules);
    }

    /// Sets its clock ahead of this computer's, in seconds.
    pub fn clock(&self, ahead: i64) {
        self.tell("clock", &json!({"ahead": ahead}));
    }

    /// Takes back all faults and forgets all requests.
    pub fn clear(&self) {
        self.tell("clear", &Value::Null);
    }

    /// Somebody signs in (`sso` or `login`): what the AWS command line writes into its cache. The first token or keys are good
    /// for so many seconds.
    pub fn sign_in(&self, kind: &str, seconds: f64) -> Value {
        let asked = json!({"kind": kind, "seconds": seconds}).to_string();
        let (status, text) = http::post(&self.desk("sign-in"), "", &asked).expect("the test cloud answers");
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).expect("JSON")
    }

    /// What there is of a kind in a region, by moto's word: `instances`, `instances_ever`, `key_pairs`, `groups`,
    /// `images` or `snapshots`.
    pub fn there(&self, kind: &str, region: &str) -> Vec<String> {
        let world = self.told(&format!("world?region={region}"));
        let mut ids: Vec<String> = serde_json::from_value(world[kind].clone()).expect("a list of ids");
        ids.sort();
        ids
    }

    /// Everything that costs money or stands in the way in a region, by moto's word.
    pub fn leftovers(&self, region: &str) -> Vec<String> {
        let kinds = ["instances", "key_pairs", "groups", "images", "snapshots"];
        kinds.iter().flat_map(|kind| self.there(kind, region)).collect()
    }

    /// Does something in EC2 that is none of Slipway's doing; the answer.
    pub fn as_somebody(&self, form: &str, region: &str) -> String {
        let (status, text) = self.asked_by_somebody(form, region);
        assert_eq!(status, 200, "{text}");
        text
    }

    /// As [`Cloud::as_somebody`], where EC2 may refuse: the status and the answer.
    pub fn asked_by_somebody(&self, form: &str, region: &str) -> (u16, String) {
        let headers = format!(
            "Content-Type: application/x-www-form-urlencoded; charset=utf-8\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential={KEY}/20261122/{region}/ec2/aws4_request, SignedHeaders=host, Signature=0\r\n"
        );
        let form = format!("{form}&Version=2016-11-15");
        http::post(&self.url, &headers, &form).expect("the test cloud answers")
    }

    fn tell(&self, what: &str, value: &Value) {
        let sent = http::post(&self.desk(what), "", &value.to_string());
        let (status, text) = sent.expect("the test cloud answers");
        assert_eq!(status, 200, "{what}: {text}");
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        let id = self.program.id().to_string();
        drop(Command::new("kill").args(["-TERM", &id]).status());
        drop(self.program.wait());
    }
}
