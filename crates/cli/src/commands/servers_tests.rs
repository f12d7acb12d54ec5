use super::*;

fn server(status: Status, usd_per_hour: Option<f64>) -> ServerView {
    let mut server = crate::sample::installing().server;
    (server.status, server.usd_per_hour) = (status, usd_per_hour);
    server.off = status == Status::Stopped;
    (server.practice, server.disk_gib) = (false, 60);
    server
}

#[test]
fn a_stopped_server_costs_its_disk_and_practice_costs_nothing() {
    assert_eq!(cost(&server(Status::Stopped, Some(0.1))), "its disk of 60 GiB");
    let parked = ServerView {
        off: true,
        ..server(Status::Parked, Some(0.1))
    };
    assert_eq!(cost(&parked), "its disk of 60 GiB");
    assert_eq!(cost(&server(Status::Ready, Some(0.1))), "0.1000 USD an hour");
    assert_eq!(cost(&server(Status::Ready, None)), "price unknown");
    let refused = ServerView {
        instance: None,
        ..server(Status::Failed, Some(0.1))
    };
    assert_eq!(cost(&refused), "nothing yet");
    assert_eq!(
        total(&[server(Status::Ready, Some(0.1)), refused]).unwrap(),
        "Together 0.1000 USD an hour. Traffic comes on top."
    );
    let practice = ServerView {
        practice: true,
        ..server(Status::Ready, None)
    };
    assert_eq!(cost(&practice), "nothing");
}

#[test]
fn only_known_prices_are_added_up_and_the_others_are_named() {
    let all = [
        server(Status::Ready, Some(0.1)),
        server(Status::Failed, Some(0.2)),
        server(Status::Stopped, Some(0.4)),
        server(Status::Ready, None),
    ];
    let told = total(&all).unwrap();
    assert!(
        told.starts_with("Together 0.3000 USD an hour, and one whose price is not known."),
        "{told}"
    );
    assert_eq!(total(&all[..1]), None);
}

#[test]
fn region_size_and_stop_are_in_the_row_and_a_terminated_one_costs_nothing() {
    let mut one = server(Status::Ready, Some(0.1));
    one.stops_at = Some(7_200_000);
    let row = row(&one, 0);
    assert_eq!(row.len(), HEAD.len());
    assert_eq!(
        (row[4].as_str(), row[5].as_str(), row[7].as_str()),
        ("here", "small", "in 2 h")
    );
    assert_eq!(
        [30_000, 60_000, 7_140_000].map(until),
        ["any moment", "in 1 min", "in 119 min"]
    );
    let gone = server(Status::Terminated, Some(0.1));
    assert_eq!(cost(&gone), "nothing");
    assert_eq!(total(&[gone, server(Status::Ready, Some(0.1))]), None);
}
