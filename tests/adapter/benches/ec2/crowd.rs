//! A hundred launches at once by one process, until the last one has its password: Slipway's engine in this process, and
//! boto3's waiters in a hundred threads of another. awscli and packer have no such process.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::{Value, json};
use slipway_core::event::Event;
use slipway_test_adapter::aws::{adapter, engine, released, request};
use slipway_test_adapter::cloud::{Cloud, KEY};
use slipway_tests::window::processes;

use crate::{figure, peers};

const MANY: usize = 100;
/// What is asked again and again while one waits.
const QUESTIONS: [&str; 4] = [
    "ec2:DescribeInstances",
    "ec2:DescribeInstanceStatus",
    "ec2:GetPasswordData",
    "ec2:GetConsoleOutput",
];
/// Ticks of the processor's time in a second (`sysconf(_SC_CLK_TCK)` on every Linux there is).
const TICKS: f64 = 100.0;

/// What so many launches came to.
struct Crowd {
    questions: f64,
    password: f64,
    cpu: f64,
    peak_mib: f64,
}

/// Both, side by side.
pub fn at_once() {
    let (ours, boto3) = (slipway(), boto3());
    let pairs = [
        (
            "questions while waiting",
            "calls",
            ours.questions,
            boto3.questions,
        ),
        ("last password after", "s", ours.password, boto3.password),
        ("processor time", "s", ours.cpu, boto3.cpu),
        ("peak memory", "MiB", ours.peak_mib, boto3.peak_mib),
    ];
    for (what, unit, value, other) in pairs {
        figure(
            &format!("{MANY} launches at once: {what}"),
            value,
            unit,
            "boto3",
            other,
        );
    }
}

fn cloud() -> Cloud {
    let cloud = Cloud::start(&["--paper", "--speed", "1"]);
    cloud.rules(&json!({ "vcpus": 1_000.0 }));
    cloud
}

fn slipway() -> Crowd {
    let (cloud, folder) = (cloud(), tempfile::tempdir().unwrap());
    let (begun, before) = (Instant::now(), ticks());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let engine = engine(adapter(&cloud, KEY, released()), folder.path()).await;
        let (mut news, attendance) = (engine.news(), engine.attend());
        for number in 0..MANY {
            let launch = engine.launch(request(&format!("crowd-{number}"), "t3.small"));
            launch.await.unwrap();
        }
        let mut known = BTreeSet::new();
        while known.len() < MANY {
            if let Event::Launch { launch } = news.next().await
                && launch.access.as_ref().is_some_and(|access| access.has_password)
            {
                known.insert(launch.server.id);
            }
        }
        drop(attendance);
        engine.close().await;
    });
    Crowd {
        questions: questions(&cloud),
        password: begun.elapsed().as_secs_f64(),
        cpu: (ticks() - before) as f64 / TICKS,
        peak_mib: peak_mib(),
    }
}

fn boto3() -> Crowd {
    let (cloud, begun) = (cloud(), Instant::now());
    let measured = peers::boto3_crowd(&cloud, MANY);
    Crowd {
        questions: questions(&cloud),
        password: begun.elapsed().as_secs_f64(),
        cpu: measured.cpu,
        peak_mib: measured.peak_mib,
    }
}

fn questions(cloud: &Cloud) -> f64 {
    let counts: Value = cloud.told("counts");
    let of = |action: &str| counts[action].as_u64().unwrap_or(0);
    QUESTIONS.into_iter().map(of).sum::<u64>() as f64
}

fn ticks() -> u64 {
    processes::cpu_ticks(std::process::id()).unwrap()
}

/// Of this process, which has done little else.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib / 1024.0
}
