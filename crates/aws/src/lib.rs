//! Amazon EC2 behind the Cloud port. The one crate that knows the AWS SDK.
