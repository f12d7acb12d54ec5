use slipway_protocol::Time;

use super::*;

fn message(number: u64, kind: Kind) -> Message {
    Message {
        number,
        attempt: 1,
        time: Time(0),
        step: Some("database".to_owned()),
        level: Level::Info,
        text: format!("line {number}"),
        kind,
    }
}

#[tokio::test]
async fn the_count_of_all_lines_is_that_of_the_lines_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = Store::open(&folder.path().join("journal.db")).await.unwrap();
    let progress = Kind::StepProgress { done: 0.5 };
    let kinds = [
        Kind::Line,
        Kind::StepStarted,
        progress.clone(),
        Kind::Line,
        progress,
    ];
    let messages: Vec<Message> = (1..)
        .zip(kinds)
        .map(|(number, kind)| message(number, kind))
        .collect();
    let total = async || store.log_page("one", &LogQuery::default()).await.unwrap().total;
    assert_eq!(total().await, 0);
    store.add_messages("one", "s", messages.clone()).await.unwrap();
    store.add_messages("two", "s", messages).await.unwrap();
    for query in [
        LogQuery::default(),
        LogQuery {
            step: Some("database".to_owned()),
            ..LogQuery::default()
        },
    ] {
        let page = store
            .log_page("one", &LogQuery { limit: 10, ..query })
            .await
            .unwrap();
        assert_eq!((page.total, page.lines.len()), (3, 3), "started and two lines");
    }
    store.forget_messages("one").await.unwrap();
    assert_eq!(total().await, 0);
}
