//! Sign-ins for a time: the portal and the tokens of IAM Identity Center, the renewal of `aws login`, and the ends of roles'
//! keys. All of it is ours, moto has none; the shapes are botocore's, which every request is held against.

pub mod dpop;
mod portal;
mod renewal;

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::client::KEY;
use crate::cloud::Cloud;
use dpop::ProofKey;

/// What was given out, and until when it is good.
#[derive(Default)]
pub struct SignIns(Mutex<State>);

#[derive(Default)]
struct State {
    given: u64,
    /// Access tokens of Identity Center.
    tokens: HashMap<String, SystemTime>,
    /// Refresh tokens that were not used yet, or whose answer may be asked for again.
    refresh: HashMap<String, Refresh>,
    /// Access key ids of sessions.
    keys: HashMap<String, SystemTime>,
    /// Numbers of proofs that came already.
    proofs: HashSet<String>,
}

/// What a refresh token is good for.
#[derive(Clone)]
enum Refresh {
    /// The client that it was given to.
    Token { client: String },
    /// The key that every proof must be made with, and the answer where it was used.
    Login { key: Vec<u8>, answer: Option<Value> },
}

/// The client of every sign-in here.
const CLIENT: &str = "test-client";
const CLIENT_SECRET: &str = "test-client-secret";
/// Which client `aws login` is.
const LOGIN_CLIENT: &str = "arn:aws:signin:::devtools/same-device";

impl SignIns {
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The account's own key, where this one is of a session: what belongs together is kept by it.
    pub fn account_key(&self, key: &str) -> String {
        let is_known = self.with(|state| state.keys.contains_key(key));
        if is_known { KEY.to_owned() } else { key.to_owned() }
    }

    /// Whether this key is of a session that has ended.
    pub fn has_ended(&self, key: &str) -> bool {
        let ends = self.with(|state| state.keys.get(key).copied());
        ends.is_some_and(|ends| ends <= SystemTime::now())
    }

    /// Remembers that a key ends.
    pub fn note(&self, key: &str, good_for: Duration) {
        self.with(|state| state.keys.insert(key.to_owned(), SystemTime::now() + good_for));
    }

    /// What `aws sso login` writes into its cache (`{"kind": "sso"}`), or `aws login` (`{"kind": "login"}`); the first token
    /// or keys are good for `seconds`.
    pub fn begin(&self, asked: &Value) -> Result<Value, String> {
        let good_for = Duration::from_secs_f64(asked["seconds"].as_f64().unwrap_or(3600.0));
        match asked["kind"].as_str() {
            Some("sso") => Ok(self.with(|state| state.token(good_for))),
            Some("login") => Ok(self.with(|state| state.login(good_for))),
            _ => Err("“kind” is neither sso nor login".to_owned()),
        }
    }
}

impl State {
    /// Words that were not given before.
    fn new_word(&mut self, beginning: &str) -> String {
        self.given += 1;
        format!("{beginning}{:0width$}", self.given, width = 20 - beginning.len())
    }

    fn token(&mut self, good_for: Duration) -> Value {
        let (token, refresh) = (self.new_word("token"), self.new_word("refresh"));
        let ends = SystemTime::now() + good_for;
        self.tokens.insert(token.clone(), ends);
        let client = CLIENT.to_owned();
        self.refresh.insert(refresh.clone(), Refresh::Token { client });
        json!({
            "startUrl": "https://example.awsapps.com/start",
            "region": "eu-west-1",
            "accessToken": token,
            "expiresAt": stamp(ends),
            "clientId": CLIENT,
            "clientSecret": CLIENT_SECRET,
            "registrationExpiresAt": stamp(SystemTime::now() + Duration::from_secs(90 * 24 * 3600)),
            "refreshToken": refresh,
        })
    }

    fn login(&mut self, good_for: Duration) -> Value {
        let proof = ProofKey::generate();
        let refresh = self.new_word("refresh");
        let key = Refresh::Login {
            key: proof.public,
            answer: None,
        };
        self.refresh.insert(refresh.clone(), key);
        let mut keys = self.keys(good_for);
        keys["accountId"] = json!("123456789012");
        keys["expiresAt"] = json!(stamp(SystemTime::now() + good_for));
        json!({
            "accessToken": keys,
            "tokenType": "aws_sigv4",
            "clientId": LOGIN_CLIENT,
            "refreshToken": refresh,
            "idToken": "none",
            "dpopKey": proof.private_pem,
        })
    }

    /// Keys that are good for a time.
    fn keys(&mut self, good_for: Duration) -> Value {
        let id = self.new_word("ASIA");
        self.keys.insert(id.clone(), SystemTime::now() + good_for);
        json!({"accessKeyId": id, "secretAccessKey": "test", "sessionToken": "test"})
    }
}

/// `GetRoleCredentials`, `CreateToken`, `CreateOAuth2Token`.
pub fn respond(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    match call.action.as_str() {
        "GetRoleCredentials" => portal::role_keys(cloud, call),
        "CreateToken" => renewal::token(cloud, call),
        _ => renewal::login(cloud, call),
    }
}

/// AssumeRole and AssumeRoleWithWebIdentity: moto's, but the keys end when a test wants it.
pub async fn assume(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let answer = cloud.moto.pass(call).await?;
    let (status, body) = (answer.status().as_u16(), answer::body(answer).await);
    let mut text = String::from_utf8_lossy(&body).into_owned();
    let good_for = session_length(cloud);
    if let Some(key) = between(&text, "<AccessKeyId>", "</AccessKeyId>") {
        cloud.sign_ins.note(&key, good_for);
    }
    if let Some(end) = between(&text, "<Expiration>", "</Expiration>") {
        text = text.replace(&end, &stamp(SystemTime::now() + good_for));
    }
    Ok(answer::answer(
        status,
        "text/xml;charset=UTF-8",
        text.into_bytes(),
    ))
}

/// How long keys of sessions are good for.
fn session_length(cloud: &Cloud) -> Duration {
    Duration::from_secs_f64(cloud.rules().session_seconds)
}

fn between(text: &str, from: &str, to: &str) -> Option<String> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to).map(|(found, _)| found.to_owned())
}

/// A time as AWS writes it, rounded down to seconds.
fn stamp(time: SystemTime) -> String {
    crate::clock::stamp(time)
}
