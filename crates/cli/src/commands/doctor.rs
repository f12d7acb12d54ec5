//! `slipway doctor`: what would keep a launch from going well, and `slipway policy`: what an AWS user must be allowed.

use serde::Serialize;
use slipway_core::cloud::Verdict;
use slipway_core::view::FindingView;
use slipway_core::view::choice::Draft;

use crate::args::Doctor;
use crate::context::Context;
use crate::failure::{End, Result, wrong_use};
use crate::output::text::wrap;
use crate::output::{Output, clean};

pub async fn run(context: &Context, asked: Doctor) -> Result<End> {
    context.tell_of_broken_recipes();
    not_empty("name", asked.name.as_deref())?;
    not_empty("recipe", asked.recipe.as_deref())?;
    not_empty("size", asked.size.as_deref())?;
    let draft = Draft {
        name: asked.name.unwrap_or_default(),
        recipe: asked.recipe.unwrap_or_default(),
        family: asked.windows,
        size: asked.size.unwrap_or_default(),
        network: asked.network,
        region: context.checked_region().await?.unwrap_or_default().to_owned(),
        ..Draft::default()
    };
    let found = context.engine().doctor(&context.profile, &draft).await?;
    for finding in &found.findings {
        context.output.json("finding", finding)?;
        show(context.output, finding)?;
    }
    let blocked = found
        .findings
        .iter()
        .any(|finding| finding.verdict == Verdict::Blocking);
    Ok(if blocked { End::Failed } else { End::Done })
}

/// An empty answer would be none, and something else would be checked.
fn not_empty(field: &str, given: Option<&str>) -> Result<()> {
    if given == Some("") {
        return Err(wrong_use(
            format!("The {field} is empty."),
            "Give it, or leave the option out.",
        ));
    }
    Ok(())
}

fn show(output: Output, finding: &FindingView) -> Result<()> {
    let style = output.style;
    let mark = match finding.verdict {
        Verdict::Good => style.good("✓"),
        Verdict::Unknown => style.dim("?"),
        Verdict::Warning => style.warn("!"),
        Verdict::Blocking => style.bad("✗"),
    };
    output.line(format!(
        "{mark} {}: {}",
        clean::line(&finding.about),
        clean::line(&finding.text)
    ))?;
    if finding.fix.is_empty() {
        return Ok(());
    }
    for line in wrap(&clean::line(&finding.fix), output.width().saturating_sub(3)) {
        output.line(format!("  {}", style.dim(line)))?;
    }
    Ok(())
}

/// The policy, as a JSON line.
#[derive(Serialize)]
struct Policy {
    policy: serde_json::Value,
}

/// The smallest policy, to paste into the IAM console: JSON on many lines, or with `--json` on one.
pub fn policy(output: Output) -> Result<End> {
    let text = slipway_desktop::profiles::policy_json();
    let policy = serde_json::from_str(&text).map_err(std::io::Error::from)?;
    output.json("policy", &Policy { policy })?;
    output.content(text.as_bytes())?;
    Ok(End::Done)
}
