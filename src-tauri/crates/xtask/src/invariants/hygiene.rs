//! What keeps the checkout readable.

use super::Rule;
use super::tree::{File, Finding, Tree};

pub(super) const RULES: &[Rule] = &[
    Rule {
        name: "files are short",
        why: "a file that cannot be read in one sitting holds two subjects",
        broken_by: short_files,
    },
    Rule {
        name: "files are named for what they hold",
        why: "a drawer for everything is where the next subject hides",
        broken_by: telling_names,
    },
    Rule {
        name: "lines end where they end",
        why: "blanks at the end, tabs and missing last newlines make differences that mean nothing",
        broken_by: clean_lines,
    },
];

/// Lines that a file may have: 400 are aimed at, and a subject with its tests may need half as many
/// again. Beyond that there are two subjects in it.
const LONGEST: usize = 600;

const WRITTEN_BY_HAND: &[&str] = &[
    "rs", "ts", "js", "mjs", "svelte", "css", "sql", "py", "html", "toml", "md",
];

fn short_files(tree: &Tree) -> Vec<Finding> {
    let too_long = |file: &File| -> Option<Finding> {
        let lines = file.text.lines().count();
        (lines > LONGEST).then(|| file.finding(lines, format!("{lines} lines; {LONGEST} may be")))
    };
    written_by_hand(tree).filter_map(too_long).collect()
}

fn telling_names(tree: &Tree) -> Vec<Finding> {
    const EMPTY: &[&str] = &[
        "util", "utils", "helper", "helpers", "misc", "common", "manager",
    ];
    let says_nothing = |file: &File| -> Option<Finding> {
        let parts = file
            .path
            .split('/')
            .map(|part| part.split('.').next().unwrap_or(part));
        let empty = parts
            .map(str::to_lowercase)
            .find(|part| EMPTY.contains(&part.as_str()))?;
        Some(file.finding(0, format!("`{empty}` does not say what is inside")))
    };
    tree.all().filter_map(says_nothing).collect()
}

fn clean_lines(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in written_by_hand(tree) {
        for (index, line) in file.text.split('\n').enumerate() {
            if line.ends_with([' ', '\t', '\r']) {
                findings.push(file.finding(index + 1, "ends in blanks"));
            }
            if line.starts_with('\t') {
                findings.push(file.finding(index + 1, "begins with a tab"));
            }
        }
        if !file.text.is_empty() && !file.text.ends_with('\n') {
            findings.push(file.finding(file.text.lines().count(), "has no last newline"));
        }
    }
    findings
}

fn written_by_hand(tree: &Tree) -> impl Iterator<Item = &File> {
    tree.all()
        .filter(|file| file.has_extension(WRITTEN_BY_HAND))
        .filter(|file| !file.path.contains("/bindings/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, path: &str, text: &str, expected: bool) {
        let rule = RULES.iter().find(|rule| rule.name == name).unwrap();
        let broken = !(rule.broken_by)(&Tree::planted(&[(path, text)])).is_empty();
        assert_eq!(broken, expected, "{name}: {path}");
    }

    #[test]
    fn a_long_file_is_found() {
        let lines = |count: usize| "x\n".repeat(count);
        check("files are short", "a.rs", &lines(LONGEST + 1), true);
        check("files are short", "a.rs", &lines(LONGEST), false);
        check(
            "files are short",
            "ui/src/lib/bindings/a.ts",
            &lines(LONGEST + 1),
            false,
        );
        check("files are short", "Cargo.lock", &lines(LONGEST + 1), false);
    }

    #[test]
    fn a_name_that_says_nothing_is_found() {
        let rule = "files are named for what they hold";
        check(rule, "src-tauri/crates/sync/src/utils.rs", "", true);
        check(rule, "ui/src/lib/Helpers/format.ts", "", true);
        check(rule, "ui/src/lib/format.ts", "", false);
    }

    #[test]
    fn blanks_at_the_end_are_found() {
        let rule = "lines end where they end";
        check(rule, "a.rs", "fn a() {} \n", true);
        check(rule, "a.rs", "fn a() {}\r\n", true);
        check(rule, "a.rs", "fn a() {}", true);
        check(rule, "a.rs", "\tfn a() {}\n", true);
        check(rule, "a.rs", "fn a() {}\n", false);
    }
}
