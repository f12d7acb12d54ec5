//! `slipway start`, `stop`, `restart` and `terminate`, several servers at a time.

use serde::Serialize;
use slipway_core::act_waits;
use slipway_core::engine::Engine;
use slipway_core::error::{Error, ErrorKind};

use crate::ask;
use crate::context::{Context, Found, Whose};
use crate::failure::{End, Result};
use crate::output::{Output, clean};
use crate::tell::{along, of_launch};

/// What is done with the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Start,
    Stop,
    Restart,
    Terminate,
}

/// One act that is done, as a JSON line.
#[derive(Serialize)]
struct DoneTo<'a> {
    act: Act,
    id: &'a str,
    name: &'a str,
    leftovers: &'a [String],
    /// Only where something was destroyed.
    #[serde(flatten)]
    whose: Option<&'a Whose>,
}

/// All names are looked up before anything is done. Then all servers are worked on at once; one that fails does not
/// keep the others.
pub async fn run(context: &Context, act: Act, servers: &[String]) -> Result<End> {
    let found = context.find_all(servers).await?;
    let whose = match act {
        Act::Terminate => Some(context.whose(&context.profile).await?),
        Act::Start | Act::Stop | Act::Restart => None,
    };
    if !confirmed(context, &found, whose.as_ref())? {
        context.output.line("Nothing was done.")?;
        return Ok(End::Failed);
    }
    if act == Act::Stop && found.iter().any(|server| !server.practice) {
        context.output.line(
            "With the next start comes another address: links and saved .rdp files then lead nowhere.",
        )?;
    }
    let attendance = context.engine().attend();
    let output = context.output;
    let begin = |server: &Found| {
        let (engine, id) = (context.engine().clone(), server.id.clone());
        let task = Box::pin(async move { act.perform(&engine, output, &id).await });
        match act_waits::current() {
            Some(waits) => tokio::spawn(async move { waits.of(task).await }),
            None => tokio::spawn(task),
        }
    };
    let under_way: Vec<_> = found.iter().map(begin).collect();
    let mut end = End::Done;
    for (server, task) in found.iter().zip(under_way) {
        match task.await.unwrap_or_else(|error| Err(broke_off(server, &error))) {
            Ok(leftovers) => {
                report(context, act, server, &leftovers, whose.as_ref())?;
                if act == Act::Start {
                    tell_address(context, server).await?;
                }
            }
            Err(error) => {
                context.output.error(&error);
                end = End::Failed;
            }
        }
    }
    drop(attendance);
    Ok(end)
}

impl Act {
    /// Does it and waits until it is done; what a terminate could not remove is returned.
    async fn perform(self, engine: &Engine, output: Output, id: &str) -> Result<Vec<String>, Error> {
        match self {
            Act::Start => engine.start(id).await?,
            Act::Stop => engine.stop(id).await?,
            Act::Restart => engine.restart(id).await?,
            Act::Terminate => {
                engine.terminate(id).await?;
                let gone = along(engine, output, id, of_launch, Box::pin(engine.settled(id)));
                return gone.await.map(|launch| launch.leftovers);
            }
        }
        Ok(Vec::new())
    }

    fn done(self) -> &'static str {
        match self {
            Act::Start => "is running",
            Act::Stop => "is stopped",
            Act::Restart => "was restarted",
            Act::Terminate => "is terminated",
        }
    }
}

/// Where it is now.
async fn tell_address(context: &Context, server: &Found) -> Result<()> {
    let Ok(access) = context.engine().access(&server.id).await else {
        return Ok(());
    };
    let site = access.site_url.as_deref().map(clean::line);
    let site = site.map(|url| format!("Its site is at {url} now, "));
    context.output.line(format!(
        "  {}Remote Desktop at {}:{}.",
        site.unwrap_or_default(),
        clean::line(&access.host),
        access.rdp_port
    ))
}

fn broke_off(server: &Found, cause: &tokio::task::JoinError) -> Error {
    Error::new(
        ErrorKind::Internal,
        format!("The work on “{}” broke off.", server.name),
    )
    .because(cause)
}

/// Only what destroys is asked about; its question says in whose account.
fn confirmed(context: &Context, servers: &[Found], whose: Option<&Whose>) -> Result<bool> {
    let Some(whose) = whose else { return Ok(true) };
    let names: Vec<String> = servers.iter().map(named).collect();
    let what = format!(
        "remove {} for good ({whose}), with disk, site, firewall group and key pair; images made of it stay",
        names.join(", ")
    );
    ask::confirm(context.yes, &what)
}

/// With AWS's id, where there is one, to compare with a bill.
fn named(server: &Found) -> String {
    match &server.instance {
        Some(instance) => format!("{} ({instance})", server.name),
        None => server.name.clone(),
    }
}

fn report(
    context: &Context,
    act: Act,
    server: &Found,
    leftovers: &[String],
    whose: Option<&Whose>,
) -> Result<()> {
    let output = context.output;
    output.json(
        "done",
        &DoneTo {
            act,
            id: &server.id,
            name: &server.name,
            leftovers,
            whose,
        },
    )?;
    let whose = whose.map(|whose| format!(" ({whose})")).unwrap_or_default();
    output.line(format!(
        "{} {} {}{whose}.",
        output.style.good("✓"),
        clean::line(&server.name),
        act.done()
    ))?;
    for left in leftovers {
        output.line(format!(
            "  {} could not be removed: {}",
            output.style.warn("!"),
            clean::line(left)
        ))?;
    }
    Ok(())
}
