//! Who is signed in.

use slipway_core::cloud::Account;
use slipway_core::error::Result;

use crate::actions::Action;
use crate::session::Session;

/// Asks STS. Every AWS user may ask this.
pub(crate) async fn account(session: &Session) -> Result<Account> {
    let caller = caller(session).await?;
    Ok(Account {
        user: user(&caller.arn),
        id: caller.account,
    })
}

/// Who asks, in AWS's own words.
pub(crate) struct Caller {
    /// The account's number.
    pub account: String,
    /// Such as `arn:aws:iam::123456789012:user/anna`.
    pub arn: String,
}

/// Asks STS for the whole name.
pub(crate) async fn caller(session: &Session) -> Result<Caller> {
    let who = session
        .ask(Action::GetCallerIdentity, |aws| {
            aws.sts.get_caller_identity().send()
        })
        .await?;
    Ok(Caller {
        account: who.account().unwrap_or_default().to_owned(),
        arn: who.arn().unwrap_or_default().to_owned(),
    })
}

/// The account stands beside it already, so the rest of the name is enough for people: `user/anna` of `arn:aws:iam::123456789012:user/anna`.
fn user(arn: &str) -> String {
    arn.splitn(6, ':').nth(5).unwrap_or(arn).to_owned()
}

#[cfg(test)]
mod tests {
    use super::user;

    #[test]
    fn a_user_is_named_without_the_account() {
        assert_eq!(user("arn:aws:iam::123456789012:user/anna"), "user/anna");
        assert_eq!(
            user("arn:aws:sts::1:assumed-role/ops/anna:x"),
            "assumed-role/ops/anna:x"
        );
        assert_eq!(user("arn:aws:iam::123456789012:root"), "root");
    }
}
