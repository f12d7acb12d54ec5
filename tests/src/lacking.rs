//! What a machine may lack.

/// Whether a test may do without something, such as a `small disk`: where somebody reads that it did, or where
/// `SLIPWAY_MAY_LACK` names it.
pub fn may_lack(what: &str) -> bool {
    let set = |name: &str| std::env::var(name).unwrap_or_default();
    let may_lack = set("SLIPWAY_MAY_LACK");
    let somebody_reads = matches!(set("CI").as_str(), "" | "false");
    somebody_reads
        || may_lack
            .split(',')
            .any(|given| !given.is_empty() && what.contains(given))
}
