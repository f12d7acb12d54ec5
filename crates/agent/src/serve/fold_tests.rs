use slipway_protocol::message::Site;
use slipway_protocol::{Level, Time};

use super::*;

/// Folds `(attempt, step, kind)`, numbered and timed from 1.
fn fold(events: Vec<(u32, &str, Kind)>) -> Fold {
    let mut fold = Fold::default();
    for ((attempt, step, kind), number) in events.into_iter().zip(1..) {
        fold.apply(&Message {
            number,
            attempt,
            time: Time(number as i64),
            step: Some(step.to_owned()),
            level: Level::Info,
            text: String::new(),
            kind,
        });
    }
    fold
}

fn finished(result: StepResult) -> Kind {
    Kind::StepFinished { result, millis: 1 }
}

fn states(fold: &Fold) -> Vec<(String, StepState)> {
    fold.steps
        .iter()
        .map(|step| (step.id.clone(), step.state))
        .collect()
}

#[test]
fn a_retry_keeps_what_is_done_and_forgets_the_end() {
    let failed = Outcome::Failed {
        step: Some("b".into()),
        reason: "no".into(),
    };
    let mut events = vec![
        (1, "a", Kind::StepStarted),
        (1, "b", Kind::StepStarted),
        (1, "a", finished(StepResult::Done)),
        (1, "b", finished(StepResult::Failed)),
        (
            1,
            "b",
            Kind::End {
                outcome: failed.clone(),
            },
        ),
    ];
    assert_eq!(fold(events.clone()).end, Some(failed));
    events.push((2, "b", Kind::StepStarted));
    let retried = fold(events);
    assert_eq!(retried.end, None);
    assert_eq!(retried.attempt(), 2);
    assert_eq!(
        states(&retried),
        [("a".into(), StepState::Done), ("b".into(), StepState::Running)]
    );
}

#[test]
fn an_interrupted_step_starts_again_in_its_place() {
    let again = fold(vec![
        (1, "a", Kind::StepStarted),
        (1, "a", Kind::StepProgress { done: 0.9 }),
        (1, "b", Kind::StepStarted),
        (1, "a", Kind::StepStarted),
    ]);
    assert_eq!(again.steps[0].started, Time(4));
    assert_eq!(again.steps[0].progress, None);
    assert_eq!(again.steps.len(), 2);
}

#[test]
fn a_step_that_was_done_already_is_done() {
    let done = fold(vec![(1, "a", finished(StepResult::AlreadyDone))]);
    assert_eq!(states(&done), [("a".into(), StepState::Done)]);
    assert_eq!(done.steps[0].finished, Some(Time(1)));
}

#[test]
fn progress_stays_between_nothing_and_all() {
    for (said, kept) in [(-1.0, Some(0.0)), (7.0, Some(1.0)), (f32::NAN, None)] {
        let fold = fold(vec![
            (1, "a", Kind::StepStarted),
            (1, "a", Kind::StepProgress { done: said }),
        ]);
        assert_eq!(fold.steps[0].progress, kept);
    }
}

#[test]
fn only_a_successful_end_is_a_success() {
    let (scheme, path) = ("http".to_owned(), "/".to_owned());
    let site = Site {
        scheme,
        port: 80,
        path,
    };
    let outcome = Outcome::Succeeded { site, admin: None };
    assert_eq!(
        fold(vec![(1, "a", Kind::Line), (1, "", Kind::End { outcome })]).success(),
        Some(2)
    );
    assert_eq!(fold(vec![(1, "a", Kind::Restart)]).success(), None);
}

#[test]
fn what_a_former_attempt_says_late_changes_nothing() {
    let late = fold(vec![
        (2, "a", Kind::StepStarted),
        (1, "a", finished(StepResult::Failed)),
    ]);
    assert_eq!(states(&late), [("a".into(), StepState::Running)]);
}
