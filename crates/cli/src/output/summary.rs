//! How a launch ended, and what can be done now: the last words of `launch`, `watch` and `retry`.

use slipway_core::error::ErrorKind;
use slipway_core::view::{FailureView, LaunchView, ParkedView, Status};

use super::clean;
use super::style::Style;
use super::text::{duration, wrap};
use super::words;

/// Lines for people at the end of watching.
pub fn lines(launch: &LaunchView, columns: usize, style: Style) -> Vec<String> {
    match (launch.server.status, &launch.failure, &launch.parked) {
        (Status::Ready, _, _) => ready(launch, style),
        (Status::Failed, Some(failure), _) => failed(launch, failure, columns, style),
        (Status::Parked, _, Some(parked)) => waiting(launch, parked, columns, style),
        (Status::Terminated, _, _) => terminated(launch, style),
        (status, _, _) => vec![format!(
            "{} is {}.",
            clean::line(&launch.server.name),
            words::status(status)
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
            &format!("slipway access {name} --show-password"),
            "shows the passwords",
        )],
    ));
    lines
}

fn failed(launch: &LaunchView, failure: &FailureView, columns: usize, style: Style) -> Vec<String> {
    let name = clean::line(&launch.server.name);
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
    let retry = format!("slipway retry {name}");
    let log = format!("slipway log {name}");
    let terminate = format!("slipway terminate {name}");
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

fn waiting(launch: &LaunchView, parked: &ParkedView, columns: usize, style: Style) -> Vec<String> {
    let name = clean::line(&launch.server.name);
    let mut lines = vec![String::new()];
    lines.extend(marked(
        &style.warn("!"),
        &format!("{name} waits for you. {}", parked.error.sentence),
        columns,
    ));
    lines.extend(indented(&parked.error.hint, columns));
    for offer in &parked.offers {
        let price = words::price(offer.usd_per_hour, "an hour");
        let offer = clean::line(&offer.id);
        lines.push(format!(
            "  slipway resume {name} --offer {offer}   {}",
            style.dim(price)
        ));
    }
    lines.push(String::new());
    lines.extend(ways_on(launch, parked, &name, style));
    lines
}

fn ways_on(launch: &LaunchView, parked: &ParkedView, name: &str, style: Style) -> Vec<String> {
    let create = format!("slipway offer --region {} --create-network", launch.server.region);
    let resume = format!("slipway resume {name}");
    let terminate = format!("slipway terminate {name}");
    let mut ways = vec![
        (resume.as_str(), "tries again"),
        (terminate.as_str(), "gives it up, and removes what was made"),
    ];
    if parked.error.kind == ErrorKind::NetworkMissing {
        ways.insert(0, (create.as_str(), "makes the default network"));
    }
    commands(style, &ways)
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

/// Commands in one column, what they do in the next.
fn commands(style: Style, ways: &[(&str, &str)]) -> Vec<String> {
    let widest = ways.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    ways.iter()
        .map(|(command, what)| format!("  {command:widest$}   {}", style.dim(what)))
        .collect()
}
