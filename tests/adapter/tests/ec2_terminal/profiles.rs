//! Which profile counts, what is said before something is destroyed in its account, and names that other tools wrote.

use serde_json::json;
use slipway_test_adapter::cloud::{Cloud, KEY, REGION};
use slipway_test_adapter::terminal::{SECRET, Terminal};

use crate::{LAUNCH, NAME};

const ACCOUNT: &str = "account 123456789012";

#[test]
fn ours_a_profile_that_is_named_for_one_command_counts_for_that_command_only() {
    let cloud = Cloud::on_paper();
    let terminal = Terminal::on(&cloud, REGION);
    terminal.done(&["profiles", "use", "practice"]);
    let in_use = || {
        let listed = terminal.done(&["profiles", "--json"]).json();
        let current = listed.iter().find(|line| line["current"] == true).unwrap();
        current["name"].as_str().unwrap().to_owned()
    };
    terminal.done(&["--profile", "work", "servers"]);
    assert_eq!(in_use(), "practice");
    let mut command = terminal.command(&["sweep", "--json"]);
    let by_variable = command.env("SLIPWAY_PROFILE", "work").output().unwrap();
    assert!(by_variable.status.success());
    assert!(
        cloud.told("counts")["ec2:DescribeInstances"].as_u64() >= Some(1),
        "work was asked"
    );
    assert_eq!(in_use(), "practice");
    terminal.done(&["profiles", "use", "work"]);
    assert_eq!(in_use(), "work");
}

#[test]
fn ours_what_is_destroyed_is_told_with_profile_and_account() {
    let cloud = Cloud::on_paper();
    let terminal = Terminal::on(&cloud, REGION);
    let whose = format!("profile work, {ACCOUNT}");
    let made = cloud.as_somebody(
        &format!(
            "Action=CreateVolume&Size=30&AvailabilityZone={REGION}a&TagSpecification.1.ResourceType=volume\
             &TagSpecification.1.Tag.1.Key=CreatedBy&TagSpecification.1.Tag.1.Value=slipway"
        ),
        REGION,
    );
    let (_, disk) = made.split_once("<volumeId>").unwrap();
    let disk = disk.split('<').next().unwrap();
    let asked = terminal.run(&["sweep", "--delete", disk, "--json"]);
    assert!(asked.out.contains(&whose), "{}", asked.out);
    let swept = terminal.done(&["sweep", "--delete", disk, "--yes"]);
    assert!(swept.out.contains(&whose), "{}", swept.out);
    terminal.done(&[&LAUNCH[..], &["--detach"]].concat());
    let asked = terminal.run(&["terminate", NAME, "--json"]);
    assert!(asked.out.contains(&whose), "{}", asked.out);
    let ended = terminal.done(&["terminate", NAME, "--yes", "--json"]).last();
    assert_eq!(
        (&ended["profile"], &ended["account"]),
        (&json!("work"), &json!("123456789012"))
    );
    let removed = terminal.done(&["profiles", "remove", "work", "--yes"]);
    assert!(removed.out.contains(&whose), "{}", removed.out);
}

#[test]
fn ours_a_name_that_other_tools_wrote_gets_one_of_ours_and_works() {
    let cloud = Cloud::on_paper();
    let terminal = Terminal::without_profile(&cloud);
    let folder = terminal.path().join(".aws");
    std::fs::create_dir_all(&folder).unwrap();
    let keys = format!("aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n");
    let config = format!(
        "\u{feff}[profile acct/Role]\nregion = {REGION} # Frankfurt\n{keys}[profile broken]\nhello\n{keys}"
    );
    std::fs::write(folder.join("config"), config).unwrap();
    let listed = terminal.done(&["profiles", "--json"]).out;
    assert!(
        listed.contains("acct/Role") && listed.contains("line 6"),
        "{listed}"
    );
    let refused = terminal.run(&["profiles", "add", "broken", "--from-aws", "--json"]);
    assert!(refused.out.contains("line 6"), "{}", refused.out);
    let added = terminal.done(&["profiles", "add", "acct/Role", "--from-aws"]);
    assert!(
        added.out.contains("acct-Role") && added.out.contains("acct/Role"),
        "{}",
        added.out
    );
    let findings = terminal
        .done(&["doctor", "--profile", "acct-Role", "--json"])
        .json();
    assert!(
        findings
            .iter()
            .any(|finding| finding["about"] == "Disk encryption"),
        "{findings:?}"
    );
    let again = terminal.run(&["profiles", "add", "acct/Role", "--from-aws", "--json"]);
    assert!(again.out.contains("acct-Role"), "{}", again.out);
}

#[test]
fn ours_a_disk_key_that_may_not_be_used_is_named_before_and_after() {
    const DISK_KEY: &str = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd";
    let cloud = Cloud::on_paper();
    let terminal = Terminal::on(&cloud, REGION);
    cloud.rules(&json!({
        "disk_key": DISK_KEY, "disk_key_refused": true, "denied": ["kms:CreateGrant"],
    }));
    let findings = terminal
        .done(&["doctor", "--recipe", "ec2-site", "--json"])
        .json();
    let found = findings
        .iter()
        .find(|finding| finding["about"] == "Disk encryption")
        .unwrap();
    assert_eq!(found["verdict"], "warning", "{found}");
    let text = found["text"].as_str().unwrap();
    assert!(
        text.contains(DISK_KEY) && text.contains("kms:CreateGrant"),
        "{text}"
    );
    let launched = terminal.run(&[&LAUNCH[..], &["--json"]].concat());
    assert_eq!(launched.status, 1, "{}{}", launched.out, launched.err);
    let told = launched.out;
    assert!(
        told.contains("Client.InternalError") && told.contains("KMS key"),
        "{told}"
    );
    terminal.done(&["terminate", NAME, "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new());
}
