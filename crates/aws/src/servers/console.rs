//! What an instance says by itself: its serial console, its screen and its encrypted password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use slipway_core::error::{Error, ErrorKind, Result};

use crate::actions::Action;
use crate::session::{Session, Trouble};

/// Right after the launch, EC2 may not know the instance yet; then it has said nothing.
const NOT_YET: &str = "InvalidInstanceID.NotFound";

/// The newest 64 KB of the console. `Latest` is what makes it live; it needs a Nitro size, and we offer no others.
pub(crate) async fn console(session: &Session, instance: &str) -> Result<String> {
    let answer = session.ask(Action::GetConsoleOutput, |aws| {
        let call = aws.ec2.get_console_output().instance_id(instance);
        call.latest(true).send()
    });
    let text = unless_new(answer.await)?.and_then(|answer| answer.output);
    let bytes = decode(&text.unwrap_or_default(), "console")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A picture of the screen, JPEG of at most 100 KB. `None` while there is none.
pub(crate) async fn screenshot(session: &Session, instance: &str) -> Result<Option<Vec<u8>>> {
    let answer = session.ask(Action::GetConsoleScreenshot, |aws| {
        let call = aws.ec2.get_console_screenshot().instance_id(instance);
        call.wake_up(true).send()
    });
    let picture = unless_new(answer.await)?.and_then(|answer| answer.image_data);
    picture
        .filter(|data| !data.is_empty())
        .map(|data| decode(&data, "screenshot"))
        .transpose()
}

/// The password, encrypted to the key pair, without the line breaks that EC2 puts around it.
pub(crate) async fn password_data(session: &Session, instance: &str) -> Result<Option<String>> {
    let answer = session.ask(Action::GetPasswordData, |aws| {
        aws.ec2.get_password_data().instance_id(instance).send()
    });
    let data = unless_new(answer.await)?.and_then(|answer| answer.password_data);
    let data: String = data.unwrap_or_default().split_whitespace().collect();
    Ok(Some(data).filter(|data| !data.is_empty()))
}

/// “Not known” is “nothing said yet” to whoever waits for the first word.
fn unless_new<T>(answer: Result<T, Trouble>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(trouble) if trouble.code == NOT_YET => Ok(None),
        Err(trouble) => Err(trouble.into()),
    }
}

/// EC2 breaks long base64 into lines.
fn decode(text: &str, what: &str) -> Result<Vec<u8>> {
    let packed: String = text.split_whitespace().collect();
    BASE64.decode(packed).map_err(|cause| {
        let sentence = format!("AWS sent the server's {what} in a form that can't be read.");
        Error::new(ErrorKind::CloudTrouble, sentence).because(&cause)
    })
}
