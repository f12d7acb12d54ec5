//! Answers in the forms of AWS's protocols, refusals included.

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use xmltree::Element;

use crate::xml;

/// What goes back to the client.
pub type Answer = Response<Full<Bytes>>;

/// A refusal, in the words of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Such as `InvalidInstanceID.NotFound`.
    pub code: String,
    /// For people.
    pub message: String,
    /// HTTP status.
    pub status: u16,
}

impl Refusal {
    /// A refusal with status 400, which EC2 has for all errors of the client.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Refusal {
            code: code.to_owned(),
            message: message.into(),
            status: 400,
        }
    }

    /// In the form of a service: EC2's XML, the older services' XML, or JSON.
    pub fn answer(&self, service: &str) -> Answer {
        let body: Bytes = match service {
            "ec2" => self.of_ec2(),
            "sts" | "iam" => self.of_query(service),
            "s3" => self.of_s3(),
            // Its errors carry a word of OAuth, and the others of these services tell theirs in a header.
            "signin" => json!({"error": self.message.split(':').next(), "message": self.message})
                .to_string()
                .into(),
            _ => json!({"__type": self.code, "message": self.message})
                .to_string()
                .into(),
        };
        let kind = match service {
            "ec2" | "sts" | "iam" | "s3" => "text/xml;charset=UTF-8",
            _ => "application/x-amz-json-1.1",
        };
        let mut answer = answer(self.status, kind, body);
        if let Ok(code) = self.code.parse() {
            answer.headers_mut().insert("x-amzn-errortype", code);
        }
        answer
    }

    fn of_ec2(&self) -> Bytes {
        let error = xml::node(
            "Error",
            [xml::leaf("Code", &self.code), xml::leaf("Message", &self.message)],
        );
        let root = xml::node(
            "Response",
            [xml::node("Errors", [error]), xml::leaf("RequestID", request_id())],
        );
        xml::write(&root)
    }

    fn of_query(&self, service: &str) -> Bytes {
        let error = xml::node(
            "Error",
            [
                xml::leaf("Type", "Sender"),
                xml::leaf("Code", &self.code),
                xml::leaf("Message", &self.message),
            ],
        );
        let id = xml::leaf("RequestId", request_id());
        in_namespace(xml::node("ErrorResponse", [error, id]), service)
    }

    fn of_s3(&self) -> Bytes {
        let error = xml::node(
            "Error",
            [xml::leaf("Code", &self.code), xml::leaf("Message", &self.message)],
        );
        in_namespace(error, "s3")
    }
}

/// A result of EC2.
pub fn ec2(root: &Element) -> Answer {
    answer(200, "text/xml;charset=UTF-8", xml::write(root))
}

/// A result of EC2 that has nothing to say but these elements.
pub fn ec2_result(action: &str, children: Vec<Element>) -> Answer {
    let id = xml::leaf("requestId", request_id());
    let all = std::iter::once(id).chain(children);
    ec2(&xml::node(&format!("{action}Response"), all))
}

/// A result of STS or IAM.
pub fn query_result(service: &str, action: &str, children: Vec<Element>) -> Answer {
    let result = xml::node(&format!("{action}Result"), children);
    let metadata = xml::node("ResponseMetadata", [xml::leaf("RequestId", request_id())]);
    let root = xml::node(&format!("{action}Response"), [result, metadata]);
    answer(200, "text/xml;charset=UTF-8", in_namespace(root, service))
}

/// A result of a service that speaks JSON.
pub fn json_result(value: &Value) -> Answer {
    answer(200, "application/x-amz-json-1.1", value.to_string())
}

/// An answer with a body.
pub fn answer(status: u16, kind: &str, body: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(body.into()));
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Ok(kind) = kind.parse() {
        answer.headers_mut().insert(http::header::CONTENT_TYPE, kind);
    }
    answer
}

fn in_namespace(mut root: Element, service: &str) -> Bytes {
    let namespace = match service {
        "sts" => "https://sts.amazonaws.com/doc/2011-06-15/",
        "iam" => "https://iam.amazonaws.com/doc/2010-05-08/",
        _ => "http://s3.amazonaws.com/doc/2006-03-01/",
    };
    root.attributes.insert("xmlns".into(), namespace.into());
    let mut bytes = Vec::new();
    root.write(&mut bytes)
        .expect("a tree of plain names can be written");
    bytes.into()
}

fn request_id() -> String {
    format!("test-{:016x}", fastrand::u64(..))
}

/// The bytes of an answer.
pub async fn body(answer: Answer) -> Bytes {
    use http_body_util::BodyExt;
    let Ok(collected) = answer.into_body().collect().await;
    collected.to_bytes()
}
