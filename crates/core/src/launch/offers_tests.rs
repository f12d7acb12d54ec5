use crate::error::ErrorKind;

use super::*;

fn network(zone: &str) -> Network {
    Network {
        id: format!("subnet-{zone}"),
        title: String::new(),
        zone: zone.into(),
        vpc: "vpc-1".into(),
        is_default: true,
    }
}

fn told(words: &str) -> Told {
    Told::by(&Error {
        causes: vec![words.into()],
        ..Error::new(ErrorKind::NoCapacity, "No room.")
    })
}

#[test]
fn zones_are_taken_at_aws_word() {
    let told = told(
        "InsufficientInstanceCapacity: We currently do not have sufficient t3.large capacity in the Availability Zone you \
         requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get \
         t3.large capacity by not specifying an Availability Zone in your request or choosing us-east-1c, us-east-1f.",
    );
    let zones = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1f"].map(network);
    assert_eq!(
        zones.each_ref().map(|zone| told.is_full(zone)),
        [true, false, false, false]
    );
    assert_eq!(
        zones.each_ref().map(|zone| told.has_room(zone)),
        [false, false, true, true]
    );
}

#[test]
fn words_that_name_no_zone_say_nothing_of_any() {
    let told = told("InsufficientInstanceCapacity: There is no Spot capacity available.");
    assert!(!told.is_full(&network("us-east-1a")) && !told.has_room(&network("us-east-1a")));
}
