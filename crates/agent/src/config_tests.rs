use clap::Parser;

use super::*;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    config: Config,
}

fn parse(arguments: &[OsString]) -> Config {
    let program = OsString::from("agent");
    Line::parse_from([program].iter().chain(arguments)).config
}

#[test]
fn a_child_gets_the_same_configuration() {
    let usual = parse(&[]);
    assert_eq!(parse(&usual.to_arguments()), usual);
    let chosen = Config {
        data_dir: "/tmp/a folder".into(),
        listen: ([127, 0, 0, 1], 4711).into(),
        imds: "http://127.0.0.1:9".into(),
        console: "/tmp/console".into(),
        site_dir: "/tmp/site".into(),
        site_port: 8000,
        restart_with: Some("/bin/restart".into()),
        set_password_with: Some("/bin/password".into()),
        system: System {
            stop_with: Some("/bin/stop".into()),
            firewall_with: Some("/bin/firewall".into()),
            ec2launch: Some("/bin/ec2launch".into()),
            log_to: Some("/tmp/agent.log".into()),
        },
    };
    assert_eq!(parse(&chosen.to_arguments()), chosen);
}
