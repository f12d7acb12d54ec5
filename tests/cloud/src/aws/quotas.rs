//! Service Quotas: how many vCPUs of the standard families an account may run.

use serde_json::json;

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;

/// “Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances”.
pub const STANDARD_VCPUS: &str = "L-1216C47A";

/// GetServiceQuota and GetAWSDefaultServiceQuota; other quotas are moto's.
pub async fn quota(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    if call.json["QuotaCode"] != STANDARD_VCPUS || call.json["ServiceCode"] != "ec2" {
        return cloud.moto.pass(call).await;
    }
    let region = &call.place.region;
    Ok(answer::json_result(&json!({"Quota": {
        "ServiceCode": "ec2",
        "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
        "QuotaArn": format!("arn:aws:servicequotas:{region}:123456789012:ec2/{STANDARD_VCPUS}"),
        "QuotaCode": STANDARD_VCPUS,
        "QuotaName": "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        "Value": cloud.rules().vcpus,
        "Unit": "None",
        "Adjustable": true,
        "GlobalQuota": false,
    }})))
}
