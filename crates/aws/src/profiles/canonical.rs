//! One profile as text that the AWS SDK reads: only what its plan uses, in the plainest form. So the SDK's own chain of
//! providers does the signing in, and nothing odd in the files, nor another profile's faults, reaches it.

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};

use super::plan::{Base, Plan, Role, Sso};

/// The profile in that text.
pub(crate) const NAME: &str = "slipway";
/// A source of keys that is given to the SDK by this name, where the text can't express it.
pub(crate) const OWN_SOURCE: &str = "SlipwaySource";

/// The text, as the SDK takes it in place of both files. `endpoint` takes the place of the profile's.
pub(crate) fn files(plan: &Plan, endpoint: Option<&str>) -> EnvConfigFiles {
    let config = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, text(plan, endpoint));
    config.with_contents(EnvConfigFileKind::Credentials, "").build()
}

/// No profile at all, for keys that come from elsewhere.
pub(crate) fn none() -> EnvConfigFiles {
    EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, "")
        .build()
}

/// Whether the SDK can be told of it: it takes fewer characters in the name of a session than botocore.
pub(crate) fn needs_own_source(base: &Base) -> bool {
    match base {
        Base::Process { .. } => true,
        Base::Sso(sso) => sso.session.as_deref().is_some_and(|name| !is_plain(name)),
        _ => false,
    }
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c))
}

fn text(plan: &Plan, endpoint: Option<&str>) -> String {
    let mut text = Text::default();
    text.heading("profile", NAME);
    for (key, value) in plan
        .settings
        .iter()
        .filter(|(key, _)| endpoint.is_none() || key != "endpoint_url")
    {
        text.set(key, value);
    }
    endpoint
        .into_iter()
        .for_each(|endpoint| text.set("endpoint_url", endpoint));
    // The last role is the profile itself; each builds on the one below.
    for (below, role) in plan.roles.iter().enumerate().rev() {
        text.role(role, &hop(below));
        text.heading("profile", &hop(below));
    }
    text.base(&plan.base);
    if let Some((name, lines)) = &plan.services {
        text.heading("services", name);
        lines.iter().for_each(|(key, value)| text.set(key, value));
    }
    text.0
}

fn hop(number: usize) -> String {
    format!("{NAME}-{number}")
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn heading(&mut self, word: &str, name: &str) {
        self.0.push_str(&format!("[{word} {name}]\n"));
    }

    /// A value of several lines is indented below its key.
    fn set(&mut self, key: &str, value: &str) {
        self.0
            .push_str(&format!("{key} = {}\n", value.replace('\n', "\n  ")));
    }

    fn role(&mut self, role: &Role, source: &str) {
        self.set("role_arn", &role.arn);
        self.set("source_profile", source);
        self.optional("external_id", role.external_id.as_deref());
        self.optional("role_session_name", role.session_name.as_deref());
    }

    fn base(&mut self, base: &Base) {
        match base {
            base if needs_own_source(base) => self.set("credential_source", OWN_SOURCE),
            Base::Keys(keys) => keys.iter().for_each(|(key, value)| self.set(key, value)),
            Base::Sso(sso) => self.sso(sso),
            Base::Login { session } => self.set("login_session", session),
            Base::WebIdentity {
                role,
                token_file,
                session_name,
            } => {
                self.set("role_arn", role);
                self.set("web_identity_token_file", token_file);
                self.optional("role_session_name", session_name.as_deref());
            }
            Base::Named(source) => self.set("credential_source", source),
            Base::Process { .. } => {}
        }
    }

    fn sso(&mut self, sso: &Sso) {
        self.set("sso_account_id", &sso.account);
        self.set("sso_role_name", &sso.role);
        if let Some(name) = &sso.session {
            self.set("sso_session", name);
            self.heading("sso-session", name);
        }
        self.set("sso_start_url", &sso.start_url);
        self.set("sso_region", &sso.region);
    }

    fn optional(&mut self, key: &str, value: Option<&str>) {
        value.into_iter().for_each(|value| self.set(key, value));
    }
}
