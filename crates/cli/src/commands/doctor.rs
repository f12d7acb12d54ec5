//! `slipway doctor`: what would keep a launch from going well, and `slipway policy`: what an AWS user must be allowed.

use slipway_core::cloud::Verdict;
use slipway_core::view::FindingView;
use slipway_core::view::choice::Draft;

use crate::args::Doctor;
use crate::context::Context;
use crate::failure::{End, Result};
use crate::output::text::wrap;
use crate::output::{Output, clean};

pub async fn run(context: &Context, asked: Doctor) -> Result<End> {
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

/// The smallest policy, to paste into the IAM console. It is JSON in any case.
pub fn policy() -> Result<End> {
    use std::io::Write;
    std::io::stdout().write_all(slipway_desktop::profiles::policy_json().as_bytes())?;
    Ok(End::Done)
}
