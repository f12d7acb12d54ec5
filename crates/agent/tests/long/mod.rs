//! How much a test tries: more in the long run, which `SLIPWAY_LONG` asks for.

/// One number for the usual run, one for the long one.
pub fn cases(usual: u64, long: u64) -> u64 {
    if std::env::var_os("SLIPWAY_LONG").is_some() {
        long
    } else {
        usual
    }
}
