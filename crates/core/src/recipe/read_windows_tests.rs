use std::collections::BTreeMap;

use slipway_protocol::plan::Action;
use slipway_protocol::template;

use crate::recipe::{Recipe, RecipeStep, check};

/// A good recipe whose only step says this.
fn with(step: &str) -> String {
    let good = include_str!("../../tests/recipes/good-small.toml");
    let (head, rest) = good.split_once("kind = ").unwrap();
    let (_, tail) = rest.split_once("[base]").unwrap();
    format!("{head}{step}\n[base]{tail}")
}

fn step(text: &str) -> RecipeStep {
    let recipe = Recipe::parse(&with(text), "windows.toml").unwrap();
    recipe.steps.into_iter().next().unwrap()
}

/// Program, arguments, environment, codes of success, codes that ask for a restart.
type Run = (String, Vec<String>, BTreeMap<String, String>, Vec<i32>, Vec<i32>);

fn run(text: &str) -> Run {
    match step(text).step.action {
        Action::Run {
            program,
            args,
            env,
            success_codes,
            restart_codes,
            ..
        } => (program, args, env, success_codes, restart_codes),
        other => panic!("{other:?}"),
    }
}

fn problems(text: &str) -> Vec<String> {
    let problems = check(&with(text));
    problems.iter().map(|problem| format!("{problem:?}")).collect()
}

#[test]
fn a_script_reaches_powershell_as_it_was_written() {
    let script = "Write-Output \"${env:TITLE} and ${name}\"\nif ($x -eq 'y') { exit 3010 }";
    let (program, args, env, success, restart) = run(&format!(
        "kind = \"powershell\"\nscript = '''\n{script}'''\nenv = {{ PORT = \"${{machine.site_port}}\" }}"
    ));
    assert_eq!(program, "powershell.exe");
    assert!(args.iter().all(|arg| !arg.contains("Write-Output")), "{args:?}");
    let filled = template::expand(&env["SLIPWAY_SCRIPT"], |_, _| None).unwrap();
    assert_eq!(filled, script);
    assert_eq!(env["PORT"], "${machine.site_port}");
    assert_eq!((success, restart), (vec![0], vec![3010, 1641]));
}

#[test]
fn an_msi_is_installed_silently_and_alone() {
    let text = "kind = \"installer\"\nfile = \"${machine.work}/Db.MSI\"\nargs = [\"ADDLOCAL=all\"]\nsuccess_codes = [0, 1638]";
    let (program, args, _, success, restart) = run(text);
    assert_eq!(program, "msiexec.exe");
    assert_eq!(
        args,
        [
            "/i",
            "${machine.work}/Db.MSI",
            "/qn",
            "/norestart",
            "ADDLOCAL=all"
        ]
    );
    assert_eq!((success, restart), (vec![0, 1638], vec![3010, 1641]));
    assert_eq!(step(text).step.resource.as_deref(), Some("msi"));
    let own = format!("resource = \"sql\"\n{text}");
    assert_eq!(step(&own).step.resource.as_deref(), Some("sql"));
}

#[test]
fn installers_wait_for_each_other_and_for_a_restart_that_is_due() {
    let waits = |text: &str| match step(text).step.action {
        Action::Run {
            busy_codes,
            restart_first_codes,
            ..
        } => (busy_codes, restart_first_codes),
        other => panic!("{other:?}"),
    };
    for usual in [
        "kind = \"installer\"\nfile = \"a.msi\"",
        "kind = \"installer\"\nfile = \"a.exe\"",
        "kind = \"powershell\"\nscript = \"x\"",
        "kind = \"windows_features\"\nnames = [\"Web-Server\"]",
    ] {
        assert_eq!(waits(usual), (vec![1618], vec![350]), "{usual}");
    }
    let own = "kind = \"installer\"\nfile = \"a.exe\"\nbusy_codes = [5, 1618]\nrestart_first_codes = [3011]";
    assert_eq!(waits(own), (vec![5, 1618], vec![3011]));
    assert_eq!(waits("kind = \"run\"\nprogram = \"x\""), (vec![], vec![]));
    let (_, _, env, ..) = run("kind = \"windows_features\"\nnames = [\"Web-Server\"]");
    assert!(env["SLIPWAY_SCRIPT"].contains("{ exit 350 }"));
}

#[test]
fn a_setup_program_is_run_with_its_own_words() {
    let (program, args, ..) = run("kind = \"installer\"\nfile = 'C:\\x\\setup.exe'\nargs = [\"/quiet\"]");
    assert_eq!(
        (program.as_str(), args),
        ("C:\\x\\setup.exe", vec!["/quiet".to_owned()])
    );
    assert!(problems("kind = \"installer\"\nfile = \"setup.zip\"")[0].contains(".msi or .exe"));
}

#[test]
fn features_are_changed_one_step_at_a_time() {
    let text = "kind = \"windows_features\"\nnames = [\"Web-Server\", \"Web-Asp-Net45\"]";
    let (_, _, env, _, restart) = run(text);
    assert_eq!(env["SLIPWAY_NAMES"], "Web-Server,Web-Asp-Net45");
    assert!(env["SLIPWAY_SCRIPT"].contains("Install-WindowsFeature"));
    assert_eq!(restart, [3010, 1641]);
    assert_eq!(step(text).step.resource.as_deref(), Some("windows_features"));
    assert!(!problems("kind = \"windows_features\"").is_empty());
    assert!(!problems("kind = \"windows_features\"\nnames = [\"a,b\"]").is_empty());
}

#[test]
fn ports_and_services_are_values_and_never_script() {
    let (_, _, env, ..) = run("kind = \"firewall\"\nports = [80, 443]");
    assert_eq!(env["SLIPWAY_PORTS"], "80,443");
    let (_, _, env, ..) =
        run("kind = \"service\"\nname = \"W3SVC\"\nstate = \"running\"\nstart = \"automatic\"");
    assert_eq!(env["SLIPWAY_NAME"], "W3SVC");
    let lines: Vec<&str> = env["SLIPWAY_SCRIPT"].lines().collect();
    assert!(
        lines[0].starts_with("Set-Service") && lines[1].starts_with("Start-Service"),
        "{lines:?}"
    );
    assert!(!problems("kind = \"firewall\"\nports = [0]").is_empty());
    assert!(!problems("kind = \"service\"\nname = \"W3SVC\"").is_empty());
    assert!(!problems("kind = \"service\"\nname = \"x; rm\"\nstate = \"running\"").is_empty());
    assert!(!problems("kind = \"service\"\nname = \"x\"\nstate = \"paused\"").is_empty());
}
