//! `slipway-test-bootstrap`: plays Windows on an instance. It is started where a practice machine starts the agent, does
//! what the PowerShell in the user data would do (fetch the agent, check it, start it), and becomes the agent.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use sha2::{Digest, Sha256};
use slipway_protocol::console::{Line, News};
use slipway_protocol::{AgentSource, Brief};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let (Some(imds), Some(console), Some(data)) = (value("--imds"), value("--console"), value("--data-dir"))
    else {
        return ExitCode::FAILURE;
    };
    let Some(user_data) = user_data(&imds).await else {
        return ExitCode::FAILURE;
    };
    // User data that is not Slipway's asks for nothing that could be played.
    let Ok(brief) = Brief::from_user_data(&user_data) else {
        return ExitCode::SUCCESS;
    };
    let program = match &brief.agent {
        Some(source) => fetch(source, Path::new(&data)).await,
        None => beside(),
    };
    match program {
        Ok(program) => become_agent(&program, &arguments),
        Err(reason) => complain(&console, &brief.launch, &reason),
    }
}

async fn user_data(imds: &str) -> Option<String> {
    let http = client().ok()?;
    let token = http
        .put(format!("{imds}/latest/api/token"))
        .header("x-aws-ec2-metadata-token-ttl-seconds", "300");
    let token = token.send().await.ok()?.text().await.ok()?;
    let ask = http.get(format!("{imds}/latest/user-data"));
    let answer = ask.header("x-aws-ec2-metadata-token", token).send().await.ok()?;
    if answer.status().as_u16() == 404 {
        return Some(String::new());
    }
    answer.error_for_status().ok()?.text().await.ok()
}

/// Fetches the agent once for a disk and checks it. It is for Windows: this computer's own agent runs in its place.
async fn fetch(source: &AgentSource, data: &Path) -> Result<PathBuf, String> {
    let file = data.parent().unwrap_or(data).join("fetched-agent");
    if file.exists() {
        return beside();
    }
    let told = |error: reqwest::Error| error.without_url().to_string();
    let answer = client()
        .map_err(told)?
        .get(&source.url)
        .send()
        .await
        .map_err(told)?;
    let bytes = answer
        .error_for_status()
        .map_err(told)?
        .bytes()
        .await
        .map_err(told)?;
    if hex::encode(Sha256::digest(&bytes)) != source.sha256 {
        return Err("the agent's program is not the expected one".to_owned());
    }
    let part = file.with_extension("part");
    let kept = std::fs::write(&part, &bytes).and_then(|()| std::fs::rename(&part, &file));
    kept.map_err(|error| error.to_string())?;
    beside()
}

fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().no_proxy().build()
}

/// The agent that was built beside this program.
fn beside() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    Ok(own.with_file_name(format!("slipway-agent{}", std::env::consts::EXE_SUFFIX)))
}

#[cfg(unix)]
fn become_agent(program: &Path, arguments: &[String]) -> ExitCode {
    use std::os::unix::process::CommandExt;
    let error = Command::new(program).args(arguments).exec();
    drop(writeln!(std::io::stderr(), "{}: {error}", program.display()));
    ExitCode::FAILURE
}

#[cfg(not(unix))]
fn become_agent(program: &Path, arguments: &[String]) -> ExitCode {
    match Command::new(program).args(arguments).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// As the bootstrap does it: what broke off, why, and what to do; then it is over.
fn complain(console: &str, launch: &str, reason: &str) -> ExitCode {
    let told = [
        "the bootstrap stopped while downloading the installer",
        reason,
        "terminate this server and launch again",
    ];
    let file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(console);
    if let Ok(mut file) = file {
        for reason in told {
            let (launch, news) = (launch.to_owned(), News::Trouble(reason.to_owned()));
            drop(writeln!(file, "{}", Line { launch, news }));
        }
    }
    ExitCode::SUCCESS
}
