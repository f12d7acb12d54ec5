//! What can be chosen: recipes, places, sizes.

use std::collections::BTreeMap;

use super::Engine;
use super::proposals::{order, proposals};
use crate::cloud::{Catalog, Size};
use crate::error::{Error, Result};
use crate::recipe::{Bar, Input, InputKind, Recipe, Start, World};
use crate::view::choice::{
    CatalogView, FamilyView, InputKind as Asks, InputView, NetworkView, PlannedStep, Proposals, RecipeView,
    RegionView, SizeView, Use,
};

impl Engine {
    /// All recipes, by title.
    pub async fn recipe_views(&self) -> Result<Vec<RecipeView>> {
        let mut views = Vec::new();
        for recipe in self.library().recipes() {
            let unasked = self.is_unasked(recipe).await?;
            views.push(recipe_view(recipe, unasked));
        }
        Ok(views)
    }

    /// One error for each file of the user's that is no recipe: file, line and reason.
    pub fn broken_recipes(&self) -> &[Error] {
        self.library().broken()
    }

    /// Where and on what can be launched with a profile, in its own region.
    pub async fn catalog_view(&self, profile: &str) -> Result<CatalogView> {
        self.catalog_in(profile, None).await
    }

    /// Where and on what can be launched with a profile in a region.
    pub async fn catalog_in(&self, profile: &str, region: Option<&str>) -> Result<CatalogView> {
        let place = self.place_in(profile, region)?;
        let cloud = &place.cloud;
        let mut catalog = cloud.catalog().await?;
        if place.profile.practice {
            catalog.networks.clear();
        }
        // Whoever does not learn the address can launch all the same; the launch itself asks again.
        let proposals = self.proposals(&catalog.sizes);
        Ok(catalog_view(catalog, proposals, cloud.own_address().await.ok()))
    }

    fn proposals(&self, sizes: &[Size]) -> BTreeMap<String, Proposals> {
        let recipes = self.library().recipes().iter();
        let of = |recipe: &Recipe| (recipe.id.clone(), proposals(sizes, Some(&recipe.base)));
        let unknown = (String::new(), proposals(sizes, None));
        recipes.map(of).chain([unknown]).collect()
    }
}

fn recipe_view(recipe: &Recipe, unasked: bool) -> RecipeView {
    let schedule = recipe.schedule(Start::Fresh);
    let all_known = recipe.steps.iter().all(|step| step.step.usual_seconds.is_some());
    let asked = recipe
        .inputs
        .iter()
        .filter(|input| recipe.rehearse.as_ref() != Some(&input.id));
    RecipeView {
        id: recipe.id.clone(),
        title: recipe.title.clone(),
        description: recipe.summary.clone(),
        version: recipe.version.clone(),
        practice: recipe.worlds.contains(&World::Practice),
        ec2: recipe.worlds.contains(&World::Ec2),
        inputs: asked.map(|input| input_view(recipe, input)).collect(),
        rehearse: recipe.rehearse.is_some(),
        steps: schedule.bars.iter().map(|bar| planned(recipe, bar)).collect(),
        usual: all_known.then(|| millis(schedule.total_seconds)),
        families: recipe.base.families().map(str::to_owned).collect(),
        least_disk_gib: recipe.base.minimum_disk_gib,
        least_memory_mib: recipe.base.minimum_memory_gib * 1024,
        unasked,
    }
}

fn input_view(recipe: &Recipe, input: &Input) -> InputView {
    let (kind, choices) = match input.kind {
        InputKind::Text => (Asks::Text, Vec::new()),
        InputKind::Email => (Asks::Email, Vec::new()),
        InputKind::Choice => (Asks::Choice, input.options.clone()),
        InputKind::Bool => (Asks::Switch, Vec::new()),
        InputKind::Number => (Asks::Number, Vec::new()),
        InputKind::Secret => (Asks::Secret, Vec::new()),
        InputKind::Step => (
            Asks::Choice,
            recipe.steps.iter().map(|step| step.step.id.clone()).collect(),
        ),
    };
    InputView {
        id: input.id.clone(),
        title: input.label.clone(),
        hint: input.help.clone(),
        kind,
        required: input.required,
        default: input.default.clone().unwrap_or_default(),
        longest: u32::try_from(input.max_length).unwrap_or(u32::MAX),
        choices,
    }
}

fn planned(recipe: &Recipe, bar: &Bar) -> PlannedStep {
    let step = recipe
        .steps
        .iter()
        .map(|step| &step.step)
        .find(|step| step.id == bar.step);
    PlannedStep {
        id: bar.step.clone(),
        title: bar.title.clone(),
        needs: step.map(|step| step.needs.clone()).unwrap_or_default(),
        usual: step.and_then(|step| step.usual_seconds).map(millis),
        planned_start: millis(bar.start),
        planned_end: millis(bar.end),
        critical: bar.critical,
    }
}

fn millis(seconds: u32) -> i64 {
    i64::from(seconds) * 1000
}

fn catalog_view(
    catalog: Catalog,
    proposals: BTreeMap<String, Proposals>,
    my_address: Option<String>,
) -> CatalogView {
    CatalogView {
        proposals,
        sizes: size_views(&catalog.sizes),
        regions: catalog
            .regions
            .into_iter()
            .map(|region| RegionView {
                id: region.id,
                title: region.title,
                enabled: region.enabled,
            })
            .collect(),
        networks: catalog
            .networks
            .into_iter()
            .map(|network| NetworkView {
                id: network.id,
                title: network.title,
            })
            .collect(),
        families: catalog
            .families
            .into_iter()
            .map(|family| FamilyView {
                id: family.id,
                title: family.title,
            })
            .collect(),
        my_address,
    }
}

fn size_views(sizes: &[Size]) -> Vec<SizeView> {
    let uses = uses_of(sizes);
    let fits = |size: &Size| uses.iter().find(|(id, _)| *id == size.id).map(|(_, fit)| *fit);
    let view = |size: &Size| SizeView {
        id: size.id.clone(),
        vcpus: size.vcpus,
        memory_mib: size.memory_mib,
        usd_per_hour: size.usd_per_hour,
        fits: fits(size),
    };
    sizes.iter().map(view).collect()
}

/// Each use is offered twice the memory of the one before, which is what a CMS runs short of first, and no fewer virtual
/// CPUs; of the smallest with that much, the cheapest.
fn uses_of(sizes: &[Size]) -> Vec<(&str, Use)> {
    let mut found = Vec::new();
    let (mut memory, mut vcpus) = (0, 0);
    for fit in [Use::Demo, Use::OneEditor, Use::BusySite] {
        let enough = |size: &&Size| size.memory_mib >= memory && size.vcpus >= vcpus;
        let Some(size) = sizes.iter().filter(enough).min_by(order) else {
            break;
        };
        found.push((size.id.as_str(), fit));
        (memory, vcpus) = (size.memory_mib.saturating_mul(2), size.vcpus);
    }
    found
}

#[cfg(test)]
#[path = "choices_tests.rs"]
mod tests;
