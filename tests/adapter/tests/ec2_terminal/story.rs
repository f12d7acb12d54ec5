//! The whole life of a server by the terminal, with everything that is seldom needed, and the policy that it takes.

use serde_json::{Value, json};
use slipway_test_adapter::cloud::{Cloud, REGION};
use slipway_test_adapter::scenario::Story;
use slipway_test_adapter::terminal::{PATIENCE, Terminal};

use crate::policy;

/// What the public parameters of the test cloud call the newest.
const WINDOWS_2022: &str = "ami-00000000057000001";
const WINDOWS_2025: &str = "ami-00000000057000003";

#[test]
fn rewritten_a_server_lives_and_goes_without_a_trace_and_needs_just_the_policy() {
    let cloud = Cloud::with_processes();
    let terminal = Terminal::on(&cloud, REGION);
    another_computers_group(&cloud);
    let story = Story::new(&terminal, "ec2-site", &["--size", "t3.large"], PATIENCE);
    offers_and_checks(&story);
    std::thread::scope(|scope| {
        // At once, as from two terminals.
        scope.spawn(|| story.fails_and_goes_on("broken", "database"));
        story.launches("shop");
        story.lets_in("shop");
        story.shows_its_site("shop");
        story.shows_console_and_screen("shop");
        moved_user(&cloud, &terminal);
        tells_of_the_certificate(&terminal);
        story.is_imaged("shop", "shop-image");
        story.launches_from("shop-image", "copy");
        story.moves("shop");
    });
    let used = cloud.as_somebody("Action=DescribeInstances", REGION);
    for image in [WINDOWS_2022, WINDOWS_2025] {
        assert!(used.contains(&format!("<imageId>{image}</imageId>")), "{used}");
    }
    story.ends(&["shop", "copy", "broken"], &["shop-image"]);
    let strange = terminal.done(&["sweep", "--json"]).json();
    let strange = strange[0]["id"].as_str().expect("the other computer's");
    terminal.done(&["sweep", "--delete", strange, "--yes"]);
    assert_eq!(cloud.leftovers(REGION), Vec::<String>::new(), "by moto's word");
    assert_eq!(cloud.there("instances_ever", REGION).len(), 3);
    policy::rare_paths(&cloud, &terminal);
    assert_eq!(
        cloud.told("violations"),
        json!([]),
        "AWS would understand every request"
    );
    policy::is_just_what_was_used(&cloud, &terminal);
    for (what, took) in story.times() {
        println!("{:>7.1} s  {what}", took.as_secs_f64());
    }
}

/// Tagged as ours, and none of this computer's business.
fn another_computers_group(cloud: &Cloud) {
    let form = "Action=CreateSecurityGroup&GroupName=elsewhere&GroupDescription=elsewhere&\
        TagSpecification.1.ResourceType=security-group&TagSpecification.1.Tag.1.Key=CreatedBy&\
        TagSpecification.1.Tag.1.Value=slipway&TagSpecification.1.Tag.2.Key=slipway-launch&\
        TagSpecification.1.Tag.2.Value=elsewhere";
    cloud.as_somebody(form, REGION);
}

/// What is offered, with prices, and that nothing stands in the way.
fn offers_and_checks(story: &Story<'_>) {
    let offer = story.terminal.done(&["offer", "--json"]).json();
    let size = offer.iter().find(|line| line["id"] == "t3.large").unwrap();
    assert_eq!(size["usd_per_hour"], 0.1234, "the price of the tests");
    let verdict = |findings: &[Value], about: &str| {
        let found = findings.iter().find(|finding| finding["about"] == about);
        found.unwrap_or_else(|| panic!("no check of {about}: {findings:?}"))["verdict"].clone()
    };
    let findings = story.checks();
    let offered = offer.iter().filter(|line| line["type"] == "family");
    let mut newest: Vec<String> = offered.map(|family| image_of(story, &family["id"])).collect();
    assert!(newest.iter().any(|image| image == WINDOWS_2025), "{newest:?}");
    newest.sort();
    newest.dedup();
    assert_eq!(newest.len(), 4, "each its own image: {newest:?}");
    for about in [
        "Sign-in",
        "Windows installer",
        "Region",
        "Image",
        "Size",
        "vCPU quota",
        "Network",
        "Clock",
    ] {
        assert_eq!(verdict(&findings, about), "good", "{about}: {findings:?}");
    }
}

/// What the checks find for a Windows.
fn image_of(story: &Story<'_>, family: &Value) -> String {
    let family = family.as_str().unwrap();
    let asked = ["doctor", "--recipe", story.recipe, "--windows", family, "--json"];
    let findings = story.terminal.done(&asked).json();
    let image = findings
        .iter()
        .find(|finding| finding["about"] == "Image")
        .unwrap();
    assert_eq!(image["verdict"], "good", "{image}");
    let said = image["text"].as_str().unwrap();
    said.trim_end_matches('.').rsplit(' ').next().unwrap().to_owned()
}

/// As the console told it. Nothing plays Remote Desktop on these instances.
fn tells_of_the_certificate(terminal: &Terminal) {
    let access = &terminal.done(&["access", "shop", "--json"]).json()[0];
    let thumbprint = access["rdp_thumbprint"].as_str().unwrap();
    assert_eq!(thumbprint.len(), 40, "{access}");
    assert_eq!(access["rdp_certificate"], "unseen");
}

/// The user sits somewhere else now: the new address is let in, the old one no longer.
fn moved_user(cloud: &Cloud, terminal: &Terminal) {
    cloud.rules(&json!({"client": "198.51.100.8"}));
    let mended = terminal.done(&["access", "shop", "--mend-address"]);
    assert!(mended.out.contains("198.51.100.8"), "{}", mended.out);
}
