//! `slipway-test-cloud`: the cloud of the tests, to be tried by hand with `AWS_ENDPOINT_URL`.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use slipway_test_cloud::rack::Times;
use slipway_test_cloud::{Instances, Options, TestCloud, moto};

/// Nobody checks signatures, so any keys do.
const ACCOUNT: &str =
    "export AWS_ACCESS_KEY_ID=AKIATESTTESTTESTTEST AWS_SECRET_ACCESS_KEY=test AWS_REGION=eu-central-1";

#[derive(Parser)]
#[command(
    name = "slipway-test-cloud",
    about = "AWS for tests: moto with a proxy in front"
)]
struct Arguments {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:5055")]
    listen: SocketAddr,
    /// A moto that runs already, as a URL; else one is started
    #[arg(long)]
    moto: Option<String>,
    /// Folder with moto_server, of a Python environment [default: the one that `cargo xtask test` makes]
    #[arg(long)]
    python: Option<PathBuf>,
    /// How much faster than life instances live
    #[arg(long, default_value_t = 5.0)]
    speed: f64,
    /// Run instances on paper, without processes
    #[arg(long)]
    paper: bool,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let own = std::env::current_exe()?;
    let options = Options {
        listen: arguments.listen,
        moto: arguments.moto,
        python: arguments.python.unwrap_or_else(moto::python_folder),
        programs: own.parent().map(PathBuf::from).unwrap_or_default(),
        instances: if arguments.paper {
            Instances::Paper(Times::at_speed(arguments.speed))
        } else {
            Instances::Processes {
                speed: arguments.speed,
            }
        },
    };
    let cloud = TestCloud::start(options).await;
    // In one piece: whoever started this may stop reading after the first line.
    let told = format!("export AWS_ENDPOINT_URL={}\n{ACCOUNT}\n", cloud.url);
    std::io::stdout().write_all(told.as_bytes())?;
    told_to_end().await?;
    cloud.stop().await;
    Ok(())
}

/// Ctrl-C, or what `kill` and a closed terminal send: none of them may leave moto and machines running.
#[cfg(unix)]
async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut killed, mut hung_up) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed,
        _ = killed.recv() => Ok(()),
        _ = hung_up.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
