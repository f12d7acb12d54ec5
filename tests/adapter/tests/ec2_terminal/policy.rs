//! The policy that `slipway policy` prints against what was really asked of AWS.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::terminal::Terminal;

/// How the adapter calls itself; others ask this cloud as well.
const OURS: &str = "aws-sdk-rust";
const TAGGED: &str = "Tag.1.Key=CreatedBy&TagSpecification.1.Tag.1.Value=slipway";

/// Ways that a life without trouble does not take.
pub fn rare_paths(cloud: &Cloud, terminal: &Terminal) {
    a_refusal_is_explained(cloud, terminal);
    cloud.rules(&json!({"disk_key": "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"}));
    terminal.done(&["doctor", "--recipe", "ec2-site"]);
    cloud.rules(&json!({}));
    // moto has a default network in every region; that it is there already is an answer as well.
    terminal.done(&["offer", "--create-network"]);
    leftovers_of_another_computer_go(cloud, terminal);
}

/// Only a refusal has something to decode.
fn a_refusal_is_explained(cloud: &Cloud, terminal: &Terminal) {
    cloud.rules(&json!({"denied": ["ec2:RunInstances"]}));
    let doctor = terminal.run(&["doctor", "--recipe", "ec2-site"]);
    cloud.rules(&json!({}));
    assert_eq!(doctor.status, 1, "{}", doctor.out);
    assert!(doctor.out.contains("ec2:RunInstances"), "{}", doctor.out);
}

/// Disks and snapshots without a server go one by one; those of a server and an image go with them.
fn leftovers_of_another_computer_go(cloud: &Cloud, terminal: &Terminal) {
    let disk = cloud.as_somebody(
        &format!(
            "Action=CreateVolume&Size=30&AvailabilityZone={REGION}a&TagSpecification.1.ResourceType=volume\
             &TagSpecification.1.{TAGGED}"
        ),
        REGION,
    );
    let disk = id(&disk, "volumeId");
    let snapshot = cloud.as_somebody(
        &format!(
            "Action=CreateSnapshot&VolumeId={disk}&TagSpecification.1.ResourceType=snapshot\
             &TagSpecification.1.{TAGGED}"
        ),
        REGION,
    );
    let snapshot = id(&snapshot, "snapshotId");
    let found = terminal.done(&["sweep", "--json"]).json();
    let ids: BTreeSet<&str> = found.iter().filter_map(|left| left["id"].as_str()).collect();
    assert_eq!(ids, BTreeSet::from([disk.as_str(), snapshot.as_str()]));
    terminal.done(&["sweep", "--delete", &disk, "--delete", &snapshot, "--yes"]);
    assert_eq!(terminal.done(&["sweep", "--json"]).out, "");
}

fn id(answer: &str, name: &str) -> String {
    let (_, rest) = answer.split_once(&format!("<{name}>")).unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}

/// Every action that was used is allowed, and every one that is allowed was used.
pub fn is_just_what_was_used(cloud: &Cloud, terminal: &Terminal) {
    let (used, allowed) = (used(cloud), allowed(terminal));
    println!("{} actions were used, {} are allowed", used.len(), allowed.len());
    let missing: Vec<&String> = used.difference(&allowed).collect();
    assert_eq!(missing, Vec::<&String>::new(), "used, but not in the policy");
    let needless: Vec<&String> = allowed.difference(&used).collect();
    assert_eq!(needless, Vec::<&String>::new(), "in the policy, but not used");
}

fn used(cloud: &Cloud) -> BTreeSet<String> {
    let requests = cloud.told("requests");
    let requests = requests.as_array().unwrap().iter();
    let ours = requests.filter(|request| request["agent"].as_str().unwrap().starts_with(OURS));
    let text = |request: &Value, key: &str| request[key].as_str().unwrap().to_owned();
    ours.map(|request| format!("{}:{}", text(request, "service"), text(request, "action")))
        .collect()
}

fn allowed(terminal: &Terminal) -> BTreeSet<String> {
    let policy: Value = serde_json::from_str(&terminal.done(&["policy"]).out).unwrap();
    let statements = policy["Statement"].as_array().unwrap().iter();
    let actions = statements.flat_map(|statement| statement["Action"].as_array().unwrap().clone());
    actions
        .map(|action| action.as_str().unwrap().to_owned())
        .collect()
}
