//! moto, the program that this cloud stands on: started with its strict flags, and asked.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use http_body_util::Full;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use xmltree::Element;

use crate::answer::{Answer, Refusal};
use crate::call::{Call, Place};
use crate::params::Params;
use crate::xml;

/// Images that look like Amazon's newest Windows Server; moto's own are of 2017.
const IMAGES: &str = include_str!("../assets/windows_amis.json");
/// It starts in two seconds where nothing else is going on.
const PATIENCE: Duration = Duration::from_secs(60);
/// Its longest answer is the list of instance types.
const LONGEST: Duration = Duration::from_secs(60);
/// Headers that belong to one connection, not to the message.
const HOP: &[&str] = &[
    "connection",
    "transfer-encoding",
    "content-length",
    "expect",
    "accept-encoding",
];

/// A running moto, or the address of one.
pub struct Moto {
    url: String,
    http: reqwest::Client,
    // Ended with this value.
    _process: Option<Child>,
}

impl Moto {
    /// Starts `moto_server` on a free port. The images are written into `folder`.
    ///
    /// # Panics
    /// Where it can't be started.
    pub async fn start(program: &Path, folder: &Path) -> Self {
        let images = folder.join("windows_amis.json");
        std::fs::write(&images, IMAGES).expect("the list of images can be written");
        let mut command = Command::new(program);
        command
            .args(["-H", "127.0.0.1", "-p", "0"])
            .env("MOTO_AMIS_PATH", images)
            .env("MOTO_ENABLE_AMI_VALIDATION", "1")
            .env("MOTO_ENABLE_KEYPAIR_VALIDATION", "1")
            .env("MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let started = command.spawn();
        let mut process = started.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let said = process.stderr.take().expect("its standard error is a pipe");
        let url = tokio::time::timeout(PATIENCE, address(said)).await;
        let url = url.ok().flatten().expect("moto says where it listens");
        Moto {
            _process: Some(process),
            ..Moto::at(&url)
        }
    }

    /// One that runs already.
    pub fn at(url: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().timeout(LONGEST);
        Moto {
            url: url.trim_end_matches('/').to_owned(),
            http: http.build().expect("a client without TLS files"),
            _process: None,
        }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Passes a request on as it came.
    pub async fn pass(&self, call: &Call) -> Result<Answer, Refusal> {
        self.forward(call, call.body.clone()).await
    }

    /// Passes a request of EC2 on with other values, and reads the answer. A refusal of moto's stays one.
    pub async fn edited(&self, call: &Call, params: &Params) -> Result<Element, Refusal> {
        let answer = self.forward(call, params.encode().into()).await?;
        understood(answer).await
    }

    /// Asks EC2 on the proxy's own account, in a client's place.
    pub async fn ask(&self, place: &Place, action: &str, params: Params) -> Result<Element, Refusal> {
        let mut form = params;
        form.set("Action", action);
        form.set("Version", "2016-11-15");
        let credential = format!("{}/20260101/{}/ec2/aws4_request", place.access_key, place.region);
        let signed =
            format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host;x-amz-date, Signature=0");
        let request = self
            .http
            .post(&self.url)
            .header("authorization", signed)
            .header("x-amz-date", "20260101T000000Z")
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(form.encode());
        understood(received(request.send().await).await?).await
    }

    async fn forward(&self, call: &Call, body: bytes::Bytes) -> Result<Answer, Refusal> {
        let path = call.head.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = call.head.headers.clone();
        for name in HOP {
            headers.remove(*name);
        }
        let request = self
            .http
            .request(call.head.method.clone(), format!("{}{path}", self.url))
            .headers(headers)
            .body(body);
        received(request.send().await).await
    }
}

/// Where moto listens, from what it says at its start. The rest is read and dropped, so that it never waits.
async fn address(said: impl tokio::io::AsyncRead + Unpin + Send + 'static) -> Option<String> {
    let mut lines = BufReader::new(said).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((_, url)) = line.split_once("Running on ") {
            let url = url.trim().to_owned();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some(url);
        }
    }
    None
}

async fn received(sent: reqwest::Result<reqwest::Response>) -> Result<Answer, Refusal> {
    let broken = |error: reqwest::Error| Refusal {
        code: "InternalError".into(),
        message: format!("moto does not answer: {error}"),
        status: 500,
    };
    let response = sent.map_err(broken)?;
    let (status, mut headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.map_err(broken)?;
    // The answer to HEAD tells the length of a body that is not there.
    let kept = body
        .is_empty()
        .then(|| headers.get(http::header::CONTENT_LENGTH).cloned());
    for name in HOP {
        headers.remove(*name);
    }
    if let Some(length) = kept.flatten() {
        headers.insert(http::header::CONTENT_LENGTH, length);
    }
    // The proxy's own server says what time it is, see the clock.
    headers.remove(http::header::DATE);
    let mut answer = Answer::new(Full::new(xml::mend_namespace(&body)));
    *answer.status_mut() = status;
    *answer.headers_mut() = headers;
    Ok(answer)
}

async fn understood(answer: Answer) -> Result<Element, Refusal> {
    let status = answer.status().as_u16();
    let body = crate::answer::body(answer).await;
    let unreadable = || Refusal {
        code: "InternalError".into(),
        message: format!("moto answered {status}: {}", String::from_utf8_lossy(&body)),
        status: 500,
    };
    let root = xml::read(&body).ok_or_else(unreadable)?;
    if status < 300 {
        return Ok(root);
    }
    let error = root
        .get_child("Errors")
        .and_then(|errors| errors.get_child("Error"));
    let error = error.ok_or_else(unreadable)?;
    Err(Refusal {
        code: xml::text(error, "Code"),
        message: xml::text(error, "Message"),
        status,
    })
}

/// `moto_server` in the virtual environment that `cargo xtask test` makes below the target folder.
pub fn program() -> PathBuf {
    python_folder().join("moto_server")
}

/// Programs of that environment.
pub fn python_folder() -> PathBuf {
    let own = std::env::current_exe().expect("the program's own path");
    let target = own.ancestors().find(|folder| folder.join("python").is_dir());
    let target = target.unwrap_or_else(|| panic!("no Python environment above {}", own.display()));
    target.join("python").join("bin")
}
