//! Forecasts have the shape that `docs/schemas/forecast-1.json` documents.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

mod world;

use std::collections::BTreeSet;

use analyses::forecast::{ForecastQuestion, Quota, forecast};
use rust_decimal::Decimal;
use serde_json::Value;
use timeline::{DealPart, Tracked};
use world::{HAZARDS, day, deal, grown, portal, question};

const SCHEMA: &str = include_str!("../../../../docs/schemas/forecast-1.json");

#[test]
fn forecasts_have_the_documented_shape() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    assert_eq!(schema["title"], analyses::forecast::SCHEMA);
    let odd = deal(10_001, "-5", &[(650, "a-offer")])
        .with(Tracked::CloseDate, day(650), "2025-11-01")
        .with(Tracked::ForecastCategory, day(650), "COMMIT");
    let grown: Vec<DealPart> = grown(1, 600, 1_000, HAZARDS);
    for deals in [
        Vec::new(),
        vec![odd.clone()],
        grown.into_iter().chain([odd]).collect(),
    ] {
        let timeline = portal(deals);
        for (first, last) in [("2025-10-01", "2025-12-31"), ("2025-07-01", "2025-09-30")] {
            let quota = Quota {
                amount: Decimal::from(100_000),
                currency: "EUR".parse().unwrap(),
                set_at: day(600),
                versions: 1,
            };
            let asked = ForecastQuestion {
                quota: Some(quota),
                ..question(day(700), first, last)
            };
            let report = serde_json::to_value(forecast(&timeline, &asked)).unwrap();
            let found = fits(&schema, &schema, &report);
            assert_eq!(found, Ok(()));
            assert_eq!(report["schema"], analyses::forecast::SCHEMA);
        }
    }
}

/// The part of JSON Schema that the document uses; a field that it does not name is a fault here.
fn fits(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        return fits(root, target, value);
    }
    if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
        let fitting = choices
            .iter()
            .any(|choice| fits(root, choice, value).is_ok());
        return fitting
            .then_some(())
            .ok_or_else(|| format!("no choice fits {value}"));
    }
    let allowed = match (
        schema.get("const"),
        schema.get("enum").and_then(Value::as_array),
    ) {
        (Some(wanted), _) => wanted == value,
        (None, Some(values)) => values.contains(value),
        (None, None) => true,
    };
    let is_it = match schema.get("type").and_then(Value::as_str) {
        None => true,
        Some("null") => value.is_null(),
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => return items(root, schema, value),
        Some("object") => return fields(root, schema, value),
        Some(other) => return Err(format!("{other} is not checked here")),
    };
    (allowed && is_it)
        .then_some(())
        .ok_or_else(|| format!("{value} is not {schema}"))
}

fn items(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let items = value
        .as_array()
        .ok_or_else(|| format!("{value} is no list"))?;
    if let Some(each) = schema.get("prefixItems").and_then(Value::as_array) {
        if each.len() != items.len() {
            return Err(format!("{value} has another length"));
        }
        return each
            .iter()
            .zip(items)
            .try_for_each(|(of, item)| fits(root, of, item));
    }
    items
        .iter()
        .try_for_each(|item| fits(root, &schema["items"], item))
}

fn fields(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let fields = value
        .as_object()
        .ok_or_else(|| format!("{value} is no object"))?;
    let named = schema["properties"].as_object().unwrap();
    let required: BTreeSet<&str> = schema["required"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    if let Some(missing) = required.iter().find(|name| !fields.contains_key(**name)) {
        return Err(format!("{missing} is missing"));
    }
    fields.iter().try_for_each(|(name, value)| {
        let of = named
            .get(name)
            .ok_or_else(|| format!("{name} is not documented"))?;
        fits(root, of, value).map_err(|why| format!("{name}: {why}"))
    })
}
