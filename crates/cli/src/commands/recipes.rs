//! `slipway recipes`: list, show, check.

use std::path::Path;

use serde::Serialize;
use slipway_core::error::{Error, ErrorKind};
use slipway_core::files;
use slipway_core::recipe::{self, Input, Recipe, Start, World};

use crate::args::RecipesAct;
use crate::context::Context;
use crate::failure::{End, Result};
use crate::output::table::{text, whole};
use crate::output::text::{duration, wrap};
use crate::output::{Output, clean};

/// A recipe as a JSON line.
#[derive(Serialize)]
struct Shown<'a> {
    id: &'a str,
    title: &'a str,
    summary: &'a str,
    version: &'a str,
    worlds: &'a [World],
    usual_seconds: u32,
    inputs: &'a [Input],
    steps: Vec<StepShown<'a>>,
}

#[derive(Serialize)]
struct StepShown<'a> {
    id: &'a str,
    title: &'a str,
    needs: &'a [String],
}

/// A problem in a recipe file as a JSON line.
#[derive(Serialize)]
struct ProblemShown<'a> {
    file: &'a str,
    line: usize,
    reason: &'a str,
}

/// What a check found, as the last JSON line.
#[derive(Serialize)]
struct Checked<'a> {
    file: &'a str,
    problems: usize,
    /// On Practice its steps run as programs on this computer.
    runs_on_this_computer: bool,
}

/// A check reads a recipe; it can't tell what its programs are up to.
const RUNS_HERE: &str = "On Practice its steps run as programs on this computer, with all the rights that you have here. \
     Read what they do before you launch it.";

pub fn run(context: &Context, act: Option<&RecipesAct>) -> Result<End> {
    match act {
        None | Some(RecipesAct::List) => list(context),
        Some(RecipesAct::Show { id }) => show(context.output, context.engine().library().find(id)?),
        Some(RecipesAct::Check { file }) => check(context.output, file),
    }
}

fn list(context: &Context) -> Result<End> {
    let library = context.engine().library();
    let recipes: Vec<Shown<'_>> = library.recipes().iter().map(shape).collect();
    let row = |recipe: &Shown<'_>| {
        let usual = duration(i64::from(recipe.usual_seconds) * 1000);
        vec![
            recipe.id.to_owned(),
            recipe.title.to_owned(),
            places(recipe.worlds),
            usual,
            recipe.summary.to_owned(),
        ]
    };
    context.output.list(
        "recipe",
        &recipes,
        &[
            whole("RECIPE"),
            text("TITLE"),
            whole("WHERE"),
            whole("USUALLY"),
            text("WHAT YOU GET"),
        ],
        row,
    )?;
    library
        .broken()
        .iter()
        .for_each(|error| context.output.error(error));
    Ok(End::Done)
}

fn places(worlds: &[World]) -> String {
    let name = |world: &World| match world {
        World::Practice => "practice",
        World::Ec2 => "EC2",
    };
    worlds.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn show(output: Output, recipe: &Recipe) -> Result<End> {
    output.json("recipe", &shape(recipe))?;
    let style = output.style;
    output.line(format!(
        "{}  {}",
        style.bold(clean::line(&recipe.title)),
        style.dim(clean::line(&recipe.version))
    ))?;
    for line in wrap(&clean::line(&recipe.summary), output.width() - 1) {
        output.line(line)?;
    }
    output.line(format!("\n{}", style.dim("Inputs, given as --set KEY=VALUE")))?;
    for input in &recipe.inputs {
        output.line(format!("  {}", clean::line(&describe(input))))?;
    }
    let schedule = recipe.schedule(Start::Fresh);
    let total = duration(i64::from(schedule.total_seconds) * 1000);
    output.line(format!(
        "\n{}",
        style.dim(format!("Steps, usually {total} together"))
    ))?;
    for bar in &schedule.bars {
        let usual = duration(i64::from(bar.end - bar.start) * 1000);
        output.line(format!(
            "  {}  {} ({usual})",
            clean::line(&bar.step),
            clean::line(&bar.title)
        ))?;
    }
    Ok(End::Done)
}

/// Checks a file without using it; says every problem with its line.
pub fn check(output: Output, file: &Path) -> Result<End> {
    let name = file.display().to_string();
    let text = files::read_text(file, recipe::MAX_BYTES as u64).map_err(|error| Error {
        kind: ErrorKind::Input,
        ..recipe::unreadable(file, &error)
    })?;
    let problems = recipe::check(&text);
    for problem in &problems {
        output.json(
            "problem",
            &ProblemShown {
                file: &name,
                line: problem.line,
                reason: &problem.reason,
            },
        )?;
        let reason = clean::line(&problem.reason);
        output.line(format!("{}:{}: {reason}", clean::line(&name), problem.line))?;
    }
    let worlds = Recipe::parse(&text, &name).map_or_else(|_| Vec::new(), |recipe| recipe.worlds);
    let runs_on_this_computer = worlds.contains(&World::Practice);
    output.json(
        "checked",
        &Checked {
            file: &name,
            problems: problems.len(),
            runs_on_this_computer,
        },
    )?;
    if !problems.is_empty() {
        return Ok(End::WrongInput);
    }
    output.line(format!(
        "{} {} has no mistakes.",
        output.style.good("✓"),
        clean::line(&name)
    ))?;
    if runs_on_this_computer {
        output.line(RUNS_HERE)?;
    }
    Ok(End::Done)
}

fn shape(recipe: &Recipe) -> Shown<'_> {
    let steps = recipe.steps.iter().map(|step| &step.step);
    Shown {
        id: &recipe.id,
        title: &recipe.title,
        summary: &recipe.summary,
        version: &recipe.version,
        worlds: &recipe.worlds,
        usual_seconds: recipe.schedule(Start::Fresh).total_seconds,
        inputs: &recipe.inputs,
        steps: steps
            .map(|step| StepShown {
                id: &step.id,
                title: &step.title,
                needs: &step.needs,
            })
            .collect(),
    }
}

fn describe(input: &Input) -> String {
    let default = input.default.as_deref().filter(|value| !value.is_empty());
    let need = match (default, input.required) {
        (Some(value), _) => format!(" [{value}]"),
        (None, true) => " (needed)".to_owned(),
        (None, false) => String::new(),
    };
    let options = if input.options.is_empty() {
        String::new()
    } else {
        format!(": {}", input.options.join(", "))
    };
    let help = if input.help.is_empty() {
        String::new()
    } else {
        format!(". {}", input.help)
    };
    format!("{}{need}  {}{options}{help}", input.id, input.label)
}
