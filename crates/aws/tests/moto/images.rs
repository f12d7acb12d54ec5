//! Images, as far as moto can be believed: it has them at once and does not check names.

use slipway_core::cloud::{CreateImage, DeleteImage, ImageFilter, ImageState, Tags};
use slipway_core::ports::Cloud;

use crate::instances::launch;
use crate::server::Moto;

#[tokio::test]
async fn an_image_is_made_found_and_deleted_with_its_snapshots() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let instance = launch(&cloud, "01J").await;
    let request = CreateImage {
        instance,
        name: "My site 2026-11-22".into(),
        description: "A finished site".into(),
        // Tags on snapshots make this moto answer 500.
        tags: Tags::new(),
    };
    let id = cloud.create_image(&request).await.unwrap().id;
    for filter in [
        ImageFilter::Id(id.clone()),
        ImageFilter::Name(request.name.clone()),
    ] {
        let found = cloud.images(&filter).await.unwrap().remove(0);
        assert_eq!(
            (found.id.as_str(), found.state, found.percent),
            (id.as_str(), ImageState::Available, 100)
        );
        assert!(found.size_gib > 0.0);
    }
    let delete = DeleteImage { image: id.clone() };
    cloud.delete_image(&delete).await.unwrap();
    cloud.delete_image(&delete).await.unwrap();
    assert_eq!(cloud.images(&ImageFilter::Id(id)).await.unwrap(), []);
}
