//! Key pairs, security groups and who is signed in.

use slipway_core::cloud::{
    AllowIngress, CreateSecurityGroup, DeleteKeyPair, DeleteSecurityGroup, ImportKeyPair, Ingress,
    RevokeIngress, SecurityGroup,
};
use slipway_core::error::ErrorKind;
use slipway_core::ports::Cloud;

use crate::server::Moto;
use crate::tags;

pub const PUBLIC_KEY: &str = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDQS785oeFCrLD8jSnbb8cIPudzGHnwKpXjyH6cl/yhVDQdRWeH6HFj5VV5Lcz2ki7aX49n672mlcr9SQnMR/14ygeBARh4ImNtn6v9D7VhoJ0O7G6jwB/gqVUUplaHAeg0AmacQ1VX41PY9/CjGFGvWHb+Jovectrt4yB+ST+f2GdUC4GMR9Qpbm1FGDr1bFQqjc8U4E5urYpvc15YcpyGihzhsfAGJj06hckRA8fybs9wGuW8MhaEYUnkbOFp4OWrJyMOy4GM6QSzfNwo2HDqGjaACLC3nIlOLn164ByVw0dH62kpoGWRgLKWQO/UW9XRRtRKrQT74eQNF0eyehh7 slipway";

#[tokio::test]
async fn moto_knows_who_is_signed_in() {
    let moto = Moto::start();
    let account = moto.cloud().account().await.unwrap();
    assert_eq!(account.id, "123456789012");
    assert!(!account.user.is_empty());
}

#[tokio::test]
async fn a_key_pair_is_imported_found_and_deleted_and_each_is_safe_to_repeat() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let request = ImportKeyPair {
        name: "slipway-01J".into(),
        public_key: PUBLIC_KEY.into(),
        tags: tags("01J"),
    };
    assert_eq!(cloud.key_pair(&request.name).await.unwrap(), None);
    let made = cloud.import_key_pair(&request).await.unwrap();
    assert_eq!(cloud.key_pair(&request.name).await.unwrap(), Some(made.clone()));
    assert_eq!(
        cloud.import_key_pair(&request).await.unwrap(),
        made,
        "a repeated import finds its own"
    );

    let stranger = ImportKeyPair {
        tags: tags("02J"),
        ..request.clone()
    };
    let refused = cloud.import_key_pair(&stranger).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NameTaken);

    let delete = DeleteKeyPair {
        name: request.name.clone(),
    };
    cloud.delete_key_pair(&delete).await.unwrap();
    cloud.delete_key_pair(&delete).await.unwrap();
    assert_eq!(cloud.key_pair(&request.name).await.unwrap(), None);
}

async fn group(cloud: &dyn Cloud) -> SecurityGroup {
    let request = CreateSecurityGroup {
        name: "slipway-01J".into(),
        description: "Made by Slipway for one server".into(),
        network: None,
        tags: tags("01J"),
    };
    let made = cloud.create_security_group(&request).await.unwrap();
    let again = cloud.create_security_group(&request).await.unwrap();
    assert_eq!(again.id, made.id, "a repeated create finds its own");
    made
}

fn rule(port: u16, from: &str) -> Ingress {
    Ingress {
        port,
        from: from.into(),
    }
}

async fn open(cloud: &dyn Cloud) -> Vec<Ingress> {
    cloud
        .security_group("slipway-01J")
        .await
        .unwrap()
        .unwrap()
        .ingress
}

#[tokio::test]
async fn rules_are_opened_and_closed_and_each_is_safe_to_repeat() {
    let moto = Moto::start();
    let cloud = moto.cloud();
    let group = group(&cloud).await.id;
    let ours = vec![rule(3389, "203.0.113.7/32"), rule(8080, "203.0.113.7/32")];
    let allow = |rules: &[Ingress]| AllowIngress {
        group: group.clone(),
        rules: rules.to_vec(),
    };
    let revoke = |rules: &[Ingress]| RevokeIngress {
        group: group.clone(),
        rules: rules.to_vec(),
    };

    cloud.allow_ingress(&allow(&ours)).await.unwrap();
    cloud.allow_ingress(&allow(&ours)).await.unwrap();
    let with_site = [ours.clone(), vec![rule(80, "0.0.0.0/0"), rule(80, "::/0")]].concat();
    cloud.allow_ingress(&allow(&with_site)).await.unwrap();
    assert_eq!(open(&cloud).await.len(), 4);

    cloud.revoke_ingress(&revoke(&ours[1..])).await.unwrap();
    cloud.revoke_ingress(&revoke(&ours)).await.unwrap();
    assert_eq!(open(&cloud).await, [rule(80, "0.0.0.0/0"), rule(80, "::/0")]);

    let delete = DeleteSecurityGroup { group: group.clone() };
    cloud.delete_security_group(&delete).await.unwrap();
    cloud.delete_security_group(&delete).await.unwrap();
    cloud.revoke_ingress(&revoke(&ours)).await.unwrap();
    assert_eq!(cloud.security_group("slipway-01J").await.unwrap(), None);
}

#[tokio::test]
async fn a_profile_of_files_signs_in_and_a_missing_one_is_told() {
    let moto = Moto::start();
    let credentials = "[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n";
    let cloud = moto.cloud_of_profile("work", credentials);
    assert_eq!(cloud.account().await.unwrap().id, "123456789012");

    let cloud = moto.cloud_of_profile("work", "");
    let refused = cloud.account().await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::CredentialsInvalid, "{refused:?}");
    moto.cloud_of_profile("work", credentials);
    assert_eq!(
        cloud.account().await.unwrap().id,
        "123456789012",
        "a new sign-in is noticed"
    );
}
