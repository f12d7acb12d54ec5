//! Nothing but tests: the adapter for EC2 against `slipway-test-cloud`. They are apart from that program's own, so that
//! working on it does not mean building the AWS SDK.
