//! The way of a request: noted, checked, struck by faults, answered.

use std::time::Duration;

use crate::answer::{self, Answer, Refusal};
use crate::aws::{access, prices, quotas, windows_images};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::ec2::power::{Power, switch};
use crate::ec2::{describe, disk_key, groups, images, networks, newness, run, screen, tags};
use crate::faults::Effect;
use crate::sign_in;
use crate::words::{self, Word};

/// What becomes of a request; `None` where its answer is lost on the way.
pub async fn respond(cloud: &Cloud, call: &Call) -> Option<Answer> {
    if call.service.is_empty() {
        return Some(stray(call));
    }
    let word = words::of(&call.service, &call.action);
    let violations = cloud.models.violations(call);
    let mut entry = cloud.requests.entry(call, word, violations);
    let effect = struck(cloud, call).await;
    entry.fault = effect.as_ref().map(Effect::name);
    let answer = match &effect {
        Some(Effect::LostRequest) => None,
        Some(Effect::LostAnswer) => {
            drop(answered(cloud, call, word).await);
            None
        }
        Some(error) => error.refusal().map(|refusal| refusal.answer(&call.service)),
        None => Some(answered(cloud, call, word).await),
    };
    let answer = answer.map(|answer| dated(cloud, answer));
    entry.status = answer.as_ref().map_or(0, |answer| answer.status().as_u16());
    cloud.requests.add(entry);
    answer
}

/// Waits where it is to take longer, and gives the fault that decides.
async fn struck(cloud: &Cloud, call: &Call) -> Option<Effect> {
    for effect in cloud.faults.strike(&call.action) {
        match effect {
            Effect::Delay { millis } => tokio::time::sleep(Duration::from_millis(millis)).await,
            decided => return Some(decided),
        }
    }
    None
}

async fn answered(cloud: &Cloud, call: &Call, word: Word) -> Answer {
    let outcome = match admitted(cloud, call, word) {
        Ok(()) => perform(cloud, call).await,
        Err(refusal) => Err(refusal),
    };
    match outcome {
        Ok(answer) => access::in_words_of_ec2(call, answer).await,
        Err(refusal) => refusal.answer(&call.service),
    }
}

fn admitted(cloud: &Cloud, call: &Call, word: Word) -> Result<(), Refusal> {
    cloud.clock.check(call)?;
    access::check(cloud, call)?;
    if call.service == "ec2" {
        cloud.check_known(call)?;
    }
    // moto answers dry runs of what it has itself.
    if word == Word::Ours && call.params.flag("DryRun") {
        return Err(Refusal {
            status: 412,
            ..Refusal::new(
                "DryRunOperation",
                "Request would have succeeded, but DryRun flag is set.",
            )
        });
    }
    Ok(())
}

async fn perform(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    if call.params.flag("DryRun") {
        return cloud.moto.pass(call).await;
    }
    match (call.service.as_str(), call.action.as_str()) {
        ("ec2", action) => of_ec2(cloud, call, action).await,
        ("ssm", _) => windows_images::parameters(cloud, call).await,
        ("pricing", "GetProducts") => Ok(prices::products(call)),
        ("servicequotas", "GetServiceQuota" | "GetAWSDefaultServiceQuota") => {
            quotas::quota(cloud, call).await
        }
        ("iam", "SimulatePrincipalPolicy") => access::simulate(cloud, call),
        ("sts", "GetCallerIdentity") => access::caller(cloud, call).await,
        ("sts", "DecodeAuthorizationMessage") => access::decode(call),
        ("sts", "AssumeRole" | "AssumeRoleWithWebIdentity") => sign_in::assume(cloud, call).await,
        ("sso" | "sso-oidc" | "signin", _) => sign_in::respond(cloud, call),
        _ => cloud.moto.pass(call).await,
    }
}

async fn of_ec2(cloud: &Cloud, call: &Call, action: &str) -> Result<Answer, Refusal> {
    match action {
        "RunInstances" => run::run(cloud, call).await,
        "DescribeInstances" => describe::instances(cloud, call).await,
        "DescribeInstanceStatus" => describe::statuses(cloud, call).await,
        "StartInstances" => switch(cloud, call, Power::Start).await,
        "StopInstances" => switch(cloud, call, Power::Stop).await,
        "RebootInstances" => switch(cloud, call, Power::Restart).await,
        "TerminateInstances" => switch(cloud, call, Power::Terminate).await,
        "GetConsoleOutput" => screen::output(cloud, call).await,
        "GetConsoleScreenshot" => screen::screenshot(cloud, call).await,
        "GetPasswordData" => screen::password(cloud, call).await,
        "CreateImage" => images::create(cloud, call).await,
        "DescribeImages" => images::describe(cloud, call).await,
        "DescribeSnapshots" => images::snapshots(cloud, call).await,
        "DeregisterImage" => images::deregister(cloud, call).await,
        "AuthorizeSecurityGroupIngress" => groups::authorize(cloud, call).await,
        "DeleteSecurityGroup" => groups::delete(cloud, call).await,
        "GetEbsEncryptionByDefault" | "GetEbsDefaultKmsKeyId" => Ok(disk_key::respond(cloud, call)),
        "DescribeRouteTables" => networks::routes(cloud, call).await,
        "CreateTags" => tags::create(cloud, call).await,
        "DeleteTags" => tags::delete(cloud, call).await,
        "DescribeSecurityGroups" | "DescribeKeyPairs" => newness::hide(cloud, call).await,
        "CreateSecurityGroup" | "ImportKeyPair" | "CreateKeyPair" => newness::note(cloud, call).await,
        _ => cloud.moto.pass(call).await,
    }
}

/// Clients correct their clock by the answer's date.
fn dated(cloud: &Cloud, mut answer: Answer) -> Answer {
    if let Ok(date) = cloud.clock.date().parse() {
        answer.headers_mut().insert(http::header::DATE, date);
    }
    answer
}

/// An answer for a request that is not signed as AWS's are.
fn stray(call: &Call) -> Answer {
    answer::answer(
        400,
        "text/plain",
        format!("not a request to AWS: {}\n", call.action),
    )
}
