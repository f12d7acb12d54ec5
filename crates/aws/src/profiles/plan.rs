//! How a profile signs in: its first keys, then the roles that are taken with them. Listing and use both ask here, so what
//! is listed as usable is what will be tried.

use super::lines::PROCESS;
use super::read::{Entry, File, Known};

/// How a profile signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Its name in `~/.aws`.
    pub profile: String,
    /// Its own region, else that of the profile which its role builds on.
    pub region: Option<String>,
    /// Where the first keys come from.
    pub base: Base,
    /// The profile that names them: another one where roles build on it.
    pub base_profile: String,
    /// Roles that are taken one after the other, the first one with the keys of `base`.
    pub roles: Vec<Role>,
    /// What else the profile sets for every request: endpoints, FIPS, dual stack.
    pub settings: Vec<(String, String)>,
    /// The section that `services` names.
    pub services: Option<(String, Vec<(String, String)>)>,
}

/// Where the first keys of a profile come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base {
    /// They stand in the files.
    Keys(Vec<(&'static str, String)>),
    /// Of IAM Identity Center, by the token of `aws sso login`.
    Sso(Sso),
    /// Of the AWS console, by the session of `aws login`.
    Login { session: String },
    /// A program prints them.
    Process { command: String },
    /// STS gives them for a token of somebody else.
    WebIdentity {
        role: String,
        token_file: String,
        session_name: Option<String>,
    },
    /// Environment variables or the metadata endpoint of a server.
    Named(&'static str),
}

/// A role in IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sso {
    /// Name of its `[sso-session]`; `None` for a profile that has none.
    pub session: Option<String>,
    pub start_url: String,
    pub region: String,
    pub account: String,
    pub role: String,
}

/// A role that is taken with the keys before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Role {
    pub arn: String,
    pub external_id: Option<String>,
    pub session_name: Option<String>,
}

/// How a profile signs in, in one word for lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An access key in the files.
    Keys,
    /// A role that is taken with the keys of another profile or source.
    Role,
    /// A role that is taken with a token of somebody else.
    WebIdentity,
    /// IAM Identity Center.
    Sso,
    /// The AWS console, by `aws login`.
    Login,
    /// A program that prints keys.
    Process,
    /// The environment, or the metadata endpoint of a server.
    Named,
}

/// What the profile is used by, in requests of all kinds.
const CARRIED: &[&str] = &[
    "endpoint_url",
    "ignore_configured_endpoint_urls",
    "services",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
];

/// What `credential_source` may name.
const SOURCES: &[&str] = &["Environment", "Ec2InstanceMetadata", "EcsContainer"];

/// More roles in a row than anybody has.
const MOST_ROLES: usize = 10;

impl Plan {
    /// How a profile signs in, or why it can't: a sentence, with file and line where one line is to blame.
    pub(super) fn of(known: &Known, profile: &str) -> Result<Plan, String> {
        let first = known.profiles.get(profile).ok_or("It is in neither file.")?;
        let mut walk = Walk::default();
        let (base, base_profile) = walk.down(known, profile)?;
        walk.roles.reverse();
        let services = first.get("services").and_then(|name| {
            let section = known.services.get(name)?;
            let lines = section
                .settings
                .iter()
                .map(|(key, (_, value))| (key.clone(), value.clone()));
            Some((name.to_owned(), lines.collect()))
        });
        let carried = CARRIED
            .iter()
            .filter_map(|key| Some(((*key).to_owned(), first.get(key)?.to_owned())));
        Ok(Plan {
            profile: profile.to_owned(),
            region: walk.region,
            base,
            base_profile,
            roles: walk.roles,
            settings: carried
                .filter(|(key, _)| key != "services" || services.is_some())
                .collect(),
            services,
        })
    }

    /// In one word.
    pub fn kind(&self) -> Kind {
        match &self.base {
            _ if !self.roles.is_empty() => Kind::Role,
            Base::Keys(_) => Kind::Keys,
            Base::Sso(_) => Kind::Sso,
            Base::Login { .. } => Kind::Login,
            Base::Process { .. } => Kind::Process,
            Base::WebIdentity { .. } => Kind::WebIdentity,
            Base::Named(_) => Kind::Named,
        }
    }

    /// What signs in anew, to be typed in a terminal; `None` where nothing that is typed does.
    pub fn sign_in_command(&self) -> Option<String> {
        let name = shlex::try_quote(&self.base_profile).ok()?;
        match &self.base {
            Base::Sso(_) => Some(format!("aws sso login --profile {name}")),
            Base::Login { .. } => Some(format!("aws login --profile {name}")),
            _ => None,
        }
    }
}

/// The way from a profile down to its first keys.
#[derive(Default)]
struct Walk {
    seen: Vec<String>,
    roles: Vec<Role>,
    region: Option<String>,
}

impl Walk {
    fn down(&mut self, known: &Known, profile: &str) -> Result<(Base, String), String> {
        let mut current = profile.to_owned();
        loop {
            let entry = self.enter(known, &current)?;
            // The keys of a source count before its role.
            if let Some(keys) = static_keys(entry, None).filter(|_| self.seen.len() > 1) {
                return Ok((keys?, current));
            }
            let Some(role) = role(entry) else {
                return Ok((base(known, entry)?, current));
            };
            if entry.get("mfa_serial").is_some() {
                return Err(WANTS_MFA.to_owned());
            }
            self.roles.push(role);
            match (entry.get("source_profile"), entry.get("credential_source")) {
                (Some(source), None) if source == current => return Ok((own_base(known, entry)?, current)),
                (Some(source), None) => current = source.to_owned(),
                (None, Some(source)) => return Ok((named(source)?, current)),
                (Some(_), Some(_)) => {
                    return Err(
                        "It has both source_profile and credential_source; only one can be.".to_owned(),
                    );
                }
                (None, None) => {
                    return Err(
                        "Its role_arn has neither source_profile nor credential_source beside it.".to_owned(),
                    );
                }
            }
        }
    }

    /// A profile on the way, if it can be read and is met for the first time.
    fn enter<'k>(&mut self, known: &'k Known, name: &str) -> Result<&'k Entry, String> {
        if self.seen.iter().any(|seen| seen == name) || self.seen.len() > MOST_ROLES {
            return Err(format!(
                "Its source_profile leads back to itself: {}.",
                self.seen.join(", ")
            ));
        }
        let through = self.seen.last().cloned();
        let entry = known
            .profiles
            .get(name)
            .ok_or_else(|| format!("Its source_profile “{name}” is in neither file."))?;
        if !entry.fault.is_empty() {
            return Err(match through {
                Some(_) => format!("Its source_profile “{name}” can't be read. {}", entry.fault),
                None => entry.fault.clone(),
            });
        }
        self.seen.push(name.to_owned());
        if self.region.is_none() {
            self.region = entry.get("region").map(str::to_owned);
        }
        Ok(entry)
    }
}

/// The SDK does not look at `mfa_serial`: AWS would refuse the role without saying why.
pub(super) const WANTS_MFA: &str =
    "Its role wants an MFA code, for which Slipway can’t ask. Add a profile that is signed in already.";
pub(super) const NO_WAY: &str = "It has no key and no other way to sign in.";

/// A token of somebody else is no role on top, but a source of its own.
fn role(entry: &Entry) -> Option<Role> {
    if entry.get("web_identity_token_file").is_some() {
        return None;
    }
    Some(Role {
        arn: entry.get("role_arn")?.to_owned(),
        external_id: entry.get("external_id").map(str::to_owned),
        session_name: entry.get("role_session_name").map(str::to_owned),
    })
}

/// In the order of botocore, which most people's files were tried with.
fn base(known: &Known, entry: &Entry) -> Result<Base, String> {
    if let Some(file) = entry.get("web_identity_token_file") {
        return web_identity(entry, file);
    }
    own_base(known, entry)
}

fn own_base(known: &Known, entry: &Entry) -> Result<Base, String> {
    if let Some(sso) = sso(known, entry) {
        return sso.map(Base::Sso);
    }
    if let Some(keys) = static_keys(entry, Some(File::Credentials)) {
        return keys;
    }
    if let Some(session) = entry.get("login_session") {
        return Ok(Base::Login {
            session: session.to_owned(),
        });
    }
    if let Some(command) = entry.get(PROCESS) {
        return Ok(Base::Process {
            command: command.to_owned(),
        });
    }
    if let Some(keys) = static_keys(entry, None) {
        return keys;
    }
    match entry.get("credential_source") {
        Some(source) => named(source),
        None => Err(NO_WAY.to_owned()),
    }
}

fn web_identity(entry: &Entry, file: &str) -> Result<Base, String> {
    let role = entry.get("role_arn");
    let role = role.ok_or("It has a web_identity_token_file and no role_arn.")?;
    Ok(Base::WebIdentity {
        role: role.to_owned(),
        token_file: file.to_owned(),
        session_name: entry.get("role_session_name").map(str::to_owned),
    })
}

fn named(source: &str) -> Result<Base, String> {
    let found = SOURCES.iter().find(|known| known.eq_ignore_ascii_case(source));
    found.map(|source| Base::Named(source)).ok_or_else(|| {
        format!(
            "AWS knows no credential_source “{source}”; there are {}.",
            SOURCES.join(", ")
        )
    })
}

/// `None` where there is nothing of a key. With a file: if the key's id stands in it.
fn static_keys(entry: &Entry, file: Option<File>) -> Option<Result<Base, String>> {
    let (id, secret) = (entry.get("aws_access_key_id"), entry.get("aws_secret_access_key"));
    match file {
        Some(file) => entry
            .get_of(file, "aws_access_key_id")
            .or_else(|| entry.get_of(file, "aws_secret_access_key"))?,
        None => id.or(secret)?,
    };
    let (Some(id), Some(secret)) = (id, secret) else {
        let missing = if id.is_none() {
            "aws_access_key_id"
        } else {
            "aws_secret_access_key"
        };
        return Some(Err(format!("Its key is not whole: {missing} is missing.")));
    };
    let mut keys = vec![
        ("aws_access_key_id", id.to_owned()),
        ("aws_secret_access_key", secret.to_owned()),
    ];
    // The older name, which some tools still write.
    let token = entry
        .get("aws_session_token")
        .or_else(|| entry.get("aws_security_token"));
    keys.extend(token.map(|token| ("aws_session_token", token.to_owned())));
    Some(Ok(Base::Keys(keys)))
}

/// `None` where the profile says nothing of IAM Identity Center that could sign in.
fn sso(known: &Known, entry: &Entry) -> Option<Result<Sso, String>> {
    let name = entry.get("sso_session");
    let (account, role) = (entry.get("sso_account_id"), entry.get("sso_role_name"));
    let own_url = entry.get("sso_start_url");
    if account.is_none() && role.is_none() && name.is_none() && own_url.is_none() {
        return None;
    }
    Some(
        sso_of(known, entry, name, own_url).and_then(|(start_url, region)| {
            let missing = |key: &str| format!("Its sign-in by IAM Identity Center has no {key}.");
            Ok(Sso {
                session: name.map(str::to_owned),
                start_url,
                region,
                account: account.ok_or_else(|| missing("sso_account_id"))?.to_owned(),
                role: role.ok_or_else(|| missing("sso_role_name"))?.to_owned(),
            })
        }),
    )
}

/// Start URL and region, of the profile itself or of the session that it names.
fn sso_of(
    known: &Known,
    entry: &Entry,
    name: Option<&str>,
    own_url: Option<&str>,
) -> Result<(String, String), String> {
    let own_region = entry.get("sso_region");
    let Some(name) = name else {
        let missing = |key: &str| format!("Its sign-in by IAM Identity Center has no {key}.");
        let url = own_url.ok_or_else(|| missing("sso_start_url"))?;
        return Ok((
            url.to_owned(),
            own_region.ok_or_else(|| missing("sso_region"))?.to_owned(),
        ));
    };
    let session = known.sessions.get(name).ok_or_else(|| {
        format!("It names the sso_session “{name}”, and there is no section [sso-session {name}].")
    })?;
    if !session.fault.is_empty() {
        return Err(format!(
            "Its section [sso-session {name}] can't be read. {}",
            session.fault
        ));
    }
    let of = |key: &str, own: Option<&str>| match (session.get(key), own) {
        (Some(value), Some(own)) if value != own => Err(format!(
            "Its {key} is another one than that of [sso-session {name}]."
        )),
        (Some(value), _) => Ok(value.to_owned()),
        (None, _) => Err(format!("The section [sso-session {name}] has no {key}.")),
    };
    Ok((of("sso_start_url", own_url)?, of("sso_region", own_region)?))
}
