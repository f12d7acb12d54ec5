//! The commands of the window are the same everywhere: listed in `build.rs`, allowed in the capability file, written and
//! registered in Rust, and called by the front end with the arguments that they take.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::visit::Visit;
use syn::{FnArg, ItemConst, ItemFn, Macro, Pat};

use crate::sources::{Source, all, parse};

const LIST: &str = "src-tauri/build.rs";
const CAPABILITIES: &str = "src-tauri/capabilities/";
const HANDLERS: &str = "src-tauri/src/commands/";
const CALLS: &str = "ui/src/lib/backend.ts";
/// All that the page may do beside the commands.
const ELSE_ALLOWED: [&str; 2] = ["core:event:allow-listen", "core:event:allow-unlisten"];

/// Commands with the arguments that they take from the page, in the page's spelling.
type Commands = BTreeMap<String, BTreeSet<String>>;

#[test]
fn listed_allowed_registered_written_and_called_commands_are_the_same() {
    let sources = all();
    let written = written(&sources);
    let names: Vec<&String> = written.keys().collect();
    assert!(names.len() >= 40, "only these were found: {names:?}");
    for (where_, found) in [
        ("listed in build.rs", listed(of(&sources, LIST))),
        ("allowed in the capability file", allowed(&sources)),
        ("registered", registered(&sources)),
    ] {
        assert!(
            found.iter().eq(names.iter().copied()),
            "{where_}: {found:?}, written: {names:?}"
        );
    }
    assert_eq!(called(&of(&sources, CALLS).text), written, "called and written");
}

#[test]
fn calls_are_read_with_their_arguments() {
    let text = "
        list: () => invoke('list_all'),
        one: async (id, of) => {
          const found = await invoke<ArrayBuffer>('one', { id, serverName: of });
          return found;
        },";
    let found = called(text);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["list_all", "one"]);
    assert_eq!(found["one"].iter().collect::<Vec<_>>(), ["id", "serverName"]);
}

fn of<'a>(sources: &'a [Source], path: &str) -> &'a Source {
    let mut found = sources.iter().filter(|source| source.path == path);
    found.next().unwrap_or_else(|| panic!("{path} is missing"))
}

fn listed(source: &Source) -> BTreeSet<String> {
    struct List(BTreeSet<String>);
    impl<'ast> Visit<'ast> for List {
        fn visit_item_const(&mut self, item: &'ast ItemConst) {
            if item.ident == "COMMANDS" {
                let text = item.expr.to_token_stream().to_string();
                self.0 = text.split('"').skip(1).step_by(2).map(str::to_owned).collect();
            }
        }
    }
    let mut list = List(BTreeSet::new());
    list.visit_file(&parse(source));
    list.0
}

/// Whatever is allowed in any capability file: more than commands and events must not be.
fn allowed(sources: &[Source]) -> BTreeSet<String> {
    let files: Vec<&Source> = sources
        .iter()
        .filter(|source| source.path.starts_with(CAPABILITIES))
        .collect();
    assert_eq!(files.len(), 1, "one capability file");
    let read: serde_json::Value = serde_json::from_str(&files[0].text).unwrap();
    assert_eq!(read["windows"], serde_json::json!(["main"]));
    let keys: Vec<&String> = read.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        ["description", "identifier", "permissions", "windows"],
        "no remote content"
    );
    let permissions = read["permissions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.as_str().unwrap());
    let mut commands = BTreeSet::new();
    for permission in permissions.filter(|permission| !ELSE_ALLOWED.contains(permission)) {
        let name = permission
            .strip_prefix("allow-")
            .unwrap_or_else(|| panic!("{permission}"));
        assert!(commands.insert(name.replace('-', "_")), "{name} twice");
    }
    commands
}

fn registered(sources: &[Source]) -> BTreeSet<String> {
    struct Handlers(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Handlers {
        fn visit_macro(&mut self, call: &'ast Macro) {
            if call
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "generate_handler")
            {
                let text = call.tokens.to_string();
                let names = text.split(',').filter_map(|path| path.rsplit("::").next());
                self.0.extend(
                    names
                        .map(str::trim)
                        .filter(|name| !name.is_empty())
                        .map(str::to_owned),
                );
            }
        }
    }
    let mut found = Handlers(BTreeSet::new());
    let ours = sources
        .iter()
        .filter(|source| source.path.starts_with("src-tauri/src/"));
    ours.filter(|source| source.is(&["rs"]))
        .for_each(|source| found.visit_file(&parse(source)));
    found.0
}

fn written(sources: &[Source]) -> Commands {
    struct Written(Commands);
    impl<'ast> Visit<'ast> for Written {
        fn visit_item_fn(&mut self, function: &'ast ItemFn) {
            let is_command = |attribute: &syn::Attribute| {
                attribute
                    .path()
                    .segments
                    .last()
                    .is_some_and(|last| last.ident == "command")
            };
            if function.attrs.iter().any(is_command) {
                let taken = function.sig.inputs.iter().filter_map(argument).collect();
                self.0.insert(function.sig.ident.to_string(), taken);
            }
        }
    }
    let mut found = Written(Commands::new());
    let ours = sources
        .iter()
        .filter(|source| source.path.starts_with("src-tauri/src/"));
    for source in ours.filter(|source| source.is(&["rs"])) {
        let before = found.0.len();
        found.visit_file(&parse(source));
        assert!(
            found.0.len() == before || source.path.starts_with(HANDLERS),
            "{}",
            source.path
        );
    }
    found.0
}

/// The name in the page's spelling; `None` for what Tauri itself hands in.
fn argument(argument: &FnArg) -> Option<String> {
    let FnArg::Typed(typed) = argument else {
        return None;
    };
    let Pat::Ident(name) = &*typed.pat else {
        panic!("an argument without a name");
    };
    let handed_in = typed.ty.to_token_stream().to_string();
    let own = !["Held", "State", "AppHandle"]
        .iter()
        .any(|kind| handed_in.starts_with(kind));
    own.then(|| camel(&name.ident.to_string()))
}

fn camel(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + &part[..1].to_uppercase() + &part[1..])
}

fn called(text: &str) -> Commands {
    let mut found = Commands::new();
    for call in text.split("invoke").skip(1) {
        let call = call
            .strip_prefix('<')
            .map_or(call, |call| call.split_once('>').unwrap().1);
        let Some(call) = call.strip_prefix("('") else {
            continue;
        };
        let (name, rest) = call.split_once('\'').unwrap();
        let arguments = rest
            .strip_prefix(", {")
            .map_or("", |rest| rest.split_once('}').unwrap().0);
        let names = arguments
            .split(',')
            .map(|one| one.split(':').next().unwrap_or_default().trim());
        let names = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        assert!(
            found.insert(name.to_owned(), names).is_none(),
            "{name} is called at two places"
        );
    }
    found
}
