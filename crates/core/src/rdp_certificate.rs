//! The certificate that Remote Desktop shows. Windows signs it itself, so a client can only ask its user whether to trust
//! it; EC2Launch prints its thumbprint on the console, where only the instance can write and only the account can read
//! (EC2 user guide, “Connect to your Windows instance using an RDP client”).

use crate::launch::Facts;

/// What stands before the thumbprint on the console.
const MARK: &str = "RDPCERTIFICATE-THUMBPRINT:";
/// Digits of a SHA-1 thumbprint in hex.
const DIGITS: usize = 40;

/// Keeps the thumbprint that a console text shows. The first one stays: a process of low rank on the instance could
/// write to the console later.
pub(crate) fn note(facts: &mut Facts, console: &str) {
    if facts.rdp_thumbprint.is_none() {
        facts.rdp_thumbprint = thumbprint(console);
    }
}

/// The first whole thumbprint in a console text, as Remote Desktop shows it: upper-case hex, 40 digits.
fn thumbprint(console: &str) -> Option<String> {
    let told = console.lines().filter_map(|line| line.split_once(MARK));
    told.map(|(_, digits)| digits.trim().to_ascii_uppercase())
        .find(|digits| digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "0F9C4A3E8B7D65514C2A1B0FEED0C0FFEE012345";

    fn line(digits: &str) -> String {
        format!("2026/11/22 14:11:21Z: RDPCERTIFICATE-THUMBPRINT: {digits}\r\n")
    }

    #[test]
    fn the_first_thumbprint_stays() {
        let mut facts = Facts::default();
        note(
            &mut facts,
            "2026/11/22 14:11:20Z: RDPCERTIFICATE-SUBJECTNAME: EC2AMAZ-1\r\n",
        );
        assert_eq!(facts.rdp_thumbprint, None);
        note(&mut facts, &line(&FIRST.to_lowercase()));
        note(&mut facts, &line(&"A".repeat(40)));
        assert_eq!(facts.rdp_thumbprint.as_deref(), Some(FIRST));
    }

    #[test]
    fn what_the_ring_buffer_cut_or_a_stranger_wrote_is_no_thumbprint() {
        for odd in [
            "",
            "0F9C4A",
            &"G".repeat(40),
            &format!("{FIRST} "),
            &format!("{FIRST}\u{202e}"),
        ] {
            let found = thumbprint(&line(odd));
            assert_eq!(found.is_some(), odd.trim() == FIRST, "{odd:?}");
        }
    }
}
