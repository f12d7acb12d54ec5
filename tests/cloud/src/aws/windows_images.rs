//! The public parameters of Systems Manager that name the newest Windows images; moto has only Linux ones.

use serde_json::{Value, json};

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;

const FOLDER: &str = "/aws/service/ami-windows-latest/";
const IMAGES: &str = include_str!("../../assets/windows_amis.json");

/// GetParameter, GetParameters and GetParametersByPath; what is not of Windows is moto's.
pub async fn parameters(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let ask = &call.json;
    match call.action.as_str() {
        "GetParameter" if is_ours(&ask["Name"]) => one(&ask["Name"]),
        "GetParameters"
            if ask["Names"]
                .as_array()
                .is_some_and(|names| names.iter().all(is_ours)) =>
        {
            Ok(several(ask))
        }
        "GetParametersByPath" if is_ours(&ask["Path"]) || ask["Path"] == FOLDER.trim_end_matches('/') => {
            let all: Vec<Value> = names().iter().filter_map(|name| parameter(name)).collect();
            Ok(answer::json_result(&json!({"Parameters": all})))
        }
        _ => cloud.moto.pass(call).await,
    }
}

fn is_ours(name: &Value) -> bool {
    name.as_str().is_some_and(|name| name.starts_with(FOLDER))
}

fn one(name: &Value) -> Result<Answer, Refusal> {
    let found = name.as_str().and_then(parameter);
    match found {
        Some(found) => Ok(answer::json_result(&json!({"Parameter": found}))),
        None => Err(Refusal::new("ParameterNotFound", "")),
    }
}

fn several(ask: &Value) -> Answer {
    let names = ask["Names"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for name in names {
        match parameter(name) {
            Some(parameter) => found.push(parameter),
            None => missing.push(name),
        }
    }
    answer::json_result(&json!({"Parameters": found, "InvalidParameters": missing}))
}

fn parameter(name: &str) -> Option<Value> {
    let wanted = name.strip_prefix(FOLDER)?;
    let image = images().into_iter().find(|image| family(image) == wanted)?;
    Some(json!({
        "Name": name,
        "Type": "String",
        "Value": image["ami_id"],
        "Version": 100,
        "LastModifiedDate": 1_794_300_000.0,
        "ARN": format!("arn:aws:ssm:::parameter{name}"),
        "DataType": "aws:ec2:image",
    }))
}

fn names() -> Vec<String> {
    let all = images();
    all.iter()
        .map(|image| format!("{FOLDER}{}", family(image)))
        .collect()
}

/// The image's name without its date.
fn family(image: &Value) -> String {
    let name = image["name"].as_str().unwrap_or_default();
    name.rsplit_once('-')
        .map_or(name, |(family, _)| family)
        .to_owned()
}

fn images() -> Vec<Value> {
    serde_json::from_str(IMAGES).expect("the list of images is JSON")
}
