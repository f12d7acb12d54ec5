use slipway_protocol::console;

use super::*;

fn to(path: &Path) -> Config {
    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        config: Config,
    }
    let arguments = ["agent".as_ref(), "--console".as_ref(), path.as_os_str()];
    let line: Line = clap::Parser::parse_from(arguments);
    line.config
}

#[tokio::test]
async fn what_was_said_is_read_back_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("console.log");
    let console = Console::start(&to(&path), "L1");
    console.say(News::StepStarted("database".into()));
    console.say(News::StepDone("database".into()));
    console.say(News::Succeeded);
    console.flush().await;
    let said = console::lines(&std::fs::read_to_string(&path).unwrap(), "L1");
    let news: Vec<News> = said.into_iter().map(|line| line.news).collect();
    let step = || "database".to_owned();
    assert_eq!(
        news,
        [News::StepStarted(step()), News::StepDone(step()), News::Succeeded]
    );
}

#[tokio::test]
async fn a_console_that_comes_later_gets_the_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("later").join("console.log");
    let console = Console::start(&to(&path), "L1");
    console.say(News::Succeeded);
    tokio::time::sleep(Duration::from_millis(120)).await;
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    console.flush().await;
    assert_eq!(
        console::lines(&std::fs::read_to_string(&path).unwrap(), "L1").len(),
        1
    );
}

#[test]
fn steps_share_a_budget_and_the_end_is_always_said() {
    let mut left = 100;
    assert!(is_worth(&News::StepStarted("a".into()), 90, &mut left));
    assert!(!is_worth(&News::StepStarted("b".into()), 90, &mut left));
    assert!(is_worth(&News::Failed, 90, &mut left));
}
