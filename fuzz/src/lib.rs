//! What is fuzzed: every function here takes any bytes, and panics only where the parser behind it
//! is wrong.

#[path = "values.rs"]
mod values;

/// A target's name and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets, by name. Each has a file in `fuzz_targets/` and a folder in `corpus/`.
pub const TARGETS: &[Target] = &[
    ("amount", values::amount),
    ("moment", values::moment),
    ("words", values::words),
];

/// Runs one target.
///
/// # Panics
/// Where the parser is wrong, or there is no such target.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    let (_, run) = target.expect("there is such a target");
    run(input);
}
