//! EC2's XML, as far as answers are looked into and changed: elements and text, nothing else.

use bytes::Bytes;
use xmltree::{Element, EmitterConfig, XMLNode};

/// What moto writes.
const MOTO_NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15";
/// What EC2 writes (botocore leaves the slash out as well, so no client may depend on it).
pub const NAMESPACE: &str = "http://ec2.amazonaws.com/doc/2016-11-15/";

/// Reads an answer; `None` where it is not XML.
pub fn read(body: &[u8]) -> Option<Element> {
    let text = String::from_utf8_lossy(body);
    // Without a namespace, elements of moto's and of ours can be mixed.
    let plain = text
        .replacen(&format!(" xmlns=\"{MOTO_NAMESPACE}\""), "", 1)
        .replacen(&format!(" xmlns=\"{NAMESPACE}\""), "", 1);
    Element::parse(plain.as_bytes()).ok()
}

/// Writes an answer of EC2, in EC2's namespace.
pub fn write(root: &Element) -> Bytes {
    let mut root = root.clone();
    root.attributes.insert("xmlns".into(), NAMESPACE.into());
    let mut bytes = Vec::new();
    let config = EmitterConfig::new().perform_indent(false);
    root.write_with_config(&mut bytes, config)
        .expect("a tree of plain names can be written");
    bytes.into()
}

/// The same answer with EC2's namespace.
pub fn mend_namespace(body: &Bytes) -> Bytes {
    let wrong = format!("xmlns=\"{MOTO_NAMESPACE}\"");
    let text = String::from_utf8_lossy(body);
    if !text.contains(&wrong) {
        return body.clone();
    }
    text.replacen(&wrong, &format!("xmlns=\"{NAMESPACE}\""), 1).into()
}

/// An element with text.
pub fn leaf(name: &str, text: impl Into<String>) -> Element {
    let mut element = Element::new(name);
    let text = text.into();
    if !text.is_empty() {
        element.children.push(XMLNode::Text(text));
    }
    element
}

/// An element with elements.
pub fn node(name: &str, children: impl IntoIterator<Item = Element>) -> Element {
    let mut element = Element::new(name);
    element
        .children
        .extend(children.into_iter().map(XMLNode::Element));
    element
}

/// The text below a path such as `a/b`; empty where there is none.
pub fn text(element: &Element, path: &str) -> String {
    let mut at = element;
    for part in path.split('/') {
        match at.get_child(part) {
            Some(child) => at = child,
            None => return String::new(),
        }
    }
    at.get_text()
        .map(|text| text.trim().to_owned())
        .unwrap_or_default()
}

/// Puts an element into another one, in place of those of that name.
pub fn put(into: &mut Element, child: Element) {
    remove(into, &child.name.clone());
    into.children.push(XMLNode::Element(child));
}

/// Removes the children of a name.
pub fn remove(from: &mut Element, name: &str) {
    from.children
        .retain(|node| node.as_element().is_none_or(|child| child.name != name));
}

/// The children called `item` of a set.
pub fn items<'a>(element: &'a Element, set: &str) -> Vec<&'a Element> {
    let set = element.get_child(set);
    let children = set.into_iter().flat_map(|set| set.children.iter());
    children.filter_map(XMLNode::as_element).collect()
}

/// The same, to be changed.
pub fn items_mut<'a>(element: &'a mut Element, set: &str) -> Vec<&'a mut Element> {
    let set = element.get_mut_child(set);
    let children = set.into_iter().flat_map(|set| set.children.iter_mut());
    children.filter_map(XMLNode::as_mut_element).collect()
}

/// Keeps those items of a set that are wanted.
pub fn keep_items(element: &mut Element, set: &str, wanted: impl Fn(&Element) -> bool) {
    if let Some(set) = element.get_mut_child(set) {
        set.children.retain(|node| node.as_element().is_none_or(&wanted));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_moto_can_be_changed_and_gets_the_namespace_of_ec2() {
        let body = format!(
            "<R xmlns=\"{MOTO_NAMESPACE}\"><set><item><id>1</id></item><item><id>2</id></item></set></R>"
        );
        let mut root = read(body.as_bytes()).expect("XML");
        keep_items(&mut root, "set", |item| text(item, "id") == "2");
        put(items_mut(&mut root, "set")[0], leaf("state", "pending"));
        let written = String::from_utf8(write(&root).to_vec()).expect("text");
        assert!(written.ends_with(&format!(
            "<R xmlns=\"{NAMESPACE}\"><set><item><id>2</id><state>pending</state></item></set></R>"
        )));
    }
}
