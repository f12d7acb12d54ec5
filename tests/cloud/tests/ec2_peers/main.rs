//! Other people's programs on this cloud: boto3, awscli and packer read EC2's documentation for themselves, so what they
//! agree on is not only our reading of it.

mod awscli;
mod boto3;
mod packer;
mod table;

use slipway_test_cloud::call::Place;
use slipway_test_cloud::client::{KEY, REGION};
use slipway_test_cloud::{Instances, Options, TestCloud, leftovers};
use table::Table;

/// How much faster than life the instances of these tests live.
const SPEED: f64 = 20.0;

#[tokio::test(flavor = "multi_thread")]
async fn boto3_awscli_and_packer_go_through_the_life_of_a_server() {
    let cloud = TestCloud::start(Options::of_test(Instances::Processes { speed: SPEED })).await;
    let mut table = Table::default();
    // Side by side: each has names of its own, and mostly waits at the pace of its own waiters.
    let stories = [boto3::story, awscli::story, packer::story].map(|story| {
        let url = cloud.url.clone();
        tokio::task::spawn_blocking(move || story(&url))
    });
    for story in stories {
        table.add(story.await.expect("the story is told"));
    }
    for line in table.lines() {
        println!("{line}");
    }
    let left = leftovers::of(&cloud.cloud, &place()).await;
    let violations = cloud.cloud.requests.violations();
    cloud.stop().await;
    assert_eq!(table.wrong(), Vec::<String>::new());
    assert!(left.is_empty(), "left behind: {left:?}");
    assert_eq!(
        violations,
        Vec::<String>::new(),
        "the description of EC2 knows these clients' requests"
    );
}

/// What one client found.
pub struct Told {
    /// Its name.
    pub peer: &'static str,
    /// Each API, and what was wrong with it; `None` where the client is not there.
    pub apis: Option<Vec<(String, Option<String>)>>,
}

fn place() -> Place {
    Place {
        access_key: KEY.into(),
        region: REGION.into(),
    }
}
