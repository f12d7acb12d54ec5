//! What the cloud answers to anybody who may ask it: tags and console.

use std::path::{Path, PathBuf};

use slipway_core::cloud::InstanceFilter;
use slipway_core::ports::Cloud;
use slipway_practice::{PracticeCloud, PracticeOptions};
use slipway_tests::room::program;
use slipway_tests::search::places::Seen;
use tokio::runtime::{Builder, Runtime};

/// One who asks the practice world in a folder again and again.
pub struct Asker {
    folder: PathBuf,
    runtime: Runtime,
    world: Option<PracticeCloud>,
}

impl Asker {
    /// Of the world of a data folder; it need not be there yet.
    pub fn of(data: &Path) -> Self {
        Asker {
            folder: data.join("practice"),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            world: None,
        }
    }

    /// Adds what the world says now.
    pub fn ask(&mut self, seen: &mut Seen) {
        // Opening it would make it.
        if self.world.is_none() && self.folder.join("cloud.db").exists() {
            self.world = PracticeCloud::open(PracticeOptions {
                folder: self.folder.clone(),
                agent_program: program("slipway-agent"),
                machine_program: program("slipway-practice-machine"),
                speed: 50.0,
                notices: slipway_practice::Notices::default(),
            })
            .ok();
        }
        let Some(world) = &self.world else { return };
        let answers = self.runtime.block_on(async {
            let mut answers = Vec::new();
            for instance in world.instances(&InstanceFilter::Ours).await.unwrap_or_default() {
                let console = world.console(&instance.id).await.unwrap_or_default();
                answers.push(("console".to_owned(), console));
                let tags = instance.tags.into_iter();
                answers.extend(
                    tags.map(|(key, value)| (format!("tag {key} = {value}"), format!("{key}={value}"))),
                );
            }
            answers
        });
        seen.extend(
            answers
                .into_iter()
                .map(|(place, text)| (place, text.into_bytes())),
        );
    }
}
