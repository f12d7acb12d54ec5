//! What the window costs beside a bare Tauri window in the same run: the time until its list can be used, its memory,
//! and what it takes of the processor while nothing happens. Then what a long log costs it, and how soon a line is drawn.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a bench stops where it can't go on, and prints its figures

mod chatter;

use std::time::{Duration, Instant};

use slipway_tests::room::program;
use slipway_tests::window::{Page, Screen, processes};

/// Starts of each window, in turns, so that what else the computer does meets both alike.
const STARTS: usize = 7;
/// After its start a window settles.
const SETTLE: Duration = Duration::from_secs(5);
/// How long it is watched doing nothing.
const IDLE: Duration = Duration::from_secs(30);
/// What it may take of a core then, in percent.
const IDLE_BAR: f64 = 0.3;
/// Ticks of the processor's time in a second (`sysconf(_SC_CLK_TCK)` on every Linux there is).
const TICKS: f64 = 100.0;

/// What one window costs.
#[derive(Default)]
struct Cost {
    starts: Vec<f64>,
    memory: Vec<f64>,
    idle: f64,
}

fn main() {
    beside_a_bare_one();
    chatter::a_long_log();
    chatter::until_drawn();
}

fn beside_a_bare_one() {
    // What practice asks of itself, it asks as often as its machines live fast: the window runs at the speed of life.
    let mut screen = Screen::at_speed("1");
    screen.launch("listed");
    let (mut ours, mut bare) = (Cost::default(), Cost::default());
    for turn in 0..STARTS {
        let last = turn + 1 == STARTS;
        measure(&mut screen, "slipway-window", ("link", "listed"), &mut ours, last);
        let heading = ("heading", "Bare window");
        measure(&mut screen, "bare-window", heading, &mut bare, last);
    }
    let beside = |name, unit, ours: &mut [f64], bare: &mut [f64]| {
        figure(name, median(ours), unit, "bare window", median(bare));
    };
    beside(
        "cold start to a usable list, p50",
        "s",
        &mut ours.starts,
        &mut bare.starts,
    );
    beside(
        "memory of all processes when idle (PSS)",
        "MiB",
        &mut ours.memory,
        &mut bare.memory,
    );
    let idle = |name, percent| figure(name, percent, "% of a core", "bar", IDLE_BAR);
    idle("processor when idle", ours.idle);
    idle("processor of a bare window when idle", bare.idle);
}

/// One start, and what the window takes when it has settled.
fn measure(screen: &mut Screen, name: &str, (role, there): (&str, &str), cost: &mut Cost, watch_idle: bool) {
    let begun = Instant::now();
    let page = screen.open_program(&program(name));
    page.sees(role, there);
    cost.starts.push(begun.elapsed().as_secs_f64());
    page.0.pause(SETTLE);
    let all = processes::of_home(&screen.home());
    let kib: u64 = all
        .iter()
        .filter_map(|process| processes::pss_kib(process.pid))
        .sum();
    cost.memory.push(kib as f64 / 1024.0);
    if watch_idle {
        cost.idle = idle_percent(screen, &page);
    }
    screen.kill_window();
}

fn idle_percent(screen: &Screen, page: &Page) -> f64 {
    let ticks = || -> u64 {
        let all = processes::of_home(&screen.home());
        all.iter()
            .filter_map(|process| processes::cpu_ticks(process.pid))
            .sum()
    };
    let before = ticks();
    page.0.pause(IDLE);
    (ticks() - before) as f64 / TICKS / IDLE.as_secs_f64() * 100.0
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One line for `cargo xtask bench`. What was measured without optimisation says so.
fn figure(name: &str, value: f64, unit: &str, compared_with: &str, other: f64) {
    let round = |number: f64| (number * 100.0).round() / 100.0;
    let profile = if cfg!(debug_assertions) {
        " (dev profile)"
    } else {
        ""
    };
    let line = serde_json::json!({
        "figure": format!("{name}{profile}"), "value": round(value), "unit": unit,
        "compared_with": compared_with, "other": round(other), "ratio": round(value / other),
    });
    println!("{line}");
}
