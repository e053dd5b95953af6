//! Holds a report to the document that describes it.
#![allow(dead_code, reason = "each test uses its own part")]

use std::collections::BTreeSet;

use serde_json::Value;

/// Checks a report against the part of JSON Schema that the documents use. Fields that the document
/// does not name are faults here, and so are required ones that are missing.
pub(crate) fn check(document: &str, report: &Value) {
    let root: Value = serde_json::from_str(document).unwrap();
    check_part(&root, &root, report, "report");
}

fn check_part(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        return check_part(root, target, value, at);
    }
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        let null = value.is_null();
        let tag = |choice: &&Value| tag_fits(choice, value);
        let choice = choices
            .iter()
            .filter(|c| (c["type"] == "null") == null)
            .find(tag);
        return check_part(root, choice.unwrap(), value, at);
    }
    if let Some(wanted) = schema.get("const") {
        assert_eq!(value, wanted, "{at}");
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        assert!(values.contains(value), "{at}: {value}");
    }
    match schema.get("type").and_then(Value::as_str) {
        None => {}
        Some("null") => assert!(value.is_null(), "{at}"),
        Some("string") => assert!(value.is_string(), "{at}: {value}"),
        Some("boolean") => assert!(value.is_boolean(), "{at}: {value}"),
        Some("number") => assert!(value.is_number(), "{at}: {value}"),
        Some("integer") => assert!(value.is_u64(), "{at}: {value}"),
        Some("array") => {
            for item in value.as_array().unwrap() {
                check_part(root, &schema["items"], item, at);
            }
        }
        Some("object") => check_fields(root, schema, value, at),
        Some(other) => panic!("{at}: {other} is not checked here"),
    }
}

/// Whether a value has the constants that tell one choice of a type from another.
fn tag_fits(choice: &Value, value: &Value) -> bool {
    let fields = choice.get("properties").and_then(Value::as_object);
    fields.into_iter().flatten().all(|(name, part)| {
        part.get("const")
            .is_none_or(|wanted| value.get(name) == Some(wanted))
    })
}

fn check_fields(root: &Value, schema: &Value, value: &Value, at: &str) {
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    };
    // An object whose names come from the data has one part for all of them, and none is required.
    if let Some(part) = schema.get("additionalProperties") {
        for (name, of) in value.as_object().unwrap() {
            check_part(root, part, of, &format!("{at}.{name}"));
        }
        return;
    }
    let required: BTreeSet<String> = serde_json::from_value(schema["required"].clone()).unwrap();
    let (found, known) = (keys(value), keys(&schema["properties"]));
    assert!(
        required.is_subset(&found),
        "{at}: {required:?} of {found:?}"
    );
    assert!(found.is_subset(&known), "{at}: {found:?} beyond {known:?}");
    for (name, of) in value.as_object().unwrap() {
        let part = &schema["properties"][name];
        check_part(root, part, of, &format!("{at}.{name}"));
    }
}

/// Checks that a document leaves nothing open: whatever it names has to be there.
pub(crate) fn every_field_is_required(document: &str) {
    let root: Value = serde_json::from_str(document).unwrap();
    let mut parts = vec![&root];
    while let Some(part) = parts.pop() {
        if let Some(fields) = part.get("properties").and_then(Value::as_object) {
            let known: BTreeSet<&str> = fields.keys().map(String::as_str).collect();
            let required = part["required"].as_array().unwrap();
            let required: BTreeSet<&str> = required.iter().map(|f| f.as_str().unwrap()).collect();
            assert_eq!(known, required);
        }
        match part {
            Value::Array(inner) => parts.extend(inner),
            Value::Object(inner) => parts.extend(inner.values()),
            _ => {}
        }
    }
}
