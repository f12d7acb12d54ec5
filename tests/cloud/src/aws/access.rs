//! What an account may do: a list of forbidden actions, told in the ways in which AWS tells it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::json;

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::xml;

/// Refuses what is forbidden, and whoever has an expired session.
pub fn check(cloud: &Cloud, call: &Call) -> Result<(), Refusal> {
    let (mut rules, key) = (cloud.rules(), &call.key);
    let action = format!("{}:{}", call.service, call.action);
    if rules.expires.get(key) == Some(&action) {
        rules.expired.insert(key.clone());
    }
    if rules.expired.contains(key) || cloud.sign_ins.has_ended(key) {
        return Err(expired(&call.service));
    }
    if rules.denied.contains(&action) {
        return Err(denied(call));
    }
    Ok(())
}

/// EC2 has the same words for an expired session and a wrong clock.
fn expired(service: &str) -> Refusal {
    match service {
        "ec2" => Refusal::new("RequestExpired", "Request has expired."),
        "sts" | "iam" | "s3" => Refusal {
            status: 403,
            ..Refusal::new(
                "ExpiredToken",
                "The security token included in the request is expired",
            )
        },
        _ => Refusal::new(
            "ExpiredTokenException",
            "The security token included in the request is expired",
        ),
    }
}

/// The refusal of a forbidden action, in the words of its service.
pub fn denied(call: &Call) -> Refusal {
    let action = format!("{}:{}", call.service, call.action);
    if call.service != "ec2" {
        let message =
            format!("User: arn:aws:iam::123456789012:user/test is not authorized to perform: {action}");
        let code = if matches!(call.service.as_str(), "sts" | "iam" | "s3") {
            "AccessDenied"
        } else {
            "AccessDeniedException"
        };
        return Refusal {
            status: 403,
            ..Refusal::new(code, message)
        };
    }
    let decoded = json!({
        "allowed": false,
        "explicitDeny": false,
        "matchedStatements": {"items": []},
        "context": {"principal": {"name": "test"}, "action": action, "resource": "*"},
    });
    let encoded = BASE64.encode(decoded.to_string());
    let message = format!(
        "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/test is not \
         authorized to perform: {action} because no identity-based policy allows the {action} action. Encoded \
         authorization failure message: {encoded}"
    );
    Refusal {
        status: 403,
        ..Refusal::new("UnauthorizedOperation", message)
    }
}

/// DecodeAuthorizationMessage.
pub fn decode(call: &Call) -> Result<Answer, Refusal> {
    let sent = call.params.get("EncodedMessage").unwrap_or_default();
    let decoded = BASE64
        .decode(sent)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let text = decoded.ok_or_else(|| {
        Refusal::new(
            "InvalidAuthorizationMessageException",
            "The message can't be decoded.",
        )
    })?;
    let parts = vec![xml::leaf("DecodedMessage", text)];
    Ok(answer::query_result("sts", "DecodeAuthorizationMessage", parts))
}

/// GetCallerIdentity: moto says that its user were STS's, which no user is.
pub async fn caller(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let answer = cloud.moto.pass(call).await?;
    let status = answer.status().as_u16();
    let body = String::from_utf8_lossy(&answer::body(answer).await).into_owned();
    let body = match body.contains(":user/") {
        true => body.replace("arn:aws:sts::", "arn:aws:iam::"),
        false => body,
    };
    Ok(answer::answer(
        status,
        "text/xml;charset=UTF-8",
        body.into_bytes(),
    ))
}

/// SimulatePrincipalPolicy, without conditions. It knows users and roles, not the sessions of roles.
pub fn simulate(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let source = call.params.get("PolicySourceArn").unwrap_or_default();
    if !source.contains(":iam::") {
        return Err(Refusal::new(
            "InvalidInput",
            format!("Invalid Entity Arn: {source} does not clearly define entity type and name."),
        ));
    }
    let denied = cloud.rules().denied.clone();
    let resources = call.params.list("ResourceArns.member");
    let resource = resources.first().map_or("*", String::as_str);
    let members = call.params.list("ActionNames.member").into_iter().map(|action| {
        let decision = if denied.contains(&action) {
            "implicitDeny"
        } else {
            "allowed"
        };
        let parts = [
            xml::leaf("EvalActionName", action),
            xml::leaf("EvalResourceName", resource),
            xml::leaf("EvalDecision", decision),
        ];
        xml::node("member", parts)
    });
    let results = xml::node("EvaluationResults", members);
    let parts = vec![results, xml::leaf("IsTruncated", "false")];
    Ok(answer::query_result("iam", "SimulatePrincipalPolicy", parts))
}

/// moto's own refusal, where its IAM is on, said as EC2 says it.
pub async fn in_words_of_ec2(call: &Call, answer: Answer) -> Answer {
    if call.service != "ec2" || answer.status().as_u16() != 403 {
        return answer;
    }
    let body = answer::body(answer).await;
    if String::from_utf8_lossy(&body).contains("<Code>AccessDenied</Code>") {
        return denied(call).answer("ec2");
    }
    answer::answer(403, "text/xml;charset=UTF-8", body)
}
