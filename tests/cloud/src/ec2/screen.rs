//! What an instance shows of itself: console, screenshot, and the Administrator password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};
use slipway_protocol::console::{self, Line, News};

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::rules::ConsoleKeys;
use crate::xml;

/// A JPEG of one grey pixel.
const SCREENSHOT: &str = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z";

/// GetConsoleOutput. Without `Latest`, EC2 shows what was there at the last change of state; a machine that has just
/// been launched has shown nothing by then.
pub async fn output(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let id = known(cloud, call).await?;
    let text = if call.params.flag("Latest") {
        let text = cloud.rack.console(&id).await;
        let rules = cloud.rules();
        let text = with_keys(&text, rules.console_keys);
        with_certificate(&id, &rules.rdp_thumbprint, text)
    } else {
        String::new()
    };
    let mut parts = vec![
        xml::leaf("instanceId", id),
        xml::leaf("timestamp", cloud.clock.stamp()),
    ];
    if !text.is_empty() {
        parts.push(xml::leaf("output", BASE64.encode(text)));
    }
    Ok(answer::ec2_result("GetConsoleOutput", parts))
}

/// GetPasswordData: empty until Windows has made a password.
pub async fn password(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let id = known(cloud, call).await?;
    let data = cloud.rack.password_data(&id).await.unwrap_or_default();
    let parts = vec![
        xml::leaf("instanceId", id),
        xml::leaf("timestamp", cloud.clock.stamp()),
        xml::leaf("passwordData", data),
    ];
    Ok(answer::ec2_result("GetPasswordData", parts))
}

/// GetConsoleScreenshot.
pub async fn screenshot(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let parts = vec![
        xml::leaf("imageData", SCREENSHOT),
        xml::leaf("instanceId", known(cloud, call).await?),
    ];
    Ok(answer::ec2_result("GetConsoleScreenshot", parts))
}

/// EC2Launch tells Remote Desktop's certificate before it says that Windows is ready; a practice machine has none, so it is
/// the one that a test has set up.
fn with_certificate(id: &str, set: &str, text: String) -> String {
    if !text.contains("Windows is Ready to use") {
        return text;
    }
    let thumbprint = match set {
        "" => hex::encode_upper(&Sha256::digest(id)[..20]),
        set => set.to_owned(),
    };
    format!("2026/11/22 09:00:58Z: RDPCERTIFICATE-THUMBPRINT: {thumbprint}\r\n{text}")
}

/// The agents' lines with the keys that the rules want there.
fn with_keys(text: &str, wanted: ConsoleKeys) -> String {
    let shown = |line: &str| {
        let told = console::parse(line).filter(|told| matches!(told.news, News::Keys { .. }));
        match (told, wanted) {
            (None, _) | (Some(_), ConsoleKeys::Its) => Some(line.to_owned()),
            (Some(_), ConsoleKeys::Nothing) => None,
            (Some(told), ConsoleKeys::Others) => Some(foreign(told.launch).to_string()),
        }
    };
    let lines: Vec<String> = text.split('\n').filter_map(shown).collect();
    lines.join("\n")
}

fn foreign(launch: String) -> Line {
    let news = News::Keys {
        tls_sha256: "f".repeat(64),
        key: BASE64.encode([7; 32]),
    };
    Line { launch, news }
}

async fn known(cloud: &Cloud, call: &Call) -> Result<String, Refusal> {
    let id = call.params.get("InstanceId").unwrap_or_default();
    match cloud.rack.look(id).await {
        Some(_) => Ok(id.to_owned()),
        None => Err(Refusal::new(
            "InvalidInstanceID.NotFound",
            format!("The instance ID '{id}' does not exist"),
        )),
    }
}
