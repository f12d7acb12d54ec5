//! Proofs of possession (RFC 9449), as the sign-in service asks for them: a small signed statement with each request.

use std::time::{Duration, SystemTime};

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

/// Clocks may differ by this much.
const TOLERANCE: Duration = Duration::from_secs(300);
/// Bytes of one coordinate of a P-256 point.
const COORDINATE: usize = 32;

/// A key that proofs are made with.
pub struct ProofKey {
    /// SEC 1, uncompressed.
    pub public: Vec<u8>,
    /// As the command line writes it (`EC PRIVATE KEY`).
    pub private_pem: String,
}

impl ProofKey {
    /// A new one.
    ///
    /// # Panics
    /// Where the system has no random numbers.
    pub fn generate() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        let der: aws_lc_rs::encoding::EcPrivateKeyRfc5915Der<'_> =
            pair.private_key().as_der().expect("a key that can be written");
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = text
            .as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).unwrap_or_default())
            .collect();
        ProofKey {
            public: pair.public_key().as_ref().to_vec(),
            private_pem: format!(
                "-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n",
                lines.join("\n")
            ),
        }
    }
}

/// What a good proof says.
pub struct Proof {
    /// Its number, which must come once only.
    pub number: String,
    /// Whose it is, SEC 1, uncompressed.
    pub key: Vec<u8>,
}

/// Reads a proof for a POST to this URL; else what is wrong with it.
pub fn verify(token: &str, url: &str) -> Result<Proof, &'static str> {
    let (signed, signature) = token.rsplit_once('.').ok_or("there is no DPoP proof")?;
    let (head, claims) = signed.split_once('.').ok_or("the proof has not three parts")?;
    let (head, claims) = (json(head)?, json(claims)?);
    if head["typ"] != "dpop+jwt"
        || head["alg"] != "ES256"
        || head["jwk"]["kty"] != "EC"
        || head["jwk"]["crv"] != "P-256"
    {
        return Err("the head of the proof is another one");
    }
    let coordinate = |name: &str| {
        let bytes = bytes(head["jwk"][name].as_str().unwrap_or_default())?;
        (bytes.len() == COORDINATE)
            .then_some(bytes)
            .ok_or("the key of the proof is not one of P-256")
    };
    let key = [vec![4], coordinate("x")?, coordinate("y")?].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &key)
        .verify(signed.as_bytes(), &bytes(signature)?)
        .map_err(|_| "the proof is not signed with its key")?;
    if claims["htm"] != "POST" || claims["htu"] != url {
        return Err("the proof is for another request");
    }
    let made = Duration::from_secs(claims["iat"].as_u64().ok_or("the proof has no time")?);
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    if now.abs_diff(made) > TOLERANCE {
        return Err("the proof is of another time");
    }
    let number = claims["jti"].as_str().filter(|number| !number.is_empty());
    Ok(Proof {
        number: number.ok_or("the proof has no number")?.to_owned(),
        key,
    })
}

fn json(part: &str) -> Result<Value, &'static str> {
    serde_json::from_slice(&bytes(part)?).map_err(|_| "a part of the proof is not JSON")
}

fn bytes(part: &str) -> Result<Vec<u8>, &'static str> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| "a part of the proof is not base64url")
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;

    use super::*;

    const URL: &str = "http://127.0.0.1:1/v1/token";

    fn proof(pair: &EcdsaKeyPair, change: impl FnOnce(&mut Value, &mut Value)) -> String {
        let public = pair.public_key().as_ref();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .expect("now")
            .as_secs();
        let mut head = serde_json::json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": {
            "kty": "EC", "crv": "P-256", "x": part(&public[1..33]), "y": part(&public[33..])}});
        let mut claims = serde_json::json!({"jti": "1", "htm": "POST", "htu": URL, "iat": now});
        change(&mut head, &mut claims);
        let signed = format!(
            "{}.{}",
            part(head.to_string().as_bytes()),
            part(claims.to_string().as_bytes())
        );
        let signature = pair
            .sign(&SystemRandom::new(), signed.as_bytes())
            .expect("a signature");
        format!("{signed}.{}", part(signature.as_ref()))
    }

    #[test]
    fn a_proof_is_taken_for_its_own_request_time_and_key_only() {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        let of =
            |change: fn(&mut Value, &mut Value)| verify(&proof(&pair, change), URL).map(|proof| proof.key);
        assert_eq!(of(|_, _| {}).as_deref(), Ok(pair.public_key().as_ref()));
        assert!(of(|_, claims| claims["htu"] = "http://elsewhere/".into()).is_err());
        assert!(of(|_, claims| claims["htm"] = "GET".into()).is_err());
        assert!(of(|_, claims| claims["iat"] = 1.into()).is_err());
        assert!(of(|_, claims| claims["jti"] = "".into()).is_err());
        assert!(of(|head, _| head["alg"] = "none".into()).is_err());
        assert!(of(|head, _| head["jwk"]["x"] = "AAAA".into()).is_err());
        assert!(verify("", URL).is_err());
        let stolen = proof(&pair, |_, _| {})
            .rsplit_once('.')
            .map(|(signed, _)| format!("{signed}.AAAA"));
        assert!(verify(&stolen.expect("three parts"), URL).is_err());
    }
}
