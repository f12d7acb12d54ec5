//! Instances as machines of a practice world: each is a process with metadata, a console and the real agent.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use slipway_core::cloud::{
    CreateImage, DeleteImage, ImageChoice, ImageFilter, ImageState, InstanceFilter, PutTags, RemoveTags,
    RestartInstance, RunInstance, StartInstance, StopInstance, TerminateInstance,
};
use slipway_core::error::Error;
use slipway_core::ports::Cloud;
use slipway_practice::{FAMILY, PracticeCloud, PracticeOptions};

use crate::rack::{Guest, Rack, Seen};

/// Machines end within a second; a busy computer takes longer.
const CLEARING: Duration = Duration::from_secs(30);

/// A practice world whose machines are this cloud's instances.
pub struct Processes {
    world: PracticeCloud,
    images: PathBuf,
}

impl Processes {
    /// Opens a world in a folder. `bootstrap` is started in place of the agent and brings it there.
    ///
    /// # Panics
    /// When the folder can't be used.
    pub fn open(folder: &Path, machine_program: PathBuf, bootstrap: PathBuf, speed: f64) -> Self {
        let options = PracticeOptions {
            folder: folder.to_owned(),
            agent_program: bootstrap,
            machine_program,
            speed,
            notices: slipway_practice::Notices::default(),
        };
        Processes {
            world: PracticeCloud::open(options).expect("a practice world"),
            images: folder.join("images"),
        }
    }

    async fn all_gone(&self) -> bool {
        let every = self.world.instances(&InstanceFilter::Ours).await;
        drop(every);
        let left = self.world.machine_processes().await;
        left.is_ok_and(|left| left.is_empty())
    }
}

#[async_trait]
impl Rack for Processes {
    async fn board(&self, guest: Guest) -> Result<(), String> {
        let own = self.images.join(&guest.image).is_dir();
        let request = RunInstance {
            token: guest.id.clone(),
            image: if own {
                ImageChoice::Own(guest.image)
            } else {
                ImageChoice::Family(FAMILY.into())
            },
            size: guest.size,
            disk_gib: guest.disk_gib,
            network: None,
            group: String::new(),
            key_name: String::new(),
            user_data: guest.user_data,
            good_until: None,
            tags: guest.tags.into_iter().collect(),
        };
        let guest = slipway_practice::Guest {
            id: guest.id,
            address: guest.address,
            public_key: guest.public_key,
            request,
        };
        self.world.guest(guest).await.map_err(told)
    }

    async fn look(&self, id: &str) -> Option<Seen> {
        let filter = InstanceFilter::Ids(vec![id.to_owned()]);
        let found = self.world.instances(&filter).await.ok()?.pop()?;
        Some(Seen {
            state: found.state,
            reason: found.state_reason,
        })
    }

    async fn start(&self, id: &str, address: Ipv4Addr) -> Result<(), String> {
        self.world.readdress_guest(id, address).await.map_err(told)?;
        let instance = id.to_owned();
        self.world
            .start_instance(&StartInstance { instance })
            .await
            .map_err(told)
    }

    async fn stop(&self, id: &str) -> Result<(), String> {
        let instance = id.to_owned();
        self.world
            .stop_instance(&StopInstance { instance })
            .await
            .map_err(told)
    }

    async fn restart(&self, id: &str) -> Result<(), String> {
        let instance = id.to_owned();
        self.world
            .restart_instance(&RestartInstance { instance })
            .await
            .map_err(told)
    }

    async fn terminate(&self, id: &str) -> Result<(), String> {
        let instance = id.to_owned();
        self.world
            .terminate_instance(&TerminateInstance { instance })
            .await
            .map_err(told)
    }

    async fn console(&self, id: &str) -> String {
        self.world.console(id).await.unwrap_or_default()
    }

    async fn password_data(&self, id: &str) -> Option<String> {
        self.world.password_data(id).await.ok().flatten()
    }

    /// Under its id for a name: the world has one list of names, EC2 one for each region, and looks after it itself.
    async fn image(&self, image: &str, _: &str, instance: &str) -> Result<(), String> {
        let request = CreateImage {
            instance: instance.to_owned(),
            name: image.to_owned(),
            description: String::new(),
            tags: Default::default(),
        };
        self.world.guest_image(image, &request).await.map_err(told)
    }

    async fn image_seen(&self, image: &str) -> Option<(ImageState, u8)> {
        let filter = ImageFilter::Id(image.to_owned());
        let found = self.world.images(&filter).await.ok()?.pop()?;
        Some((found.state, found.percent))
    }

    async fn delete_image(&self, image: &str) {
        let image = image.to_owned();
        drop(self.world.delete_image(&DeleteImage { image }).await);
    }

    async fn tag(&self, id: &str, tags: &[(String, String)]) {
        let (resource, tags) = (id.to_owned(), tags.iter().cloned().collect());
        drop(self.world.put_tags(&PutTags { resource, tags }).await);
    }

    async fn untag(&self, id: &str, keys: &[String]) {
        let (resource, keys) = (id.to_owned(), keys.to_vec());
        drop(self.world.remove_tags(&RemoveTags { resource, keys }).await);
    }

    async fn clear(&self) {
        let processes = self.world.machine_processes().await.unwrap_or_default();
        for process in processes {
            if let Some(id) = process.machine.file_name() {
                drop(self.terminate(&id.to_string_lossy()).await);
            }
        }
        let since = Instant::now();
        while !self.all_gone().await && since.elapsed() < CLEARING {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn told(error: Error) -> String {
    error.sentence
}
