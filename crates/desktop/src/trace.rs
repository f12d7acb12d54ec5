//! What the programs think, for whoever looks for the cause of something.

/// What the program thinks goes to standard error, where SLIPWAY_LOG asks for it.
pub fn begin() {
    if let Ok(filter) = tracing_subscriber::EnvFilter::try_from_env("SLIPWAY_LOG") {
        tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr)
            .init();
    }
}
