//! boto3: the story is a Python program beside this file's crate.

use serde_json::Value;
use slipway_test_cloud::client::client;
use slipway_test_cloud::moto;

use crate::Told;

/// Runs it.
pub fn story(url: &str) -> Told {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/boto3_story.py");
    let mut python = client(moto::python_folder().join("python"), url);
    let output = python
        .args([script, "boto3-story"])
        .output()
        .expect("Python starts");
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut apis: Vec<(String, Option<String>)> = lines
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter_map(|line: Value| {
            Some((
                line["api"].as_str()?.to_owned(),
                line["wrong"].as_str().map(str::to_owned),
            ))
        })
        .collect();
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        apis.push(("the whole story".into(), Some(said)));
    }
    Told {
        peer: "boto3",
        apis: Some(apis),
    }
}
