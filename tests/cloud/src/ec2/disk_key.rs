//! The key of new disks, which moto does not know.

use crate::answer::{self, Answer};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::xml;

/// GetEbsEncryptionByDefault and GetEbsDefaultKmsKeyId.
pub fn respond(cloud: &Cloud, call: &Call) -> Answer {
    let key = cloud.rules().disk_key.clone();
    let part = match call.action.as_str() {
        "GetEbsEncryptionByDefault" => xml::leaf("ebsEncryptionByDefault", key.is_some().to_string()),
        _ => xml::leaf("kmsKeyId", key.unwrap_or_else(|| "alias/aws/ebs".to_owned())),
    };
    answer::ec2_result(&call.action, vec![part])
}
