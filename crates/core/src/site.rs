//! Where a launch's site and its administration are. Worked out anew each time, because a stop changes the address.

use slipway_protocol::Outcome;
use slipway_protocol::message::{Admin, Site};

use crate::cloud::Instance;
use crate::launch::Launch;

/// The site's address; `None` until the install has ended well and the instance has an address.
pub fn url(launch: &Launch, instance: Option<&Instance>) -> Option<String> {
    let (site, _) = ended_well(launch)?;
    Some(join(site, &instance?.endpoints.as_ref()?.host, &site.path))
}

/// Where to log in to the site's administration, and who as.
pub fn admin(launch: &Launch, instance: Option<&Instance>) -> Option<(String, Admin)> {
    let (site, admin) = ended_well(launch)?;
    let admin = admin?;
    Some((
        join(site, &instance?.endpoints.as_ref()?.host, &admin.path),
        admin.clone(),
    ))
}

fn ended_well(launch: &Launch) -> Option<(&Site, Option<&Admin>)> {
    match launch.facts.outcome.as_ref()? {
        Outcome::Succeeded { site, admin } => Some((site, admin.as_ref())),
        Outcome::Failed { .. } => None,
    }
}

fn join(site: &Site, host: &str, path: &str) -> String {
    let usual = matches!((site.scheme.as_str(), site.port), ("http", 80) | ("https", 443));
    let port = if usual {
        String::new()
    } else {
        format!(":{}", site.port)
    };
    format!("{}://{host}{port}{path}", site.scheme)
}
