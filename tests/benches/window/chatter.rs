//! The window beside a server that talks a lot: what a long log costs beside a short one, and how soon a line is drawn.

use serde_json::json;
use slipway_tests::chatter;
use slipway_tests::window::{Page, Screen, processes};

use crate::{figure, median};

const FEW: u64 = 1_000;
const MANY: u64 = 100_000;
/// Ten lines twenty times a second.
const RAIN: &str = "sleep 6; for beat in $(seq 2400); do seq 10; sleep 0.05; done";
/// Lines that say when they were said, ten a second.
const CLOCK: &str = "sleep 4; for beat in $(seq 1200); do echo at $(date +%s%3N); sleep 0.1; done";

/// Times between frames for six seconds, in milliseconds, and the most rows in the page.
const FRAMES: &str = "const told = arguments[arguments.length - 1]; \
    const frames = []; let rows = 0; const begun = performance.now(); let last = begun; \
    const next = (now) => { \
      frames.push(now - last); last = now; \
      rows = Math.max(rows, document.querySelectorAll('[data-number]').length); \
      if (now - begun < 6000) requestAnimationFrame(next); else told({ frames: frames.slice(1), rows }); \
    }; requestAnimationFrame(next);";

/// For a hundred lines, or as many as are drawn before the driver loses its patience, the time from when they were said until the frame that has them was drawn, in milliseconds.
const DRAWN: &str = "const told = arguments[arguments.length - 1]; \
    const found = []; let last = ''; const begun = performance.now(); \
    const look = () => { \
      const said = /at (\\d{13})/.exec([...document.querySelectorAll('[data-number]')].at(-1)?.textContent ?? '')?.[1]; \
      if (said !== undefined && said !== last) { \
        last = said; setTimeout(() => found.push(Date.now() - Number(said))); \
      } \
      if (found.length < 100 && performance.now() - begun < 25000) requestAnimationFrame(look); else told(found); \
    }; requestAnimationFrame(look);";

/// Windows of each kind, in turns: how well one window draws depends on more than its log.
const WINDOWS: usize = 3;

/// What a window takes while 200 lines arrive each second; of several, the median of each.
struct Taken {
    frame: f64,
    frame95: f64,
    rows: f64,
    /// Of the process that draws the page, in MiB.
    memory: f64,
}

/// A log of 100,000 lines beside one of 1,000.
pub fn a_long_log() {
    let both: Vec<(Taken, Taken)> = (0..WINDOWS).map(|_| (taken(FEW), taken(MANY))).collect();
    let (few, many): (Vec<Taken>, Vec<Taken>) = both.into_iter().unzip();
    let beside = |name: &str, unit, of: fn(&Taken) -> f64| {
        let name = format!("{name} with 100,000 log lines and 200 arriving a second");
        let middle = |windows: &[Taken]| median(&mut windows.iter().map(of).collect::<Vec<f64>>());
        figure(&name, middle(&many), unit, "with 1,000 lines", middle(&few));
    };
    beside("time between frames, mean,", "ms", |taken| taken.frame);
    beside("time between frames, p95,", "ms", |taken| taken.frame95);
    beside("rows in the page", "rows", |taken| taken.rows);
    beside("memory of the page's process (PSS)", "MiB", |taken| taken.memory);
}

fn taken(lines: u64) -> Taken {
    let mut screen = Screen::new();
    let page = watching(&mut screen, &format!("seq {lines}; {RAIN}"));
    let newest = format!(
        "return [...document.querySelectorAll('[data-number]')].some((row) => Number(row.dataset.number) > {})",
        lines + 1_000
    );
    page.until("the lines have come", &newest);
    let found = page.0.run_until_told(FRAMES, json!([])).unwrap();
    let mut frames = numbers(&found["frames"]);
    let frame = frames.iter().sum::<f64>() / frames.len() as f64;
    frames.sort_by(f64::total_cmp);
    Taken {
        frame,
        frame95: frames[frames.len() * 95 / 100],
        rows: found["rows"].as_f64().unwrap(),
        memory: page_memory(&screen),
    }
}

fn page_memory(screen: &Screen) -> f64 {
    let all = processes::of_home(&screen.home());
    let page = all.iter().filter(|process| process.name.starts_with("WebKitWeb"));
    page.filter_map(|process| processes::pss_kib(process.pid))
        .sum::<u64>() as f64
        / 1024.0
}

/// From a line on the machine to the frame that shows it, where no motion is wanted: lines are not played then.
pub fn until_drawn() {
    let mut screen = Screen::new();
    let settings = screen.home().join(".config/gtk-3.0");
    std::fs::create_dir_all(&settings).unwrap();
    std::fs::write(
        settings.join("settings.ini"),
        "[Settings]\ngtk-enable-animations=0\n",
    )
    .unwrap();
    let page = watching(&mut screen, CLOCK);
    page.until(
        "lines are not played",
        "return matchMedia('(prefers-reduced-motion: reduce)').matches",
    );
    page.until(
        "a line has come",
        "return /at \\d{13}/.test(document.body.innerText)",
    );
    let mut delays = numbers(&page.0.run_until_told(DRAWN, json!([])).unwrap());
    figure(
        "line on the machine until drawn, without playing, p50",
        median(&mut delays),
        "ms",
        "bar",
        50.0,
    );
}

/// A server that runs the script, on the screen.
fn watching(screen: &mut Screen, script: &str) -> Page {
    chatter::write(&screen.room.data(), script);
    let launch = [
        "--profile",
        "practice",
        "launch",
        "--recipe",
        "chatter",
        "--name",
        "chatter",
        "--detach",
        "--yes",
    ];
    screen.room.done(&launch);
    let page = screen.open();
    page.click("link", "chatter");
    page
}

fn numbers(found: &serde_json::Value) -> Vec<f64> {
    found
        .as_array()
        .unwrap()
        .iter()
        .filter_map(serde_json::Value::as_f64)
        .collect()
}
