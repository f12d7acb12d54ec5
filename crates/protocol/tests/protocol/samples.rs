//! One value of every type that travels, as version 1 writes it.

use std::collections::BTreeMap;

use slipway_protocol::message::{Admin, Site, StepResult};
use slipway_protocol::order::OrderResult;
use slipway_protocol::plan::{Check, SecretOrigin, SecretSpec};
use slipway_protocol::routes::{Accepted, Batch, Hello, Page, StepState, StepStatus, Steps};
use slipway_protocol::sealing::{Key, Sealed};
use slipway_protocol::{
    Act, Action, AgentSource, Brief, Kind, Level, Limits, Message, Order, Outcome, Plan, Step, Time,
};

pub fn app_key() -> Key {
    Key::from_bytes(&[7; 32]).unwrap()
}

pub fn agent_key() -> Key {
    Key::from_bytes(&[9; 32]).unwrap()
}

pub fn site() -> Site {
    Site {
        scheme: "http".into(),
        port: 80,
        path: "/".into(),
    }
}

pub fn admin() -> Admin {
    Admin {
        user: "admin".into(),
        secret: "admin_password".into(),
        path: "/admin".into(),
    }
}

pub fn brief() -> Brief {
    Brief {
        version: 1,
        launch: "01JD0000000000000000000000".into(),
        agent: Some(AgentSource {
            url: "https://downloads.example/slipway-agent.exe".into(),
            sha256: "ab".repeat(32),
        }),
        token_sha256: "cd".repeat(32),
        app_key: app_key().public().to_text(),
        plan: plan(),
        limits: Limits::default(),
    }
}

/// What came to version 1 later: a machine that stops itself.
pub fn brief_with_limits() -> Brief {
    Brief {
        limits: Limits {
            stop_after_minutes: Some(480),
            stop_failed_after_minutes: Some(120),
        },
        ..brief()
    }
}

pub fn plan() -> Plan {
    let secret = |name: &str, origin| SecretSpec {
        name: name.into(),
        origin,
    };
    Plan {
        recipe: "practice-site".into(),
        recipe_version: "1.2".into(),
        inputs: [("title".to_owned(), "Grüße </powershell> 👋".to_owned())].into(),
        secrets: vec![
            secret("admin_password", SecretOrigin::Born),
            secret("licence", SecretOrigin::Sent),
        ],
        steps: actions()
            .into_iter()
            .zip(1..)
            .map(|(action, number)| step(number, action))
            .collect(),
        site: site(),
        admin: Some(admin()),
        fresh_administrator_password: true,
        fail_at: Some("step-2".into()),
    }
}

fn step(number: u32, action: Action) -> Step {
    let checks = [
        Some(Check::Exists("site/index.html".into())),
        Some(Check::Sha256 {
            file: "cms.zip".into(),
            sha256: "ef".repeat(32),
        }),
        Some(Check::Succeeds {
            program: "sc".into(),
            args: vec!["query".into(), "W3SVC".into()],
        }),
    ];
    Step {
        id: format!("step-{number}"),
        title: format!("Do number {number}"),
        needs: (1..number).map(|earlier| format!("step-{earlier}")).collect(),
        resource: (number == 1).then(|| "msi".into()),
        action,
        check: checks.get(number as usize).cloned().flatten(),
        timeout_seconds: 600,
        retries: number % 3,
        usual_seconds: Some(10 * number),
    }
}

fn actions() -> Vec<Action> {
    vec![
        Action::Run {
            program: "powershell".into(),
            args: vec!["-File".into(), "${machine.work}/install.ps1".into()],
            env: [("PASSWORD".to_owned(), "${secret.admin_password}".to_owned())].into(),
            stdin: Some("yes\n".into()),
            success_codes: vec![0, 2],
            restart_codes: vec![3010],
            busy_codes: Vec::new(),
            restart_first_codes: Vec::new(),
        },
        Action::Download {
            url: "https://downloads.example/cms.zip".into(),
            sha256: "ef".repeat(32),
            to: "${machine.work}/cms.zip".into(),
        },
        Action::Unzip {
            from: "${machine.work}/cms.zip".into(),
            to: "${machine.site}".into(),
        },
        Action::WriteFile {
            to: "${machine.site}/index.html".into(),
            content: "<h1>${input.title|html}</h1>".into(),
        },
        Action::WaitHttp {
            url: "http://127.0.0.1:${machine.site_port}/".into(),
            status: 200,
            contains: Some("<h1>".into()),
        },
        Action::Restart {},
    ]
}

pub fn messages() -> Vec<Message> {
    let kinds = [
        (Level::Info, Kind::Line),
        (Level::Info, Kind::StepStarted),
        (Level::Info, Kind::StepProgress { done: 0.5 }),
        (Level::Info, finished(StepResult::Done)),
        (Level::Info, finished(StepResult::AlreadyDone)),
        (Level::Error, finished(StepResult::Failed)),
        (
            Level::Info,
            Kind::Secret {
                name: "admin_password".into(),
                sealed: Sealed("c2VhbGVk".into()),
            },
        ),
        (Level::Warn, Kind::Restart),
        (Level::Info, order_done(OrderResult::Done)),
        (Level::Warn, order_done(OrderResult::Refused)),
        (Level::Error, Kind::End { outcome: failed() }),
        (Level::Info, Kind::End { outcome: succeeded() }),
    ];
    kinds
        .into_iter()
        .zip(1..)
        .map(|((level, kind), number)| message(number, level, kind))
        .collect()
}

fn finished(result: StepResult) -> Kind {
    Kind::StepFinished { result, millis: 1500 }
}

fn order_done(result: OrderResult) -> Kind {
    Kind::OrderDone { order: 2, result }
}

pub fn failed() -> Outcome {
    Outcome::Failed {
        step: Some("database".into()),
        reason: "SQL Server could not be installed: exit code 1603".into(),
    }
}

pub fn succeeded() -> Outcome {
    Outcome::Succeeded {
        site: site(),
        admin: Some(admin()),
    }
}

fn message(number: u64, level: Level, kind: Kind) -> Message {
    Message {
        number,
        attempt: 1,
        time: Time(1_700_000_000_000 + number as i64),
        step: number.is_multiple_of(2).then(|| "database".into()),
        level,
        text: format!("line {number} “ü” \u{1b}[31m"),
        kind,
    }
}

pub fn page() -> Page {
    Page {
        stream: "5f".repeat(16),
        messages: messages(),
        last: 40,
    }
}

pub fn batch() -> Batch {
    Batch {
        sender: "queue-1".into(),
        messages: messages(),
    }
}

pub fn accepted() -> Accepted {
    Accepted { through: 12 }
}

pub fn hello() -> Hello {
    Hello {
        protocol: 1,
        agent: "0.1.0".into(),
        launch: "01JD0000000000000000000000".into(),
        instance: "i-0123456789abcdef0".into(),
        stream: "5f".repeat(16),
        key: agent_key().public().to_text(),
        attempt: 2,
    }
}

pub fn steps() -> Steps {
    let states = [StepState::Done, StepState::Failed, StepState::Running];
    let status = |(state, number): (StepState, i64)| StepStatus {
        id: format!("step-{number}"),
        state,
        progress: (number == 3).then_some(0.25),
        started: Time(number),
        finished: (number < 3).then_some(Time(number + 5)),
    };
    Steps {
        stream: "5f".repeat(16),
        attempt: 2,
        last: 40,
        steps: states.into_iter().zip(1..).map(status).collect(),
        end: Some(failed()),
    }
}

pub fn orders() -> Vec<Order> {
    let order = |number, act| Order {
        launch: "01JD0000000000000000000000".into(),
        number,
        act,
    };
    vec![
        order(1, Act::Retry { restart: true }),
        order(
            2,
            secret_act("administrator_password", "correct horse battery staple"),
        ),
    ]
}

/// An order that came to version 1 later.
pub fn extension() -> Order {
    Order {
        launch: "01JD0000000000000000000000".into(),
        number: 3,
        act: Act::Extend { minutes: 60 },
    }
}

/// What came to version 1 later still: exit codes of installers that wait or want a restart first.
pub fn waiting_run() -> Action {
    Action::Run {
        program: "msiexec.exe".into(),
        args: Vec::new(),
        env: BTreeMap::new(),
        stdin: None,
        success_codes: vec![0],
        restart_codes: vec![3010, 1641],
        busy_codes: vec![1618],
        restart_first_codes: vec![350],
    }
}

/// Orders that came to version 1 later still: another token, and the one that travels as a header.
pub fn later_orders() -> Vec<Order> {
    let order = |number, act| Order {
        launch: "01JD0000000000000000000000".into(),
        number,
        act,
    };
    let sha256 = "ab".repeat(32);
    vec![order(4, Act::Token { sha256 }), order(0, Act::Scrub {})]
}

fn secret_act(name: &str, value: &str) -> Act {
    Act::Secret {
        name: name.into(),
        value: value.into(),
    }
}

/// What `golden/v1/order-tags.json` holds: the tags of [`orders`], sealed once from [`app_key`] to [`agent_key`].
pub type Tags = BTreeMap<String, String>;
