//! The one table from AWS's error codes to kinds, sentences and hints.

use slipway_core::error::ErrorKind;
use slipway_core::error::ErrorKind::{
    AccountNotReady, ClockWrong, CloudTrouble, CredentialsExpired, CredentialsInvalid, Input, NameTaken,
    NetworkMissing, NoCapacity, NotFound, PermissionMissing, QuotaExceeded, Throttled, Unsupported,
    WrongState,
};

/// What a code means. `{do}` stands for what was tried, `{action}` for its name in policies.
pub(super) struct Row {
    pub codes: &'static [&'static str],
    pub kind: ErrorKind,
    pub sentence: &'static str,
    pub hint: &'static str,
}

const fn row(
    codes: &'static [&'static str],
    kind: ErrorKind,
    sentence: &'static str,
    hint: &'static str,
) -> Row {
    Row {
        codes,
        kind,
        sentence,
        hint,
    }
}

const SIGN_IN: &str = "Sign in again; what was under way then goes on by itself.";
pub(super) const RETYPE: &str =
    "Check access key and secret, or create a new key in the AWS console under IAM.";
pub(super) const WAIT: &str = "This usually goes away by itself within minutes. A launch goes on then; anything else you can try again.";
const QUOTA: &str = "Stop another server, or ask AWS for more under Service Quotas. For a size with fewer virtual CPUs, give this launch up and launch again.";

/// Every code that AWS documents for what we call (“Error codes for the Amazon EC2 API”), and those of the other
/// services for the same things.
pub(super) const TABLE: &[Row] = &[
    row(
        &[
            "UnauthorizedOperation",
            "AccessDenied",
            "AccessDeniedException",
            "AllAccessDisabled",
        ],
        PermissionMissing,
        "This AWS user may not {do} ({action}).",
        "Ask the account's administrator to add the policy that “slipway policy” prints.",
    ),
    row(
        &[
            "AuthFailure",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InvalidAccessKeyId",
            "MissingAuthenticationToken",
        ],
        CredentialsInvalid,
        "AWS does not know these keys, or they are disabled.",
        RETYPE,
    ),
    row(
        &[
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "IncompleteSignature",
        ],
        CredentialsInvalid,
        "The secret key does not belong to the access key.",
        RETYPE,
    ),
    row(
        &[
            "ExpiredToken",
            "ExpiredTokenException",
            "TokenRefreshRequired",
            "RequestExpired",
        ],
        CredentialsExpired,
        "The sign-in to AWS has expired.",
        SIGN_IN,
    ),
    row(
        &["RequestTimeTooSkewed", "RequestInTheFuture"],
        ClockWrong,
        "This computer's clock is wrong, so AWS refuses its signature.",
        "Set the clock to automatic, then try again.",
    ),
    row(
        &["OptInRequired", "SubscriptionRequiredException"],
        AccountNotReady,
        "The AWS account is not ready to {do}.",
        "Finish the sign-up in the AWS console, enable the region, or accept the image's terms; the details name what is missing.",
    ),
    row(
        &["PendingVerification"],
        AccountNotReady,
        "AWS is still verifying this account.",
        "It takes minutes, at most four hours; AWS sends an e-mail. Try again then, or choose another region.",
    ),
    row(
        &["Blocked"],
        AccountNotReady,
        "AWS has blocked this account.",
        "Contact AWS Support.",
    ),
    row(
        &["VcpuLimitExceeded"],
        QuotaExceeded,
        "The account's quota of virtual CPUs does not allow another server of this size.",
        QUOTA,
    ),
    row(
        &["InstanceLimitExceeded"],
        QuotaExceeded,
        "The account may not run more servers in this region.",
        QUOTA,
    ),
    row(
        &[
            "SecurityGroupLimitExceeded",
            "RulesPerSecurityGroupLimitExceeded",
            "VolumeLimitExceeded",
            "MaxIOPSLimitExceeded",
            "SnapshotLimitExceeded",
            "AMIQuotaExceeded",
            "TagLimitExceeded",
            "VpcLimitExceeded",
            "NetworkInterfaceLimitExceeded",
            "TooManyBuckets",
        ],
        QuotaExceeded,
        "A quota of the AWS account does not allow to {do}.",
        "Remove what is no longer needed, or ask AWS for more under Service Quotas; the details name the quota.",
    ),
    row(
        &[
            "InsufficientInstanceCapacity",
            "InsufficientHostCapacity",
            "InsufficientCapacity",
            "InsufficientVolumeCapacity",
        ],
        NoCapacity,
        "AWS has no capacity left for this size in this zone.",
        "Choose another zone or a similar size, or try again later.",
    ),
    row(
        &[
            "Unsupported",
            "UnsupportedOperation",
            "InstanceTypeNotSupported",
            "UnsupportedInstanceTypeOnHost",
        ],
        Unsupported,
        "Size, image and zone do not go together.",
        "Choose another zone or size; the details name what AWS offers.",
    ),
    row(
        &["VPCIdNotSpecified", "DefaultVpcDoesNotExist"],
        NetworkMissing,
        "The region has no default network.",
        "Choose a subnet, or let Slipway create the default network.",
    ),
    row(
        &[
            "MissingInput",
            "NoDefaultSubnet",
            "DefaultSubnetDoesNotExistInAvailabilityZone",
        ],
        NetworkMissing,
        "The region's default network has no subnet.",
        "Choose a subnet of another network, or create a default subnet in the AWS console.",
    ),
    row(
        &["InvalidGroup.Duplicate"],
        NameTaken,
        "A security group of this name exists already.",
        "Launch again: a new name is used each time.",
    ),
    row(
        &["InvalidPermission.Duplicate"],
        NameTaken,
        "The security group has this rule already.",
        "",
    ),
    row(
        &["InvalidKeyPair.Duplicate"],
        NameTaken,
        "A key pair of this name exists already.",
        "Launch again: a new name is used each time.",
    ),
    row(
        &["InvalidAMIName.Duplicate"],
        NameTaken,
        "An image of this name exists already.",
        "Choose another name, for example with the date.",
    ),
    row(
        &["InvalidAMIName.Malformed"],
        Input,
        "AWS does not accept this image name.",
        "Use 3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _.",
    ),
    row(
        &[
            "InvalidAMIID.NotFound",
            "InvalidAMIID.Unavailable",
            "InvalidAMIID.Malformed",
            "ParameterNotFound",
        ],
        NotFound,
        "The image is not there: deleted, made private, still being made, or in another region.",
        "Refresh the list and choose another image.",
    ),
    row(
        &["InvalidKeyPair.NotFound"],
        NotFound,
        "The key pair is not in this region.",
        "Launch again: a new key pair is made.",
    ),
    row(
        &[
            "InvalidGroup.NotFound",
            "InvalidGroupId.Malformed",
            "InvalidSecurityGroupID.NotFound",
        ],
        NotFound,
        "The security group is not there.",
        "It may have been deleted in the AWS console. Launch again.",
    ),
    row(
        &["InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed"],
        NotFound,
        "AWS does not know this server.",
        "It may have been terminated in the AWS console.",
    ),
    row(
        &[
            "InvalidSubnetID.NotFound",
            "InvalidVpcID.NotFound",
            "InvalidSubnet",
        ],
        NotFound,
        "The network is not in this region.",
        "Refresh the list and choose another network.",
    ),
    row(
        &["InvalidSnapshot.NotFound"],
        NotFound,
        "The snapshot is not there.",
        "",
    ),
    row(
        &["NotFound", "NoSuchBucket", "NoSuchKey"],
        NotFound,
        "AWS does not know what was asked for to {do}.",
        "",
    ),
    row(
        &[
            "InvalidParameterValue",
            "InvalidParameterCombination",
            "InvalidParameter",
            "MissingParameter",
            "ValidationError",
            "ValidationException",
            "InvalidUserData.Malformed",
            "InvalidBlockDeviceMapping",
        ],
        Input,
        "AWS does not accept a value in the request to {do}.",
        "The details name the value.",
    ),
    row(
        &[
            "RequestLimitExceeded",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "TooManyRequestsException",
            "EC2ThrottledException",
            "SlowDown",
            "RequestThrottled",
            "BandwidthLimitExceeded",
            "ResourceCountExceeded",
        ],
        Throttled,
        "AWS gets too many requests from this account at the moment.",
        WAIT,
    ),
    row(
        &["IncorrectInstanceState", "IncorrectState", "InvalidState"],
        WrongState,
        "The server's present state does not allow to {do}.",
        "Wait until it is running or stopped, then try again.",
    ),
    row(
        &["OperationNotPermitted"],
        WrongState,
        "The server is protected: AWS refuses to {do}.",
        "Switch termination and stop protection off in the AWS console, then try again.",
    ),
    row(
        &[
            "DependencyViolation",
            "InvalidGroup.InUse",
            "InvalidSnapshot.InUse",
        ],
        WrongState,
        "It is still used by something else, so AWS refuses to {do}.",
        "Remove what uses it in the AWS console, then try again.",
    ),
    row(
        &["IdempotentParameterMismatch", "InvalidClientToken"],
        WrongState,
        "This launch was already asked for with other settings.",
        "Terminate it here, then launch again.",
    ),
    row(
        &[
            "InternalError",
            "InternalFailure",
            "InternalServiceError",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "Unavailable",
            "ServerInternal",
            "RequestTimeout",
            "OperationAborted",
        ],
        CloudTrouble,
        "AWS has trouble of its own and could not {do}.",
        WAIT,
    ),
];
