//! Kill points for crash tests: with the feature `failpoints` and `SLIPWAY_FAILPOINT=run_instance.sent` the process dies
//! there as by kill -9, or panics there with `SLIPWAY_FAILPOINT_PANICS=1` too. Without the feature nothing of this is in
//! the program.
//!
//! Beside them, `SLIPWAY_TEST_HASTE=10` lets EC2 be asked ten times as often, for tests on a cloud that lives quicker than life.

/// Passes a kill point.
#[cfg(not(feature = "failpoints"))]
pub(crate) fn reach(_change: &str, _point: &str) {}

/// Dies here if the environment asks for it. With `SLIPWAY_FAILPOINT_LOG=FILE` every point that is passed is noted.
#[cfg(feature = "failpoints")]
pub(crate) fn reach(change: &str, point: &str) {
    use std::io::Write as _;
    let name = format!("{change}.{point}");
    if let Some(log) = std::env::var_os("SLIPWAY_FAILPOINT_LOG") {
        let opened = std::fs::OpenOptions::new().create(true).append(true).open(log);
        let _ = opened.and_then(|mut file| writeln!(file, "{name}"));
    }
    if std::env::var("SLIPWAY_FAILPOINT").is_ok_and(|wanted| wanted == name) {
        let panics = std::env::var_os("SLIPWAY_FAILPOINT_PANICS").is_some();
        assert!(!panics, "told to panic at {name}");
        // An abort runs no destructor and flushes nothing: to the journal it is the same as kill -9.
        std::process::abort();
    }
}

/// How much more often than usual EC2 is asked.
#[cfg(not(feature = "failpoints"))]
pub(crate) fn haste() -> u32 {
    1
}

/// How much more often than usual EC2 is asked, if the environment says so.
#[cfg(feature = "failpoints")]
pub(crate) fn haste() -> u32 {
    let given = std::env::var("SLIPWAY_TEST_HASTE").ok();
    given.and_then(|given| given.parse().ok()).unwrap_or(1).max(1)
}
