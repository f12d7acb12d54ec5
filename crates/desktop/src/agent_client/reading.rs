//! Reads an answer up to a limit, so that a server gone wrong can't fill this computer's memory.

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use slipway_core::error::Result;
use slipway_core::ports::AgentAddress;

use super::PATIENCE;
use super::failure::{broken_off, too_large, too_slow};

pub(super) async fn whole(mut answer: Response, limit: usize, at: &AgentAddress) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(piece) = next(&mut answer, at).await? {
        if body.len() + piece.len() > limit {
            return Err(too_large(at, limit));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

async fn next(answer: &mut Response, at: &AgentAddress) -> Result<Option<Bytes>> {
    tokio::time::timeout(PATIENCE, answer.chunk())
        .await
        .map_err(|_| too_slow(at))?
        .map_err(|error| broken_off(at, &error.without_url()))
}
