//! The TypeScript twins of everything that crosses to the window, written from the Rust types, and the
//! text of the queries that stand behind figures.

mod schema;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use ts_rs::{Config, TS, TypeVisitor};

use crate::calls;
use crate::views::Event;
use crate::wire::WireError;

const TYPES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../ui/src/lib/bindings/index.ts"
);
const QUERIES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../ui/src/lib/bindings/queries.ts"
);

const SCORING_SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../docs/schemas/scoring-1.json"
);

const FORECAST_SCHEMA: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../docs/schemas/forecast-1.json"
);

/// Declarations by name, so that their order is the alphabet's and not the visit's.
struct Declarations<'a> {
    config: &'a Config,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if T::output_path().is_none() {
            // A container: only what it holds has a declaration.
            T::visit_generics(self);
            T::visit_dependencies(self);
            return;
        }
        let name = T::ident(self.config);
        if self.by_name.contains_key(&name) {
            return;
        }
        let mut text = T::docs().unwrap_or_default();
        let _ = writeln!(text, "export {}", T::decl(self.config));
        self.by_name.insert(name, text);
        T::visit_generics(self);
        T::visit_dependencies(self);
    }
}

fn declarations(config: &Config) -> BTreeMap<String, String> {
    let mut declarations = Declarations {
        config,
        by_name: BTreeMap::new(),
    };
    calls::visit_types(&mut declarations);
    declarations.visit::<Event>();
    declarations.visit::<WireError>();
    declarations.by_name
}

fn bindings() -> String {
    let config = Config::new();
    let mut text = String::from(
        "// Written by `UPDATE_BINDINGS=1 cargo test -p app bindings` from the Rust types. \
         Never edited by hand.\n\n",
    );
    for declaration in declarations(&config).values() {
        text.push_str(declaration);
        text.push('\n');
    }
    text.push_str(&calls::typescript_calls(&config));
    text
}

/// The queries as they run, by name: those that ask others hold them.
fn queries() -> String {
    let mut text = String::from(
        "// Written by `UPDATE_BINDINGS=1 cargo test -p app bindings` from sql/read/. \
         Never edited by hand.\n\nexport const QUERIES: Readonly<Record<string, string>> = {\n",
    );
    for query in timeline::queries::ALL {
        let sql = serde_json::to_string(query.sql().trim_end()).unwrap();
        let _ = writeln!(text, "  {}: {sql},", query.name);
    }
    text.push_str("};\n");
    text
}

/// Rewrites the files when asked to, and otherwise fails when they say something else than Rust.
#[test]
fn bindings_are_those_of_the_rust_types() {
    let forecast = schema::of(
        analyses::forecast::SCHEMA,
        "How a period will end, as knowable at a moment. The number after the slash counts up when a \
         field goes or changes its meaning; fields may be added within a version.",
        "ForecastReport",
        &declarations(&Config::new()),
    );
    let scoring = schema::of(
        analyses::scoring::report::SCHEMA,
        "How likely open deals are won, with reasons, or why there is no score. The number after the slash \
         counts up when a field goes or changes its meaning; fields may be added within a version.",
        "ScoringReport",
        &declarations(&Config::new()),
    );
    for (file, wanted) in [
        (TYPES, bindings()),
        (SCORING_SCHEMA, scoring),
        (QUERIES, queries()),
        (FORECAST_SCHEMA, forecast),
    ] {
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::create_dir_all(Path::new(file).parent().unwrap()).unwrap();
            std::fs::write(file, &wanted).unwrap();
        }
        let found = std::fs::read_to_string(file).unwrap_or_default();
        assert!(
            found == wanted,
            "{file} differs from what Rust says: run \
             `UPDATE_BINDINGS=1 cargo test -p app bindings` and commit the result"
        );
    }
}
