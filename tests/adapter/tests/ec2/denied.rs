//! Each action of the policy, taken away alone: whoever misses it is told its name, and what to do about it.

use std::path::PathBuf;

use serde_json::{Value, json};
use slipway_aws::{AgentProgram, AwsCloud, policy_json};
use slipway_core::cloud::{
    AllowIngress, CheckRequest, CreateDefaultNetwork, CreateImage, DeleteDisk, DeleteImage, DeleteKeyPair,
    DeleteSecurityGroup, DeleteSnapshot, Finding, ImageChoice, ImageFilter, Ingress, InstanceFilter, PutTags,
    RemoveTags, RestartInstance, RevokeIngress, SecurityGroup, StageAgent, StartInstance, StopInstance,
    TerminateInstance, Verdict,
};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::ports::Cloud;
use slipway_test_adapter::aws::{adapter, released};
use slipway_test_adapter::cloud::REGION;
use slipway_test_adapter::windows_program::windows_program;

use crate::world::{KEY, World, group, import, run, tags};

/// What there is while one action after the other is taken away.
struct Stage {
    world: World,
    agent: PathBuf,
    instance: String,
    group: String,
}

/// How an action was missed.
#[derive(Debug, PartialEq)]
enum Missed {
    /// The call failed, and the error names the action.
    Named,
    /// A check says so before anything is launched.
    Checked,
    /// The work goes on with a little less: a price that is unknown, an error that is not decoded.
    Spared,
    /// A test must not end so.
    Wrong(String),
}

#[tokio::test(flavor = "multi_thread")]
async fn ours_each_action_of_the_policy_is_named_where_it_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let stage = Stage::set(folder.path().join("agent.exe")).await;
    let mut wrong = Vec::new();
    for action in actions() {
        let denied = match action.as_str() {
            // Only a refusal has something to decode.
            "sts:DecodeAuthorizationMessage" => json!([action, "ec2:RunInstances"]),
            _ => json!([action]),
        };
        // Only where disks are encrypted by default is there a key to ask for.
        let disk_key = "arn:aws:kms:eu-central-1:123456789012:key/1234";
        let disk_key = action.starts_with("ec2:GetEbs").then_some(disk_key);
        stage
            .world
            .cloud
            .rules(&json!({ "denied": denied, "disk_key": disk_key }));
        let missed = stage.without(&action).await;
        stage.world.cloud.rules(&json!({}));
        println!("{action}: {missed:?}");
        if missed != expected(&action) {
            wrong.push(format!("{action}: {missed:?}"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

fn actions() -> Vec<String> {
    let policy: Value = serde_json::from_str(&policy_json()).expect("JSON");
    let statements = policy["Statement"].as_array().expect("statements");
    let mut actions: Vec<String> = statements
        .iter()
        .flat_map(|statement| statement["Action"].as_array().expect("actions"))
        .map(|action| action.as_str().expect("a name").to_owned())
        .collect();
    actions.sort();
    actions.dedup();
    actions
}

/// A launch can do without a few; every other one is named when it is needed.
fn expected(action: &str) -> Missed {
    match action {
        "ec2:DescribeInstanceTypeOfferings"
        | "ec2:DescribeRouteTables"
        | "ec2:DescribeVpcs"
        | "ec2:GetEbsDefaultKmsKeyId"
        | "ec2:GetEbsEncryptionByDefault"
        | "iam:SimulatePrincipalPolicy"
        | "servicequotas:GetServiceQuota" => Missed::Checked,
        "pricing:GetProducts" | "sts:DecodeAuthorizationMessage" => Missed::Spared,
        _ => Missed::Named,
    }
}

/// What can't be rehearsed before there is a server, IAM tells.
#[tokio::test(flavor = "multi_thread")]
async fn ours_a_check_names_what_will_be_refused_later_and_stops_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let stage = Stage::set(folder.path().join("agent.exe")).await;
    let later = async || {
        let findings = stage.aws().checks(&request()).await.expect("checked");
        let about = |finding: &Finding| finding.about.ends_with("for what comes later");
        findings.into_iter().find(about).expect("a finding")
    };
    assert_eq!(later().await.verdict, Verdict::Good);
    for action in LATER {
        stage.world.cloud.rules(&json!({ "denied": [action] }));
        let finding = later().await;
        assert_eq!(finding.verdict, Verdict::Warning, "{action}: {finding:?}");
        assert!(finding.text.contains(action), "{finding:?}");
        assert!(finding.fix.contains("slipway policy"), "{finding:?}");
    }
}

/// Without one of these a server that was launched can't be reached, copied or given back.
const LATER: [&str; 5] = [
    "ec2:GetPasswordData",
    "ec2:CreateImage",
    "ec2:TerminateInstances",
    "ec2:DeleteSecurityGroup",
    "ec2:DeregisterImage",
];

fn request() -> CheckRequest {
    CheckRequest {
        size: "t3.large".into(),
        image: ImageChoice::Family("windows-2022".into()),
        network: None,
        disk_gib: 50,
    }
}

impl Stage {
    async fn set(agent: PathBuf) -> Self {
        std::fs::write(&agent, windows_program("")).expect("a program");
        let world = World::on_paper();
        let (_, group) = world.ready().await;
        let instance = world
            .aws
            .run_instance(&run(&group, "stage"))
            .await
            .expect("launched")
            .id;
        Stage {
            world,
            agent,
            instance,
            group: group.id,
        }
    }

    /// What was read before, a new adapter has to read again.
    fn aws(&self) -> AwsCloud {
        adapter(&self.world.cloud, KEY, released())
    }

    async fn without(&self, action: &str) -> Missed {
        match action {
            "ec2:DescribeInstanceTypeOfferings"
            | "ec2:DescribeRouteTables"
            | "ec2:DescribeVpcs"
            | "ec2:GetEbsDefaultKmsKeyId"
            | "ec2:GetEbsEncryptionByDefault"
            | "iam:SimulatePrincipalPolicy"
            | "servicequotas:GetServiceQuota" => self.checks(action).await,
            "pricing:GetProducts" => spared(self.aws().prices().await.map(|prices| prices.asked.is_none())),
            "sts:DecodeAuthorizationMessage" => {
                named(self.launch().await, "ec2:RunInstances").but(Missed::Spared)
            }
            _ => named(self.needs(action).await, action),
        }
    }

    async fn checks(&self, action: &str) -> Missed {
        match self.aws().checks(&request()).await {
            Ok(findings) => {
                let unsure = findings.iter().filter(|finding| finding.verdict != Verdict::Good);
                let told = unsure
                    .clone()
                    .any(|finding| format!("{finding:?}").contains(action));
                if told {
                    Missed::Checked
                } else {
                    Missed::Wrong(format!("{findings:?}"))
                }
            }
            Err(error) => Missed::Wrong(format!("{error:?}")),
        }
    }

    async fn launch(&self) -> Result<()> {
        let group = SecurityGroup {
            id: self.group.clone(),
            name: "slipway-test".into(),
            ingress: Vec::new(),
            tags: tags(),
        };
        self.aws().run_instance(&run(&group, "denied")).await.map(drop)
    }

    /// What a user does who needs the action.
    async fn needs(&self, action: &str) -> Result<()> {
        let (service, name) = action.split_once(':').expect("a service and a name");
        match name {
            _ if service == "s3" => self.stage_agent(action).await,
            "GetParameter" | "RunInstances" => self.launch().await,
            _ if name.ends_with("Instances") && !name.starts_with("Describe") => self.power(name).await,
            _ if name.starts_with("Delete") || name == "DeregisterImage" => self.removes(name).await,
            _ if name.starts_with("Describe") || name.starts_with("Get") => self.reads(name).await,
            _ => self.makes(name).await,
        }
    }

    async fn reads(&self, name: &str) -> Result<()> {
        let (aws, instance) = (self.aws(), &self.instance);
        let these = InstanceFilter::Ids(vec![instance.clone()]);
        match name {
            "GetCallerIdentity" => aws.account().await.map(drop),
            "DescribeRegions" | "DescribeInstanceTypes" | "DescribeSubnets" => aws.catalog().await.map(drop),
            "DescribeInstances" => aws.instances(&these).await.map(drop),
            "DescribeImages" => aws.images(&ImageFilter::Ours).await.map(drop),
            "DescribeVolumes" | "DescribeSnapshots" => aws.ours().await.map(drop),
            "DescribeKeyPairs" => aws.key_pair("slipway-test").await.map(drop),
            "DescribeSecurityGroups" => aws.security_group("slipway-test").await.map(drop),
            "GetConsoleOutput" => aws.console(instance).await.map(drop),
            "GetConsoleScreenshot" => aws.screenshot(instance).await.map(drop),
            "GetPasswordData" => aws.password_data(instance).await.map(drop),
            _ => Ok(()),
        }
    }

    async fn power(&self, name: &str) -> Result<()> {
        let (aws, instance) = (self.aws(), self.instance.clone());
        match name {
            "StartInstances" => aws.start_instance(&StartInstance { instance }).await,
            "StopInstances" => aws.stop_instance(&StopInstance { instance }).await,
            "RebootInstances" => aws.restart_instance(&RestartInstance { instance }).await,
            _ => aws.terminate_instance(&TerminateInstance { instance }).await,
        }
    }

    async fn makes(&self, name: &str) -> Result<()> {
        let (aws, tags) = (self.aws(), tags());
        let (group_id, rules) = (self.group.clone(), vec![web()]);
        let (region, resource) = (REGION.to_owned(), self.instance.clone());
        match name {
            "CreateDefaultVpc" => {
                let network = CreateDefaultNetwork { region };
                aws.create_default_network(&network).await.map(drop)
            }
            "CreateTags" => aws.put_tags(&PutTags { resource, tags }).await,
            "ImportKeyPair" => {
                let private = slipway_core::key_pair::generate().expect("a key pair");
                aws.import_key_pair(&import(&private)).await.map(drop)
            }
            "CreateSecurityGroup" => aws.create_security_group(&group()).await.map(drop),
            "CreateImage" => aws.create_image(&image(resource)).await.map(drop),
            "AuthorizeSecurityGroupIngress" => {
                let group = group_id;
                aws.allow_ingress(&AllowIngress { group, rules }).await
            }
            "RevokeSecurityGroupIngress" => {
                let group = group_id;
                aws.revoke_ingress(&RevokeIngress { group, rules }).await
            }
            _ => Ok(()),
        }
    }

    async fn removes(&self, name: &str) -> Result<()> {
        let (aws, group, resource) = (self.aws(), self.group.clone(), self.instance.clone());
        let id = |kind: &str| format!("{kind}-1");
        match name {
            "DeleteTags" => {
                let keys = vec!["slipway:order".to_owned()];
                aws.remove_tags(&RemoveTags { resource, keys }).await
            }
            "DeleteSecurityGroup" => aws.delete_security_group(&DeleteSecurityGroup { group }).await,
            "DeleteKeyPair" => {
                let name = "slipway-test".to_owned();
                aws.delete_key_pair(&DeleteKeyPair { name }).await
            }
            "DeregisterImage" => aws.delete_image(&DeleteImage { image: id("ami") }).await,
            "DeleteVolume" => aws.delete_disk(&DeleteDisk { disk: id("vol") }).await,
            "DeleteSnapshot" => {
                let snapshot = id("snap");
                aws.delete_snapshot(&DeleteSnapshot { snapshot }).await
            }
            _ => Ok(()),
        }
    }

    /// A program that is in no bucket yet.
    async fn stage_agent(&self, action: &str) -> Result<()> {
        std::fs::write(&self.agent, windows_program(action)).expect("a program");
        let aws = adapter(&self.world.cloud, KEY, AgentProgram::Built(self.agent.clone()));
        aws.stage_agent(&StageAgent {
            launch: "01TEST".into(),
        })
        .await
        .map(drop)
    }
}

fn web() -> Ingress {
    Ingress {
        port: 80,
        from: "198.51.100.7/32".into(),
    }
}

fn image(instance: String) -> CreateImage {
    CreateImage {
        instance,
        name: "denied".into(),
        description: String::new(),
        tags: tags(),
    }
}

fn named(result: Result<()>, action: &str) -> Missed {
    match result {
        Err(error) if tells(&error, action) => Missed::Named,
        Err(error) => Missed::Wrong(format!("{error:?}")),
        Ok(()) => Missed::Wrong("nobody missed it".into()),
    }
}

fn tells(error: &Error, action: &str) -> bool {
    error.kind == ErrorKind::PermissionMissing
        && !error.hint.is_empty()
        && format!("{error:?}").contains(action)
}

fn spared(less: Result<bool>) -> Missed {
    match less {
        Ok(true) => Missed::Spared,
        other => Missed::Wrong(format!("{other:?}")),
    }
}

impl Missed {
    /// Where the action is missed in the telling of another one's refusal.
    fn but(self, instead: Missed) -> Missed {
        if self == Missed::Named { instead } else { self }
    }
}
