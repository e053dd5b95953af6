//! What a search looks for: filters, and how they compare.

use std::cmp::Ordering;

use crm::Moment;
use serde_json::Value;

use super::refusal::Refusal;
use super::simulation::Simulation;
use crate::portal::kind::Kind;
use crate::portal::property as p;
use crate::portal::record::Record;
use crate::portal::value::{DAY, Value as Kept};
use crate::portal::{Field, Portal};

const MOST_GROUPS: usize = 5;
const MOST_FILTERS_A_GROUP: usize = 6;
const MOST_FILTERS: usize = 18;

/// What a filter compares with.
#[derive(Debug)]
enum Test {
    Compare(Comparison, Operand),
    Between(Operand, Operand),
    In { values: Vec<Operand>, inside: bool },
    Has(bool),
    Token { words: Vec<String>, present: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A value to compare with: as a number where it is one, and as a text.
#[derive(Debug, Clone)]
pub(crate) struct Operand {
    number: Option<f64>,
    text: String,
    /// Whether it was written with a capital letter.
    capital: bool,
}

#[derive(Debug)]
enum Subject {
    Property(Field),
    Linked(Kind),
}

/// One condition.
#[derive(Debug)]
pub(crate) struct Filter {
    subject: Subject,
    test: Test,
}

/// The groups of a request: a record is found when all filters of one group hold.
pub(crate) fn read_groups(
    sim: &Simulation,
    kind: Kind,
    body: &Value,
) -> Result<Vec<Vec<Filter>>, Refusal> {
    let listed = body["filterGroups"].as_array().cloned().unwrap_or_default();
    if listed.len() > MOST_GROUPS {
        return Err(Refusal::invalid(&format!(
            "The maximum number of filter groups is {MOST_GROUPS}"
        )));
    }
    let mut groups = Vec::new();
    let mut total = 0;
    for group in &listed {
        let filters = group["filters"].as_array().cloned().unwrap_or_default();
        total += filters.len();
        if filters.len() > MOST_FILTERS_A_GROUP {
            return Err(Refusal::invalid(&format!(
                "The maximum number of filters in a group is {MOST_FILTERS_A_GROUP}"
            )));
        }
        let read = filters.iter().map(|filter| read_filter(sim, kind, filter));
        groups.push(read.collect::<Result<Vec<_>, _>>()?);
    }
    if total > MOST_FILTERS {
        return Err(Refusal::invalid(&format!(
            "The maximum number of filters is {MOST_FILTERS}"
        )));
    }
    Ok(groups)
}

fn read_filter(sim: &Simulation, kind: Kind, filter: &Value) -> Result<Filter, Refusal> {
    let name = filter["propertyName"].as_str().unwrap_or_default();
    let portal = &sim.world.portal;
    let subject = match name.strip_prefix("associations.") {
        Some(other) => portal
            .kind(other)
            .filter(|kind| !kind.is_custom())
            .map(Subject::Linked),
        None => portal.field(kind, name).map(Subject::Property),
    };
    let subject = subject.ok_or_else(|| {
        Refusal::invalid(&format!(
            "There was a problem with the request: no property {name}"
        ))
    })?;
    let wide = sim.quirks.wide_windows
        && matches!(name, "hs_lastmodifieddate" | "lastmodifieddate")
        && matches!(filter["operator"].as_str(), Some("GT" | "GTE" | "BETWEEN"));
    let operand = |key: &str| -> Result<Operand, Refusal> {
        Operand::read(&filter[key])
            .map(|mut operand| {
                if wide && key == "value" {
                    operand.number = operand.number.map(|number| number - 1.0);
                }
                operand
            })
            .ok_or_else(|| Refusal::invalid(&format!("A filter on {name} needs a {key}")))
    };
    let values = || -> Result<Vec<Operand>, Refusal> {
        let listed = filter["values"].as_array().into_iter().flatten();
        let mut values: Vec<Operand> = listed.filter_map(Operand::read).collect();
        if values.is_empty() {
            return Err(Refusal::invalid(&format!(
                "A filter on {name} needs values"
            )));
        }
        // Lists of texts are compared as they are with the lower-case text of the index: a value
        // with a capital letter finds nothing.
        if is_text(portal, kind, name) {
            values.retain(|value| !value.capital);
        }
        Ok(values)
    };
    let words = || -> Result<Vec<String>, Refusal> { Ok(tokens(&operand("value")?.text)) };
    let compare =
        |comparison| -> Result<Test, Refusal> { Ok(Test::Compare(comparison, operand("value")?)) };
    let test = match filter["operator"].as_str().unwrap_or_default() {
        "EQ" => compare(Comparison::Equal)?,
        "NEQ" => compare(Comparison::NotEqual)?,
        "LT" => compare(Comparison::Less)?,
        "LTE" => compare(Comparison::LessOrEqual)?,
        "GT" => compare(Comparison::Greater)?,
        "GTE" => compare(Comparison::GreaterOrEqual)?,
        "BETWEEN" => Test::Between(operand("value")?, operand("highValue")?),
        "IN" => Test::In {
            values: values()?,
            inside: true,
        },
        "NOT_IN" => Test::In {
            values: values()?,
            inside: false,
        },
        "HAS_PROPERTY" => Test::Has(true),
        "NOT_HAS_PROPERTY" => Test::Has(false),
        "CONTAINS_TOKEN" => Test::Token {
            words: words()?,
            present: true,
        },
        "NOT_CONTAINS_TOKEN" => Test::Token {
            words: words()?,
            present: false,
        },
        _ => return Err(Refusal::invalid("Invalid input JSON: unknown operator")),
    };
    Ok(Filter { subject, test })
}

fn is_text(portal: &Portal, kind: Kind, name: &str) -> bool {
    let prop = portal.names.find(name);
    let definition = prop.and_then(|prop| portal.schema(kind).live(prop));
    definition.is_some_and(|definition| definition.value_type == "string")
}

#[allow(
    clippy::cast_precision_loss,
    reason = "milliseconds and ids are below 2^53"
)]
pub(crate) fn operand_of(
    portal: &Portal,
    kind: Kind,
    record: &Record,
    field: &Field,
    now: Moment,
) -> Option<Operand> {
    let value = portal.value(kind, record, field, now)?;
    if portal.ids_as_text && *field == Field::Defined(p::HS_OBJECT_ID) {
        let text = value.spell(&portal.strings).into_owned();
        return Some(Operand {
            number: None,
            text,
            capital: false,
        });
    }
    let number = match value {
        Kept::Cleared => return None,
        Kept::Whole(number) => Some(number as f64),
        Kept::Cents(cents) => Some(cents as f64 / 100.0),
        Kept::At(at) => Some(at.millis() as f64),
        Kept::Day(day) => Some((i64::from(day) * DAY) as f64),
        Kept::Text(sym) => portal.strings.text(sym).parse().ok(),
        Kept::Flag(_) | Kept::Phrase(_) => None,
    };
    // Spelling out a text that is compared as a number would be the cost of the whole search.
    let text = match (number, value) {
        (Some(_), Kept::Whole(_) | Kept::Cents(_) | Kept::At(_) | Kept::Day(_)) => String::new(),
        _ => value.spell(&portal.strings).to_lowercase(),
    };
    Some(Operand {
        number,
        text,
        capital: false,
    })
}

impl Operand {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds are below 2^53")]
    fn read(value: &Value) -> Option<Self> {
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => return None,
        };
        let number = text
            .parse()
            .ok()
            .or_else(|| text.parse::<Moment>().ok().map(|at| at.millis() as f64));
        Some(Self {
            number,
            capital: text.chars().any(char::is_uppercase),
            text: text.to_lowercase(),
        })
    }

    /// As numbers where both are, else as texts.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match (self.number, other.number) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => self.text.cmp(&other.text),
        }
    }
}

impl Filter {
    /// Whether a record passes.
    pub(crate) fn holds(&self, portal: &Portal, kind: Kind, record: &Record, now: Moment) -> bool {
        match &self.subject {
            Subject::Linked(other) => {
                let ids = record.linked(*other);
                let has = |operand: &Operand| ids.iter().any(|id| id.to_string() == operand.text);
                match &self.test {
                    Test::Has(wanted) => ids.is_empty() != *wanted,
                    Test::In { values, inside } => values.iter().any(has) == *inside,
                    Test::Compare(comparison, operand) => {
                        has(operand) == (*comparison == Comparison::Equal)
                    }
                    Test::Between(..) | Test::Token { .. } => false,
                }
            }
            Subject::Property(field) => self
                .test
                .holds(&operand_of(portal, kind, record, field, now)),
        }
    }
}

impl Test {
    fn holds(&self, value: &Option<Operand>) -> bool {
        let Some(value) = value else {
            // An empty value is unlike any other, and inside nothing.
            return match self {
                Self::Has(wanted) => !wanted,
                Self::Compare(comparison, _) => *comparison == Comparison::NotEqual,
                Self::In { inside, .. } => !inside,
                Self::Token { present, .. } => !present,
                Self::Between(..) => false,
            };
        };
        match self {
            Self::Has(wanted) => *wanted,
            Self::Compare(comparison, operand) => {
                let order = value.compare(operand);
                match comparison {
                    Comparison::Equal => order == Ordering::Equal,
                    Comparison::NotEqual => order != Ordering::Equal,
                    Comparison::Less => order == Ordering::Less,
                    Comparison::LessOrEqual => order != Ordering::Greater,
                    Comparison::Greater => order == Ordering::Greater,
                    Comparison::GreaterOrEqual => order != Ordering::Less,
                }
            }
            Self::Between(low, high) => {
                value.compare(low) != Ordering::Less && value.compare(high) != Ordering::Greater
            }
            Self::In { values, inside } => {
                let equal = |other: &Operand| value.compare(other) == Ordering::Equal;
                values.iter().any(equal) == *inside
            }
            Self::Token { words, present } => {
                let own = tokens(&value.text);
                let matches = |word: &String| match word.strip_suffix('*') {
                    Some(prefix) => own.iter().any(|token| token.starts_with(prefix)),
                    None => own.contains(word),
                };
                words.iter().all(matches) == *present
            }
        }
    }
}

fn tokens(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && c != '*')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}
