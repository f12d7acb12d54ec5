use slipway_core::view::LaunchView;

use super::*;

fn event(id: &str, status: &str) -> Event {
    let launch: LaunchView = serde_json::from_value(serde_json::json!({
        "server": {
            "id": id, "name": "demo", "profile": "practice", "region": "practice", "recipe": "Practice site",
            "image": null, "instance": null, "size": "practice.small", "disk_gib": 8, "status": status, "doing": "",
            "steps_done": 0, "steps_total": 0, "progress": null, "site_url": "http://127.0.0.1:8100/",
            "created": 0, "ended": null, "usd_per_hour": null, "usd_so_far": null, "stops_at": null,
            "off": false, "practice": true,
            "may": {
                "stop": false, "start": false, "restart": false, "retry": false, "extend": false, "image": false,
                "connect": false, "terminate": false
            },
            "revision": 1
        },
        "rail": [], "steps": [], "install_started": null, "attempt": 1,
        "connection": { "state": "none", "verified": false, "trusted": false, "mismatched": false, "since": null },
        "parked": null, "failure": null, "access": null, "image_job": null, "leftovers": [], "log_lines": 0
    }))
    .unwrap();
    let launch = Box::new(launch);
    Event::Launch { launch }
}

#[test]
fn the_end_of_a_launch_is_told_once() {
    let mut ends = Ends::default();
    assert_eq!(ends.hear(&event("1", "launching")), None);
    let notice = ends.hear(&event("1", "ready")).unwrap();
    assert_eq!(notice.title, "demo is up");
    assert_eq!(notice.body, "http://127.0.0.1:8100/");
    assert_eq!(ends.hear(&event("1", "ready")), None);
}

#[test]
fn servers_that_were_at_rest_already_are_not_told_of() {
    let mut ends = Ends::default();
    assert_eq!(ends.hear(&event("1", "ready")), None);
    ends.hear(&event("2", "launching"));
    assert_eq!(ends.hear(&event("2", "terminating")), None);
}

#[test]
fn a_failure_is_told_and_after_the_retry_the_success() {
    let mut ends = Ends::default();
    ends.hear(&event("1", "launching"));
    assert!(ends.hear(&event("1", "failed")).is_some());
    ends.hear(&event("1", "launching"));
    assert!(ends.hear(&event("1", "ready")).is_some());
}
