//! Files of `~/.aws` as they are found: each is read by us and by botocore, and each row says where the two differ and why
//! ours is better. What is listed as usable is then used, and what is not says why.

mod rows;

use std::path::Path;
use std::process::Command;

use slipway_aws::{FileProfile, Files, ProfileKind};
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

use crate::server::Moto;
use rows::{ROWS, Row};

const BOTOCORE: &str = include_str!("botocore_reads.py");

#[tokio::test]
async fn every_odd_file_is_read_as_botocore_reads_it_or_better_and_listing_and_use_agree() {
    let moto = Moto::start();
    let folder = tempfile::tempdir().unwrap();
    let folders: Vec<_> = ROWS
        .iter()
        .enumerate()
        .map(|(number, row)| write(folder.path(), number, row))
        .collect();
    let botocore = botocore(&folders);
    let mut wrong = Vec::new();
    for ((row, folder), botocore) in ROWS.iter().zip(&folders).zip(botocore) {
        let files = files(folder);
        let listed = files.profiles();
        let ours: Vec<String> = listed.iter().map(told).collect();
        let expected: Vec<&str> = row.ours.to_vec();
        if ours != expected {
            wrong.push(format!("{}: ours is {ours:#?}, not {expected:#?}", row.name));
        }
        if botocore != row.botocore() {
            wrong.push(format!(
                "{}: botocore's is {botocore:#?}, not {:#?}",
                row.name,
                row.botocore()
            ));
        }
        for profile in &listed {
            wrong.extend(
                used(&moto, &files, profile)
                    .await
                    .err()
                    .map(|why| format!("{}: {why}", row.name)),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(ROWS.len() >= 40, "{} rows", ROWS.len());
}

/// “NAME | REGION | KIND”; where it can't be used, “no” with the line that is to blame.
fn told(profile: &FileProfile) -> String {
    let kind = match profile.kind {
        Some(ProfileKind::Keys) => "keys".to_owned(),
        Some(ProfileKind::Role) => "role".to_owned(),
        Some(ProfileKind::WebIdentity) => "web".to_owned(),
        Some(ProfileKind::Sso) => "sso".to_owned(),
        Some(ProfileKind::Login) => "login".to_owned(),
        Some(ProfileKind::Process) => "process".to_owned(),
        Some(ProfileKind::Named) => "named".to_owned(),
        None => match profile.problem.split_once(", line ") {
            Some((_, rest)) => format!("no, line {}", rest.split(':').next().unwrap_or_default()),
            None => "no".to_owned(),
        },
    };
    format!(
        "{} | {} | {kind}",
        profile.name,
        profile.region.as_deref().unwrap_or("-")
    )
}

/// What is listed as usable gives keys that moto takes, or asks for the sign-in that it needs; what is not says why.
async fn used(moto: &Moto, files: &Files, profile: &FileProfile) -> Result<(), String> {
    let asked = moto.cloud_of_files(files.clone(), &profile.name).account().await;
    let wanted = match profile.kind {
        Some(ProfileKind::Keys | ProfileKind::Role | ProfileKind::WebIdentity | ProfileKind::Process) => None,
        Some(ProfileKind::Sso | ProfileKind::Login) => Some(ErrorKind::CredentialsExpired),
        Some(ProfileKind::Named) | None => Some(ErrorKind::CredentialsInvalid),
    };
    match (asked, wanted) {
        (Ok(_), None) => Ok(()),
        // Its role builds on a sign-in that nobody made here.
        (Err(error), None)
            if profile.kind == Some(ProfileKind::Role)
                && error.hint.contains("aws sso login --profile a”") =>
        {
            Ok(())
        }
        (Err(error), Some(kind)) if error.kind == kind && error.sentence.contains(&profile.problem) => Ok(()),
        (answered, wanted) => Err(format!("{profile:?} gave {answered:?}, not {wanted:?}")),
    }
}

fn write(root: &Path, number: usize, row: &Row) -> std::path::PathBuf {
    let folder = root.join(number.to_string());
    std::fs::create_dir(&folder).unwrap();
    for (name, bytes) in [("config", row.config), ("credentials", row.credentials)] {
        if !bytes.is_empty() {
            // A token is a file of the row's own.
            let text = rows::with_folder(bytes, &folder);
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    std::fs::write(folder.join("token"), "a token that moto takes").unwrap();
    folder
}

fn files(folder: &Path) -> Files {
    Files {
        config: folder.join("config"),
        credentials: folder.join("credentials"),
        caches: Vec::new(),
    }
}

/// One list of profiles for each folder.
fn botocore(folders: &[std::path::PathBuf]) -> Vec<Vec<String>> {
    let moto = std::env::var_os("SLIPWAY_MOTO_SERVER").expect("SLIPWAY_MOTO_SERVER names moto_server");
    let python = Path::new(&moto).with_file_name("python");
    let nowhere = tempfile::tempdir().unwrap();
    let mut command = Command::new(python);
    command
        .args(["-c", BOTOCORE])
        .args(folders)
        .env("HOME", nowhere.path());
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
        command.env_remove(name);
    }
    let ran = command.env("AWS_EC2_METADATA_DISABLED", "true").output().unwrap();
    let text = String::from_utf8(ran.stdout).unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
