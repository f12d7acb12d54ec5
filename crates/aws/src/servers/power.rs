//! On, off, restart, end.

use slipway_core::error::Result;

use crate::actions::Action;
use crate::session::Session;
use crate::settle::or_gone;

/// Starts a stopped instance. One that runs already is no error to EC2.
pub(crate) async fn start(session: &Session, instance: &str) -> Result<()> {
    let call = session.ask(Action::StartInstances, |aws| {
        aws.ec2.start_instances().instance_ids(instance).send()
    });
    Ok(call.await.map(drop)?)
}

/// Stops an instance. One that is stopped already is no error to EC2.
pub(crate) async fn stop(session: &Session, instance: &str) -> Result<()> {
    let call = session.ask(Action::StopInstances, |aws| {
        aws.ec2.stop_instances().instance_ids(instance).send()
    });
    Ok(call.await.map(drop)?)
}

/// Restarts an instance; its address stays. EC2 only passes the request on, so nothing is known of how it went.
pub(crate) async fn restart(session: &Session, instance: &str) -> Result<()> {
    let call = session.ask(Action::RebootInstances, |aws| {
        aws.ec2.reboot_instances().instance_ids(instance).send()
    });
    Ok(call.await.map(drop)?)
}

/// Ends an instance for good. One that AWS no longer knows counts as ended.
pub(crate) async fn terminate(session: &Session, instance: &str) -> Result<()> {
    let call = session.ask(Action::TerminateInstances, |aws| {
        aws.ec2.terminate_instances().instance_ids(instance).send()
    });
    Ok(or_gone(&["InvalidInstanceID.NotFound"], call.await)?)
}
