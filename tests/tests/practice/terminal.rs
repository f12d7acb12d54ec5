//! What a terminal, a pipe and a shell are given: whole cells, colours for each stream by itself, commands that can be
//! typed as they stand, help, completions and manual pages.

use std::path::Path;
use std::process::Command;

use slipway_tests::room::{Ran, Room, program};

const LONG: &str = "a-name-of-sixty-three-characters-which-is-the-longest-there-is0";

/// Launched as quickly as can be, and left alone.
fn launch(room: &Room, name: &str) {
    room.done(&["launch", "--recipe", "practice-site", "--name", name]);
}

/// A line of sh with `$slipway` in it.
fn shell(room: &Room, line: &str, environment: &[(&str, &str)]) -> Ran {
    let slipway = room.command(&[]);
    let mut command = Command::new("sh");
    command.args(["-c", line]).current_dir(room.path());
    command.envs(
        slipway
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    command
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS")
        .env("TERM", "xterm");
    command
        .env("slipway", program("slipway"))
        .envs(environment.iter().copied());
    command.output().unwrap().into()
}

/// The same on a terminal that is `columns` wide; what it shows.
#[cfg(target_os = "linux")]
fn on_a_terminal(room: &Room, line: &str, columns: u32, environment: &[(&str, &str)]) -> String {
    let line = format!("stty cols {columns} rows 50; {line}");
    let typed = format!(
        "script -qec '{}' /dev/null < /dev/null",
        line.replace('\'', r"'\''")
    );
    shell(room, &typed, environment).out
}

#[test]
fn a_pipe_gets_whole_cells_and_columns_count_where_they_are_set() {
    let room = Room::new();
    launch(&room, LONG);
    let site = room.done(&["access", LONG, "--json"]).last()["site_url"].clone();
    let site = site.as_str().unwrap();
    let wide = shell(&room, "$slipway servers", &[]).out;
    let row = wide.lines().find(|line| line.contains(LONG)).unwrap();
    for cell in [site, "Practice site", "practice.medium", "ready", "nothing"] {
        assert!(row.contains(cell), "{cell}: {wide}");
    }
    let narrow = shell(&room, "$slipway servers", &[("COLUMNS", "40")]).out;
    for cell in [LONG, site, "Practice site", "practice.medium", "ready"] {
        assert!(narrow.contains(cell), "{cell}: {narrow}");
    }
    let too_long = |line: &&str| line.chars().count() > 40 && !line.contains(LONG) && !line.contains(site);
    assert_eq!(narrow.lines().find(too_long), None, "{narrow}");
    assert!(!wide.contains('…') && !narrow.contains('…'));
    for odd in ["0", "-3", "x", ""] {
        assert_eq!(
            shell(&room, "$slipway servers", &[("COLUMNS", odd)])
                .out
                .lines()
                .count(),
            2
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn colours_are_decided_for_each_stream_by_itself() {
    let room = Room::new();
    let both = "$slipway recipes; $slipway watch nobody";
    let shown = on_a_terminal(&room, both, 100, &[]);
    assert!(shown.contains("\x1b[31m✗"), "{shown:?}");
    let error = on_a_terminal(&room, "$slipway watch nobody 2> error; cat error", 100, &[]);
    assert!(error.contains("nobody") && !error.contains('\x1b'), "{error:?}");
    let list = "$slipway recipes > list; cat list; $slipway watch nobody";
    let shown = on_a_terminal(&room, list, 100, &[]);
    let (list, error) = shown.split_once('✗').unwrap();
    assert!(!list.trim_end_matches("\x1b[31m").contains('\x1b'), "{list:?}");
    assert!(error.contains("\x1b[0m"), "{error:?}");
    for quiet in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let shown = on_a_terminal(&room, both, 100, &[quiet]);
        assert!(
            shown.contains("nobody") && !shown.contains('\x1b'),
            "{quiet:?}: {shown:?}"
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_narrow_terminal_cuts_no_address() {
    let room = Room::new();
    launch(&room, "demo");
    let site = room.done(&["access", "demo", "--json"]).last()["site_url"].clone();
    for columns in [40, 80, 120] {
        let shown = on_a_terminal(&room, "$slipway servers", columns, &[("NO_COLOR", "1")]);
        assert!(shown.contains(site.as_str().unwrap()), "{columns}: {shown}");
    }
}

#[test]
fn text_may_begin_with_a_hyphen_and_what_is_suggested_can_be_typed_as_it_stands() {
    let room = Room::new();
    launch(&room, "demo");
    let (name, description) = ("it's (a) [test]", "- first; \"x\"");
    let made = room.done(&[
        "image",
        "create",
        "demo",
        "--name",
        name,
        "--description",
        description,
        "--wait",
    ]);
    let images = room.done(&["image", "list", "--json"]).json();
    assert_eq!(
        (images[0]["name"].as_str(), images[0]["description"].as_str()),
        (Some(name), Some(description))
    );
    let suggested = made
        .out
        .lines()
        .find(|line| line.contains("slipway launch"))
        .unwrap();
    let typed = suggested
        .trim()
        .replace("slipway launch", "$slipway launch")
        .replace("NAME", "copy");
    let launched = shell(&room, &typed, &[]);
    assert_eq!(launched.status, 0, "{typed}\n{}{}", launched.out, launched.err);
    room.done(&["image", "delete", name, "--yes"]);
    let titled = room.done(&[
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "b",
        "--set",
        "title=- x",
    ]);
    assert!(titled.out.contains("b is ready"), "{}", titled.out);
    assert_eq!(room.run(&["log", "b", "--search", "- x"]).status, 0);
    for field in [&["--name", "-x"][..], &["--name", "c", "--set", "-x=1"]] {
        let refused = room.run(&[&["launch", "--recipe", "practice-site"][..], field].concat());
        assert_eq!(refused.status, 2, "{}", refused.err);
        assert!(
            refused.err.contains("-x") && !refused.err.contains("unexpected argument"),
            "{}",
            refused.err
        );
    }
}

#[test]
fn help_is_printed_when_nothing_or_help_is_typed_and_shows_own_options_first() {
    let room = Room::new();
    for typed in [&[][..], &["help"], &["--help"]] {
        let help = room.done(typed);
        assert!(
            help.out.contains("Usage: slipway") && help.err.is_empty(),
            "{typed:?}: {}",
            help.out
        );
    }
    for typed in [&["help", "launch"][..], &["launch", "--help"]] {
        let help = room.done(typed).out;
        let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("{text}: {help}"));
        assert!(
            at("--recipe") < at("--detach") && at("--detach") < at("--profile"),
            "{help}"
        );
    }
    let forgotten = room.run(&["--json"]);
    assert_eq!((forgotten.status, forgotten.err.as_str()), (2, ""));
    assert_eq!(forgotten.last()["type"], "error");
}

#[test]
fn completions_and_manual_pages_are_made_of_what_can_be_typed() {
    let room = Room::new();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = room.done(&["completions", shell]).out;
        for word in ["terminate", "stop-after", "completions"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        check_syntax(&room, shell, &script);
        let line = room.done(&["completions", shell, "--json"]).last();
        assert_eq!(line["script"], script);
    }
    assert_eq!(room.run(&["completions", "tcsh"]).status, 2);
    room.done(&["man", "pages"]);
    let page = |name: &str| std::fs::read_to_string(room.path().join("pages").join(name)).unwrap();
    assert!(
        page("slipway.1").contains("slipway\\-launch(1)"),
        "{}",
        page("slipway.1")
    );
    assert!(page("slipway-launch.1").contains("\\-\\-stop\\-after"));
    assert!(page("slipway-image-create.1").contains("\\-\\-description"));
}

/// By the shell itself, where it is here.
fn check_syntax(room: &Room, shell: &str, script: &str) {
    let file = room.path().join(format!("completions.{shell}"));
    std::fs::write(&file, script).unwrap();
    let checked = match shell {
        "powershell" => return,
        _ => Command::new(shell).arg("-n").arg(&file).output(),
    };
    match checked {
        Ok(ran) => assert!(
            ran.status.success(),
            "{shell}: {}",
            String::from_utf8_lossy(&ran.stderr)
        ),
        Err(missing) => assert_ne!(shell, "bash", "{missing}"),
    }
}

#[test]
fn an_rdp_file_goes_where_its_user_wants_it() {
    let room = Room::new();
    launch(&room, "demo");
    let printed = room.done(&["access", "demo", "--rdp", "-"]);
    assert!(
        printed.out.starts_with("full address:s:127.0.0.1:"),
        "{}",
        printed.out
    );
    assert!(!Path::new(&room.path().join("-")).exists());
    let with_json = room.run(&["access", "demo", "--rdp", "-", "--json"]);
    assert_eq!(with_json.status, 2, "{}", with_json.out);
    let missing = room.run(&["access", "demo", "--rdp", "no/such/demo.rdp"]);
    assert_eq!(missing.status, 2, "{}", missing.err);
    assert!(
        missing.err.contains("There is no folder no/such"),
        "{}",
        missing.err
    );
    let folder = room.run(&["access", "demo", "--rdp", "data"]);
    assert!(folder.err.contains("is a folder"), "{}", folder.err);
    #[cfg(unix)]
    {
        std::fs::write(room.path().join("kept.rdp"), "old").unwrap();
        std::os::unix::fs::symlink("kept.rdp", room.path().join("link.rdp")).unwrap();
        room.done(&["access", "demo", "--rdp", "link.rdp"]);
        assert!(room.path().join("link.rdp").is_symlink());
        assert_eq!(
            std::fs::read_to_string(room.path().join("kept.rdp")).unwrap(),
            printed.out
        );
    }
}

#[test]
fn the_log_of_a_terminated_server_is_found_by_its_name() {
    let room = Room::new();
    launch(&room, "gone");
    let before = room.done(&["log", "gone"]).out;
    room.done(&["terminate", "gone", "--yes"]);
    assert!(room.done(&["servers"]).out.contains("No servers"));
    let all = room.done(&["servers", "--all", "--json"]).last();
    assert_eq!(
        (all["name"].as_str(), all["status"].as_str()),
        (Some("gone"), Some("terminated"))
    );
    let listed = room.done(&["servers", "--all"]).out;
    assert!(listed.contains(all["id"].as_str().unwrap()), "{listed}");
    let after = room.done(&["log", "gone"]).out;
    assert!(after.starts_with(&before), "{after}");
    assert_eq!(
        room.run(&["stop", "gone"]).status,
        2,
        "a name is free again for everything else"
    );
}

#[test]
fn a_broken_recipe_file_is_told_where_something_is_launched() {
    let room = Room::new();
    let recipes = room.data().join("recipes");
    std::fs::create_dir_all(&recipes).unwrap();
    std::fs::write(recipes.join("mine.toml"), "id = \"mine\"\ntitle = 7\n").unwrap();
    let unknown = room.run(&["launch", "--recipe", "mine", "--name", "demo"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.err.contains("mine.toml, line 1: "), "{}", unknown.err);
    let launched = room.done(&["launch", "--recipe", "practice-site", "--name", "demo"]);
    assert!(
        launched.err.contains("A recipe is left out.") && launched.err.contains("mine.toml"),
        "{}",
        launched.err
    );
}

#[test]
fn a_launch_says_what_it_makes_and_the_checks_refuse_what_it_would() {
    let room = Room::new();
    let launched = room
        .done(&["launch", "--recipe", "practice-site", "--name", "demo"])
        .out;
    let head: Vec<&str> = launched.lines().take(9).collect();
    for told in [
        "practice.medium, 2 vCPU, 4 GiB",
        "30 GiB",
        "Practice Windows",
        "nothing",
    ] {
        assert!(head.iter().any(|line| line.contains(told)), "{told}: {launched}");
    }
    let server = room.done(&["servers", "--json"]).last();
    assert_eq!(server["size"], "practice.medium", "the one that is recommended");
    let offer = room.done(&["offer"]).out;
    for told in [
        "practice.small",
        "smallest",
        "recommended",
        "larger",
        "slipway offer --all",
    ] {
        assert!(offer.contains(told), "{told}: {offer}");
    }
    for (act, asked) in [
        ("launch", ["--size", "t3.nano"]),
        ("launch", ["--recipe", "iis-site"]),
    ] {
        let recipe: &[&str] = if asked[0] == "--recipe" {
            &[]
        } else {
            &["--recipe", "practice-site"]
        };
        let launch = room.run(&[&[act, "--name", "x"][..], recipe, &asked].concat());
        let doctor = room.run(&[&["doctor", "--name", "x"][..], recipe, &asked].concat());
        assert_eq!(
            (launch.status, doctor.status),
            (2, 1),
            "{asked:?}: {}{}",
            launch.err,
            doctor.out
        );
        let sentence = launch.err.lines().next().unwrap().trim_start_matches("✗ ");
        assert!(doctor.out.contains(sentence), "{sentence}: {}", doctor.out);
    }
}

#[test]
fn a_server_that_does_not_stop_itself_or_can_not_be_kept_says_so_and_what_can_be_done() {
    let room = Room::new();
    room.done(&[
        "launch",
        "--recipe",
        "practice-site",
        "--name",
        "timed",
        "--stop-after",
        "9",
    ]);
    let timed = room.run(&["keep", "timed"]);
    assert_eq!(timed.status, 1);
    assert!(
        timed
            .err
            .contains("launched with a stop timer: it stops itself about 20"),
        "{}",
        timed.err
    );
    assert!(
        timed.err.contains("Start it again after it has stopped"),
        "{}",
        timed.err
    );
    let servers = room.done(&["servers"]).out;
    assert!(
        servers.contains("in 8 h") || servers.contains("in 9 h") || servers.contains("min"),
        "{servers}"
    );
    launch(&room, "plain");
    let plain = room.run(&["keep", "plain"]);
    assert!(plain.err.contains("does not stop itself"), "{}", plain.err);
}
