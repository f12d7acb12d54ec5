//! What the programs take at one moment.

use std::time::{Duration, Instant};

use slipway_tests::room::Room;
use slipway_tests::window::processes::pss_kib;

const KIB_IN_MIB: f64 = 1024.0;

/// One look at all of them.
#[derive(Debug)]
pub struct Sample {
    /// Since the first look.
    pub at: Duration,
    /// Memory of the process that follows.
    pub app_mib: f64,
    /// Its threads.
    pub threads: usize,
    /// Its open files and sockets.
    pub files: usize,
    /// Memory of the agent's process that has most.
    pub largest_agent_mib: f64,
}

impl Sample {
    pub fn take(room: &Room, app: u32, begun: Instant) -> Self {
        let agents = room
            .processes()
            .into_iter()
            .filter(|one| one.name.starts_with("slipway-agent"));
        Sample {
            at: begun.elapsed(),
            app_mib: mib(app).unwrap(),
            threads: entries(app, "task"),
            files: entries(app, "fd"),
            // One may have ended since it was listed.
            largest_agent_mib: agents.filter_map(|agent| mib(agent.pid)).fold(0.0, f64::max),
        }
    }
}

fn mib(process: u32) -> Option<f64> {
    pss_kib(process).map(|kib| kib as f64 / KIB_IN_MIB)
}

fn entries(process: u32, folder: &str) -> usize {
    std::fs::read_dir(format!("/proc/{process}/{folder}"))
        .unwrap()
        .count()
}

/// The slope of the straight line that fits the app's memory best.
pub fn mib_an_hour(samples: &[Sample]) -> f64 {
    let count = samples.len() as f64;
    let hours = |sample: &Sample| sample.at.as_secs_f64() / 3_600.0;
    let mean_hours = samples.iter().map(hours).sum::<f64>() / count;
    let mean_mib = samples.iter().map(|sample| sample.app_mib).sum::<f64>() / count;
    let (mut together, mut alone) = (0.0, 0.0);
    for sample in samples {
        let apart = hours(sample) - mean_hours;
        together += apart * (sample.app_mib - mean_mib);
        alone += apart * apart;
    }
    together / alone
}
