//! `slipway profiles`: list, add, remove, use.

use std::time::Duration;

use serde::Serialize;
use slipway_core::secret::Secret;
use slipway_core::view::{FileProfileView, KeysIn, NewProfile, ProfileView};
use slipway_desktop::profiles::Check;

use crate::args::{AddProfile, ProfilesAct};
use crate::ask;
use crate::context::Context;
use crate::failure::{End, Result, wrong_use};
use crate::output::clean;
use crate::output::table::{text, whole};

/// Longest wait for AWS to tell who is behind the profiles; what is not told by then is left out.
const PATIENCE: Duration = Duration::from_secs(5);

/// What was done, as a JSON line.
#[derive(Serialize)]
struct Changed<'a> {
    act: &'a str,
    name: &'a str,
    /// Only where something was destroyed.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a str>,
}

pub async fn run(context: &Context, act: Option<&ProfilesAct>) -> Result<End> {
    match act {
        None | Some(ProfilesAct::List) => list(context).await,
        Some(ProfilesAct::Add(asked)) => add(context, asked).await,
        Some(ProfilesAct::Remove { name, force }) => remove(context, name, *force).await,
        Some(ProfilesAct::Use { name }) => {
            context.engine().switch_profile(name).await?;
            say(context, "use", name, "is in use")
        }
    }
}

async fn list(context: &Context) -> Result<End> {
    // Whoever does not answer in time is listed as it was known last.
    let _ = tokio::time::timeout(PATIENCE, context.engine().ask_accounts()).await;
    let profiles = context.desk().profiles().await?;
    let head = ["PROFILE", "REGION", "ACCOUNT", "KEY", ""].map(whole);
    context.output.list("profile", &profiles, &head, row)?;
    let files = context.desk().file_profiles().await?;
    let others: Vec<FileProfileView> = files.into_iter().filter(|file| !file.added).collect();
    if !others.is_empty() {
        context.output.line("")?;
        context
            .output
            .line("Profiles of the AWS tools, to add with “slipway profiles add NAME --from-aws”:")?;
        let row = |file: &FileProfileView| {
            vec![
                file.name.clone(),
                file.region.clone().unwrap_or_default(),
                file.problem.clone(),
            ]
        };
        context.output.list(
            "file_profile",
            &others,
            &[whole("NAME"), whole("REGION"), text("")],
            row,
        )?;
    }
    Ok(End::Done)
}

fn row(profile: &ProfileView) -> Vec<String> {
    let account = match (&profile.account, &profile.user) {
        _ if profile.practice => "on this computer, costs nothing".to_owned(),
        (Some(account), Some(user)) => format!("{account} as {user}"),
        (Some(account), None) => account.clone(),
        (None, _) => "not known yet".to_owned(),
    };
    let key = match profile.keys {
        KeysIn::Nowhere => "",
        KeysIn::Keychain => "in the keychain",
        KeysIn::AwsFiles => "in ~/.aws",
    };
    let mark = if profile.current { "in use" } else { "" };
    vec![
        profile.name.clone(),
        profile.region.clone(),
        account,
        key.to_owned(),
        mark.to_owned(),
    ]
}

async fn add(context: &Context, asked: &AddProfile) -> Result<End> {
    let check = if asked.unchecked {
        Check::None
    } else {
        Check::First
    };
    let desk = context.desk();
    let mut name = asked.name.clone();
    if asked.from_aws {
        desk.check_file_profile(&asked.name)?;
        let files = desk.file_profiles().await?;
        let own = files
            .into_iter()
            .find(|file| file.name == asked.name)
            .and_then(|file| file.region);
        let region = context.region.clone().or(own).ok_or_else(no_region)?;
        name = desk.add_file_profile(&asked.name, &region, check).await?;
    } else {
        let region = context.region.clone().ok_or_else(no_region)?;
        let (key_id, secret) = if asked.key_stdin {
            key_from_input()?
        } else {
            key_from_user()?
        };
        let new = NewProfile {
            name: name.clone(),
            key_id,
            secret,
            region,
        };
        desk.add_profile(new, check).await?;
    }
    let renamed = if name == asked.name {
        String::new()
    } else {
        format!(" for {} of ~/.aws", asked.name)
    };
    if check == Check::First {
        let account = context.engine().account(&name).await?;
        let whose = format!("was added{renamed}: account {}, as {}", account.id, account.user);
        return say(context, "add", &name, &whose);
    }
    say(context, "add", &name, &format!("was added{renamed}, unchecked"))
}

fn no_region() -> crate::failure::Failure {
    wrong_use(
        "The region is missing.",
        "Add --region, such as --region eu-central-1.",
    )
}

fn key_from_input() -> Result<(String, Secret<String>)> {
    let missing = || {
        wrong_use(
            "Standard input holds no access key.",
            "Write the id on one line, the secret on the next.",
        )
    };
    let id = ask::line("access key id")?.ok_or_else(missing)?;
    let secret = ask::line("secret access key")?.ok_or_else(missing)?;
    Ok((id.expose().clone(), secret))
}

fn key_from_user() -> Result<(String, Secret<String>)> {
    if !ask::somebody() {
        return Err(wrong_use(
            "The access key is needed, and nobody can be asked.",
            "Use --key-stdin.",
        ));
    }
    let id = ask::text("Access key id")?;
    Ok((id, ask::secret("Secret access key")?))
}

async fn remove(context: &Context, name: &str, force: bool) -> Result<End> {
    if !force {
        context.engine().check_removable(name).await?;
    }
    let left = context.engine().servers_of(name).await?;
    let whose = context.whose(name).await?;
    let mut what = format!("forget the profile {name} and its access key on this computer ({whose})");
    if !left.is_empty() {
        what.push_str(&format!(
            "; its servers {} run on and cost money",
            left.join(", ")
        ));
    }
    if !ask::confirm(context.yes, &what)? {
        context.output.line("Nothing was done.")?;
        return Ok(End::Failed);
    }
    context.desk().remove_profile(name, force).await?;
    let what =
        format!("was forgotten ({whose}); the key itself is still good in AWS until it is deleted there");
    tell(
        context,
        &Changed {
            act: "remove",
            name,
            account: whose.account.as_deref(),
        },
        &what,
    )
}

fn say(context: &Context, act: &str, name: &str, what: &str) -> Result<End> {
    tell(
        context,
        &Changed {
            act,
            name,
            account: None,
        },
        what,
    )
}

fn tell(context: &Context, changed: &Changed<'_>, what: &str) -> Result<End> {
    let (output, name) = (context.output, changed.name);
    output.json("profile_changed", changed)?;
    output.line(format!(
        "{} {} {}.",
        output.style.good("✓"),
        clean::line(name),
        clean::line(what)
    ))?;
    Ok(End::Done)
}
