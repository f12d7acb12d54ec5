//! Key pairs: the public half of a key that was made on this computer.

use aws_sdk_ec2::types::{KeyPairInfo, ResourceType};
use aws_smithy_types::Blob;
use slipway_core::cloud::{DeleteKeyPair, ImportKeyPair, KeyPair, tag};
use slipway_core::error::Result;

use crate::actions::Action;
use crate::session::Session;
use crate::settle::or_gone;
use crate::tags::{at_creation, filter, from_ec2};

/// The key pair of that name; a filter, because asking by name fails where there is none.
pub(crate) async fn find(session: &Session, name: &str) -> Result<Option<KeyPair>> {
    let found = session
        .ask(Action::DescribeKeyPairs, |aws| {
            let call = aws.ec2.describe_key_pairs();
            call.filters(filter("key-name", [name])).send()
        })
        .await?;
    Ok(found.key_pairs().iter().map(key_pair).next())
}

/// Imports one. Where a lost answer left it behind, that one is taken.
pub(crate) async fn import(session: &Session, request: &ImportKeyPair) -> Result<KeyPair> {
    let sent = session.ask(Action::ImportKeyPair, |aws| {
        aws.ec2
            .import_key_pair()
            .key_name(&request.name)
            .public_key_material(Blob::new(request.public_key.as_bytes()))
            .tag_specifications(at_creation(ResourceType::KeyPair, &request.tags))
            .send()
    });
    match sent.await {
        Ok(made) => Ok(KeyPair {
            id: made.key_pair_id().unwrap_or_default().to_owned(),
            name: request.name.clone(),
            tags: request.tags.clone(),
        }),
        Err(trouble) if trouble.code == "InvalidKeyPair.Duplicate" => {
            let found = find(session, &request.name).await?;
            let ours = found.filter(|pair| pair.tags.get(tag::LAUNCH) == request.tags.get(tag::LAUNCH));
            ours.ok_or(trouble.error)
        }
        Err(trouble) => Err(trouble.into()),
    }
}

/// Deletes one. AWS itself counts a missing one as deleted.
pub(crate) async fn delete(session: &Session, request: &DeleteKeyPair) -> Result<()> {
    let sent = session
        .ask(Action::DeleteKeyPair, |aws| {
            aws.ec2.delete_key_pair().key_name(&request.name).send()
        })
        .await;
    Ok(or_gone(&["InvalidKeyPair.NotFound"], sent)?)
}

/// The public half is not asked for: what counts is that the private one lies in our keychain.
fn key_pair(info: &KeyPairInfo) -> KeyPair {
    KeyPair {
        id: info.key_pair_id().unwrap_or_default().to_owned(),
        name: info.key_name().unwrap_or_default().to_owned(),
        tags: from_ec2(info.tags()),
    }
}
