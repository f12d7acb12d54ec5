//! Debian's packer: a whole bake, and the password that it fetches for WinRM.

use std::process::Output;

use slipway_test_cloud::client::client;
use slipway_test_cloud::moto;

use crate::{Told, awscli};

/// What it says when it has decrypted the password.
const PASSWORD: &str = "Password retrieved!";
const IMAGE: &str = "AMIs were created";

/// Runs it, where it is installed.
pub fn story(url: &str) -> Told {
    let installed = std::process::Command::new("packer").arg("version").output();
    if installed.is_err() {
        return Told {
            peer: "packer",
            apis: None,
        };
    }
    let bake = packer(url, "none");
    // Nobody answers WinRM here: it gives up after the password and cleans up.
    let password = packer(url, "winrm");
    let mut apis = Vec::new();
    judge(
        &mut apis,
        &bake,
        IMAGE,
        &[
            "DescribeImages",
            "CreateKeyPair",
            "CreateSecurityGroup",
            "RunInstances",
            "DescribeInstances",
            "StopInstances",
            "CreateImage",
            "CreateTags",
            "TerminateInstances",
            "DeleteSecurityGroup",
            "DeleteKeyPair",
        ],
    );
    judge(
        &mut apis,
        &password,
        PASSWORD,
        &["GetPasswordData", "AuthorizeSecurityGroupIngress"],
    );
    forget_image(url);
    Told {
        peer: "packer",
        apis: Some(apis),
    }
}

fn packer(url: &str, communicator: &str) -> Output {
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/packer_bake.json");
    let mut packer = client("packer", url);
    packer.args(["build", "-color=false"]);
    let source = awscli::newest_windows(url);
    for pair in [
        format!("endpoint={url}"),
        format!("name=packer-{communicator}"),
        format!("source={source}"),
        format!("communicator={communicator}"),
    ] {
        packer.args(["-var", &pair]);
    }
    let packer = packer
        .arg(template)
        .env("AWS_POLL_DELAY_SECONDS", "1")
        .env("CHECKPOINT_DISABLE", "1");
    packer.output().expect("packer starts")
}

fn judge(apis: &mut Vec<(String, Option<String>)>, output: &Output, sign: &str, names: &[&str]) {
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = (!said.contains(sign)).then(|| said.trim().to_owned());
    apis.extend(names.iter().map(|name| ((*name).to_owned(), wrong.clone())));
}

/// packer keeps what it made.
fn forget_image(url: &str) {
    let mut python = client(moto::python_folder().join("python"), url);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/delete_images.py");
    python.args([script, "packer-*"]);
    assert!(
        python.status().is_ok_and(|status| status.success()),
        "the image is deleted"
    );
}
