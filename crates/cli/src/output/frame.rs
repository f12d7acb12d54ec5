//! One picture of a launch: the phases with their times, the steps inside Installing, the newest lines of the log.
//! Pure: a view in, lines out, each no wider than the terminal.

use slipway_core::view::{LaunchView, LogLine, PieceState, RailPhase, RailView, StepView};

use super::clean;
use super::style::Style;
use super::text::{duration, fit, pad, width, wrap};
use super::waiting;
use super::words;

/// Room for a time at the right edge.
const TIME: usize = 8;
/// Room for what stands before the time: progress, or the usual duration.
const DETAIL: usize = 22;
/// Wider lines are harder to read across.
const WIDEST: usize = 84;
/// Lines of the log under the steps.
const TAIL: usize = 5;
/// Cells of a progress bar.
const BAR: usize = 12;

/// What a picture depends on beside the launch.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Milliseconds since the epoch.
    pub now: i64,
    /// Columns.
    pub columns: usize,
    /// Lines.
    pub rows: usize,
    /// Colours.
    pub style: Style,
    /// Nothing more comes, so nothing is said about what comes.
    pub last: bool,
}

/// One line of the picture before it is laid out.
struct Row<'a> {
    indent: usize,
    state: PieceState,
    title: &'a str,
    detail: String,
    time: String,
}

/// Draws the launch. Where the terminal is low, the log goes first, then steps that are done, then those that wait.
pub fn draw(launch: &LaunchView, tail: &[LogLine], look: Look) -> Vec<String> {
    let head = head(launch, look);
    let foot = foot(launch, look);
    let room = look.rows.saturating_sub(head.len() + foot.len() + 1);
    let mut body = rail(launch, look, Steps::all());
    if body.len() > room {
        body = rail(
            launch,
            look,
            Steps {
                done: false,
                waiting: true,
            },
        );
    }
    if body.len() > room {
        body = rail(
            launch,
            look,
            Steps {
                done: false,
                waiting: false,
            },
        );
    }
    let tail_room = room.saturating_sub(body.len() + 1).min(TAIL);
    let mut lines = head;
    lines.append(&mut body);
    lines.extend(log(tail, tail_room, look));
    lines.extend(foot);
    // A picture taller than the terminal would scroll, and could not be drawn over.
    lines.truncate(look.rows.saturating_sub(1));
    lines
}

fn head(launch: &LaunchView, look: Look) -> Vec<String> {
    let server = &launch.server;
    let name = clean::line(&server.name);
    let about = format!(
        " · {} · {}",
        clean::line(&server.recipe),
        clean::line(&server.profile)
    );
    let rest = fit(&about, columns(look).saturating_sub(width(&name) + 1));
    vec![
        format!(" {}{}", look.style.bold(name), look.style.dim(rest)),
        String::new(),
    ]
}

fn foot(launch: &LaunchView, look: Look) -> Vec<String> {
    if look.last {
        return Vec::new();
    }
    let room = columns(look) - 1;
    let mut lines = vec![String::new()];
    if let Some(waiting) = &launch.waiting {
        let text = waiting::paragraph(waiting, look.now);
        let told = wrap(&clean::line(&text), room);
        let told = told.iter().map(|line| look.style.warn(line));
        lines.extend(told.map(|line| format!(" {line}")));
        let name = clean::line(&launch.server.name);
        for (command, what) in waiting::ways(launch, waiting, &name) {
            let way = fit(&clean::line(&format!("{command}   {what}")), room - 2);
            lines.push(format!("   {}", look.style.dim(way)));
        }
    } else if let Some(trouble) = words::connection(launch) {
        let since = launch.connection.since.map_or(0, |since| look.now - since);
        let text = format!("{trouble} ({})", duration(since));
        lines.push(format!(" {}", look.style.warn(fit(&text, room))));
    }
    lines.push(format!(
        " {}",
        look.style
            .dim(fit("Ctrl-C stops watching, not the launch.", room))
    ));
    lines
}

/// Which steps are drawn one by one; the others become one line.
#[derive(Clone, Copy)]
struct Steps {
    done: bool,
    waiting: bool,
}

impl Steps {
    fn all() -> Self {
        Steps {
            done: true,
            waiting: true,
        }
    }

    fn shows(self, state: PieceState) -> bool {
        match state {
            PieceState::Done => self.done,
            PieceState::Waiting => self.waiting,
            PieceState::Running | PieceState::Failed => true,
        }
    }
}

fn rail(launch: &LaunchView, look: Look, which: Steps) -> Vec<String> {
    let mut lines = Vec::new();
    for phase in &launch.rail {
        lines.push(lay_out(phase_row(launch, phase, look.now), look));
        if phase.phase == RailPhase::Installing && phase.state != PieceState::Waiting {
            lines.extend(steps(launch, look, which));
        }
    }
    lines
}

fn phase_row<'a>(launch: &LaunchView, phase: &RailView, now: i64) -> Row<'a> {
    let detail = match (phase.phase, phase.state) {
        (RailPhase::Installing, PieceState::Running) => {
            format!(
                "{} of {} steps",
                launch.server.steps_done, launch.server.steps_total
            )
        }
        (_, PieceState::Running) => usual(phase.usual),
        _ => String::new(),
    };
    let time = time(phase.state, phase.started, phase.ended, phase.usual, now);
    Row {
        indent: 1,
        state: phase.state,
        title: words::phase(phase.phase, phase.state),
        detail,
        time,
    }
}

fn steps(launch: &LaunchView, look: Look, which: Steps) -> Vec<String> {
    let count = |state| launch.steps.iter().filter(|step| step.state == state).count();
    let (done, waiting) = (count(PieceState::Done), count(PieceState::Waiting));
    // A single step folded away would save nothing.
    let which = Steps {
        done: which.done || done < 2,
        waiting: which.waiting || waiting < 2,
    };
    let shown = launch.steps.iter().filter(|step| which.shows(step.state));
    let mut lines: Vec<String> = shown
        .map(|step| lay_out(step_row(step, look.now), look))
        .collect();
    if !which.done {
        lines.insert(0, folded(PieceState::Done, &format!("{done} steps done"), look));
    }
    if !which.waiting {
        lines.push(folded(
            PieceState::Waiting,
            &format!("{waiting} steps to go"),
            look,
        ));
    }
    lines
}

fn step_row(step: &StepView, now: i64) -> Row<'_> {
    let detail = match (step.state, step.progress) {
        (PieceState::Running, Some(part)) => bar(part),
        (PieceState::Running, None) => usual(step.usual),
        (PieceState::Done, _) if step.already_done => "nothing to do".to_owned(),
        _ => String::new(),
    };
    let time = time(step.state, step.started, step.ended, step.usual, now);
    Row {
        indent: 4,
        state: step.state,
        title: &step.title,
        detail,
        time,
    }
}

fn folded(state: PieceState, title: &str, look: Look) -> String {
    lay_out(
        Row {
            indent: 4,
            state,
            title,
            detail: String::new(),
            time: String::new(),
        },
        look,
    )
}

/// Title on the left, detail and time right-aligned; the detail goes where there is no room for it.
fn lay_out(row: Row<'_>, look: Look) -> String {
    let title = clean::line(row.title);
    let room = columns(look).saturating_sub(row.indent + 2 + TIME);
    let with_detail = room >= DETAIL + 20 && !row.detail.is_empty();
    let title_room = if with_detail { room - DETAIL } else { room };
    let padded = pad(&title, title_room);
    let title = match row.state {
        PieceState::Waiting => look.style.dim(padded),
        PieceState::Failed => look.style.bad(padded),
        PieceState::Running | PieceState::Done => padded,
    };
    let detail = if with_detail {
        look.style.dim(right(&row.detail, DETAIL))
    } else {
        String::new()
    };
    let time = look.style.dim(right(&row.time, TIME));
    format!(
        "{}{} {title}{detail}{time}",
        " ".repeat(row.indent),
        look.style.mark(row.state)
    )
}

fn right(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(&text))))
}

fn time(state: PieceState, began: Option<i64>, ended: Option<i64>, usual: Option<i64>, now: i64) -> String {
    match (state, began) {
        (PieceState::Waiting, _) => worth_saying(usual).map_or_else(String::new, |text| format!("~{text}")),
        (_, Some(began)) => duration(ended.unwrap_or(now) - began),
        (_, None) => String::new(),
    }
}

fn usual(usual: Option<i64>) -> String {
    worth_saying(usual).map_or_else(String::new, |text| format!("usually {text}"))
}

/// Less than a second is no time to wait for.
fn worth_saying(usual: Option<i64>) -> Option<String> {
    usual.filter(|usual| *usual >= 1_000).map(duration)
}

fn bar(part: f32) -> String {
    let part = part.clamp(0.0, 1.0);
    let full = (part * BAR as f32).round() as usize;
    format!(
        "{}{} {:>3.0} %",
        "━".repeat(full),
        "╌".repeat(BAR - full),
        part * 100.0
    )
}

fn log(tail: &[LogLine], room: usize, look: Look) -> Vec<String> {
    let newest = &tail[tail.len().saturating_sub(room)..];
    if newest.is_empty() {
        return Vec::new();
    }
    let line = |line: &LogLine| {
        let step = line
            .step
            .as_deref()
            .map_or_else(String::new, |step| format!("{step}  "));
        let text = format!("{step}{}", words::said(line).unwrap_or_default());
        format!(" {}", look.style.dim(fit(&clean::line(&text), columns(look) - 1)))
    };
    std::iter::once(String::new())
        .chain(newest.iter().map(line))
        .collect()
}

/// One column stays free, so that no terminal wraps a full line.
fn columns(look: Look) -> usize {
    look.columns.saturating_sub(1).clamp(20, WIDEST)
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
