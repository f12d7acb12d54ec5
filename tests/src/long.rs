//! How much a test tries, and which seed it begins with.

/// One number for the usual run, one for the long one, which `SLIPWAY_LONG` asks for.
pub fn cases(usual: usize, long: usize) -> usize {
    if std::env::var_os("SLIPWAY_LONG").is_some() {
        long
    } else {
        usual
    }
}

/// A number from an environment variable, such as the seed of an earlier run.
pub fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    let parsed = text.parse();
    Some(parsed.unwrap_or_else(|_| panic!("{variable} is no number: {text}")))
}
