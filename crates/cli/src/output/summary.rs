//! How a launch ended, and what can be done now: the last words of `launch`, `watch` and `retry`.

use slipway_core::view::{FailureView, LaunchView, ServerView, Status, WaitingView};

use super::clean;
use super::shell;
use super::style::Style;
use super::text::{duration, wrap};
use super::{waiting, words};
use crate::follow::now;

/// Lines for people at the end of watching.
pub fn lines(launch: &LaunchView, columns: usize, style: Style) -> Vec<String> {
    match (launch.server.status, &launch.failure, &launch.waiting) {
        (Status::Ready, _, _) => ready(launch, style),
        (Status::Failed, Some(failure), _) => failed(launch, failure, columns, style),
        (_, _, Some(waiting)) => waits(launch, waiting, columns, style),
        (Status::Terminated, _, _) => terminated(launch, style),
        (status, _, _) => vec![format!(
            "{} is {}.",
            clean::line(&launch.server.name),
            status.words()
        )],
    }
}

fn ready(launch: &LaunchView, style: Style) -> Vec<String> {
    let server = &launch.server;
    let name = clean::line(&server.name);
    let took = server
        .ended
        .map(|ended| format!(" in {}", duration(ended - server.created)));
    let mut lines = vec![
        String::new(),
        format!("{} {name} is ready{}.", style.good("✓"), took.unwrap_or_default()),
    ];
    if let Some(url) = &server.site_url {
        lines.push(format!("  Site            {}", style.bold(clean::line(url))));
    }
    if let Some(access) = &launch.access {
        if let Some(admin) = &access.admin {
            lines.push(format!(
                "  Site login      {}, as {}",
                clean::line(&admin.url),
                clean::line(&admin.user)
            ));
        }
        let host = clean::line(&access.host);
        lines.push(format!(
            "  Remote Desktop  {host}:{}, as {}",
            access.rdp_port,
            clean::line(&access.user)
        ));
    }
    lines.push(String::new());
    lines.extend(commands(
        style,
        &[(
            &shell::command("access --show-password", &[typed(server)]),
            "shows the passwords",
        )],
    ));
    lines
}

fn failed(launch: &LaunchView, failure: &FailureView, columns: usize, style: Style) -> Vec<String> {
    let mut lines = vec![String::new()];
    let sentence = clean::line(&failure.error.sentence);
    lines.extend(marked(&style.bad("✗"), &sentence, columns));
    lines.extend(indented(&failure.error.hint, columns));
    let mut said = failure
        .last_lines
        .iter()
        .filter(|line| !line.text.is_empty())
        .peekable();
    if said.peek().is_some() {
        lines.push(String::new());
        lines.push(style.dim("  The last lines before it failed:"));
        let shown = said.map(|line| clean::line(&line.text));
        lines.extend(shown.map(|text| style.dim(format!("  │ {text}"))));
    }
    lines.push(String::new());
    let to_type = [typed(&launch.server)];
    let retry = shell::command("retry", &to_type);
    let log = shell::command("log", &to_type);
    let terminate = shell::command("terminate", &to_type);
    let mut ways = vec![
        (log.as_str(), "shows the whole log"),
        (terminate.as_str(), "removes the server"),
    ];
    if failure.may_retry {
        ways.insert(0, (retry.as_str(), "goes on from the step that failed"));
    }
    lines.extend(commands(style, &ways));
    lines
}

fn waits(launch: &LaunchView, waiting: &WaitingView, columns: usize, style: Style) -> Vec<String> {
    let name = clean::line(&launch.server.name);
    let mut lines = vec![String::new()];
    let sentence = format!("{name}: {}. {}", waiting.words, waiting.error.sentence);
    lines.extend(marked(&style.warn("!"), &sentence, columns));
    lines.extend(indented(&waiting.error.hint, columns));
    lines.extend(indented(&waiting::tries(waiting, now()), columns));
    for offer in &waiting.offers {
        let price = words::price(offer.usd_per_hour, "an hour");
        let offer = clean::line(&offer.id);
        lines.push(format!(
            "  slipway resume {name} --offer {offer}   {}",
            style.dim(price)
        ));
    }
    lines.push(String::new());
    let ways = waiting::ways(launch, waiting, &name);
    let ways: Vec<(&str, &str)> = ways
        .iter()
        .map(|(command, what)| (command.as_str(), *what))
        .collect();
    lines.extend(commands(style, &ways));
    lines
}

fn terminated(launch: &LaunchView, style: Style) -> Vec<String> {
    let name = clean::line(&launch.server.name);
    let mut lines = vec![format!("{} {name} is terminated.", style.good("✓"))];
    if !launch.leftovers.is_empty() {
        lines.push(format!("{} Could not be removed:", style.warn("!")));
        lines.extend(
            launch
                .leftovers
                .iter()
                .map(|left| format!("  {}", clean::line(left))),
        );
    }
    lines
}

fn marked(mark: &str, text: &str, columns: usize) -> Vec<String> {
    let text = clean::line(text);
    let wrapped = wrap(&text, columns.saturating_sub(3)).into_iter().enumerate();
    wrapped
        .map(|(at, line)| format!("{} {line}", if at == 0 { mark } else { " " }))
        .collect()
}

fn indented(text: &str, columns: usize) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let text = clean::line(text);
    wrap(&text, columns.saturating_sub(3))
        .into_iter()
        .map(|line| format!("  {line}"))
        .collect()
}

fn typed(server: &ServerView) -> &str {
    shell::typed(&server.name, &server.id)
}

/// Commands in one column, what they do in the next.
fn commands(style: Style, ways: &[(&str, &str)]) -> Vec<String> {
    let widest = ways.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    ways.iter()
        .map(|(command, what)| format!("  {command:widest$}   {}", style.dim(what)))
        .collect()
}
