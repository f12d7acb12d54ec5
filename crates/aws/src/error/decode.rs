//! Encoded authorization messages: AWS tells what a refusal was about to whoever may ask.

use aws_sdk_sts::Client;
use serde_json::Value;

/// Where the encoded part of a refusal begins.
const MARK: &str = "Encoded authorization failure message: ";

/// The encoded part of AWS's sentence.
pub(crate) fn encoded(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once(MARK)?;
    rest.split_whitespace().next()
}

/// AWS's sentence without the encoded part, which nobody can read.
pub(crate) fn readable(message: &str) -> &str {
    message.split(MARK).next().unwrap_or(message).trim_end()
}

/// Asks AWS what the refusal was about. The message is encoded because it tells of policies, which not every user may see. `None` where this user may not ask, too.
pub(crate) async fn decode(sts: &Client, encoded: &str) -> Option<String> {
    let asked = sts.decode_authorization_message().encoded_message(encoded);
    let answer = Box::pin(asked.send()).await.ok()?;
    tell(&serde_json::from_str(answer.decoded_message()?).ok()?)
}

/// The decoded message in one sentence.
fn tell(decoded: &Value) -> Option<String> {
    let context = &decoded["context"];
    let (action, resource) = (context["action"].as_str()?, context["resource"].as_str()?);
    let why = if decoded["explicitDeny"].as_bool() == Some(true) {
        "a policy forbids it"
    } else {
        "no policy allows it"
    };
    Some(format!("{action} on {resource}: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoded_part_is_told_apart_from_the_sentence() {
        let message = "You are not authorized. Encoded authorization failure message: 4GIOHlTkIaWH rest";
        assert_eq!(encoded(message), Some("4GIOHlTkIaWH"));
        assert_eq!(readable(message), "You are not authorized.");
        assert_eq!(encoded("You are not authorized."), None);
    }

    #[test]
    fn a_decoded_refusal_names_action_resource_and_reason() {
        let decoded = serde_json::json!({
            "allowed": false, "explicitDeny": true,
            "context": { "action": "ec2:RunInstances", "resource": "arn:aws:ec2:eu-central-1:1:instance/*" }
        });
        let told = tell(&decoded).unwrap();
        assert_eq!(
            told,
            "ec2:RunInstances on arn:aws:ec2:eu-central-1:1:instance/*: a policy forbids it"
        );
    }
}
