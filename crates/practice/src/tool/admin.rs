//! Sets the login of the site's administration.

use super::{Bench, installed};
use crate::salted::Login;
use crate::trouble::{Outcome, input};

/// Not an argument: other processes can read those.
const PASSWORD: &str = "SLIPWAY_ADMIN_PASSWORD";
const SHORTEST: usize = 8;

pub async fn set_login(bench: &Bench, user: &str) -> Outcome<()> {
    let password = std::env::var(PASSWORD).unwrap_or_default();
    if user.is_empty() || user.contains(':') {
        return Err(input("The user name must not be empty or hold a colon."));
    }
    if password.chars().count() < SHORTEST {
        return Err(input(format!(
            "{PASSWORD} must hold at least {SHORTEST} characters."
        )));
    }
    bench
        .work(0.0..0.4, &[(1.0, "Opening the administration")])
        .await?;
    Login::new(user, password.as_bytes())?.save(&installed::login(&bench.disk))?;
    let done = format!("The login “{user}” is set");
    bench
        .work(0.4..1.0, &[(1.5, done.as_str()), (0.5, "Other logins: none")])
        .await
}
