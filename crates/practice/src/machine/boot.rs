//! From power on to “Windows is Ready to use”, with the console lines of EC2Launch v2 (“Troubleshoot issues with the
//! EC2Launch v2 agent”, EC2 User Guide) in between. The seconds are what a person watches; they are divided by speed.

use crate::ledger::instances::{self, Row};
use crate::machine::{Machine, password};
use crate::trouble::Outcome;

/// How a machine comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boot {
    /// After a launch or a start: power first.
    Cold,
    /// After a restart.
    Warm,
}

/// Boots; the instance is running from the moment that power is there.
pub async fn boot(machine: &Machine, how: Boot) -> Outcome<()> {
    let row = machine.row().await?;
    let first = !machine.folder.disk().administrator().exists() || is_new(&row);
    if how == Boot::Cold {
        machine.pace.pass(if first { 6.0 } else { 3.0 }).await;
        machine
            .ask(|machine| {
                machine
                    .ledger
                    .change(|ledger| instances::running(ledger, &machine.id))
            })
            .await?;
    }
    if first {
        first_boot(machine, &row).await?;
    } else {
        machine.pace.pass(5.0).await;
    }
    machine.say("Message: Windows is Ready to use")
}

/// A base image has made no password for this instance yet; an own image brings its Administrator along.
fn is_new(row: &Row) -> bool {
    row.own_image().is_none() && row.password_data.is_none()
}

async fn first_boot(machine: &Machine, row: &Row) -> Outcome<()> {
    machine.pace.pass(12.0).await;
    machine.say("Windows is being configured. SysprepState=IMAGE_STATE_UNDEPLOYABLE")?;
    machine.pace.pass(2.0).await;
    machine.say("Windows sysprep configuration complete.")?;
    machine.say("Message: Waiting for meta-data accessibility...")?;
    machine.pace.pass(4.0).await;
    machine.say("Message: Meta-data is now available.")?;
    machine.say(&format!(
        "AMI Origin Name: practice-windows   OS: Practice   Launch: EC2 Launch v2.0.0   Instance-ID: {}   Instance Type: {}",
        row.id, row.request.size
    ))?;
    machine.pace.pass(4.0).await;
    if row.own_image().is_none() {
        give_password(machine, row).await?;
    }
    machine.pace.pass(1.0).await;
    Ok(())
}

async fn give_password(machine: &Machine, row: &Row) -> Outcome<()> {
    let public_key = row.public_key.clone();
    let data = machine
        .ask(move |machine| password::make(&machine.folder.disk(), &public_key))
        .await?;
    machine.say(&format!("Username: {}", password::USER))?;
    machine.say(&format!("Password: <Password>\n{data}\n</Password>"))?;
    machine
        .ask(move |machine| {
            machine
                .ledger
                .change(|ledger| instances::password(ledger, &machine.id, &data))
        })
        .await
}
