//! Where a launch's site and its administration are. Worked out anew each time, because a stop changes the address.
//!
//! INVARIANT: scheme, port, path and login are those of the plan, and the host is the one that the cloud tells. What the
//! server says of itself decides none of them: it only ends the install.

use std::net::IpAddr;

use slipway_protocol::Outcome;
use slipway_protocol::message::{Admin, Site};
use url::Url;

use crate::cloud::{Endpoints, Instance};
use crate::launch::Launch;

/// The port of a site whose machine has ports of its own, as in Practice, is the machine's.
const USUAL_PORT: u16 = 80;

/// The site's address; `None` until the install has ended well and the instance has an address.
pub fn url(launch: &Launch, instance: Option<&Instance>) -> Option<String> {
    let site = &launch.spec.plan.site;
    page(launch, instance, &site.path)
}

/// Where to log in to the site's administration, and who as.
pub fn admin(launch: &Launch, instance: Option<&Instance>) -> Option<(String, Admin)> {
    let admin = launch.spec.plan.admin.clone()?;
    Some((page(launch, instance, &admin.path)?, admin))
}

fn page(launch: &Launch, instance: Option<&Instance>, path: &str) -> Option<String> {
    let ended_well = matches!(launch.facts.outcome, Some(Outcome::Succeeded { .. }));
    let endpoints = instance?.endpoints.as_ref().filter(|_| ended_well)?;
    address(&launch.spec.plan.site, endpoints, path)
}

/// A page of the site at the instance's address; `None` where scheme or host are none of a website's. A path that leads
/// off the site is that of its first page.
fn address(site: &Site, at: &Endpoints, path: &str) -> Option<String> {
    let home = home(site, at)?;
    let page = home.join(path).ok().filter(|page| page.origin() == home.origin());
    Some(page.filter(|page| !has_login(page)).unwrap_or(home).into())
}

fn home(site: &Site, at: &Endpoints) -> Option<Url> {
    let port = if site.scheme == "http" && at.site != USUAL_PORT {
        at.site
    } else {
        site.port
    };
    let home = match site.scheme.as_str() {
        "http" => "http://host/",
        "https" => "https://host/",
        _ => return None,
    };
    let mut home = Url::parse(home).ok()?;
    match at.host.parse::<IpAddr>() {
        Ok(address) => home.set_ip_host(address).ok()?,
        Err(_) => home.set_host(Some(&at.host)).ok()?,
    }
    home.set_port(Some(port)).ok()?;
    Some(home)
}

/// A browser would send what stands before an `@` as a login.
fn has_login(page: &Url) -> bool {
    !page.username().is_empty() || page.password().is_some()
}

#[cfg(test)]
#[path = "site_tests.rs"]
mod tests;
