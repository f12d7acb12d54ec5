//! `slipway launch`.

use std::collections::BTreeMap;

use slipway_core::engine::{LaunchRequest, Source};
use slipway_core::error::{Error, ErrorKind};
use slipway_core::names::shown;
use slipway_core::recipe::{Input, InputKind, Recipe, Start};
use slipway_core::secret::Secret;

use crate::args::Launch;
use crate::ask;
use crate::context::Context;
use crate::failure::{End, Result, wrong_use};
use crate::follow::{Until, follow};
use crate::output::preview;

pub async fn run(context: &Context, asked: Launch) -> Result<End> {
    context.tell_of_broken_recipes();
    let administrator_password = chosen_password(&asked)?;
    let mut answers = plain_answers(&asked)?;
    answers.extend(secret_answers(context, &asked, &answers).await?);
    let mut request = LaunchRequest {
        name: asked.name,
        profile: context.profile.clone(),
        region: context.region.clone(),
        source: source(asked.recipe, asked.image)?,
        answers,
        family: asked.windows,
        size: asked.size,
        disk_gib: asked.disk,
        network: asked.network,
        allowed_from: asked.allowed_from,
        public_site: !asked.private_site,
        administrator_password,
        stop_after_minutes: asked.stop_after.map(|hours| hours * 60),
        stop_failed_after_minutes: asked.stop_failed_after.map(|hours| hours * 60),
        run_own_recipe: false,
    };
    request.run_own_recipe = may_run(context, &request).await?;
    if !agreed(context, &request).await? {
        context.output.line("Nothing was launched.")?;
        return Ok(End::Failed);
    }
    let id = context.engine().launch(request).await?;
    follow(context, &id, Until::asked(asked.detach)).await
}

/// Whether an own recipe may run on this computer, as it does on Practice. Where nobody can be asked the launch itself
/// is refused, and says why.
async fn may_run(context: &Context, request: &LaunchRequest) -> Result<bool> {
    match context.engine().asks_before_running(request).await? {
        Some(_) if !context.yes && !ask::somebody() => Ok(false),
        Some(question) => ask::confirm(context.yes, &question),
        None => Ok(true),
    }
}

/// Shows what will be made; whether to make it is asked where it costs money.
async fn agreed(context: &Context, request: &LaunchRequest) -> Result<bool> {
    let preview = context.engine().preview(request).await?;
    context.output.json("preview", &preview)?;
    for line in preview::lines(&preview, context.output.style) {
        context.output.line(line)?;
    }
    if preview.practice {
        return Ok(true);
    }
    ask::confirm(context.yes, &preview::question(&preview))
}

fn source(recipe: Option<String>, image: Option<String>) -> Result<Source> {
    match (recipe, image) {
        (_, Some(image)) => Ok(Source::Image(image)),
        (Some(recipe), None) => Ok(Source::Recipe(recipe)),
        (None, None) => Err(wrong_use(
            "What to launch is missing.",
            "Add --recipe ID or --image IMAGE.",
        )),
    }
}

/// Read first, so that it is the first line whatever else comes from standard input.
fn chosen_password(asked: &Launch) -> Result<Option<Secret<String>>> {
    if !asked.password_stdin {
        return Ok(None);
    }
    let line = ask::line("password")?.filter(|line| !line.expose().is_empty());
    line.map(Some).ok_or_else(|| {
        wrong_use(
            "Standard input holds no password.",
            "Write it as the first line, or leave --password-stdin out.",
        )
    })
}

fn plain_answers(asked: &Launch) -> Result<BTreeMap<String, String>> {
    let mut answers = BTreeMap::new();
    for (key, value) in &asked.answers {
        if answers.insert(key.clone(), value.clone()).is_some() {
            let sentence = format!("The input “{}” is set twice.", shown(key));
            return Err(wrong_use(sentence, "Give each key once."));
        }
    }
    Ok(answers)
}

/// Secret inputs never come as arguments: every process of this computer can read those.
async fn secret_answers(
    context: &Context,
    asked: &Launch,
    plain: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>> {
    let mut given = if asked.secrets_stdin {
        secrets_from_input()?
    } else {
        BTreeMap::new()
    };
    for input in secret_inputs(context, asked).await? {
        if plain.contains_key(&input.id) {
            let sentence = format!(
                "“{}” is a secret, and arguments can be read by other programs.",
                input.label
            );
            return Err(wrong_use(
                sentence,
                "Leave it out to be asked, or use --secrets-stdin.",
            ));
        }
        if given.contains_key(&input.id) {
            continue;
        }
        if ask::somebody() && !asked.secrets_stdin {
            given.insert(input.id.clone(), ask::secret(&input.label)?.expose().clone());
        } else if input.required && input.default.is_none() {
            let hint = format!("Use --secrets-stdin, and write {}=… to standard input.", input.id);
            return Err(wrong_use(
                format!("“{}” is needed, and nobody can be asked.", input.label),
                hint,
            ));
        }
    }
    Ok(given)
}

fn secrets_from_input() -> Result<BTreeMap<String, String>> {
    let mut given = BTreeMap::new();
    while let Some(line) = ask::line("secret input")? {
        let Some((key, value)) = line.expose().split_once('=') else {
            return Err(wrong_use(
                "A line of standard input is not KEY=VALUE.",
                "Write one secret input a line.",
            ));
        };
        given.insert(key.to_owned(), value.to_owned());
    }
    Ok(given)
}

async fn secret_inputs(context: &Context, asked: &Launch) -> Result<Vec<Input>> {
    let library = context.engine().library();
    let secret = |recipe: &Recipe, start| -> Vec<Input> {
        let inputs = recipe.inputs_for(start).into_iter();
        inputs
            .filter(|input| input.kind == InputKind::Secret)
            .cloned()
            .collect()
    };
    match (&asked.recipe, &asked.image) {
        (Some(recipe), _) => Ok(secret(library.find(recipe)?, Start::Fresh)),
        (None, Some(image)) => {
            let image = context.engine().find_image(&context.profile, image).await?;
            let recipe = image.recipe.ok_or_else(|| {
                Error::new(
                    ErrorKind::Input,
                    format!("The image “{}” does not say its recipe.", image.name),
                )
            })?;
            Ok(secret(library.find(&recipe)?, Start::FromImage))
        }
        (None, None) => Ok(Vec::new()),
    }
}
