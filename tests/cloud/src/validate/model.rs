//! A service as botocore describes it: actions, and the shapes of their input.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::read::GzDecoder;
use serde::Deserialize;

/// A service.
#[derive(Deserialize)]
pub struct Model {
    metadata: Metadata,
    operations: HashMap<String, Operation>,
    shapes: HashMap<String, Shape>,
}

#[derive(Deserialize)]
struct Metadata {
    protocol: String,
}

#[derive(Deserialize)]
struct Operation {
    input: Option<Reference>,
}

/// Where one shape uses another.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    shape: String,
    location: Option<String>,
    location_name: Option<String>,
    query_name: Option<String>,
}

/// A type.
#[derive(Deserialize)]
pub struct Shape {
    /// `structure`, `list`, `string`, …
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    members: HashMap<String, Reference>,
    member: Option<Reference>,
    payload: Option<String>,
    /// Members that must be there.
    #[serde(default)]
    pub required: Vec<String>,
    #[serde(rename = "enum", default)]
    words: HashSet<String>,
    min: Option<f64>,
    max: Option<f64>,
}

impl Model {
    /// Reads a packed description.
    pub fn read(file: &Path) -> io::Result<Self> {
        let packed = GzDecoder::new(File::open(file)?);
        Ok(serde_json::from_reader(io::BufReader::new(packed))?)
    }

    /// The input of an action, `Some(None)` where it takes none; `None` where there is no such action.
    pub fn input(&self, action: &str) -> Option<Option<&Shape>> {
        let operation = self.operations.get(action)?;
        Some(operation.input.as_ref().map(|input| self.shape(input)))
    }

    /// The shape that is used.
    pub fn shape(&self, reference: &Reference) -> &Shape {
        &self.shapes[&reference.shape]
    }

    /// What a list, or each value of a map, is made of.
    pub fn item<'a>(&'a self, shape: &'a Shape) -> Option<&'a Shape> {
        shape.member.as_ref().map(|member| self.shape(member))
    }

    /// A member by its name in the description.
    pub fn member<'a>(&'a self, shape: &'a Shape, name: &str) -> Option<&'a Shape> {
        shape.members.get(name).map(|member| self.shape(member))
    }

    /// A member by its name in forms: the EC2 protocol capitalises `locationName` unless there is a `queryName`.
    pub fn member_in_form<'a>(&'a self, shape: &'a Shape, name: &str) -> Option<&'a Shape> {
        let mut members = shape.members.iter();
        let found = members.find(|(member, reference)| self.name_in_form(member, reference) == name);
        found.map(|(_, reference)| self.shape(reference))
    }

    /// How a member is called in forms.
    pub fn form_name(&self, shape: &Shape, member: &str) -> String {
        shape.members.get(member).map_or_else(
            || member.to_owned(),
            |reference| self.name_in_form(member, reference),
        )
    }

    fn name_in_form(&self, member: &str, reference: &Reference) -> String {
        if !self.is_ec2() {
            return reference
                .location_name
                .clone()
                .unwrap_or_else(|| member.to_owned());
        }
        if let Some(name) = &reference.query_name {
            return name.clone();
        }
        let name = reference.location_name.as_deref().unwrap_or(member);
        let mut letters = name.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    }

    /// Whether it speaks REST: members may stand in the query or in headers.
    pub fn is_rest(&self) -> bool {
        self.metadata.protocol == "rest-json"
    }

    /// Whether it speaks the EC2 protocol, whose lists have no word `member` in their names.
    pub fn is_ec2(&self) -> bool {
        self.metadata.protocol == "ec2"
    }
}

impl Shape {
    /// Members that stand outside of the body: name, where (`querystring`, `header`), and how they are called there.
    pub fn outside(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.members.iter().filter_map(|(name, member)| {
            let called = member.location_name.as_deref().unwrap_or(name);
            Some((name.as_str(), member.location.as_deref()?, called))
        })
    }

    /// The member that is the whole body, where there is one.
    pub fn payload(&self) -> Option<&str> {
        self.payload.as_deref()
    }

    /// Says what is wrong with a text that stands for a simple value.
    pub fn problem(&self, text: &str) -> Option<String> {
        let number = || text.parse::<f64>().ok();
        match self.kind.as_str() {
            "boolean" if !matches!(text, "true" | "false") => Some("is not a boolean".into()),
            "integer" | "long" if text.parse::<i64>().is_err() => Some("is not a whole number".into()),
            "integer" | "long" | "float" | "double" if number().is_none() => Some("is not a number".into()),
            "integer" | "long" | "float" | "double" => self.out_of_bounds(number().unwrap_or_default()),
            "blob" if BASE64.decode(text).is_err() => Some("is not base64".into()),
            "structure" | "list" | "map" => Some("is not a simple value".into()),
            "string" if !self.words.is_empty() && !self.words.contains(text) => {
                Some(format!("is “{text}”, which is none of the known words"))
            }
            "string" => self.out_of_bounds(text.chars().count() as f64),
            _ => None,
        }
    }

    fn out_of_bounds(&self, size: f64) -> Option<String> {
        let small = self.min.is_some_and(|min| size < min);
        let large = self.max.is_some_and(|max| size > max);
        (small || large).then(|| format!("has the size {size}, out of bounds"))
    }
}
