//! The report's shape on the wire is the documented one.

use analyses::icp::{DeclaredIcp, Dimension, IcpQuestion, SCHEMA};
use serde_json::Value;

use super::world::{Truth, question, world};

const DOCUMENTED: &str = include_str!("../../../../../docs/schemas/icp-1.json");

#[test]
fn the_report_has_the_documented_shape() {
    let schema: Value = serde_json::from_str(DOCUMENTED).unwrap();
    let target = Truth {
        deals: 1_500,
        target: (300, 2.0),
        ..Truth::null()
    };
    let declared = DeclaredIcp {
        values: [(Dimension::Industry, vec!["Target".to_owned()])].into(),
        seen_until: None,
    };
    let asked = IcpQuestion {
        draws: 20,
        declared: Some(declared),
        ..question()
    };
    for (truth, asked) in [
        (target, asked),
        (
            Truth {
                deals: 0,
                contacts: 0,
                ..Truth::null()
            },
            question(),
        ),
    ] {
        let report = serde_json::to_value(world(1, truth).report(&asked)).unwrap();
        assert_eq!(report["schema"], SCHEMA);
        check(&schema, &schema, &report, "report");
    }
}

/// The part of JSON Schema that the document uses; fields that it does not name are faults here.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        return check(root, target, value, at);
    }
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        let null = value.is_null();
        let choice = choices.iter().find(|c| (c["type"] == "null") == null);
        return check(root, choice.unwrap(), value, at);
    }
    if let Some(wanted) = schema.get("const") {
        assert_eq!(value, wanted, "{at}");
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        assert!(values.contains(value), "{at}: {value}");
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => assert!(value.is_string(), "{at}: {value}"),
        Some("integer") => assert!(value.is_u64(), "{at}: {value}"),
        Some("number") => assert!(value.is_number(), "{at}: {value}"),
        Some("boolean") => assert!(value.is_boolean(), "{at}: {value}"),
        Some("null") => assert!(value.is_null(), "{at}: {value}"),
        Some("array") => {
            for item in value.as_array().unwrap() {
                check(root, &schema["items"], item, at);
            }
        }
        Some("object") => {
            for (name, value) in value.as_object().unwrap() {
                let of = schema["properties"].get(name);
                let of = of.or_else(|| schema.get("additionalProperties"));
                let of = of.unwrap_or_else(|| panic!("{at}.{name} is not documented"));
                check(root, of, value, &format!("{at}.{name}"));
            }
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(
                    value.get(name.as_str().unwrap()).is_some(),
                    "{at} lacks {name}"
                );
            }
        }
        _ => {}
    }
}
