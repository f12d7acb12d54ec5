//! One request of an AWS client, read as far as the proxy needs to: which service, which action, with what.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Uri};
use serde_json::Value;

use crate::params::Params;

/// Whose cloud a request is about: EC2 keeps everything apart by account and region.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The access key, which stands for the account.
    pub access_key: String,
    /// Such as `eu-central-1`.
    pub region: String,
}

/// A request.
pub struct Call {
    /// As it came.
    pub head: Parts,
    /// As it came.
    pub body: Bytes,
    /// Name that the signature gives the service: `ec2`, `sts`, `ssm`, `s3` …
    pub service: String,
    /// `RunInstances`; for S3, which names none in its requests, as policies call it: `PutObject`.
    pub action: String,
    /// Whose. Sessions of one account share a place.
    pub place: Place,
    /// The access key as it was signed with.
    pub key: String,
    /// Of a service that takes forms.
    pub params: Params,
    /// Of a service that takes JSON; else null.
    pub json: Value,
}

impl Call {
    /// Reads a request.
    pub fn new(head: Parts, body: Bytes) -> Self {
        let (access_key, region, mut service) = scope(&head.headers, &head.uri).unwrap_or_default();
        let is_form = header(&head.headers, "content-type").contains("x-www-form-urlencoded");
        let params = if is_form {
            Params::decode(&body)
        } else {
            Params::default()
        };
        let target = header(&head.headers, "x-amz-target");
        let named = params.get("Action").or_else(|| target.rsplit('.').next());
        let unsigned = unsigned(&head.method, head.uri.path(), params.get("Action"));
        if service.is_empty() {
            unsigned.0.clone_into(&mut service);
        }
        let action = match named.filter(|name| !name.is_empty()) {
            Some(name) => name.to_owned(),
            None if service == unsigned.0 && !service.is_empty() => unsigned.1.to_owned(),
            None if service == "s3" => of_s3(&head.method, &head.uri).to_owned(),
            None => format!("{} {}", head.method, head.uri.path()),
        };
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Call {
            service,
            action,
            key: access_key.clone(),
            place: Place { access_key, region },
            params,
            json: if is_form { Value::Null } else { json },
            head,
            body,
        }
    }

    /// Whether it is this action of EC2.
    pub fn is_ec2(&self, action: &str) -> bool {
        self.service == "ec2" && self.action == action
    }

    /// A value of the query.
    pub fn query(&self, name: &str) -> Option<String> {
        let mut pairs = url::form_urlencoded::parse(self.head.uri.query()?.as_bytes());
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }

    /// A header's value; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        header(&self.head.headers, name)
    }
}

/// Service and action of the requests that nobody signs, because they are made to get keys; both empty for others.
fn unsigned(method: &Method, path: &str, action: Option<&str>) -> (&'static str, &'static str) {
    match (method.as_str(), path) {
        ("GET", "/federation/credentials") => ("sso", "GetRoleCredentials"),
        ("POST", "/token") => ("sso-oidc", "CreateToken"),
        ("POST", "/v1/token") => ("signin", "CreateOAuth2Token"),
        _ if action == Some("AssumeRoleWithWebIdentity") => ("sts", "AssumeRoleWithWebIdentity"),
        _ => ("", ""),
    }
}

/// The permission that S3 asks for (“Actions, resources, and condition keys for Amazon S3”): HEAD asks for the same as
/// reading what it is about.
fn of_s3(method: &Method, uri: &Uri) -> &'static str {
    let query = uri.query().unwrap_or_default();
    let about = |name: &str| query.split('&').any(|pair| pair.split('=').next() == Some(name));
    let is_bucket = uri.path().trim_matches('/').split('/').count() < 2;
    match (method.as_str(), is_bucket) {
        ("PUT", true) if about("publicAccessBlock") => "PutBucketPublicAccessBlock",
        ("PUT", true) if about("lifecycle") => "PutLifecycleConfiguration",
        ("PUT", true) => "CreateBucket",
        ("DELETE", true) => "DeleteBucket",
        (_, true) => "ListBucket",
        ("PUT", false) => "PutObject",
        ("DELETE", false) => "DeleteObject",
        (_, false) => "GetObject",
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Access key, region and service of a signature, in a header or in a signed URL (AWS Signature Version 4:
/// `key/date/region/service/aws4_request`).
fn scope(headers: &HeaderMap, uri: &Uri) -> Option<(String, String, String)> {
    let signed = header(headers, "authorization");
    let text = match signed.split_once("Credential=") {
        Some((_, rest)) => rest.split(',').next()?.to_owned(),
        None => {
            let query = url::form_urlencoded::parse(uri.query()?.as_bytes());
            let mut credentials = query.filter(|(name, _)| name == "X-Amz-Credential");
            credentials.next()?.1.into_owned()
        }
    };
    let mut parts = text.split('/');
    let key = parts.next()?.to_owned();
    let region = parts.nth(1)?.to_owned();
    Some((key, region, parts.next()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(request: http::Request<&'static str>) -> Call {
        let (head, body) = request.into_parts();
        Call::new(head, Bytes::from_static(body.as_bytes()))
    }

    const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-central-1/ec2/aws4_request, SignedHeaders=host, Signature=0";

    #[test]
    fn a_form_names_its_action_and_the_signature_its_service() {
        let request = http::Request::post("/")
            .header("authorization", SIGNED)
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8");
        let call = call(
            request
                .body("Action=RunInstances&ImageId=ami-1")
                .expect("a request"),
        );
        assert!(call.is_ec2("RunInstances"));
        assert_eq!(call.place.region, "eu-central-1");
        assert_eq!(call.params.get("ImageId"), Some("ami-1"));
    }

    #[test]
    fn a_signed_url_carries_the_same_in_its_query() {
        let url = "/bucket/agent?X-Amz-Credential=AKID%2F20261122%2Fus-east-1%2Fs3%2Faws4_request";
        let call = call(http::Request::get(url).body("").expect("a request"));
        assert_eq!(
            (call.service.as_str(), call.place.region.as_str()),
            ("s3", "us-east-1")
        );
        assert_eq!(call.action, "GetObject");
    }

    #[test]
    fn requests_to_s3_are_called_as_policies_call_them() {
        let named = |method: Method, uri: &'static str| of_s3(&method, &Uri::from_static(uri));
        assert_eq!(named(Method::HEAD, "/bucket/"), "ListBucket");
        assert_eq!(named(Method::PUT, "/bucket/"), "CreateBucket");
        assert_eq!(
            named(Method::PUT, "/bucket/?publicAccessBlock"),
            "PutBucketPublicAccessBlock"
        );
        assert_eq!(
            named(Method::PUT, "/bucket?lifecycle="),
            "PutLifecycleConfiguration"
        );
        assert_eq!(named(Method::HEAD, "/bucket/agent/ab.exe"), "GetObject");
        assert_eq!(
            named(Method::PUT, "/bucket/agent/ab.exe?x-id=PutObject"),
            "PutObject"
        );
    }
}
