//! The proxy itself, asked by hand: what it says over moto's answers, and what it makes go wrong.

use slipway_test_cloud::faults::{Effect, Fault};
use slipway_test_cloud::rack::Times;
use slipway_test_cloud::words::Word;
use slipway_test_cloud::{Instances, Options, TestCloud};

const IMAGE: &str = "ami-00000000057000001";

#[tokio::test(flavor = "multi_thread")]
async fn rewritten_a_token_gives_one_instance_in_each_region() {
    let cloud = paper().await;
    let run =
        format!("RunInstances&ImageId={IMAGE}&InstanceType=t3.large&MinCount=1&MaxCount=1&ClientToken=t");
    let here = instance(&ask(&cloud, "eu-central-1", &run).await.1);
    let again = instance(&ask(&cloud, "eu-central-1", &run).await.1);
    let there = instance(&ask(&cloud, "us-east-1", &run).await.1);
    let other = ask(&cloud, "eu-central-1", &run.replace("t3.large", "t3.small")).await;
    cloud.stop().await;
    assert_eq!(here, again);
    assert_ne!(here, there);
    assert!(
        other.1.contains("<Code>IdempotentParameterMismatch</Code>"),
        "{other:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_what_ec2_would_not_understand_is_noted() {
    let cloud = paper().await;
    let wrong = "RunInstances&ImageId=ami-1&MinCount=one&Monitoring.Enabled=yes&InstanceTyp=t3.large\
        &BlockDeviceMapping.1.Ebs.VolumeType=gp9";
    ask(&cloud, "eu-central-1", wrong).await;
    ask(&cloud, "eu-central-1", "RunInstance").await;
    let mut noted = cloud.cloud.requests.violations();
    cloud.stop().await;
    noted.sort();
    assert_eq!(
        noted,
        [
            "RunInstance: there is no such action",
            "RunInstances: BlockDeviceMapping.1.Ebs.VolumeType is “gp9”, which is none of the known words",
            "RunInstances: InstanceTyp is unknown",
            "RunInstances: MaxCount is missing",
            "RunInstances: MinCount is not a whole number",
            "RunInstances: Monitoring.Enabled is not a boolean",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_a_lost_answer_breaks_the_connection_after_the_work_was_done() {
    let cloud = paper().await;
    cloud
        .cloud
        .faults
        .add(Fault::once("CreateSecurityGroup", Effect::LostAnswer));
    cloud
        .cloud
        .faults
        .add(Fault::once("CreateSecurityGroup", Effect::LostRequest));
    let create = |name: &str| format!("CreateSecurityGroup&GroupName={name}&GroupDescription=x");
    let lost = send(&cloud, "eu-central-1", &create("done")).await;
    let broken = send(&cloud, "eu-central-1", &create("undone")).await;
    let groups = ask(&cloud, "eu-central-1", "DescribeSecurityGroups").await.1;
    cloud.stop().await;
    assert!(lost.is_err() && broken.is_err());
    assert!(groups.contains(">done<") && !groups.contains("undone"));
}

#[tokio::test(flavor = "multi_thread")]
async fn moto_alone_answers_with_the_namespace_of_ec2_and_its_word_is_noted() {
    let cloud = paper().await;
    let (status, regions) = ask(&cloud, "eu-central-1", "DescribeRegions").await;
    let noted = cloud.cloud.requests.all();
    cloud.stop().await;
    assert_eq!((status, noted[0].word), (200, Word::Moto));
    assert!(regions.contains("xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\""));
    assert!(regions.contains("<regionName>eu-central-1</regionName>"));
}

async fn paper() -> TestCloud {
    TestCloud::start(Options::of_test(Instances::Paper(Times::at_speed(200.0)))).await
}

async fn ask(cloud: &TestCloud, region: &str, form: &str) -> (u16, String) {
    send(cloud, region, form).await.expect("an answer")
}

async fn send(cloud: &TestCloud, region: &str, form: &str) -> reqwest::Result<(u16, String)> {
    let signed = format!("AWS4-HMAC-SHA256 Credential=AKID/20261122/{region}/ec2/aws4_request, Signature=0");
    let http = reqwest::Client::builder().no_proxy().build()?;
    let request = http
        .post(&cloud.url)
        .header("authorization", signed)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("Action={form}&Version=2016-11-15"));
    let answer = request.send().await?;
    Ok((answer.status().as_u16(), answer.text().await?))
}

fn instance(answer: &str) -> String {
    let (_, rest) = answer.split_once("<instanceId>").expect("an instance");
    rest.split_once('<').expect("its id").0.to_owned()
}
