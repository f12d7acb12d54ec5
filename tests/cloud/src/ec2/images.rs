//! Own images: they take their time, their names are unique, and their snapshots can be tagged and watched.

use slipway_core::cloud::{ImageState, InstanceState};
use xmltree::Element;

use crate::answer::{self, Answer, Refusal};
use crate::call::Call;
use crate::cloud::Cloud;
use crate::ec2::run::DISK_GIB;
use crate::params::Params;
use crate::world::Picture;
use crate::xml;

/// CreateImage, with the restart that makes it consistent.
pub async fn create(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let _turn = cloud.turn.lock().await;
    let name = call.params.get("Name").unwrap_or_default().to_owned();
    let instance = call.params.get("InstanceId").unwrap_or_default().to_owned();
    check_name(cloud, call, &name).await?;
    check_instance(cloud, &instance).await?;
    let mut params = call.params.clone();
    // moto fails on tags for snapshots, so both kinds come afterwards.
    params.remove("TagSpecification");
    let answer = cloud.moto.edited(call, &params).await?;
    let image = xml::text(&answer, "imageId");
    let snapshot = snapshot_of(cloud, call, &image).await?;
    for (id, kind) in [(&image, "image"), (&snapshot, "snapshot")] {
        put_tags(cloud, call, id, call.params.tags_for(kind)).await?;
        cloud.created(id);
    }
    let disk_gib = cloud
        .world
        .known()
        .instances
        .get(&instance)
        .map(|seat| seat.disk_gib);
    let picture = Picture {
        snapshot,
        disk_gib: disk_gib.unwrap_or(DISK_GIB),
    };
    cloud.world.known().images.insert(image.clone(), picture);
    let begun = cloud.rack.image(&image, &name, &instance).await;
    begun.map_err(|reason| Refusal::new("IncorrectInstanceState", reason))?;
    Ok(answer::ec2(&answer))
}

/// The bounds of CreateImage's `Name` (EC2 API Reference), and that nobody has it.
async fn check_name(cloud: &Cloud, call: &Call, name: &str) -> Result<(), Refusal> {
    let possible = |c: char| c.is_ascii_alphanumeric() || "()[] ./-'@_".contains(c);
    if !(3..=128).contains(&name.chars().count()) || !name.chars().all(possible) {
        return Err(Refusal::new(
            "InvalidAMIName.Malformed",
            "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', \
             '-', '/' and '_'",
        ));
    }
    let filter = [
        ("Owner.1", "self"),
        ("Filter.1.Name", "name"),
        ("Filter.1.Value.1", name),
    ];
    let found = cloud
        .moto
        .ask(&call.place, "DescribeImages", Params::from(filter))
        .await?;
    match xml::items(&found, "imagesSet").first() {
        Some(image) => Err(Refusal::new(
            "InvalidAMIName.Duplicate",
            format!(
                "AMI name {name} is already in use by AMI {}",
                xml::text(image, "imageId")
            ),
        )),
        None => Ok(()),
    }
}

async fn check_instance(cloud: &Cloud, instance: &str) -> Result<(), Refusal> {
    use InstanceState::{Running, Stopped};
    match cloud.rack.look(instance).await {
        Some(seen) if !matches!(seen.state, Running | Stopped) => Err(Refusal::new(
            "IncorrectInstanceState",
            format!("The instance '{instance}' is not in the 'running' or 'stopped' state."),
        )),
        _ => Ok(()),
    }
}

async fn snapshot_of(cloud: &Cloud, call: &Call, image: &str) -> Result<String, Refusal> {
    let asked = Params::from([("ImageId.1", image)]);
    let found = cloud.moto.ask(&call.place, "DescribeImages", asked).await?;
    let images = xml::items(&found, "imagesSet");
    let mappings = images
        .first()
        .map(|image| xml::items(image, "blockDeviceMapping"));
    let first = mappings.and_then(|mappings| mappings.first().map(|one| xml::text(one, "ebs/snapshotId")));
    Ok(first.unwrap_or_default())
}

async fn put_tags(cloud: &Cloud, call: &Call, id: &str, tags: Vec<(String, String)>) -> Result<(), Refusal> {
    if tags.is_empty() {
        return Ok(());
    }
    let mut params = Params::from([("ResourceId.1", id)]);
    for (at, (key, value)) in tags.into_iter().enumerate() {
        params.set(&format!("Tag.{}.Key", at + 1), key);
        params.set(&format!("Tag.{}.Value", at + 1), value);
    }
    cloud.moto.ask(&call.place, "CreateTags", params).await?;
    Ok(())
}

/// DescribeImages: states and sizes as they are; moto has 15 GiB for every image.
pub async fn describe(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let mut params = call.params.clone();
    let states = params.take_filter("state");
    let mut answer = cloud.moto.edited(call, &params).await?;
    for item in xml::items_mut(&mut answer, "imagesSet") {
        let id = xml::text(item, "imageId");
        let picture = cloud.world.known().images.get(&id).cloned();
        put_size(item, picture.map_or(DISK_GIB, |picture| picture.disk_gib));
        if let Some((state, _)) = cloud.rack.image_seen(&id).await {
            xml::put(item, xml::leaf("imageState", word(state)));
        }
    }
    xml::keep_items(&mut answer, "imagesSet", |item| {
        let state = xml::text(item, "imageState");
        let wanted = states.as_ref().is_none_or(|wanted| wanted.contains(&state));
        wanted && !cloud.is_too_new(&xml::text(item, "imageId"))
    });
    Ok(answer::ec2(&answer))
}

fn put_size(image: &mut Element, gib: u32) {
    for mapping in xml::items_mut(image, "blockDeviceMapping") {
        if let Some(disk) = mapping.get_mut_child("ebs") {
            xml::put(disk, xml::leaf("volumeSize", gib.to_string()));
        }
    }
}

/// DescribeSnapshots: as far as their images are.
pub async fn snapshots(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let mut answer = cloud.moto.edited(call, &call.params).await?;
    for item in xml::items_mut(&mut answer, "snapshotSet") {
        let id = xml::text(item, "snapshotId");
        let Some((image, gib)) = image_of(cloud, &id) else {
            continue;
        };
        xml::put(item, xml::leaf("volumeSize", gib.to_string()));
        if let Some((state, percent)) = cloud.rack.image_seen(&image).await {
            let status = match state {
                ImageState::Available => "completed",
                ImageState::Failed => "error",
                _ => "pending",
            };
            xml::put(item, xml::leaf("status", status));
            xml::put(item, xml::leaf("progress", format!("{percent}%")));
        }
    }
    Ok(answer::ec2(&answer))
}

fn image_of(cloud: &Cloud, snapshot: &str) -> Option<(String, u32)> {
    let known = cloud.world.known();
    let mut pictures = known.images.iter();
    let (image, picture) = pictures.find(|(_, picture)| picture.snapshot == snapshot)?;
    Some((image.clone(), picture.disk_gib))
}

/// DeregisterImage; with its snapshots where that is asked for, which moto overlooks.
pub async fn deregister(cloud: &Cloud, call: &Call) -> Result<Answer, Refusal> {
    let mut answer = cloud.moto.edited(call, &call.params).await?;
    let image = call.params.get("ImageId").unwrap_or_default();
    cloud.rack.delete_image(image).await;
    let picture = cloud.world.known().images.remove(image);
    if let Some(picture) = picture.filter(|_| call.params.flag("DeleteAssociatedSnapshots")) {
        let asked = Params::from([("SnapshotId", picture.snapshot.as_str())]);
        cloud.moto.ask(&call.place, "DeleteSnapshot", asked).await?;
        let told = [
            xml::leaf("snapshotId", picture.snapshot),
            xml::leaf("returnCode", "success"),
        ];
        let set = xml::node("deleteSnapshotResultSet", [xml::node("item", told)]);
        xml::put(&mut answer, set);
    }
    Ok(answer::ec2(&answer))
}

fn word(state: ImageState) -> &'static str {
    match state {
        ImageState::Pending => "pending",
        ImageState::Available => "available",
        ImageState::Failed => "failed",
        ImageState::Gone => "deregistered",
    }
}
