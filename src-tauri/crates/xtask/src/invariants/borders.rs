//! Who may know whom: the arrows between the crates, and what each side of a border must not name.

use super::Rule;
use super::tree::{File, Finding, Tree, words};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "arrows point down only",
        why: "a crate may use those below it in the house, and no other (ARCHITECTURE.md, code map)",
        broken_by: arrows,
    },
    Rule {
        name: "only the shell names Tauri",
        why: "the use cases are tested, and used from a terminal, without a window",
        broken_by: |tree| {
            naming(
                tree,
                &["src-tauri/crates/"],
                &["tauri::", "tauri-*", "tauri_*"],
            )
        },
    },
    Rule {
        name: "hubspot knows no storage",
        why: "the client is told what to fetch and hands back what came",
        broken_by: |tree| {
            let storage = &["store::", "rusqlite::", "keyring::", "keyring_core::"];
            naming(tree, &["src-tauri/crates/hubspot/"], storage)
        },
    },
    Rule {
        name: "store knows no network",
        why: "what holds every secret must have no way to send one",
        broken_by: |tree| {
            let crates = &["hubspot::", "reqwest::", "hyper::", "rustls::"];
            let sockets = &["TcpStream", "TcpListener", "UdpSocket"];
            naming(
                tree,
                &["src-tauri/crates/store/"],
                &[&crates[..], sockets].concat(),
            )
        },
    },
    Rule {
        name: "analyses and stats do no I/O",
        why: "a report is a function of timelines; the same data give the same bytes",
        broken_by: |tree| {
            let crates = &["rusqlite::", "store::", "hubspot::", "reqwest::", "tokio::"];
            let doors = &["File", "TcpStream", "Command"];
            naming(tree, PURE, &[&crates[..], doors].concat())
        },
    },
    Rule {
        name: "time and seed are passed in",
        why: "a report that reads the clock or rolls its own dice cannot be back-tested or repeated",
        broken_by: no_clock_and_no_dice,
    },
    Rule {
        name: "scores are not judged by linfa",
        why: "its precision and recall change places, its areas are wrong at 0, and its sums are in single precision",
        broken_by: |tree| {
            let metrics = &[
                "ToConfusionMatrix",
                "BinaryClassification",
                "confusion_matrix",
                "cross_validate",
            ];
            naming(tree, PURE, metrics)
        },
    },
    Rule {
        name: "only writeback writes to HubSpot",
        why: "every write goes through a plan, an approval and the journal",
        broken_by: only_writeback_writes,
    },
];

const PURE: &[&str] = &[
    "src-tauri/crates/analyses/src/",
    "src-tauri/crates/stats/src/",
    "src-tauri/crates/boosting/src/",
];

/// Which of our crates each may use. `xtask` stands outside of the house.
const HOUSE: &[(&str, &[&str])] = &[
    ("crm", &[]),
    ("stats", &[]),
    ("boosting", &[]),
    ("hubspot", &["crm"]),
    ("hubspot-sim", &["crm"]),
    ("store", &["crm"]),
    ("sync", &["crm", "hubspot", "store"]),
    ("timeline", &["crm", "store"]),
    ("analyses", &["crm", "timeline", "stats", "boosting"]),
    ("writeback", &["crm", "hubspot", "store"]),
    (
        "app",
        &[
            "crm",
            "hubspot",
            "hubspot-sim",
            "store",
            "sync",
            "timeline",
            "stats",
            "boosting",
            "analyses",
            "writeback",
        ],
    ),
    // The rims implement the client's port for a browser and serve the simulator; the terminal also
    // prints reports, whose words are the analyses'. All else is a use case.
    (
        "cli",
        &["app", "analyses", "crm", "hubspot", "hubspot-sim", "stats"],
    ),
    ("browser-host", &["app", "hubspot", "hubspot-sim"]),
    ("xtask", &[]),
    ("failing-disk", &[]),
    ("fuzz", &["boosting", "crm", "hubspot"]),
    ("plumbline-desktop", &["app", "hubspot", "hubspot-sim"]),
];

fn arrows(tree: &Tree) -> Vec<Finding> {
    let ours: Vec<&str> = HOUSE.iter().map(|(name, _)| *name).collect();
    let mut findings = Vec::new();
    for manifest in tree.all().filter(|file| file.path.ends_with("Cargo.toml")) {
        let name = crate_of(&manifest.path);
        let Some((_, allowed)) = HOUSE.iter().find(|(known, _)| *known == name) else {
            findings.push(manifest.finding(1, format!("`{name}` has no place in the house yet")));
            continue;
        };
        for (line, dependency) in dependencies(manifest) {
            if ours.contains(&dependency) && !allowed.contains(&dependency) {
                findings.push(manifest.finding(line, format!("`{name}` uses `{dependency}`")));
            }
        }
    }
    findings
}

/// The crate that a path belongs to; the root manifest is the shell's.
fn crate_of(path: &str) -> &str {
    if path.starts_with("fuzz/") {
        return "fuzz";
    }
    path.strip_prefix("src-tauri/crates/")
        .and_then(|rest| rest.split('/').next())
        .unwrap_or("plumbline-desktop")
}

/// What stands under `[dependencies]`; what only tests use points where it likes.
fn dependencies(manifest: &File) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (index, line) in manifest.text.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.trim() == "[dependencies]";
        } else if inside && let Some(name) = line.split(['.', '=', ' ']).next() {
            found.push((index + 1, name.trim()));
        }
    }
    found
}

/// Rust and manifests below `folders` that name one of `forbidden`: a crate where it ends in `::`,
/// all words with that beginning where it ends in `*`. What only tests use may be named.
fn naming(tree: &Tree, folders: &[&str], forbidden: &[&str]) -> Vec<Finding> {
    let mut findings = Vec::new();
    // The errands know the names of what they forbid and of what they start.
    for file in tree
        .below(folders)
        .filter(|file| crate_of(&file.path) != "xtask")
    {
        if file.path.ends_with("Cargo.toml") {
            for (line, name) in dependencies(file) {
                if is_one_of(name, true, forbidden) {
                    findings.push(file.finding(line, format!("depends on `{name}`")));
                }
            }
        } else if file.has_extension(&["rs"]) && !file.path.contains("/tests/") {
            for (line, code) in file.code_before_tests() {
                let outside_strings = code.split('"').step_by(2);
                for (word, leads_on) in outside_strings.flat_map(names) {
                    if is_one_of(word, leads_on, forbidden) {
                        findings.push(file.finding(line, format!("names `{word}`")));
                    }
                }
            }
        }
    }
    findings
}

fn is_one_of(word: &str, leads_on: bool, forbidden: &[&str]) -> bool {
    forbidden.iter().any(
        |rule| match (rule.strip_suffix("::"), rule.strip_suffix('*')) {
            // A variable may well be called `hubspot`.
            (Some(name), _) => leads_on && word == name,
            (None, Some(beginning)) => word.starts_with(beginning),
            (None, None) => word == *rule,
        },
    )
}

/// The words of a piece of code, and whether `::` follows each.
fn names(code: &str) -> impl Iterator<Item = (&str, bool)> {
    words(code).map(|word| {
        let end = word.as_ptr().addr() - code.as_ptr().addr() + word.len();
        (word, code[end..].starts_with("::"))
    })
}

fn no_clock_and_no_dice(tree: &Tree) -> Vec<Finding> {
    const FORBIDDEN: &[&str] = &[
        "SystemTime",
        "Instant::now",
        "Timestamp::now",
        "Zoned::now",
        "rand::random",
        "thread_rng",
        "rand::rng",
        "OsRng",
        "getrandom",
        "from_os_rng",
        "RandomState",
    ];
    let mut findings = Vec::new();
    let folders = [
        PURE,
        &[
            "src-tauri/crates/timeline/src/",
            "src-tauri/crates/boosting/src/",
        ],
    ];
    for file in tree
        .below(&folders.concat())
        .filter(|file| file.has_extension(&["rs"]))
    {
        for (line, code) in file.code_before_tests() {
            for word in FORBIDDEN.iter().filter(|word| code.contains(**word)) {
                findings.push(file.finding(line, format!("names `{word}`")));
            }
        }
    }
    findings
}

fn only_writeback_writes(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree
        .below(&["src-tauri/"])
        .filter(|file| file.has_extension(&["rs"]))
    {
        let home = crate_of(&file.path);
        if ["writeback", "hubspot", "xtask"].contains(&home) {
            continue;
        }
        let code: String = file.code().flat_map(|(_, line)| [line, "\n"]).collect();
        for (at, _) in code.match_indices("hubspot::") {
            let named = code[at + "hubspot::".len()..].trim_start();
            // Either one path, or several in braces that may go on over lines.
            let named = match named.strip_prefix('{') {
                Some(several) => several.split(';').next().unwrap_or(several),
                None => named
                    .split(|c: char| !(c.is_alphanumeric() || c == '_'))
                    .next()
                    .unwrap_or(""),
            };
            if words(named).any(|word| word == "write") {
                let line = code[..at].matches('\n').count() + 1;
                findings.push(file.finding(line, "reaches HubSpot's write calls"));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name`d rule on one planted file: is it broken?
    fn is_broken(name: &str, path: &str, text: &str) -> bool {
        let rule = RULES.iter().find(|rule| rule.name == name).unwrap();
        !(rule.broken_by)(&Tree::planted(&[(path, text)])).is_empty()
    }

    fn check(name: &str, path: &str, text: &str, expected: bool) {
        assert_eq!(
            is_broken(name, path, text),
            expected,
            "{name}: {path}: {text}"
        );
    }

    #[test]
    fn an_arrow_that_points_up_is_found() {
        let rule = "arrows point down only";
        let store = "src-tauri/crates/store/Cargo.toml";
        check(rule, store, "[dependencies]\nsync.workspace = true\n", true);
        check(
            rule,
            store,
            "[dependencies]\nsync = { path = \"../sync\" }\n",
            true,
        );
        check(rule, store, "[dependencies]\ncrm.workspace = true\n", false);
        check(
            rule,
            store,
            "[dev-dependencies]\nsync.workspace = true\n",
            false,
        );
        check(
            rule,
            "Cargo.toml",
            "[dependencies]\nstore.workspace = true\n",
            true,
        );
        check(
            rule,
            "Cargo.toml",
            "[workspace.dependencies]\nstore = { path = \"x\" }\n",
            false,
        );
        check(rule, "src-tauri/crates/newcomer/Cargo.toml", "", true);
    }

    #[test]
    fn tauri_outside_of_the_shell_is_found() {
        let rule = "only the shell names Tauri";
        let app = "src-tauri/crates/app/src/lib.rs";
        check(rule, app, "use tauri::AppHandle;", true);
        check(rule, app, "fn f(x: &tauri_utils::Config) {}", true);
        check(rule, app, "// not tauri::App", false);
        check(rule, app, "let path = \"src-tauri/crates\";", false);
        check(
            rule,
            "src-tauri/crates/app/Cargo.toml",
            "[dependencies]\ntauri = \"2\"",
            true,
        );
        check(rule, "src-tauri/src/lib.rs", "use tauri::AppHandle;", false);
    }

    #[test]
    fn storage_in_the_client_is_found() {
        let rule = "hubspot knows no storage";
        let file = "src-tauri/crates/hubspot/src/lib.rs";
        check(rule, file, "use store::Portal;", true);
        check(rule, file, "let c = rusqlite::Connection::open(p);", true);
        check(rule, file, "let text = \"no-store\";", false);
        check(rule, file, "let store = value;", false);
        check(
            rule,
            "src-tauri/crates/hubspot-sim/src/lib.rs",
            "let store = 1;",
            false,
        );
    }

    #[test]
    fn network_in_the_store_is_found() {
        let rule = "store knows no network";
        let file = "src-tauri/crates/store/src/lib.rs";
        check(rule, file, "use std::net::TcpStream;", true);
        check(
            rule,
            "src-tauri/crates/store/Cargo.toml",
            "[dependencies]\nreqwest.workspace = true",
            true,
        );
        check(rule, file, "use std::fs;", false);
    }

    #[test]
    fn io_in_an_analysis_is_found() {
        let rule = "analyses and stats do no I/O";
        let file = "src-tauri/crates/analyses/src/forecast.rs";
        check(rule, file, "let text = std::fs::File::open(path);", true);
        check(rule, file, "fn f(c: &rusqlite::Connection) {}", true);
        check(
            rule,
            file,
            "fn f() {}\n#[cfg(test)]\nmod tests { use std::fs::File; }",
            false,
        );
    }

    #[test]
    fn a_clock_or_a_die_of_ones_own_is_found() {
        let rule = "time and seed are passed in";
        for file in [
            "src-tauri/crates/stats/src/a.rs",
            "src-tauri/crates/timeline/src/a.rs",
        ] {
            check(rule, file, "let now = std::time::Instant::now();", true);
            check(rule, file, "let x: f64 = rand::random();", true);
            check(rule, file, "getrandom::fill(&mut seed);", true);
            check(rule, file, "fn f(now: Moment, seed: u64) {}", false);
        }
        check(
            rule,
            "src-tauri/crates/cli/src/main.rs",
            "SystemTime::now()",
            false,
        );
    }

    #[test]
    fn a_write_past_the_journal_is_found() {
        let rule = "only writeback writes to HubSpot";
        let app = "src-tauri/crates/app/src/lib.rs";
        check(
            rule,
            app,
            "hubspot::write::batch_update(&client, rows).await",
            true,
        );
        check(rule, app, "use hubspot::{Client, write};", true);
        check(
            rule,
            app,
            "use hubspot::{\n    Client,\n    write::batch_update,\n};",
            true,
        );
        check(
            rule,
            app,
            "use hubspot::{Client, oauth};\nfn write() {}",
            false,
        );
        check(
            rule,
            "src-tauri/crates/writeback/src/apply.rs",
            "use hubspot::write;",
            false,
        );
        check(
            rule,
            "src-tauri/crates/sync/src/lib.rs",
            "use hubspot::write;",
            true,
        );
    }
}
