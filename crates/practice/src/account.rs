//! What the practice world offers: one region, a few sizes, one network. It costs nothing, so it shows no price.

use slipway_core::cloud::{Account, Catalog, ImageFamily, Network, Region, Size};
use slipway_core::error::{Error, ErrorKind};

use crate::trouble::Outcome;

/// The family of base images that practice recipes name.
pub const FAMILY: &str = "practice-windows";
/// The id of the one base image.
pub const BASE_IMAGE: &str = "ami-practice-windows";

/// Who pays: nobody.
pub fn account() -> Account {
    Account {
        id: "practice".into(),
        user: "You, on this computer".into(),
    }
}

/// What can be launched.
pub fn catalog() -> Catalog {
    Catalog {
        regions: vec![Region {
            id: "practice".into(),
            title: "This computer".into(),
            enabled: true,
        }],
        sizes: vec![
            size("practice.small", 1, 2),
            size("practice.medium", 2, 4),
            size("practice.large", 4, 8),
        ],
        networks: vec![network()],
        families: vec![ImageFamily {
            id: FAMILY.into(),
            title: "Practice Windows".into(),
        }],
    }
}

/// The one network.
pub fn network() -> Network {
    Network {
        id: "subnet-practice".into(),
        title: "Loopback".into(),
        zone: "practice-a".into(),
        vpc: "vpc-practice".into(),
        is_default: true,
    }
}

/// Refuses a size that is not offered.
pub fn check_size(id: &str) -> Outcome<()> {
    let sizes = catalog().sizes;
    if sizes.iter().any(|size| size.id == id) {
        return Ok(());
    }
    let names: Vec<_> = sizes.into_iter().map(|size| size.id).collect();
    Err(Error::new(
        ErrorKind::Unsupported,
        format!("The practice cloud has no size “{id}”."),
    )
    .hint(format!("Choose one of {}.", names.join(", ")))
    .into())
}

fn size(id: &str, vcpus: u32, memory_gib: u32) -> Size {
    Size {
        id: id.into(),
        vcpus,
        memory_mib: memory_gib * 1024,
        usd_per_hour: None,
        zones: Vec::new(),
    }
}
