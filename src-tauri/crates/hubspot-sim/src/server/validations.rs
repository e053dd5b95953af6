//! Rules that a portal sets for its properties' values (HubSpot's guide to property validations).

use serde_json::{Value, json};

use super::auth::Grant;
use super::definitions::{Changing, admit, changing_definitions};
use super::exchange::{Reply, Request};
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use crate::portal::definition::Definition;
use crate::portal::kind::Kind;

/// The rules that exist, after HubSpot's specification.
const RULES: [&str; 18] = [
    "FORMAT",
    "ALPHANUMERIC",
    "MAX_LENGTH",
    "MIN_LENGTH",
    "MIN_NUMBER",
    "MAX_NUMBER",
    "SPECIAL_CHARACTERS",
    "DECIMAL",
    "MAX_SIGNIFICANT_DIGITS",
    "BEFORE_DATE",
    "AFTER_DATE",
    "DAYS_OF_WEEK",
    "START_DATE",
    "END_DATE",
    "REGEX",
    "EMAIL",
    "DOMAIN",
    "WHITESPACE",
];

/// Answers a call below `/crm/property-validations`.
pub(crate) fn answer(
    sim: &mut Simulation,
    request: &Request,
    rest: &[&str],
    grant: &Grant,
) -> Answer {
    let changing: Option<Changing> = (request.method != "GET").then_some(changing_definitions);
    let (kind, rest) = admit(sim, rest, grant, changing)?;
    match (request.method.as_str(), rest) {
        ("GET", []) => Ok(of_type(sim, kind)),
        ("GET", [name]) => {
            let rules = rules(definition(sim, kind, name)?);
            Ok(Reply::ok(json!({ "results": rules })))
        }
        ("GET", [name, "rule-type", rule]) => rules(definition(sim, kind, name)?)
            .into_iter()
            .find(|shown| shown["ruleType"] == *rule)
            .map(Reply::ok)
            .ok_or_else(|| Refusal::missing("The property has no such rule")),
        ("PUT", [name, "rule-type", rule]) => set(sim, request, kind, name, rule),
        _ => Err(Refusal::method()),
    }
}

fn definition<'a>(sim: &'a Simulation, kind: Kind, name: &str) -> Result<&'a Definition, Refusal> {
    let portal = &sim.world.portal;
    portal
        .names
        .find(name)
        .and_then(|prop| portal.schema(kind).live(prop))
        .ok_or_else(|| Refusal::missing(&format!("Property {name} does not exist")))
}

fn rules(definition: &Definition) -> Vec<Value> {
    let all = definition.rules.iter();
    all.map(|(rule, arguments)| {
        json!({
            "ruleType": rule,
            "ruleArguments": arguments,
            "shouldApplyNormalization": false,
        })
    })
    .collect()
}

fn of_type(sim: &Simulation, kind: Kind) -> Reply {
    let all = sim.world.portal.schema(kind).all();
    let results: Vec<Value> = all
        .filter(|(_, definition)| !definition.rules.is_empty())
        .map(|(_, definition)| {
            json!({
                "propertyName": definition.name,
                "propertyValidationRules": rules(definition),
            })
        })
        .collect();
    Reply::ok(json!({ "results": results }))
}

fn set(sim: &mut Simulation, request: &Request, kind: Kind, name: &str, rule: &str) -> Answer {
    if !RULES.contains(&rule) {
        return Err(Refusal::invalid(&format!("{rule} is not a rule type")));
    }
    let body = request.body()?;
    let arguments = body["ruleArguments"].as_array().into_iter().flatten();
    let arguments = arguments
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    definition(sim, kind, name)?;
    let portal = &mut sim.world.portal;
    if let Some(prop) = portal.names.find(name)
        && let Some(definition) = portal.schema_mut(kind).get_mut(prop)
    {
        definition.rules.insert(rule.to_owned(), arguments);
    }
    Ok(Reply::none())
}

/// Why a value breaks one of its property's rules; `None` when it keeps them all. Rules about
/// days, patterns and formats are kept but not applied.
pub(crate) fn broken(definition: &Definition, text: &str) -> Option<String> {
    let length = text.chars().count();
    let number: Option<f64> = text.parse().ok();
    definition.rules.iter().find_map(|(rule, arguments)| {
        let limit: Option<f64> = arguments.first().and_then(|argument| argument.parse().ok());
        let most = |value: usize| limit.is_some_and(|limit| value as f64 > limit);
        let broken = match rule.as_str() {
            "MIN_NUMBER" => number
                .zip(limit)
                .is_some_and(|(value, limit)| value < limit),
            "MAX_NUMBER" => number
                .zip(limit)
                .is_some_and(|(value, limit)| value > limit),
            "MAX_LENGTH" => most(length),
            "MIN_LENGTH" => limit.is_some_and(|limit| (length as f64) < limit),
            "DECIMAL" => most(text.split_once('.').map_or(0, |(_, rest)| rest.len())),
            "WHITESPACE" => text.contains(char::is_whitespace),
            "ALPHANUMERIC" => !text.chars().all(char::is_alphanumeric),
            _ => false,
        };
        broken.then(|| format!("{} breaks the rule {rule}", definition.name))
    })
}
