//! `download`: a file over HTTP, checked by its SHA-256; a broken transfer goes on where it ended.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::time::Instant;

use super::{Failure, Success, Trial};
use crate::install::backoff::Backoff;
use crate::install::hash;
use crate::{http, private};

const PROGRESS_PAUSE: Duration = Duration::from_millis(250);
/// A transfer from which nothing comes for so long is begun again where it stands.
const SILENCE: Duration = Duration::from_secs(30);
/// So many times in a row a transfer may break without a byte.
const EMPTY_TRIES: u32 = 5;

/// Fetches `url` into `to`. A file that is there already with the right content is left as it is.
pub async fn download(trial: &Trial, url: &str, sha256: &str, to: &str) -> Result<Success, Failure> {
    let to = PathBuf::from(trial.values.public(to)?);
    if matches_hash(&to, sha256).await {
        trial.say(&format!("{} is there already.", to.display())).await;
        return Ok(Success::Done);
    }
    let transfer = Transfer {
        trial,
        client: client().map_err(|error| format!("No HTTP client could be made: {error}."))?,
        url: trial.values.public(url)?,
        part: part_of(&to),
    };
    make_folder(&to)?;
    for fresh in [false, true] {
        if fresh {
            trial
                .warn("What came has another SHA-256 than the recipe says; fetching it afresh.")
                .await;
        }
        transfer.fetch().await?;
        if matches_hash(&transfer.part, sha256).await {
            return transfer.keep(&to).await;
        }
        transfer.discard()?;
    }
    Err(format!(
        "What {} sends is not what the recipe expects (SHA-256 {sha256}). It was deleted.",
        transfer.url
    )
    .into())
}

struct Transfer<'t> {
    trial: &'t Trial,
    client: Client,
    url: String,
    part: PathBuf,
}

impl Transfer<'_> {
    /// Fetches until the server says that the file is whole.
    async fn fetch(&self) -> Result<(), Failure> {
        let mut backoff = Backoff::new(Duration::from_millis(500), Duration::from_secs(15));
        let mut empty = 0;
        loop {
            let before = self.length().await;
            match self.once(before).await {
                Ok(()) => return Ok(()),
                Err(Broken::Refused(reason)) => return Err(reason.into()),
                Err(Broken::Cut(reason)) => {
                    empty = if self.length().await > before {
                        0
                    } else {
                        empty + 1
                    };
                    if empty >= EMPTY_TRIES {
                        return Err(format!("{} can't be fetched: {reason}.", self.url).into());
                    }
                    self.trial
                        .warn(&format!(
                            "The transfer broke off ({reason}); going on where it ended."
                        ))
                        .await;
                }
            }
            if empty == 0 {
                backoff.reset();
            }
            backoff.wait().await;
        }
    }

    async fn once(&self, from: u64) -> Result<(), Broken> {
        let mut request = self.client.get(&self.url);
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        let answer = request
            .send()
            .await
            .map_err(|error| Broken::Cut(plainly(error)))?;
        match answer.status() {
            StatusCode::PARTIAL_CONTENT if starts_at(&answer, from) => self.receive(answer, from).await,
            StatusCode::OK => self.receive(answer, 0).await,
            // The part is as long as the file or longer: its hash will tell.
            StatusCode::RANGE_NOT_SATISFIABLE => Ok(()),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                Err(Broken::Cut(format!("the server answers {status}")))
            }
            status => Err(Broken::Refused(format!("{} answers {status}.", self.url))),
        }
    }

    async fn receive(&self, mut answer: Response, from: u64) -> Result<(), Broken> {
        let own = self.trial.config.work_dir();
        let mut file = open(&self.part, from, &own).map_err(|error| self.cannot(&error))?;
        let total = answer.content_length().map(|rest| from + rest);
        let (mut done, mut told) = (from, Instant::now());
        loop {
            let chunk = match tokio::time::timeout(SILENCE, answer.chunk()).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => return file.sync_all().await.map_err(|error| self.cannot(&error)),
                Ok(Err(error)) => return self.cut(file, plainly(error)).await,
                Err(_) => return self.cut(file, "nothing came any more".to_owned()).await,
            };
            file.write_all(&chunk)
                .await
                .map_err(|error| self.cannot(&error))?;
            done += chunk.len() as u64;
            if let Some(total) = total.filter(|_| told.elapsed() >= PROGRESS_PAUSE) {
                self.trial.progress(done as f32 / total as f32).await;
                told = Instant::now();
            }
        }
    }

    async fn cut(&self, mut file: File, reason: String) -> Result<(), Broken> {
        // What has come counts for the next try.
        file.flush().await.map_err(|error| self.cannot(&error))?;
        Err(Broken::Cut(reason))
    }

    async fn length(&self) -> u64 {
        let found = tokio::fs::symlink_metadata(&self.part).await;
        found.map_or(0, |found| if found.is_file() { found.len() } else { 0 })
    }

    async fn keep(&self, to: &Path) -> Result<Success, Failure> {
        let length = self.length().await;
        std::fs::rename(&self.part, to)
            .map_err(|error| format!("The file “{}” can't be written: {error}.", to.display()))?;
        self.trial.progress(1.0).await;
        self.trial
            .say(&format!(
                "Fetched {} ({length} bytes), SHA-256 as expected.",
                self.url
            ))
            .await;
        Ok(Success::Done)
    }

    fn discard(&self) -> Result<(), Failure> {
        private::remove(&self.part)
            .map_err(|error| format!("“{}” can't be removed: {error}.", self.part.display()).into())
    }

    fn cannot(&self, error: &std::io::Error) -> Broken {
        Broken::Refused(format!("“{}” can't be written: {error}.", self.part.display()))
    }
}

/// Why a transfer ended early.
enum Broken {
    /// It may go on.
    Cut(String),
    /// Going on would not help.
    Refused(String),
}

fn client() -> reqwest::Result<Client> {
    http::client().build()
}

fn part_of(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn make_folder(to: &Path) -> Result<(), Failure> {
    let folder = to.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .map_err(|error| format!("The folder “{}” can't be made: {error}.", folder.display()).into())
}

fn open(part: &Path, from: u64, own: &Path) -> std::io::Result<File> {
    let file = private::resume(part, own)?;
    file.set_len(from)?;
    Ok(File::from_std(file))
}

fn starts_at(answer: &Response, from: u64) -> bool {
    let range = answer
        .headers()
        .get(CONTENT_RANGE)
        .and_then(|range| range.to_str().ok());
    range.is_some_and(|range| range.starts_with(&format!("bytes {from}-")))
}

async fn matches_hash(path: &Path, sha256: &str) -> bool {
    let found = hash::of_file(path).await;
    found.is_ok_and(|found| found.eq_ignore_ascii_case(sha256))
}

fn plainly(error: reqwest::Error) -> String {
    let source = std::error::Error::source(&error).map(ToString::to_string);
    source.unwrap_or_else(|| error.to_string())
}
