//! What a record must be like to be on a list: branches of branches, whose leaves are filters
//! (HubSpot's guide to list filters). Filters by properties' texts, numbers and choices are evaluated;
//! any other is refused, since a list that took no notice of it would be a lie.

use crm::Moment;
use serde_json::Value;

use super::refusal::Refusal;
use crate::portal::Portal;
use crate::portal::kind::Kind;
use crate::portal::record::Record;
use crate::portal::value::Value as Kept;

/// What is evaluated, by type of operation.
const OPERATORS: [(&str, &[&str]); 7] = [
    ("STRING", TEXTS),
    ("MULTISTRING", TEXTS),
    ("ENUMERATION", &["IS_ANY_OF", "IS_NONE_OF"]),
    ("BOOL", &["IS_EQUAL_TO", "IS_NOT_EQUAL_TO"]),
    (
        "NUMBER",
        &[
            "IS_EQUAL_TO",
            "IS_NOT_EQUAL_TO",
            "IS_GREATER_THAN",
            "IS_GREATER_THAN_OR_EQUAL_TO",
            "IS_LESS_THAN",
            "IS_LESS_THAN_OR_EQUAL_TO",
        ],
    ),
    ("NUMBER_RANGED", &["IS_BETWEEN", "IS_NOT_BETWEEN"]),
    ("ALL_PROPERTY", &["IS_KNOWN", "IS_UNKNOWN"]),
];

const TEXTS: &[&str] = &[
    "IS_EQUAL_TO",
    "IS_NOT_EQUAL_TO",
    "CONTAINS",
    "DOES_NOT_CONTAIN",
    "STARTS_WITH",
    "ENDS_WITH",
];

fn listed<'a>(branch: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    branch[key].as_array().into_iter().flatten()
}

/// Refuses what HubSpot would refuse, and what is not evaluated. The root is an `OR` of `AND`s.
pub(crate) fn check(portal: &Portal, kind: Kind, root: &Value) -> Result<(), Refusal> {
    let is_or = root["filterBranchType"] == "OR" && listed(root, "filters").next().is_none();
    let mut below = listed(root, "filterBranches").peekable();
    if !is_or || below.peek().is_none() || below.any(|one| one["filterBranchType"] != "AND") {
        return Err(Refusal::invalid(
            "The root filter branch must be an OR of AND branches, without filters of its own.",
        ));
    }
    listed(root, "filterBranches").try_for_each(|branch| check_branch(portal, kind, branch))
}

fn check_branch(portal: &Portal, kind: Kind, branch: &Value) -> Result<(), Refusal> {
    let branch_type = branch["filterBranchType"].as_str().unwrap_or_default();
    if !["OR", "AND", "NOT_ALL", "NOT_ANY"].contains(&branch_type) {
        return Err(Refusal::invalid(&format!(
            "Filter branches of type {branch_type} are not evaluated here."
        )));
    }
    for filter in listed(branch, "filters") {
        let name = filter["property"].as_str().unwrap_or_default();
        if filter["filterType"] != "PROPERTY" || portal.field(kind, name).is_none() {
            return Err(Refusal::invalid(&format!(
                "A filter must be one of a property, and {name} is none."
            )));
        }
        let operation = &filter["operation"];
        let is_known = OPERATORS.iter().any(|(of_type, operators)| {
            operation["operationType"] == *of_type
                && operators.iter().any(|one| operation["operator"] == *one)
        });
        if !is_known {
            return Err(Refusal::invalid(&format!(
                "The operation {} {} is not evaluated here.",
                operation["operationType"], operation["operator"]
            )));
        }
    }
    listed(branch, "filterBranches").try_for_each(|branch| check_branch(portal, kind, branch))
}

/// Whether a record passes filters that were checked, as of `now`.
pub(crate) fn passes(
    portal: &Portal,
    kind: Kind,
    record: &Record,
    branch: &Value,
    now: Moment,
) -> bool {
    let below = listed(branch, "filterBranches");
    let mut parts = listed(branch, "filters")
        .map(|filter| passes_filter(portal, kind, record, filter, now))
        .chain(below.map(|below| passes(portal, kind, record, below, now)));
    match branch["filterBranchType"].as_str() {
        Some("OR") => parts.any(|part| part),
        Some("NOT_ANY") => !parts.any(|part| part),
        Some("NOT_ALL") => !parts.all(|part| part),
        _ => parts.all(|part| part),
    }
}

fn passes_filter(
    portal: &Portal,
    kind: Kind,
    record: &Record,
    filter: &Value,
    now: Moment,
) -> bool {
    let name = filter["property"].as_str().unwrap_or_default();
    // As a search reads it: what is computed has no stored value.
    let field = portal.field(kind, name);
    let kept = field.and_then(|field| portal.value(kind, record, &field, now));
    let kept = kept.filter(|kept| *kept != Kept::Cleared);
    let text = kept.map(|kept| kept.spell(&portal.strings).to_lowercase());
    let operation = &filter["operation"];
    let operator = operation["operator"].as_str().unwrap_or_default();
    match (operator, text) {
        ("IS_KNOWN", text) => text.is_some(),
        ("IS_UNKNOWN", text) => text.is_none(),
        (_, None) => operation["includeObjectsWithNoValueSet"] == true,
        (operator, Some(text)) => compare(operation, operator, &text),
    }
}

fn compare(operation: &Value, operator: &str, text: &str) -> bool {
    let number: Option<f64> = text.parse().ok();
    let bound = |key: &str| operation[key].as_f64();
    let against = |holds: fn(f64, f64) -> bool| {
        number
            .zip(bound("value"))
            .is_some_and(|(ours, theirs)| holds(ours, theirs))
    };
    let wanted: Vec<String> = match &operation["values"] {
        Value::Array(values) => values.iter().filter_map(spelled).collect(),
        _ => spelled(&operation["value"]).into_iter().collect(),
    };
    let equals = || wanted.iter().any(|one| one == text) || against(|ours, theirs| ours == theirs);
    let contains = || wanted.iter().any(|one| text.contains(one.as_str()));
    let between = || {
        let bounds = bound("lowerBound").zip(bound("upperBound"));
        number
            .zip(bounds)
            .is_some_and(|(ours, (low, high))| (low..=high).contains(&ours))
    };
    match operator {
        "IS_EQUAL_TO" | "IS_ANY_OF" => equals(),
        "IS_NOT_EQUAL_TO" | "IS_NONE_OF" => !equals(),
        "CONTAINS" => contains(),
        "DOES_NOT_CONTAIN" => !contains(),
        "STARTS_WITH" => wanted.iter().any(|one| text.starts_with(one.as_str())),
        "ENDS_WITH" => wanted.iter().any(|one| text.ends_with(one.as_str())),
        "IS_GREATER_THAN" => against(|ours, theirs| ours > theirs),
        "IS_GREATER_THAN_OR_EQUAL_TO" => against(|ours, theirs| ours >= theirs),
        "IS_LESS_THAN" => against(|ours, theirs| ours < theirs),
        "IS_LESS_THAN_OR_EQUAL_TO" => against(|ours, theirs| ours <= theirs),
        "IS_BETWEEN" => between(),
        _ => !between(),
    }
}

/// A value as records' values are spelled, in lower case.
fn spelled(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_lowercase()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
