//! What the programs think, for whoever looks for the cause of something.

use tracing_subscriber::EnvFilter;

/// What of the AWS SDK is never told in more detail: below that it shows requests with their signatures, a signed address
/// with its session token among them.
const HELD_BACK: [&str; 4] = [
    "aws_sigv4=info",
    "aws_runtime=debug",
    "aws_smithy_runtime=debug",
    "aws_smithy_http_client=debug",
];

/// What the program thinks goes to standard error, where SLIPWAY_LOG asks for it.
pub fn begin() {
    if let Ok(filter) = EnvFilter::try_from_env("SLIPWAY_LOG") {
        let held_back = HELD_BACK.iter().filter_map(|directive| directive.parse().ok());
        tracing_subscriber::fmt()
            .with_env_filter(held_back.fold(filter, EnvFilter::add_directive))
            .with_writer(std::io::stderr)
            .init();
    }
}
