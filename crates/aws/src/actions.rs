//! Every AWS action that this adapter calls, in one table: it names them in errors and makes the IAM policy.

/// How far the policy allows an action. IAM knows conditions on tags for some actions only (“Actions, resources, and
/// condition keys for Amazon EC2”), hence these groups and not one for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Scope {
    /// Reads, and what AWS can't restrict.
    Everything,
    /// IAM's word on whoever asks.
    Asker,
    /// Instances that carry our tag.
    OwnInstances,
    /// RunInstances: what it uses is free, what it makes must carry our tag.
    Launch,
    /// Tags: at creation, and later on what is ours.
    Tagging,
    /// Creating what carries our tag from the first moment.
    CreateOwn,
    /// Changing and deleting what carries our tag.
    ChangeOwn,
    /// The bucket for the agent's program.
    Bucket,
    /// What a profile of `~/.aws` asks to get its keys. Whoever made the profile allowed it already.
    SignIn,
}

macro_rules! actions {
    ($($name:ident = $iam:literal, $scope:ident, $doing:literal;)+) => {
        /// An action in IAM's sense.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(crate) enum Action { $(#[doc = $iam] $name,)+ }

        impl Action {
            /// All of them.
            pub const ALL: &[Action] = &[$(Action::$name,)+];

            /// Its name in policies, such as `ec2:RunInstances`.
            pub fn iam(self) -> &'static str {
                match self { $(Action::$name => $iam,)+ }
            }

            /// How far the policy allows it.
            pub fn scope(self) -> Scope {
                match self { $(Action::$name => Scope::$scope,)+ }
            }

            /// What it does, for people: “AWS could not …”.
            pub fn doing(self) -> &'static str {
                match self { $(Action::$name => $doing,)+ }
            }
        }
    };
}

actions! {
    GetCallerIdentity = "sts:GetCallerIdentity", Everything, "tell who is signed in";
    DecodeAuthorizationMessage = "sts:DecodeAuthorizationMessage", Everything, "explain a refusal";
    SimulatePrincipalPolicy = "iam:SimulatePrincipalPolicy", Asker, "look up what you may do";
    DescribeRegions = "ec2:DescribeRegions", Everything, "list the regions";
    DescribeInstanceTypes = "ec2:DescribeInstanceTypes", Everything, "list the server sizes";
    DescribeInstanceTypeOfferings = "ec2:DescribeInstanceTypeOfferings", Everything, "list where sizes are offered";
    DescribeSubnets = "ec2:DescribeSubnets", Everything, "list the networks";
    DescribeVpcs = "ec2:DescribeVpcs", Everything, "list the networks";
    DescribeRouteTables = "ec2:DescribeRouteTables", Everything, "look at the network's routes";
    CreateDefaultVpc = "ec2:CreateDefaultVpc", Everything, "create the default network";
    DescribeInstances = "ec2:DescribeInstances", Everything, "look at the servers";
    DescribeVolumes = "ec2:DescribeVolumes", Everything, "look at the disks";
    DescribeImages = "ec2:DescribeImages", Everything, "look at the images";
    DescribeSnapshots = "ec2:DescribeSnapshots", Everything, "look at the snapshots";
    DescribeKeyPairs = "ec2:DescribeKeyPairs", Everything, "look at the key pairs";
    DescribeSecurityGroups = "ec2:DescribeSecurityGroups", Everything, "look at the security groups";
    GetEbsEncryptionByDefault = "ec2:GetEbsEncryptionByDefault", Everything, "look at the encryption of disks";
    GetEbsDefaultKmsKeyId = "ec2:GetEbsDefaultKmsKeyId", Everything, "look at the key of disks";
    GetParameter = "ssm:GetParameter", Everything, "find the newest Windows image";
    GetServiceQuota = "servicequotas:GetServiceQuota", Everything, "read the account's quotas";
    GetProducts = "pricing:GetProducts", Everything, "read the prices";
    GetConsoleOutput = "ec2:GetConsoleOutput", OwnInstances, "read the server's console";
    GetConsoleScreenshot = "ec2:GetConsoleScreenshot", OwnInstances, "take a picture of the server's screen";
    GetPasswordData = "ec2:GetPasswordData", OwnInstances, "fetch the Administrator password";
    StartInstances = "ec2:StartInstances", OwnInstances, "start the server";
    StopInstances = "ec2:StopInstances", OwnInstances, "stop the server";
    RebootInstances = "ec2:RebootInstances", OwnInstances, "restart the server";
    TerminateInstances = "ec2:TerminateInstances", OwnInstances, "terminate the server";
    RunInstances = "ec2:RunInstances", Launch, "launch the server";
    CreateTags = "ec2:CreateTags", Tagging, "put tags";
    DeleteTags = "ec2:DeleteTags", Tagging, "remove tags";
    ImportKeyPair = "ec2:ImportKeyPair", CreateOwn, "import the key pair";
    CreateSecurityGroup = "ec2:CreateSecurityGroup", CreateOwn, "create the security group";
    CreateImage = "ec2:CreateImage", CreateOwn, "make the image";
    AuthorizeSecurityGroupIngress = "ec2:AuthorizeSecurityGroupIngress", ChangeOwn, "open ports of the security group";
    RevokeSecurityGroupIngress = "ec2:RevokeSecurityGroupIngress", ChangeOwn, "close ports of the security group";
    DeleteSecurityGroup = "ec2:DeleteSecurityGroup", ChangeOwn, "delete the security group";
    DeleteKeyPair = "ec2:DeleteKeyPair", ChangeOwn, "delete the key pair";
    DeregisterImage = "ec2:DeregisterImage", ChangeOwn, "delete the image";
    DeleteVolume = "ec2:DeleteVolume", ChangeOwn, "delete the disk";
    DeleteSnapshot = "ec2:DeleteSnapshot", ChangeOwn, "delete the image's snapshots";
    CreateBucket = "s3:CreateBucket", Bucket, "create the bucket for the installer";
    PutBucketPublicAccessBlock = "s3:PutBucketPublicAccessBlock", Bucket, "keep the installer's bucket private";
    PutLifecycleConfiguration = "s3:PutLifecycleConfiguration", Bucket, "let the installer expire";
    ListBucket = "s3:ListBucket", Bucket, "look at the installer's bucket";
    GetObject = "s3:GetObject", Bucket, "look for the installer";
    PutObject = "s3:PutObject", Bucket, "upload the installer";
    AssumeRole = "sts:AssumeRole", SignIn, "take the profile's role";
    AssumeRoleWithWebIdentity = "sts:AssumeRoleWithWebIdentity", SignIn, "take the profile's role";
    GetRoleCredentials = "sso:GetRoleCredentials", SignIn, "get keys from IAM Identity Center";
    CreateOAuth2Token = "signin:CreateOAuth2Token", SignIn, "renew the sign-in";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_action_is_listed_twice() {
        let mut names: Vec<_> = Action::ALL.iter().map(|action| action.iam()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
