//! Images: whole or not there, with progress, and machines launched from them.

mod common;

use std::time::Duration;

use common::{World, kill, until};
use slipway_core::cloud::*;
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

fn ask(instance: &str, name: &str) -> CreateImage {
    CreateImage {
        instance: instance.into(),
        name: name.into(),
        description: "a test’s".into(),
        tags: [(tag::CREATED_BY.into(), tag::US.into())].into(),
    }
}

impl World {
    async fn image(&self, id: &str) -> Option<Image> {
        self.cloud
            .images(&ImageFilter::Id(id.into()))
            .await
            .expect("images")
            .pop()
    }

    async fn image_leaves_pending(&self, id: &str) -> Image {
        until("the image is done", async || {
            self.image(id)
                .await
                .filter(|image| image.state != ImageState::Pending)
        })
        .await
    }

    fn fill_disk(&self, instance: &str) {
        let site = self.machine(instance).join("disk/site/pictures");
        std::fs::create_dir_all(&site).expect("made");
        for number in 0..40 {
            std::fs::write(site.join(format!("{number}.bin")), vec![number; 300_000]).expect("written");
        }
    }

    fn on_disk(&self, image: &str) -> bool {
        let images = self.options.folder.join("images");
        images.join(image).exists() || images.join(format!("{image}.part")).exists()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_shows_progress_and_launches_a_machine_with_the_same_disk() {
    let world = World::at_speed(40.0);
    let (_, group) = world.ready().await;
    let id = world.launch(&group, "source").await;
    world.agent_is_up(&id, 1).await;
    world.fill_disk(&id);
    let before = world.instance(&id).await.expect("there").endpoints;
    let image = world
        .cloud
        .create_image(&ask(&id, "demo-1"))
        .await
        .expect("asked")
        .id;
    let taken = world
        .cloud
        .create_image(&ask(&id, "demo-2"))
        .await
        .expect_err("one at a time");
    assert_eq!(taken.kind, ErrorKind::WrongState);

    let mut seen = Vec::new();
    let done = until("the image is done", async || {
        let image = world.image(&image).await.expect("known");
        seen.push(image.percent);
        (image.state != ImageState::Pending).then_some(image)
    })
    .await;
    assert_eq!((done.state, done.percent), (ImageState::Available, 100));
    assert!(
        seen.is_sorted() && seen.iter().any(|percent| (1..100).contains(percent)),
        "{seen:?}"
    );
    world.agent_is_up(&id, 2).await;
    assert_eq!(
        world.instance(&id).await.expect("there").endpoints,
        before,
        "it comes back at its address"
    );
    let taken = world
        .cloud
        .create_image(&ask(&id, "demo-1"))
        .await
        .expect_err("the name is taken");
    assert_eq!(taken.kind, ErrorKind::NameTaken);
    world.copies_the_disk(&group, &id, &image).await;
}

impl World {
    /// Launches a machine from an image and compares its disk with the source's.
    async fn copies_the_disk(&self, group: &SecurityGroup, id: &str, image: &str) {
        let world = self;
        let request = RunInstance {
            image: ImageChoice::Own(image.to_owned()),
            ..world.request(group, "copy")
        };
        let copy = world.cloud.run_instance(&request).await.expect("launched").id;
        world.agent_is_up(&copy, 1).await;
        let picture = "disk/site/pictures/7.bin";
        let read = |instance: &str| std::fs::read(world.machine(instance).join(picture)).expect("copied");
        assert!(read(&copy) == read(id), "the disk is the same");
        assert_eq!(
            world.cloud.password_data(&copy).await.expect("asked"),
            None,
            "as on EC2 without sysprep"
        );
        assert_eq!(world.instance(&copy).await.expect("there").image, image);

        let ours = world.cloud.images(&ImageFilter::Ours).await.expect("asked");
        assert_eq!(ours.len(), 1);
        for _ in 0..2 {
            world
                .cloud
                .delete_image(&DeleteImage {
                    image: image.to_owned(),
                })
                .await
                .expect("deleted");
        }
        assert!(!world.on_disk(image));
        world.terminate(&copy).await;
        world.terminate(id).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_of_a_stopped_server_leaves_it_stopped() {
    let (world, id) = World::with_server("source").await;
    world.stop(&id).await;
    let image = world
        .cloud
        .create_image(&ask(&id, "stopped"))
        .await
        .expect("asked")
        .id;
    assert_eq!(
        world.image_leaves_pending(&image).await.state,
        ImageState::Available
    );
    assert_eq!(
        world.instance(&id).await.expect("there").state,
        InstanceState::Stopped
    );
    until("its process ends", async || {
        let processes = world.cloud.machine_processes().await.expect("listed");
        processes.is_empty().then_some(())
    })
    .await;
    world.terminate(&id).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_broken_off_anywhere_is_never_half_available() {
    let world = World::at_speed(60.0);
    let (_, group) = world.ready().await;
    let id = world.launch(&group, "source").await;
    world.agent_is_up(&id, 1).await;
    world.fill_disk(&id);
    let mut ends = Vec::new();
    for round in 0..6_u64 {
        let image = world
            .cloud
            .create_image(&ask(&id, &format!("try-{round}")))
            .await
            .expect("asked")
            .id;
        tokio::time::sleep(Duration::from_millis(70 * round)).await;
        let processes = world.cloud.machine_processes().await.expect("listed");
        for process in processes
            .iter()
            .filter(|process| process.name.starts_with("slipway-practic"))
        {
            kill(process.pid);
        }
        let image = world.image_leaves_pending(&image).await;
        match image.state {
            ImageState::Available => assert!(world.on_disk(&image.id)),
            _ => assert!(image.state_reason.is_some() && !world.on_disk(&image.id)),
        }
        ends.push(image.state);
        world.reaches(&id, InstanceState::Stopped).await;
        world
            .cloud
            .start_instance(&StartInstance { instance: id.clone() })
            .await
            .expect("started");
        world.reaches(&id, InstanceState::Running).await;
    }
    assert!(ends.contains(&ImageState::Failed), "{ends:?}");
    world.terminate(&id).await;
    assert_eq!(world.cloud.machine_processes().await.expect("listed"), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_deleted_while_it_is_made_leaves_nothing() {
    let world = World::at_speed(40.0);
    let (_, group) = world.ready().await;
    let id = world.launch(&group, "source").await;
    world.agent_is_up(&id, 1).await;
    world.fill_disk(&id);
    let image = world
        .cloud
        .create_image(&ask(&id, "unwanted"))
        .await
        .expect("asked")
        .id;
    until("it has begun", async || {
        world.image(&image).await.filter(|image| image.percent > 5)
    })
    .await;
    world
        .cloud
        .delete_image(&DeleteImage { image: image.clone() })
        .await
        .expect("deleted");
    world.agent_is_up(&id, 2).await;
    assert_eq!(world.image(&image).await, None);
    assert!(!world.on_disk(&image));
    world.terminate(&id).await;
}
