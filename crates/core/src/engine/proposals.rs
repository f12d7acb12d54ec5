//! Which sizes are proposed for a recipe. Pure; the same in the window and the terminal.

use std::cmp::Ordering;

use crate::cloud::Size;
use crate::recipe::{Base, USUAL_MEMORY_GIB};
use crate::view::choice::Proposals;

/// The size that is taken where none is chosen: of the smallest with enough memory, the cheapest. Where none has enough,
/// the largest.
pub(super) fn recommended<'s>(sizes: &'s [Size], base: Option<&Base>) -> Option<&'s Size> {
    let memory = base.map_or(USUAL_MEMORY_GIB, |base| base.recommended_memory_gib) * 1024;
    let enough = sizes.iter().filter(|size| size.memory_mib >= memory);
    enough.min_by(order).or_else(|| sizes.iter().max_by(order))
}

/// The recommended size, the smallest there is, and one of twice the memory and no fewer virtual CPUs.
pub(super) fn proposals(sizes: &[Size], base: Option<&Base>) -> Proposals {
    let Some(recommended) = recommended(sizes, base) else {
        return Proposals::default();
    };
    let twice = |size: &&Size| {
        size.memory_mib >= recommended.memory_mib.saturating_mul(2) && size.vcpus >= recommended.vcpus
    };
    let smallest = sizes.iter().min_by(order);
    Proposals {
        smallest: smallest
            .filter(|size| size.memory_mib < recommended.memory_mib)
            .map(|size| size.id.clone()),
        recommended: Some(recommended.id.clone()),
        larger: sizes
            .iter()
            .filter(twice)
            .min_by(order)
            .map(|size| size.id.clone()),
    }
}

/// By memory, which is what a CMS runs short of first, then by price; what has none comes last.
pub(super) fn order(a: &&Size, b: &&Size) -> Ordering {
    let price = |size: &Size| size.usd_per_hour.unwrap_or(f64::INFINITY);
    let smaller = a.memory_mib.cmp(&b.memory_mib);
    smaller.then(price(a).total_cmp(&price(b)))
}

#[cfg(test)]
#[path = "proposals_tests.rs"]
mod tests;
