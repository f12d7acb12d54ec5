//! What a launch will make and cost, as its user reads it before saying yes.

use slipway_core::addresses::site_visitors;
use slipway_core::view::PreviewView;

use super::clean;
use super::style::Style;
use super::words;

/// One line a fact.
pub fn lines(preview: &PreviewView, style: Style) -> Vec<String> {
    let field = |label: &str, value: String| format!("  {:<16}{}", label, clean::line(&value));
    let mut lines = vec![format!(
        "{} will be launched:",
        style.bold(clean::line(&preview.name))
    )];
    lines.push(field("Profile", profile(preview)));
    lines.push(field("Region", region(preview)));
    lines.push(field("Recipe", preview.recipe.clone()));
    lines.push(match &preview.image {
        Some(image) => field("Image", image.clone()),
        None => field("Windows", preview.windows.clone()),
    });
    lines.push(field("Size", size(preview)));
    lines.push(field("Disk", format!("{} GiB", preview.disk_gib)));
    lines.extend(preview.network.clone().map(|network| field("Network", network)));
    lines.push(field("Price", price(preview)));
    if !preview.practice {
        lines.push(field("Remote Desktop", remote_desktop(preview)));
        let visitors = site_visitors(preview.public_site, &preview.allowed_from);
        lines.push(field("Site", visitors.to_owned()));
    }
    let hours = preview.stop_after_minutes.map(|minutes| minutes / 60);
    lines.extend(hours.map(|hours| field("Stops itself", format!("after {hours} h"))));
    lines
}

/// What is asked before it is launched; ends in a question mark.
pub fn question(preview: &PreviewView) -> String {
    format!(
        "launch {} on {} in {} for {}",
        preview.name,
        preview.size,
        preview.region,
        words::price(preview.usd_per_hour, "an hour")
    )
}

fn profile(preview: &PreviewView) -> String {
    match &preview.account {
        _ if preview.practice => format!("{}, on this computer", preview.profile),
        Some(account) => format!("{}, account {account}", preview.profile),
        None => format!("{}, account not known now", preview.profile),
    }
}

fn region(preview: &PreviewView) -> String {
    if preview.region_title == preview.region || preview.region_title.is_empty() {
        return preview.region.clone();
    }
    format!("{}, {}", preview.region, preview.region_title)
}

fn size(preview: &PreviewView) -> String {
    let memory = f64::from(preview.memory_mib) / 1024.0;
    format!("{}, {} vCPU, {memory} GiB", preview.size, preview.vcpus)
}

fn price(preview: &PreviewView) -> String {
    if preview.practice {
        return "nothing".to_owned();
    }
    match (preview.usd_per_hour, preview.usd_per_month) {
        (Some(hour), Some(month)) => format!(
            "{}, {} while it runs, with disk and public address; traffic comes on top",
            words::price(Some(hour), "an hour"),
            words::price(Some(month), "a month")
        ),
        _ => "unknown: AWS did not tell it".to_owned(),
    }
}

fn remote_desktop(preview: &PreviewView) -> String {
    if preview.allowed_from.is_empty() {
        return "this computer's address, which is not known now".to_owned();
    }
    format!("from {} only", preview.allowed_from.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_ec2() -> PreviewView {
        PreviewView {
            name: "demo".into(),
            profile: "client".into(),
            account: Some("123456789012".into()),
            region: "eu-central-1".into(),
            region_title: "Frankfurt".into(),
            recipe: "Windows web server".into(),
            windows: "Windows Server 2022".into(),
            image: None,
            size: "t3.medium".into(),
            vcpus: 2,
            memory_mib: 4096,
            disk_gib: 50,
            network: None,
            usd_per_hour: Some(0.0717),
            usd_per_month: Some(52.341),
            allowed_from: vec!["203.0.113.7/32".into()],
            public_site: true,
            stop_after_minutes: Some(480),
            practice: false,
        }
    }

    fn shown(preview: &PreviewView) -> String {
        lines(preview, Style { colour: false }).join("\n")
    }

    #[test]
    fn account_place_size_price_and_who_gets_in_are_told() {
        let shown = shown(&on_ec2());
        for told in [
            "client, account 123456789012",
            "eu-central-1, Frankfurt",
            "t3.medium, 2 vCPU, 4 GiB",
            "50 GiB",
            "Windows Server 2022",
            "0.0717 USD an hour, 52.34 USD a month",
            "from 203.0.113.7/32 only",
            "open to everybody",
            "after 8 h",
        ] {
            assert!(shown.contains(told), "{told}: {shown}");
        }
        let question = question(&on_ec2());
        assert_eq!(
            question,
            "launch demo on t3.medium in eu-central-1 for 0.0717 USD an hour"
        );
    }

    #[test]
    fn what_is_not_known_is_said_to_be_unknown() {
        let unknown = PreviewView {
            account: None,
            usd_per_hour: None,
            usd_per_month: None,
            allowed_from: Vec::new(),
            ..on_ec2()
        };
        let shown = shown(&unknown);
        assert!(shown.contains("unknown: AWS did not tell it"), "{shown}");
        assert!(shown.contains("account not known now"), "{shown}");
        assert!(shown.contains("which is not known now"), "{shown}");
    }
}
