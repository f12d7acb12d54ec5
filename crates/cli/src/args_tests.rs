use super::*;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(line.split(' '))
}

#[test]
fn the_definition_is_sound() {
    <Cli as clap::CommandFactory>::command().debug_assert();
}

#[test]
fn every_documented_command_is_understood() {
    for line in [
        "slipway --profile practice launch --recipe practice-site --name demo --set title=Hello",
        "slipway watch demo --json",
        "slipway access demo --rdp demo.rdp",
        "slipway image create demo --name demo-1 --description first --wait",
        "slipway launch --image demo-1 --name copy",
        "slipway launch --recipe practice-site --name broken --set fail_at=database",
        "slipway retry broken",
        "slipway stop demo",
        "slipway start demo",
        "slipway terminate demo copy broken --yes",
        "slipway recipes",
        "slipway recipes check FILE",
        "slipway recipes show practice-site",
        "slipway",
        "slipway completions zsh",
        "slipway man pages",
        "slipway servers --all",
        "slipway launch --recipe a --name -x --set -y=z",
        "slipway image create demo --name -x --description --y",
        "slipway profiles --region practice --data-dir x --no-color",
        "slipway image delete a b -y",
        "slipway log demo -n 20 --warnings",
        "slipway profiles add client --region eu-central-1 --key-stdin",
        "slipway profiles add work --from-aws --unchecked",
        "slipway profiles remove client --force",
        "slipway profiles use client",
        "slipway offer --region eu-west-1 --create-network",
        "slipway doctor --region eu-west-1 --size t3.large",
        "slipway policy",
        "slipway sweep --delete vol-1 --delete vol-2",
        "slipway resume demo --offer eu-central-1b/t3.large",
        "slipway keep demo --hours 8",
        "slipway console demo --screenshot screen.jpg",
        "slipway access demo --mend-address",
        "slipway launch --recipe umbraco --name demo --region eu-west-1 --stop-after 8 --stop-failed-after 0",
    ] {
        assert!(parse(line).is_ok(), "{line}: {:?}", parse(line).err());
    }
}

#[test]
fn wrong_use_is_refused() {
    for line in [
        "slipway frobnicate",
        "slipway launch --name demo",
        "slipway launch --recipe a --image b --name demo",
        "slipway launch --recipe a",
        "slipway launch --recipe a --name demo --set title",
        "slipway launch --recipe a --name demo --set =x",
        "slipway launch --recipe a --name demo --disk many",
        "slipway stop",
        "slipway watch",
        "slipway image create demo",
    ] {
        let refused = parse(line).expect_err(line);
        assert_eq!(refused.exit_code(), 2, "{line}");
    }
}

#[test]
fn an_answer_may_hold_anything_after_the_first_equals_sign() {
    assert_eq!(pair("title=a=b c"), Ok(("title".to_owned(), "a=b c".to_owned())));
    assert_eq!(pair("title="), Ok(("title".to_owned(), String::new())));
}
