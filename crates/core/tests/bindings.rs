//! The window's TypeScript types are those of the views: one committed file, written from the Rust types.

use std::collections::BTreeMap;

use slipway_core::event::Event;
use slipway_core::view::choice::{
    CatalogView, Draft, LaunchSecrets, PowerAct, RecipeView, SettingsView, SitePage,
};
use slipway_core::view::{
    DoctorView, FileProfileView, ImageView, LeftoverView, LogPage, LogQuery, NewProfile, PasswordOf,
    PricesView, ProfileView, RdpCertificate,
};
use ts_rs::{Config, TS, TypeVisitor};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/src/lib/bindings.ts");
const HEAD: &str =
    "// Generated from crates/core by `SLIPWAY_BLESS=1 cargo test -p slipway-core --test bindings`.\n";

#[test]
fn the_windows_types_are_those_of_the_views() {
    let wanted = declarations();
    if std::env::var_os("SLIPWAY_BLESS").is_some() {
        std::fs::write(FILE, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        found == wanted,
        "ui/src/lib/bindings.ts is stale; write it again with SLIPWAY_BLESS=1"
    );
}

fn declarations() -> String {
    let mut found = Found::default();
    found.visit::<Event>();
    found.visit::<ImageView>();
    found.visit::<ProfileView>();
    found.visit::<NewProfile>();
    found.visit::<FileProfileView>();
    found.visit::<DoctorView>();
    found.visit::<PricesView>();
    found.visit::<LeftoverView>();
    found.visit::<PasswordOf>();
    found.visit::<RdpCertificate>();
    found.visit::<LogQuery>();
    found.visit::<LogPage>();
    found.visit::<RecipeView>();
    found.visit::<CatalogView>();
    found.visit::<Draft>();
    found.visit::<LaunchSecrets>();
    found.visit::<SettingsView>();
    found.visit::<PowerAct>();
    found.visit::<SitePage>();
    let all = found.types.into_values();
    all.fold(HEAD.to_owned(), |text, one| text + "\n" + &one + "\n")
}

/// Every type that the visited ones need, by name.
#[derive(Default)]
struct Found {
    config: Config,
    types: BTreeMap<String, String>,
}

impl TypeVisitor for Found {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only types with a file of their own have a declaration; the others are TypeScript's.
        if T::output_path().is_none() || self.types.contains_key(&T::ident(&self.config)) {
            return;
        }
        let declaration = format!("export {}", tidy(&T::decl(&self.config)));
        self.types.insert(T::ident(&self.config), declaration);
        T::visit_dependencies(self);
    }
}

/// One line a comment, no trailing spaces, members indented.
fn tidy(text: &str) -> String {
    let text = text
        .replace("/**\n * ", "/** ")
        .replace("\n */", " */")
        .replace(", };", "\n};");
    let member = |line: &str| match line {
        "};" => line.to_owned(),
        _ => format!("  {line}"),
    };
    let mut lines = text.lines().map(str::trim);
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |all, line| all + "\n" + &member(line))
}
