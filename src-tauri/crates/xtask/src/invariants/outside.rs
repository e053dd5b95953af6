//! What reaches out of the program: the pages, the addresses, the statements.

use super::Rule;
use super::tree::{Finding, Tree, words};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "no markup from data",
        why: "a deal's name is what anybody typed; it is shown as text and never as HTML",
        broken_by: no_markup_from_data,
    },
    Rule {
        name: "one seam to the window",
        why: "pages ask through one module, so that they also run against a server in tests",
        broken_by: one_seam,
    },
    Rule {
        name: "HubSpot is called by dated paths",
        why: "the numbered versions end; the few calls that have no dated path are listed here",
        broken_by: dated_paths,
    },
    Rule {
        name: "no query spans two portals",
        why: "one file and one key a portal; comparing portals happens on reports",
        broken_by: no_attach,
    },
];

fn no_markup_from_data(tree: &Tree) -> Vec<Finding> {
    const FORBIDDEN: &[&str] = &[
        "{@html",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function(",
        "srcdoc",
    ];
    containing(
        tree,
        &["ui/src/"],
        &["ts", "js", "svelte", "html"],
        FORBIDDEN,
    )
}

fn one_seam(tree: &Tree) -> Vec<Finding> {
    let mut findings = containing(
        tree,
        &["ui/src/"],
        &["ts", "js", "svelte"],
        &["@tauri-apps/"],
    );
    findings.retain(|finding| !finding.path.starts_with("ui/src/lib/backend/"));
    findings
}

/// Calls that HubSpot offers under a numbered version only, as of September 2026.
const NUMBERED: &[&str] = &["/oauth/v1/"];

fn dated_paths(tree: &Tree) -> Vec<Finding> {
    let numbered = ["/v1/", "/v2/", "/v3/", "/v4/"];
    let mut findings = Vec::new();
    for file in tree.below(&["src-tauri/crates/hubspot/src/"]) {
        for (line, code) in file.code_before_tests() {
            let mut rest = code.to_owned();
            for allowed in NUMBERED {
                rest = rest.replace(allowed, "/");
            }
            for version in numbered.iter().filter(|version| rest.contains(**version)) {
                findings.push(file.finding(line, format!("calls a `{version}` path")));
            }
        }
    }
    findings
}

fn no_attach(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.below(&["sql/", "src-tauri/"]) {
        if file.path.starts_with("src-tauri/crates/xtask/") {
            continue;
        }
        let is_sql = file.has_extension(&["sql"]);
        if !is_sql && !file.has_extension(&["rs"]) {
            continue;
        }
        for (line, code) in file.code_before_tests() {
            let code = code.split("--").next().unwrap_or(code);
            // In Rust only a statement counts: SQLite's own names for the refusal are welcome.
            let mut following = words(code).skip_while(|word| !word.eq_ignore_ascii_case("attach"));
            let attaches = following.next().is_some()
                && (is_sql
                    || following.next().is_some_and(|word| {
                        ["DATABASE", "AS"]
                            .iter()
                            .any(|next| word.eq_ignore_ascii_case(next))
                    }));
            if attaches {
                findings.push(file.finding(line, "attaches another database"));
            }
        }
    }
    findings
}

fn containing(
    tree: &Tree,
    folders: &[&str],
    extensions: &[&str],
    forbidden: &[&str],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree
        .below(folders)
        .filter(|file| file.has_extension(extensions))
    {
        for (index, line) in file.text.lines().enumerate() {
            for text in forbidden.iter().filter(|text| line.contains(**text)) {
                findings.push(file.finding(index + 1, format!("has `{text}`")));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, path: &str, text: &str, expected: bool) {
        let rule = RULES.iter().find(|rule| rule.name == name).unwrap();
        let broken = !(rule.broken_by)(&Tree::planted(&[(path, text)])).is_empty();
        assert_eq!(broken, expected, "{name}: {path}: {text}");
    }

    #[test]
    fn markup_from_data_is_found() {
        let rule = "no markup from data";
        check(
            rule,
            "ui/src/routes/Deal.svelte",
            "<p>{@html deal.name}</p>",
            true,
        );
        check(
            rule,
            "ui/src/lib/chart.ts",
            "tip.innerHTML = deal.name",
            true,
        );
        check(
            rule,
            "ui/src/lib/chart.ts",
            "tip.textContent = deal.name",
            false,
        );
    }

    #[test]
    fn a_second_way_to_the_window_is_found() {
        let rule = "one seam to the window";
        let import = "import { invoke } from '@tauri-apps/api/core'";
        check(rule, "ui/src/screens/Sync.svelte", import, true);
        check(rule, "ui/src/lib/backend/tauri.ts", import, false);
    }

    #[test]
    fn a_numbered_path_is_found() {
        let rule = "HubSpot is called by dated paths";
        let file = "src-tauri/crates/hubspot/src/object.rs";
        check(rule, file, "let path = \"/crm/v3/objects/deals\";", true);
        check(
            rule,
            file,
            "let path = \"/crm/objects/2026-09/deals\";",
            false,
        );
        check(
            rule,
            file,
            "let path = \"/oauth/v1/access-tokens/\";",
            false,
        );
        check(rule, file, "// formerly /crm/v3/objects", false);
    }

    #[test]
    fn an_attached_database_is_found() {
        let rule = "no query spans two portals";
        check(
            rule,
            "sql/read/health.sql",
            "ATTACH 'other.db' AS other;",
            true,
        );
        check(
            rule,
            "sql/read/health.sql",
            "-- never attach\nselect 1",
            false,
        );
        check(
            rule,
            "src-tauri/crates/store/src/a.rs",
            "c.execute(\"attach database ?1\")",
            true,
        );
        check(
            rule,
            "src-tauri/crates/store/src/a.rs",
            "Limit::SQLITE_LIMIT_ATTACHED",
            false,
        );
    }
}
