//! A recipe whose server says whatever a script prints, to measure with.

use std::path::Path;

const RECIPE: &str = r#"
id = "chatter"
title = "Chatter"
summary = "Prints lines, to measure with"
version = "1"
worlds = ["practice"]
[base]
family = "practice-windows"
disk_gib = 30
minimum_disk_gib = 20
[site]
scheme = "http"
port = 80
path = "/"
[[steps]]
id = "server"
title = "Install the web server"
kind = "run"
program = "slipway-practice-machine"
args = ["tool", "web-server", "--port", "${machine.site_port}"]
[[steps]]
id = "chatter"
title = "Chatter"
needs = ["server"]
kind = "run"
program = "sh"
args = ["-c", "SCRIPT"]
"#;

/// Puts the recipe “chatter” among those of a data folder. The script stands in one line, with no double quotes.
pub fn write(data: &Path, script: &str) {
    let recipes = data.join("recipes");
    std::fs::create_dir_all(&recipes).expect("a folder for recipes");
    std::fs::write(recipes.join("chatter.toml"), RECIPE.replace("SCRIPT", script)).expect("a recipe");
}
