//! The kinds of steps that only Windows has. Each is written down as a `run` of a program that every Windows Server
//! brings along, so that the agent inside an older image carries them out too.

use std::collections::BTreeMap;

use slipway_protocol::plan::Action;

use super::fields::{Fields, Placed};
use super::read_action::{read_args, read_codes, read_env, required};
use super::scope::Scope;
use crate::names::shown;

/// "The work is done, but a restart is needed" and "… and the installer has begun it": `ERROR_SUCCESS_REBOOT_REQUIRED`
/// and `ERROR_SUCCESS_REBOOT_INITIATED` of Windows.
const RESTART_NEEDED: [i32; 2] = [3010, 1641];
/// "Another installation is at work": `ERROR_INSTALL_ALREADY_RUNNING`.
const BUSY: i32 = 1618;
/// "Nothing was done: the system has to restart first": `ERROR_FAIL_NOACTION_REBOOT`.
const RESTART_FIRST: i32 = 350;
/// The script travels in an environment variable, which holds 32,767 characters.
const LONGEST_SCRIPT: usize = 30_000;
const SCRIPT: &str = "SLIPWAY_SCRIPT";

/// Runs the script of the environment, so that neither quotes nor what a user typed can break out of it. Anything
/// that fails ends it with 1 and the reason as its last words; `exit` gives another code.
const RUNNER: &str = "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue'; \
    [Console]::OutputEncoding = New-Object Text.UTF8Encoding $false; $global:LASTEXITCODE = 0; \
    try { & ([scriptblock]::Create($env:SLIPWAY_SCRIPT)) } \
    catch { [Console]::Error.WriteLine(\"$_\"); exit 1 }; exit $LASTEXITCODE";

const FEATURES: &str =
    "$done = Install-WindowsFeature -Name ($env:SLIPWAY_NAMES -split ',') -IncludeManagementTools \
-ErrorAction SilentlyContinue -ErrorVariable why
if (-not ($done -and $done.Success)) {
if (\"$($done.ExitCode) $why\" -match 'FailedRestartRequired|0x800f082f|restart') { exit 350 }
throw \"Windows did not install the features. $($done.ExitCode) $why\"
}
if (\"$($done.RestartNeeded)\" -eq 'Yes') { exit 3010 }";

const FIREWALL: &str =
    "Get-NetFirewallRule -Name $env:SLIPWAY_NAME -ErrorAction SilentlyContinue | Remove-NetFirewallRule
New-NetFirewallRule -Name $env:SLIPWAY_NAME -DisplayName $env:SLIPWAY_NAME -Direction Inbound -Action Allow \
-Protocol TCP -LocalPort ($env:SLIPWAY_PORTS -split ',') | Out-Null";

const STARTS: [&str; 3] = ["automatic", "manual", "disabled"];
const STATES: [(&str, &str); 3] = [
    ("running", "Start-Service -Name $env:SLIPWAY_NAME"),
    ("stopped", "Stop-Service -Name $env:SLIPWAY_NAME -Force"),
    ("restarted", "Restart-Service -Name $env:SLIPWAY_NAME -Force"),
];

/// The kinds that [`read`] knows.
pub(super) const KINDS: [&str; 5] = [
    "powershell",
    "windows_features",
    "installer",
    "firewall",
    "service",
];

/// Reads the fields of a Windows kind; `None` for another one.
pub(super) fn read<'d>(kind: &str, fields: &mut Fields<'d>, scope: &Scope<'d>) -> Option<Action> {
    Some(match kind {
        "powershell" => powershell(fields, scope),
        "windows_features" => windows_features(fields, scope),
        "installer" => installer(fields, scope),
        "firewall" => firewall(fields),
        "service" => service(fields, scope),
        _ => return None,
    })
}

/// What two steps of this kind must not hold at the same time, where the recipe does not say otherwise.
pub(super) fn resource(kind: &str) -> Option<&'static str> {
    match kind {
        "installer" => Some("msi"),
        "windows_features" => Some("windows_features"),
        _ => None,
    }
}

fn powershell<'d>(fields: &mut Fields<'d>, scope: &Scope<'d>) -> Action {
    if fields.value("script").is_none() {
        fields
            .problems
            .add(&fields.span, format!("{} needs “script”", fields.owner));
    }
    let script = fields.text("script").unwrap_or_else(|| Placed {
        value: String::new(),
        span: fields.span.clone(),
    });
    if script.value.chars().count() > LONGEST_SCRIPT {
        let reason = format!(
            "“script” of {} should have at most {LONGEST_SCRIPT} characters",
            fields.owner
        );
        fields.problems.add(&script.span, reason);
    }
    let mut env = read_env(fields, scope);
    env.insert(SCRIPT.to_owned(), literally(&script.value));
    let codes = Codes::read(fields);
    script_run(env, codes)
}

fn windows_features<'d>(fields: &mut Fields<'d>, scope: &Scope<'d>) -> Action {
    let names = fields.texts("names");
    if names.is_empty() {
        fields
            .problems
            .add(&fields.span, format!("{} needs “names”", fields.owner));
    }
    for name in &names {
        check_name(fields, "names", name, scope);
    }
    let names: Vec<String> = names.into_iter().map(|name| name.value).collect();
    fixed(FEATURES, [("SLIPWAY_NAMES", names.join(","))])
}

fn installer<'d>(fields: &mut Fields<'d>, scope: &Scope<'d>) -> Action {
    let span = fields
        .value("file")
        .map_or(fields.span.clone(), |value| value.span());
    let file = required(fields, "file", scope);
    let own = read_args(fields, scope);
    let lower = file.to_ascii_lowercase();
    let (program, args) = if lower.ends_with(".msi") {
        let silent = ["/i", &file, "/qn", "/norestart"].map(str::to_owned);
        ("msiexec.exe".to_owned(), silent.into_iter().chain(own).collect())
    } else {
        (file, own)
    };
    if !lower.is_empty() && !lower.ends_with(".msi") && !lower.ends_with(".exe") {
        let reason = format!("“file” of {} should end with .msi or .exe", fields.owner);
        fields.problems.add(&span, reason);
    }
    let env = read_env(fields, scope);
    let codes = Codes::read(fields);
    run(program, args, env, codes)
}

fn firewall(fields: &mut Fields<'_>) -> Action {
    let ports = fields.list("ports", "numbers from 1 to 65535", |value| {
        super::fields::whole(value).filter(|port| (1..=65_535).contains(port))
    });
    if ports.is_empty() {
        fields
            .problems
            .add(&fields.span, format!("{} needs “ports”", fields.owner));
    }
    let ports: Vec<String> = ports.iter().map(|port| port.value.to_string()).collect();
    let name = format!("Slipway site {}", ports.join(" "));
    fixed(
        FIREWALL,
        [("SLIPWAY_NAME", name), ("SLIPWAY_PORTS", ports.join(","))],
    )
}

fn service<'d>(fields: &mut Fields<'d>, scope: &Scope<'d>) -> Action {
    let name = fields.required_text("name");
    check_name(fields, "name", &name, scope);
    let state = one_of(fields, "state", STATES.map(|(state, _)| state));
    let start = one_of(fields, "start", STARTS);
    if state.is_none() && start.is_none() {
        let reason = format!("{} needs “state” or “start”", fields.owner);
        fields.problems.add(&fields.span, reason);
    }
    let start = start.map(|start| format!("Set-Service -Name $env:SLIPWAY_NAME -StartupType {start}"));
    let state = state.and_then(|state| STATES.iter().find(|(known, _)| *known == state));
    let lines: Vec<String> = start
        .into_iter()
        .chain(state.map(|(_, line)| (*line).to_owned()))
        .collect();
    fixed(&lines.join("\n"), [("SLIPWAY_NAME", name.value)])
}

fn one_of(fields: &mut Fields<'_>, field: &'static str, known: [&'static str; 3]) -> Option<&'static str> {
    let found = fields.text(field)?;
    let same = known.into_iter().find(|name| *name == found.value);
    if same.is_none() {
        let reason = format!(
            "“{field}” of {} should be one of {}",
            fields.owner,
            known.join(", ")
        );
        fields.problems.add(&found.span, reason);
    }
    same
}

/// Names go to PowerShell as values, but a comma or a wildcard in one would mean more than one.
fn check_name(fields: &Fields<'_>, field: &str, name: &Placed<String>, scope: &Scope<'_>) {
    let is_plain = |c: char| c.is_alphanumeric() || "-_. $".contains(c);
    if !name.value.chars().all(is_plain) || name.value.contains("${") {
        let reason = format!(
            "“{field}” of {} should be plain names, not “{}”",
            fields.owner,
            shown(&name.value)
        );
        scope.problems.add(&name.span, reason);
    }
}

/// Exit codes that are no failure.
struct Codes {
    success: Vec<i32>,
    restart: Vec<i32>,
    busy: Vec<i32>,
    restart_first: Vec<i32>,
}

impl Codes {
    fn read(fields: &mut Fields<'_>) -> Self {
        let or = |codes: Vec<i32>, usual: &[i32]| if codes.is_empty() { usual.to_vec() } else { codes };
        Codes {
            success: or(read_codes(fields, "success_codes"), &[0]),
            restart: or(read_codes(fields, "restart_codes"), &RESTART_NEEDED),
            busy: or(read_codes(fields, "busy_codes"), &[BUSY]),
            restart_first: or(read_codes(fields, "restart_first_codes"), &[RESTART_FIRST]),
        }
    }
}

fn fixed<const N: usize>(script: &str, values: [(&str, String); N]) -> Action {
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value));
    let script = (SCRIPT.to_owned(), literally(script));
    let codes = Codes {
        success: vec![0],
        restart: RESTART_NEEDED.to_vec(),
        busy: vec![BUSY],
        restart_first: vec![RESTART_FIRST],
    };
    script_run(values.chain([script]).collect(), codes)
}

fn script_run(env: BTreeMap<String, String>, codes: Codes) -> Action {
    let args = [
        "-NoProfile",
        "-NonInteractive",
        "-ExecutionPolicy",
        "Bypass",
        "-Command",
        RUNNER,
    ];
    run(
        "powershell.exe".to_owned(),
        args.map(str::to_owned).to_vec(),
        env,
        codes,
    )
}

fn run(program: String, args: Vec<String>, env: BTreeMap<String, String>, codes: Codes) -> Action {
    Action::Run {
        program,
        args,
        env,
        stdin: None,
        success_codes: codes.success,
        restart_codes: codes.restart,
        busy_codes: codes.busy,
        restart_first_codes: codes.restart_first,
    }
}

/// PowerShell writes variables as `${name}` too; those are its own.
fn literally(script: &str) -> String {
    script.replace("${", "$${")
}

#[cfg(test)]
#[path = "read_windows_tests.rs"]
mod tests;
