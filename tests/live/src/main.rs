//! `slipway-live`: the story of the tests on a real account. It costs money, so it runs only when it is started by name
//! and told yes. It works with a profile of the AWS tools, in a data folder of its own, and removes what it made.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that a person watches"
)]

mod lag;
mod sweep;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use clap::Parser;
use slipway_test_adapter::scenario::Story;
use slipway_test_adapter::terminal::Terminal;

/// The recipe that Slipway brings for EC2; a failure on demand is added to it.
const RECIPE: &str = include_str!("../../../recipes/iis-site.toml");
/// Its first step that nothing else waits behind for long.
const FAILING_STEP: &str = "page";
/// Windows' first boot “often takes 15 minutes or longer” (EC2 user guide, Fast Launch), and IIS comes after it.
const PATIENCE: Duration = Duration::from_secs(60 * 60);
const COST: &str = "\
This launches three Windows servers in the account, one after the other, makes an image of the first, and removes all of it
together at the end: probably after an hour to an hour and a half. AWS charges for the servers by the second with Windows'
licence in the price, for their disks and public addresses while they are there, for the snapshot of the image while it is
there, and for some megabytes in S3, which go by themselves after 30 days. “slipway offer” shows the prices.";

/// The life of a server on a real AWS account.
#[derive(Parser)]
#[command(name = "slipway-live")]
struct Arguments {
    /// A profile of the AWS tools, in ~/.aws
    #[arg(long)]
    profile: String,
    /// Where to launch
    #[arg(long)]
    region: String,
    /// Instance type
    #[arg(long, default_value = "t3.large")]
    size: String,
    /// Another recipe than Windows' own web server: a file with an input “fail_at”
    #[arg(long)]
    recipe: Option<std::path::PathBuf>,
    /// The step that fails in the first attempt
    #[arg(long, default_value = FAILING_STEP)]
    failing_step: String,
    /// Don't ask
    #[arg(long)]
    yes: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    println!("{COST}\n");
    if !(arguments.yes || agreed()) {
        println!("Nothing was done.");
        return ExitCode::FAILURE;
    }
    let terminal = Terminal::on_aws();
    let told = catch_unwind(AssertUnwindSafe(|| tell(&terminal, &arguments)));
    let left = sweep::everything(&terminal);
    left.iter().for_each(|line| println!("LEFT BEHIND: {line}"));
    match told {
        Ok(()) if left.is_empty() => {
            println!("The story went well, and nothing of it is left but what S3 removes by itself.");
            ExitCode::SUCCESS
        }
        _ => ExitCode::FAILURE,
    }
}

fn agreed() -> bool {
    println!("Enter “yes” to go on.");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).is_ok() && line.trim() == "yes"
}

fn tell(terminal: &Terminal, arguments: &Arguments) {
    let (profile, region) = (arguments.profile.as_str(), arguments.region.as_str());
    let text = match &arguments.recipe {
        Some(file) => std::fs::read_to_string(file).expect("the recipe can be read"),
        None => with_failure(RECIPE),
    };
    let id = text.lines().find_map(|line| line.strip_prefix("id = \""));
    let id = id
        .map(|id| id.trim_end_matches('"').to_owned())
        .expect("a recipe names its id");
    terminal.add_recipe(&id, &text);
    terminal.done(&["profiles", "add", profile, "--from-aws", "--region", region]);
    terminal.done(&["profiles", "use", profile]);
    let launch = ["--size", arguments.size.as_str(), "--stop-after", "3"];
    let story = Story::new(terminal, &id, &launch, PATIENCE);
    for finding in story.checks() {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        println!("{}: {}", text("about"), text("text"));
    }
    let stamp = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let stamp = stamp.expect("a clock after 1970").as_secs();
    let name = |what: &str| format!("live-{stamp}-{what}");
    let (first, copy, broken) = (name("first"), name("copy"), name("broken"));
    let image = format!("{first}-image");
    std::thread::scope(|scope| {
        let lag = scope.spawn(|| lag::of_the_console(terminal, &first));
        story.launches(&first);
        for line in lag.join().expect("the console was looked at") {
            println!("{line}");
        }
    });
    story.lets_in(&first);
    story.shows_its_site(&first);
    story.shows_console_and_screen(&first);
    story.is_imaged(&first, &image);
    story.launches_from(&image, &copy);
    story.moves(&first);
    story.fails_and_goes_on(&broken, &arguments.failing_step);
    story.ends(&[&first, &copy, &broken], &[&image]);
    for (what, took) in story.times() {
        println!("{:>8.1} s  {what}", took.as_secs_f64());
    }
}

/// The recipe as it is, with a failure on demand.
fn with_failure(recipe: &str) -> String {
    let input = "[[inputs]]\nid = \"fail_at\"\ntype = \"step\"\nlabel = \"Practise a failure\"\n\n[site]\n";
    recipe
        .replacen("id = \"iis-site\"", "id = \"live-site\"", 1)
        .replacen(
            "worlds = [\"ec2\"]",
            "worlds = [\"ec2\"]\nrehearse = \"fail_at\"",
            1,
        )
        .replacen("[site]\n", input, 1)
}
