//! `slipway access`: how to get in.

use std::path::Path;

use serde::Serialize;
use slipway_core::view::{AccessView, PasswordOf, RdpCertificate};
use slipway_desktop::{open, saving};

use crate::args::Access;
use crate::context::Context;
use crate::failure::{End, Result, wrong_use};
use crate::output::{Mode, Output, clean};

/// How to get in, as a JSON line. The one place where a password leaves the program, and only when asked for.
#[derive(Serialize)]
struct Shown<'a> {
    site_url: Option<&'a str>,
    host: &'a str,
    rdp_port: u16,
    user: &'a str,
    rdp_thumbprint: Option<&'a str>,
    rdp_certificate: RdpCertificate,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
    admin: Option<AdminShown<'a>>,
}

/// The login of the site's own administration.
#[derive(Serialize)]
struct AdminShown<'a> {
    url: &'a str,
    user: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<String>,
}

/// What stands for standard output in place of a file.
const STDOUT: &str = "-";

pub async fn run(context: &Context, asked: &Access) -> Result<End> {
    let id = context.find(&asked.server.server).await?;
    if asked.rdp.as_deref() == Some(Path::new(STDOUT)) {
        return print_rdp(context, &id, asked).await;
    }
    if asked.mend_address {
        let address = context.engine().mend_address(&id).await?;
        let mark = context.output.style.good("✓");
        context.output.line(format!(
            "{mark} Only {address} is let in now, and whatever you named yourself."
        ))?;
    }
    let access = context.engine().access(&id).await?;
    let shown = shape(context, &id, &access, asked.show_password).await?;
    context.output.json("access", &shown)?;
    print(context.output, &access, &shown, asked.show_password)?;
    if let Some(file) = &asked.rdp {
        let (_, text) = context.engine().rdp_file(&id).await?;
        saving::save_as(file, text.as_bytes())?;
        context.output.saved(file)?;
    }
    if asked.open {
        let url = access.site_url.as_deref();
        open::url(url.ok_or_else(|| {
            wrong_use(
                "The site has not answered yet.",
                "Watch the launch until it is ready.",
            )
        })?)?;
    }
    if asked.connect {
        context.desk().connect_rdp(&id).await?;
    }
    Ok(End::Done)
}

/// The file and nothing else, so that it can be sent on.
async fn print_rdp(context: &Context, id: &str, asked: &Access) -> Result<End> {
    let more = asked.show_password || asked.open || asked.connect || asked.mend_address;
    if context.output.mode == Mode::Json || more {
        return Err(wrong_use(
            "“--rdp -” prints the .rdp file and nothing else.",
            "Leave the other options out, or give a file name.",
        ));
    }
    let (_, text) = context.engine().rdp_file(id).await?;
    context.output.content(text.as_bytes())?;
    Ok(End::Done)
}

async fn shape<'a>(
    context: &Context,
    id: &str,
    access: &'a AccessView,
    with_passwords: bool,
) -> Result<Shown<'a>> {
    let reveal = async |known: bool, which: PasswordOf| -> Result<Option<String>> {
        if !(known && with_passwords) {
            return Ok(None);
        }
        Ok(Some(context.engine().reveal(id, which).await?.expose().clone()))
    };
    let password = reveal(access.has_password, PasswordOf::Administrator).await?;
    let admin = match &access.admin {
        None => None,
        Some(admin) => {
            let password = reveal(admin.has_password, PasswordOf::SiteAdmin).await?;
            Some(AdminShown {
                url: &admin.url,
                user: &admin.user,
                password,
            })
        }
    };
    let site_url = access.site_url.as_deref();
    Ok(Shown {
        site_url,
        host: &access.host,
        rdp_port: access.rdp_port,
        user: &access.user,
        rdp_thumbprint: access.rdp_thumbprint.as_deref(),
        rdp_certificate: context.desk().rdp_certificate(id).await?,
        password,
        admin,
    })
}

fn print(output: Output, access: &AccessView, shown: &Shown<'_>, with_passwords: bool) -> Result<()> {
    let field = |label: &str, value: &str| output.line(format!("  {label:<16}{}", clean::line(value)));
    let site = shown.site_url.unwrap_or("has not answered yet");
    field("Site", site)?;
    if let (Some(admin), Some(known)) = (&shown.admin, &access.admin) {
        field("Site login", admin.url)?;
        field("  User", admin.user)?;
        field(
            "  Password",
            &said(admin.password.as_deref(), known.has_password, with_passwords),
        )?;
    }
    field("Remote Desktop", &format!("{}:{}", shown.host, shown.rdp_port))?;
    field("  User", shown.user)?;
    field(
        "  Password",
        &said(shown.password.as_deref(), access.has_password, with_passwords),
    )?;
    let Some(thumbprint) = shown.rdp_thumbprint else {
        return Ok(());
    };
    field("  Certificate", thumbprint)?;
    field("", compared(shown.rdp_certificate))
}

/// The server makes its certificate itself, so its user can't know whose it is; what its console told can.
fn compared(certificate: RdpCertificate) -> &'static str {
    match certificate {
        RdpCertificate::Same => "This is the one that Remote Desktop shows there.",
        RdpCertificate::Other => {
            "Remote Desktop shows another one there: somebody else may answer. Don't type the password."
        }
        RdpCertificate::Unseen => {
            "Remote Desktop did not answer; compare it when it asks whether to trust it."
        }
    }
}

fn said(password: Option<&str>, known: bool, wanted: bool) -> String {
    match (password, known, wanted) {
        (Some(password), _, _) => password.to_owned(),
        (None, true, false) => "known; --show-password shows it".to_owned(),
        (None, _, _) => "not there yet".to_owned(),
    }
}
