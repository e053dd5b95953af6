//! The rules of docs/ARCHITECTURE.md that a search through the checkout can check.

mod borders;
mod hygiene;
mod outside;
mod tree;

use tree::{Finding, Tree};

/// A rule, why it is one, and how to find what breaks it.
struct Rule {
    name: &'static str,
    why: &'static str,
    broken_by: fn(&Tree) -> Vec<Finding>,
}

/// Checks every rule against the files of this checkout.
///
/// # Errors
/// When a rule is broken, after every finding was printed; or when git cannot list the files.
pub(crate) fn run() -> Result<(), String> {
    let tree = Tree::of_checkout(&crate::root())?;
    let mut broken = 0;
    for rule in borders::RULES
        .iter()
        .chain(outside::RULES)
        .chain(hygiene::RULES)
    {
        let findings = (rule.broken_by)(&tree);
        if findings.is_empty() {
            println!("holds   {}", rule.name);
            continue;
        }
        broken += 1;
        println!("BROKEN  {}: {}", rule.name, rule.why);
        findings
            .iter()
            .for_each(|finding| println!("        {finding}"));
    }
    if broken == 0 {
        Ok(())
    } else {
        Err(format!("{broken} invariants are broken"))
    }
}
