//! Regions, sizes and networks.

use slipway_core::ports::Cloud;

use crate::server::Moto;

#[tokio::test]
async fn the_catalog_holds_regions_nitro_sizes_and_networks_and_no_invented_price() {
    let moto = Moto::start();
    let catalog = moto.cloud().catalog().await.unwrap();
    let frankfurt = catalog
        .regions
        .iter()
        .find(|region| region.id == "eu-central-1")
        .unwrap();
    assert!(frankfurt.enabled && frankfurt.title == "Frankfurt");
    let off = catalog.regions.iter().filter(|region| !region.enabled).count();
    assert!(off > 0, "regions that are not opted in are there, too");
    let size = catalog.sizes.iter().find(|size| size.id == "t3.large").unwrap();
    assert_eq!((size.vcpus, size.memory_mib, size.usd_per_hour), (2, 8192, None));
    assert!(catalog.sizes.iter().all(|size| !size.id.starts_with("t2.")));
    assert_eq!(catalog.networks.len(), 3);
    assert!(catalog.networks[0].zone.starts_with("eu-central-1"));
}
