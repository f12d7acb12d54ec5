//! Only the agent says what happened on a server: nothing else makes up a `Message`.

use syn::visit::Visit;
use syn::{Attribute, ExprStruct, ItemMod, Macro};

use crate::sources::{Source, parse, rust};

#[test]
fn only_the_agent_constructs_messages() {
    let elsewhere: Vec<_> = rust()
        .into_iter()
        .filter(|source| !may_construct(&source.path))
        .collect();
    let found: Vec<_> = elsewhere
        .iter()
        .filter(|source| constructs(source))
        .map(|source| &source.path)
        .collect();
    assert!(found.is_empty(), "these construct a Message: {found:?}");
}

#[test]
fn a_construction_is_found_also_inside_a_macro_but_not_in_tests_or_patterns() {
    let constructs = |text: &str| {
        constructs(&Source {
            path: "example.rs".to_owned(),
            text: text.to_owned(),
        })
    };
    assert!(constructs("fn f() { send(protocol::Message { number: 1 }) }"));
    assert!(constructs("fn f() { vec![Message { number: 1 }] }"));
    assert!(!constructs(
        "struct Message { number: u64 } fn f(m: Message) { let Message { number } = m; }"
    ));
    assert!(!constructs(
        "#[cfg(test)] mod tests { fn f() { send(Message { number: 1 }) } }"
    ));
}

fn may_construct(path: &str) -> bool {
    let in_folder = |folder: &str| path.starts_with(folder) || path.contains(&format!("/{folder}"));
    path.starts_with("crates/agent/")
        || in_folder("tests/")
        || in_folder("testing/")
        || in_folder("benches/")
        || path.ends_with("tests.rs")
}

fn constructs(source: &Source) -> bool {
    let mut search = Search(false);
    search.visit_file(&parse(source));
    search.0
}

struct Search(bool);

impl<'ast> Visit<'ast> for Search {
    fn visit_expr_struct(&mut self, made: &'ast ExprStruct) {
        self.0 |= made
            .path
            .segments
            .last()
            .is_some_and(|segment| segment.ident == "Message");
        syn::visit::visit_expr_struct(self, made);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.0 |= call.tokens.to_string().contains("Message {");
    }

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !module.attrs.iter().any(is_for_tests) {
            syn::visit::visit_item_mod(self, module);
        }
    }
}

fn is_for_tests(attribute: &Attribute) -> bool {
    attribute.path().is_ident("cfg")
        && attribute
            .parse_args::<syn::Ident>()
            .is_ok_and(|word| word == "test")
}
