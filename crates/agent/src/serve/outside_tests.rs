use super::*;

#[test]
fn a_question_keeps_within_the_protocols_limits() {
    let question = Question::parse("after=7&limit=9999&wait=60&later=x").unwrap();
    assert_eq!(question.after, 7);
    assert_eq!(question.limit, MAX_MESSAGES);
    assert_eq!(question.wait, Duration::from_secs(25));
    assert_eq!(Question::parse("limit=0").unwrap().limit, 1);
}

#[test]
fn an_empty_question_starts_at_the_beginning() {
    let question = Question::parse("").unwrap();
    assert_eq!((question.after, question.wait), (0, Duration::ZERO));
}

#[test]
fn what_is_no_number_is_refused() {
    for wrong in ["after=-1", "after=", "limit=ten", "wait=1.5", "after=1e3"] {
        assert_eq!(Question::parse(wrong), None, "{wrong}");
    }
}
