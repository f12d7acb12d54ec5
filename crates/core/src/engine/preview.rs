//! What a launch will make and cost: the launch's own choices, with nothing begun.

use std::time::Duration;

use super::{Engine, LaunchRequest, Place};
use crate::cloud::{Catalog, Prices};
use crate::error::Result;
use crate::launch::Spec;
use crate::names;
use crate::view::PreviewView;

/// For what is only shown.
const PATIENCE: Duration = Duration::from_secs(5);

impl Engine {
    /// What [`Engine::launch`] of this request would make.
    ///
    /// # Errors
    /// As the launch itself: a name that is taken, an answer that is missing, a size that is not offered.
    pub async fn preview(&self, request: &LaunchRequest) -> Result<PreviewView> {
        names::check_server_name(&request.name)?;
        if let Some(region) = &request.region {
            self.check_region(&request.profile, region).await?;
        }
        let place = &*self.place_in(&request.profile, request.region.as_deref())?;
        self.check_name_free(&request.profile, &request.name).await?;
        let (spec, _) = self.spec(place, request).await?;
        let catalog = place.reads.catalog().await?;
        let practice = place.profile.practice;
        // Neither keeps from launching; both are asked at once, and not for long.
        let beside = async { tokio::join!(self.account(&request.profile), who_may_connect(place, &spec)) };
        let beside = tokio::time::timeout(PATIENCE, beside).await;
        let (account, allowed_from) = match beside {
            Ok((account, from)) => (account.ok(), from),
            Err(_) => (None, spec.allowed_from.clone()),
        };
        Ok(PreviewView {
            account: account.filter(|_| !practice).map(|account| account.id),
            allowed_from,
            region_title: (place.profile.region_title)(&spec.region),
            practice,
            ..preview(spec, &catalog)
        })
    }
}

/// Whoever can't learn the address can launch all the same; the launch asks again.
async fn who_may_connect(place: &Place, spec: &Spec) -> Vec<String> {
    if !spec.allowed_from.is_empty() {
        return spec.allowed_from.clone();
    }
    let own = place.cloud.own_address().await;
    own.map(|address| format!("{address}/32")).into_iter().collect()
}

fn preview(spec: Spec, catalog: &Catalog) -> PreviewView {
    let size = catalog.sizes.iter().find(|size| size.id == spec.size);
    let family = catalog
        .families
        .iter()
        .find(|family| family.id == spec.base_family);
    let windows = family.map_or(spec.base_family.clone(), |family| family.title.clone());
    let usd_per_hour = spec.hourly(spec.usd_per_hour);
    PreviewView {
        account: None,
        allowed_from: Vec::new(),
        region_title: String::new(),
        practice: false,
        windows: spec.image.as_ref().map_or(windows, |_| String::new()),
        image: spec.image.map(|image| image.name),
        vcpus: size.map_or(0, |size| size.vcpus),
        memory_mib: size.map_or(0, |size| size.memory_mib),
        usd_per_hour,
        usd_per_month: usd_per_hour.map(|price| price * Prices::HOURS_A_MONTH),
        name: spec.name,
        profile: spec.profile,
        region: spec.region,
        recipe: spec.recipe_title,
        size: spec.size,
        disk_gib: spec.disk_gib,
        network: spec.network,
        public_site: spec.public_site,
        stop_after_minutes: spec.limits.stop_after_minutes,
    }
}
