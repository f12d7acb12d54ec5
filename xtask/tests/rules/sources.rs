//! The workspace's own files, and the functions in its Rust files.

use std::path::{Path, PathBuf};

use proc_macro2::Span;
use syn::visit::Visit;
use syn::{Block, ImplItemFn, ItemFn, Signature, TraitItemFn};

/// Ends of paths below which nothing is written by hand.
const GENERATED: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "ui/.svelte-kit",
    "ui/build",
    "ui/build-fake",
    "ui/src/lib/bindings.ts",
    "src-tauri/gen",
    "generated",
    "bindings",
];

/// A text file of the workspace.
pub struct Source {
    /// Path relative to the workspace, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn is(&self, extensions: &[&str]) -> bool {
        extensions
            .iter()
            .any(|extension| self.path.ends_with(&format!(".{extension}")))
    }
}

/// A function with a body.
pub struct Function {
    /// File and name, as in `xtask/src/say.rs: line`.
    pub name: String,
    /// From `fn` to the closing brace.
    pub lines: usize,
    /// The body's tokens: layout and comments make no difference.
    pub body: String,
}

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every text file.
pub fn all() -> Vec<Source> {
    let mut files = Vec::new();
    collect(root(), &mut files);
    files.sort();
    files.into_iter().filter_map(read).collect()
}

/// Every Rust file.
pub fn rust() -> Vec<Source> {
    all().into_iter().filter(|source| source.is(&["rs"])).collect()
}

pub fn parse(source: &Source) -> syn::File {
    syn::parse_file(&source.text).unwrap_or_else(|e| panic!("{}: {e}", source.path))
}

/// Every function in every Rust file.
pub fn functions() -> Vec<Function> {
    let mut functions = Vec::new();
    for source in rust() {
        Functions {
            path: &source.path,
            found: &mut functions,
        }
        .visit_file(&parse(&source));
    }
    functions
}

fn read(file: PathBuf) -> Option<Source> {
    let path = file
        .strip_prefix(root())
        .unwrap()
        .to_string_lossy()
        .replace('\\', "/");
    Some(Source {
        path,
        text: String::from_utf8(std::fs::read(file).unwrap()).ok()?,
    })
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match GENERATED.iter().any(|end| path.ends_with(end)) {
            false if path.is_symlink() => {}
            false if path.is_dir() => collect(&path, files),
            false => files.push(path),
            true => {}
        }
    }
}

struct Functions<'a> {
    path: &'a str,
    found: &'a mut Vec<Function>,
}

impl Functions<'_> {
    fn add(&mut self, signature: &Signature, block: &Block) {
        let line = |span: Span| span.end().line;
        self.found.push(Function {
            name: format!("{}: {}", self.path, signature.ident),
            lines: line(block.brace_token.span.close()) - line(signature.fn_token.span) + 1,
            body: quote::quote!(#block).to_string(),
        });
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.add(&function.sig, &function.block);
        syn::visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.add(&function.sig, &function.block);
        syn::visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        syn::visit::visit_trait_item_fn(self, function);
    }
}
