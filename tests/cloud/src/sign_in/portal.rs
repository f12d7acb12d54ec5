//! The access portal of IAM Identity Center: keys of a role for a token.

use std::time::SystemTime;

use serde_json::json;

use super::session_length;
use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;

/// A role that nobody has.
const NOBODYS: &str = "NobodysRole";

/// GetRoleCredentials.
pub fn role_keys(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let token = call.header("x-amz-sso_bearer_token");
    let ends = cloud.sign_ins.with(|state| state.tokens.get(token).copied());
    if ends.is_none_or(|ends| ends <= SystemTime::now()) {
        return Err(Refusal {
            status: 401,
            ..Refusal::new("UnauthorizedException", "Session token not found or invalid")
        });
    }
    if call.query("role_name").as_deref() == Some(NOBODYS) {
        return Err(Refusal {
            status: 403,
            ..Refusal::new("ForbiddenException", "No access")
        });
    }
    let good_for = session_length(cloud);
    let mut keys = cloud.sign_ins.with(|state| state.keys(good_for));
    let ends = (SystemTime::now() + good_for).duration_since(SystemTime::UNIX_EPOCH);
    keys["expiration"] = json!(ends.map(|ends| ends.as_millis() as u64).unwrap_or_default());
    Ok(answer::json_result(&json!({"roleCredentials": keys})))
}
