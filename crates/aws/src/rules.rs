//! Rules of security groups, in both directions.

use aws_sdk_ec2::types::{IpPermission, IpRange, Ipv6Range};
use slipway_core::cloud::Ingress;

/// One permission a rule; EC2 merges them itself.
pub(crate) fn to_ec2(rules: &[Ingress]) -> Vec<IpPermission> {
    rules.iter().map(permission).collect()
}

fn permission(rule: &Ingress) -> IpPermission {
    let port = i32::from(rule.port);
    let permission = IpPermission::builder()
        .ip_protocol("tcp")
        .from_port(port)
        .to_port(port);
    let permission = if rule.from.contains(':') {
        permission.ipv6_ranges(Ipv6Range::builder().cidr_ipv6(&rule.from).build())
    } else {
        permission.ip_ranges(IpRange::builder().cidr_ip(&rule.from).build())
    };
    permission.build()
}

/// The rules for single TCP ports; we make no others.
pub(crate) fn from_ec2(permissions: &[IpPermission]) -> Vec<Ingress> {
    let mut rules: Vec<Ingress> = permissions.iter().flat_map(rules_of).collect();
    rules.sort();
    rules
}

/// EC2 gathers the ranges of one port into one permission, and may list it with others' ranges.
fn rules_of(permission: &IpPermission) -> Vec<Ingress> {
    let single = permission
        .from_port()
        .filter(|from| Some(*from) == permission.to_port() && permission.ip_protocol() == Some("tcp"));
    let Some(port) = single.and_then(|port| u16::try_from(port).ok()) else {
        return Vec::new();
    };
    let v4 = permission.ip_ranges().iter().filter_map(|range| range.cidr_ip());
    let v6 = permission
        .ipv6_ranges()
        .iter()
        .filter_map(|range| range.cidr_ipv6());
    v4.chain(v6)
        .map(|from| Ingress {
            port,
            from: from.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_come_back_as_they_were_sent() {
        let rule = |port, from: &str| Ingress {
            port,
            from: from.to_owned(),
        };
        let mut rules = vec![
            rule(3389, "203.0.113.7/32"),
            rule(80, "0.0.0.0/0"),
            rule(80, "::/0"),
            rule(443, "2001:db8::1/128"),
        ];
        rules.sort();
        assert_eq!(from_ec2(&to_ec2(&rules)), rules);
    }

    #[test]
    fn ranges_of_ports_and_other_protocols_are_not_ours() {
        let range = IpPermission::builder().ip_protocol("tcp").from_port(1).to_port(9);
        let ping = IpPermission::builder()
            .ip_protocol("icmp")
            .from_port(-1)
            .to_port(-1);
        let anywhere = || IpRange::builder().cidr_ip("0.0.0.0/0").build();
        let permissions = [range, ping].map(|permission| permission.ip_ranges(anywhere()).build());
        assert_eq!(from_ec2(&permissions), []);
    }
}
