use super::*;
use crate::output::text::width;
use crate::sample;

fn look(columns: usize, rows: usize) -> Look {
    Look {
        now: 100_000,
        columns,
        rows,
        style: Style { colour: false },
        last: false,
    }
}

#[test]
fn phases_and_steps_show_marks_progress_and_times() {
    let picture = draw(&sample::installing(), &[], look(80, 40)).join("\n");
    assert!(picture.contains(" ✓ Requested"), "{picture}");
    assert!(picture.contains("● Installing"), "{picture}");
    assert!(picture.contains("1 of 3 steps"), "{picture}");
    assert!(picture.contains("━━━━━━╌╌╌╌╌╌  50 %"), "{picture}");
    assert!(picture.contains("○ Site is up"), "{picture}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut launch = sample::installing();
    launch.steps[1].title =
        "An extraordinarily long title of a step 日本語日本語日本語 that never ends".repeat(3);
    launch.server.recipe = "R".repeat(300);
    let tail = [sample::line(1, &"x".repeat(500))];
    for columns in [24, 40, 60, 80, 200] {
        for line in draw(&launch, &tail, look(columns, 40)) {
            assert!(width(&line) < columns, "{columns}: {line}");
        }
    }
}

#[test]
fn a_low_terminal_keeps_what_is_at_work() {
    let mut launch = sample::installing();
    let (done, waiting) = (launch.steps[0].clone(), launch.steps[2].clone());
    launch.steps.splice(0..0, vec![done; 4]);
    launch.steps.extend(vec![waiting; 4]);
    let tail = [sample::line(1, "newest")];
    let picture = draw(&launch, &tail, look(60, 13));
    assert!(picture.len() < 13, "{picture:#?}");
    let text = picture.join("\n");
    assert!(
        text.contains("Set up the database") && text.contains("steps done"),
        "{text}"
    );
    assert!(!text.contains("newest"), "{text}");
    assert!(draw(&launch, &tail, look(60, 5)).len() < 5);
}

#[test]
fn text_of_the_server_can_not_steer_the_terminal() {
    let mut launch = sample::installing();
    launch.server.name = "evil\x1b[2J".to_owned();
    launch.steps[1].title = "\u{202e}title".to_owned();
    let tail = [sample::line(1, "\x1b]0;owned\x07")];
    let picture = draw(&launch, &tail, look(80, 40)).join("\n");
    assert!(!picture.contains(['\x1b', '\u{202e}', '\x07']), "{picture:?}");
}
