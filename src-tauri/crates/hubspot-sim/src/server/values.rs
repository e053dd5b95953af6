//! Values that a client wants to write, checked against the definitions of their properties.

use std::str::FromStr;

use crm::Moment;
use serde_json::Value;

use super::refusal::{PropertyFault, Refusal};
use super::simulation::Simulation;
use super::validations::broken;
use crate::portal::Portal;
use crate::portal::definition::Definition;
use crate::portal::kind::Kind;
use crate::portal::property::{self as p, Prop};
use crate::portal::record::Record;
use crate::portal::value::Value as Kept;

/// HubSpot's longest text (HubSpot's guide to properties).
const LONGEST_TEXT: usize = 65_536;

/// Checked values that wait to be written.
#[derive(Debug, Default)]
pub(crate) struct Draft(pub Vec<(Prop, String, Kept)>);

impl Draft {
    /// Checks the `properties` of an input. `null` is ignored, `""` clears, as HubSpot's
    /// staff explain in hubspot-api-nodejs issue 324.
    pub(crate) fn read(
        portal: &mut Portal,
        kind: Kind,
        properties: &Value,
        faults: &mut Vec<PropertyFault>,
    ) -> Self {
        let mut draft = Self::default();
        let Some(properties) = properties.as_object() else {
            return draft;
        };
        for (name, value) in properties {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            match check(portal, kind, name, &text) {
                Ok((prop, value)) => draft.0.push((prop, name.clone(), value)),
                Err(fault) => faults.push(fault),
            }
        }
        draft
    }
}

fn check(
    portal: &mut Portal,
    kind: Kind,
    name: &str,
    text: &str,
) -> Result<(Prop, Kept), PropertyFault> {
    let fault = |code: &'static str, message: String| {
        Err(PropertyFault {
            property: name.to_owned(),
            code,
            message,
        })
    };
    let known = portal.names.find(name);
    let Some((prop, definition)) = known.and_then(|p| Some((p, portal.schema(kind).live(p)?)))
    else {
        return fault(
            "PROPERTY_DOESNT_EXIST",
            format!("Property \"{name}\" does not exist"),
        );
    };
    if definition.read_only {
        return fault(
            "READ_ONLY_VALUE",
            format!("\"{name}\" is a read only property"),
        );
    }
    if text.is_empty() {
        return Ok((prop, Kept::Cleared));
    }
    if text.chars().count() > LONGEST_TEXT {
        return fault(
            "VALUE_TOO_LONG",
            format!("{name} is longer than {LONGEST_TEXT} characters"),
        );
    }
    if let Some(message) = broken(definition, text) {
        return fault("PROPERTY_VALIDATION_RULE", message);
    }
    let value = match definition.value_type.as_str() {
        "number" => match number(text, prop == p::AMOUNT) {
            Some(value) => value,
            None => return fault("INVALID_INTEGER", format!("{name} was not a valid number.")),
        },
        "datetime" => match Moment::from_str(text) {
            Ok(at) => Some(Kept::At(at)),
            Err(_) => return fault("INVALID_DATE", format!("{name} was not a valid date.")),
        },
        "date" => match day(text) {
            Some(day) => Some(Kept::Day(day)),
            None => return fault("INVALID_DATE", format!("{name} was not a valid date.")),
        },
        "bool" => match text {
            "true" => Some(Kept::Flag(true)),
            "false" => Some(Kept::Flag(false)),
            _ => {
                return fault(
                    "INVALID_OPTION",
                    format!("{name} was not one of the allowed options"),
                );
            }
        },
        "enumeration" if !is_option(portal, kind, definition, prop, text) => {
            return fault(
                "INVALID_OPTION",
                format!("{name} was not one of the allowed options"),
            );
        }
        _ => None,
    };
    // Addresses are the same in any capitals, and HubSpot keeps them in small ones.
    let lower = prop == p::EMAIL && kind == Kind::Contacts;
    let text = if lower {
        text.to_lowercase()
    } else {
        text.to_owned()
    };
    Ok((
        prop,
        value.unwrap_or_else(|| Kept::Text(portal.strings.keep(&text))),
    ))
}

/// `None` when the text is no number; `Some(None)` when it is one that has to stay as it was sent.
fn number(text: &str, money: bool) -> Option<Option<Kept>> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty()
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
        && digits != ".";
    if !plain {
        return None;
    }
    if money {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        if rest.len() <= 2
            && let Ok(cents) = format!("{whole}{rest:0<2}").parse()
        {
            return Some(Some(Kept::Cents(cents)));
        }
    }
    Some(
        text.parse()
            .ok()
            .filter(|number: &i64| number.to_string() == text)
            .map(Kept::Whole),
    )
}

/// A date: `YYYY-MM-DD`, or milliseconds at midnight UTC.
fn day(text: &str) -> Option<i32> {
    let at = Moment::from_str(text).ok()?.millis();
    let midnight = at % crate::portal::value::DAY == 0;
    midnight
        .then(|| i32::try_from(at / crate::portal::value::DAY).ok())
        .flatten()
}

fn is_option(portal: &Portal, kind: Kind, definition: &Definition, prop: Prop, text: &str) -> bool {
    match prop {
        p::HS_PIPELINE => portal
            .pipelines_of(kind)
            .iter()
            .any(|pipeline| pipeline.id == text),
        p::HS_PIPELINE_STAGE => portal
            .pipelines_of(kind)
            .iter()
            .flat_map(|pipeline| &pipeline.stages)
            .any(|stage| stage.id == text),
        p::DEALSTAGE => portal.stage_named(text).is_some(),
        p::PIPELINE => portal.pipelines.iter().any(|pipeline| pipeline.id == text),
        // The owner's id; the user's is refused.
        p::HUBSPOT_OWNER_ID => portal
            .owners
            .iter()
            .any(|owner| owner.id.to_string() == text),
        _ => {
            let known = |value: &str| {
                definition
                    .choices
                    .iter()
                    .any(|choice| choice.value == value)
            };
            let several = definition.field_type == "checkbox";
            if several {
                text.split(';').filter(|value| !value.is_empty()).all(known)
            } else {
                known(text)
            }
        }
    }
}

/// Refuses the write when one of the records lacks a property that an administrator made
/// compulsory.
pub(crate) fn check_compulsory(sim: &Simulation, kind: Kind, ids: &[&str]) -> Result<(), Refusal> {
    let portal = &sim.world.portal;
    let lacking: Vec<&str> = sim
        .compulsory
        .iter()
        .filter(|(of, prop)| {
            let lacks = |record: &Record| matches!(record.value(*prop), None | Some(Kept::Cleared));
            let records = ids
                .iter()
                .filter_map(|id| portal.table(kind).get(id.parse().ok()?));
            *of == kind && records.into_iter().any(lacks)
        })
        .map(|(_, prop)| portal.names.name(*prop))
        .collect();
    refuse_lacking(&lacking)
}

/// The same for a record that is to be: it needs each of them from the start.
pub(crate) fn check_compulsory_new(
    sim: &Simulation,
    kind: Kind,
    draft: &Draft,
) -> Result<(), Refusal> {
    let has = |wanted: Prop| {
        let mut all = draft.0.iter();
        all.any(|(prop, _, value)| *prop == wanted && *value != Kept::Cleared)
    };
    let lacking: Vec<&str> = sim
        .compulsory
        .iter()
        .filter(|(of, prop)| *of == kind && !has(*prop))
        .map(|(_, prop)| sim.world.portal.names.name(*prop))
        .collect();
    refuse_lacking(&lacking)
}

fn refuse_lacking(lacking: &[&str]) -> Result<(), Refusal> {
    if lacking.is_empty() {
        return Ok(());
    }
    let faults: Vec<PropertyFault> = lacking
        .iter()
        .map(|name| PropertyFault {
            property: (*name).to_owned(),
            code: "REQUIRED_PROPERTY",
            message: format!("{name} is required"),
        })
        .collect();
    Err(Refusal::invalid_properties(&faults))
}
