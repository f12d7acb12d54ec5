//! Whose word an answer is: moto's, moto's with changes, or this crate's own. Only the first is an independent witness.

use serde::Serialize;

/// Whose word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// moto's alone; at most with EC2's XML namespace.
    Moto,
    /// moto's, with what it lacks or gets wrong written over.
    Rewritten,
    /// Ours: moto has no such thing.
    Ours,
}

const REWRITTEN: &[&str] = &[
    "AssumeRole",
    "AssumeRoleWithWebIdentity",
    "GetCallerIdentity",
    "RunInstances",
    "DescribeInstances",
    "DescribeInstanceStatus",
    "StartInstances",
    "StopInstances",
    "RebootInstances",
    "TerminateInstances",
    "CreateImage",
    "DescribeImages",
    "DescribeSnapshots",
    "DeregisterImage",
    "AuthorizeSecurityGroupIngress",
    "DeleteSecurityGroup",
    "DescribeSecurityGroups",
    "DescribeKeyPairs",
    "DescribeRouteTables",
    "CreateTags",
    "DeleteTags",
];

const OURS: &[(&str, &str)] = &[
    ("ec2", "GetPasswordData"),
    ("ec2", "GetConsoleOutput"),
    ("ec2", "GetConsoleScreenshot"),
    ("ec2", "GetEbsEncryptionByDefault"),
    ("ec2", "GetEbsDefaultKmsKeyId"),
    ("ssm", "GetParameter"),
    ("ssm", "GetParameters"),
    ("ssm", "GetParametersByPath"),
    ("pricing", "GetProducts"),
    ("servicequotas", "GetServiceQuota"),
    ("servicequotas", "GetAWSDefaultServiceQuota"),
    ("iam", "SimulatePrincipalPolicy"),
    ("sts", "DecodeAuthorizationMessage"),
    ("sso", "GetRoleCredentials"),
    ("sso-oidc", "CreateToken"),
    ("signin", "CreateOAuth2Token"),
];

/// Whose word the answer to an action is.
pub fn of(service: &str, action: &str) -> Word {
    if OURS.contains(&(service, action)) {
        Word::Ours
    } else if ["ec2", "sts"].contains(&service) && REWRITTEN.contains(&action) {
        Word::Rewritten
    } else {
        Word::Moto
    }
}
