//! What is fuzzed: every function here takes any bytes, and panics only where the parser behind it
//! is wrong.

use hubspot::fuzzing as answers;

#[path = "models.rs"]
mod models;
#[path = "values.rs"]
mod values;

/// A target's name and what it does with an input.
pub type Target = (&'static str, fn(&[u8]));

/// All targets, by name. Each has a file in `fuzz_targets/` and a folder in `corpus/`.
pub const TARGETS: &[Target] = &[
    ("amount", values::amount),
    ("associations_batch", answers::associations_batch),
    ("boosted_model", models::boosted),
    ("callback_head", answers::callback_head),
    ("definitions", answers::definitions),
    ("error_body", answers::error_body),
    ("moment", values::moment),
    ("page_of_records", answers::page_of_records),
    ("property_values", answers::property_values),
    ("token_answer", answers::token_answer),
    ("webhook_call", answers::webhook_call),
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
