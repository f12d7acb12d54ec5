//! Renewals by a refresh token: of a token of IAM Identity Center, and of the keys of `aws login`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{CLIENT, CLIENT_SECRET, LOGIN_CLIENT, Refresh, State, dpop, session_length};
use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;

/// How long a token is good for (“Set session duration”, IAM Identity Center User Guide).
const TOKEN_LASTS: Duration = Duration::from_secs(3600);

/// CreateToken. A refresh token works once.
pub fn token(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let asked = |name: &str| call.json[name].as_str().unwrap_or_default();
    if asked("grantType") != "refresh_token" {
        return Err(Refusal::new(
            "UnsupportedGrantTypeException",
            "unsupported_grant_type",
        ));
    }
    let (client, secret) = (asked("clientId"), asked("clientSecret"));
    if client != CLIENT || secret != CLIENT_SECRET {
        return Err(Refusal {
            status: 401,
            ..Refusal::new("InvalidClientException", "invalid_client")
        });
    }
    let good_for = TOKEN_LASTS;
    let renewed = cloud
        .sign_ins
        .with(|state| match state.refresh.remove(asked("refreshToken")) {
            Some(Refresh::Token { client: known }) if known == client => Some(state.token(good_for)),
            _ => None,
        });
    let renewed = renewed.ok_or_else(|| Refusal::new("InvalidGrantException", "invalid_grant"))?;
    Ok(answer::json_result(&json!({
        "accessToken": renewed["accessToken"],
        "tokenType": "Bearer",
        "expiresIn": good_for.as_secs(),
        "refreshToken": renewed["refreshToken"],
    })))
}

/// CreateOAuth2Token. The same renewal may be asked for again: two programs with one cache do that.
pub fn login(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let asked = |name: &str| call.json[name].as_str().unwrap_or_default();
    let invalid = || Refusal::new("ValidationException", "INVALID_REQUEST");
    let url = format!("http://{}{}", call.header("host"), call.head.uri.path());
    let proof = dpop::verify(call.header("dpop"), &url).map_err(|reason| Refusal {
        message: format!("INVALID_REQUEST: {reason}"),
        ..invalid()
    })?;
    if asked("grantType") != "refresh_token" || asked("clientId") != LOGIN_CLIENT {
        return Err(invalid());
    }
    let good_for = session_length(cloud);
    cloud.sign_ins.with(|state| {
        if !state.proofs.insert(proof.number) {
            return Err(invalid());
        }
        let answer = match state.refresh.get(asked("refreshToken")).cloned() {
            Some(Refresh::Login { key, answer }) if key == proof.key => {
                answer.unwrap_or_else(|| renew(state, asked("refreshToken"), &key, good_for))
            }
            Some(_) => return Err(invalid()),
            None => {
                return Err(Refusal {
                    status: 401,
                    ..Refusal::new("AccessDeniedException", "TOKEN_EXPIRED")
                });
            }
        };
        Ok(answer::json_result(&answer))
    })
}

fn renew(state: &mut State, used: &str, key: &[u8], good_for: Duration) -> Value {
    let next = state.new_word("refresh");
    let answer = json!({
        "accessToken": state.keys(good_for),
        "tokenType": "urn:aws:params:oauth:token-type:access_token_sigv4",
        "expiresIn": good_for.as_secs(),
        "refreshToken": next,
    });
    let of = |answer| Refresh::Login {
        key: key.to_vec(),
        answer,
    };
    state.refresh.insert(used.to_owned(), of(Some(answer.clone())));
    state.refresh.insert(next, of(None));
    answer
}
