//! Search: filters, sorts, and its own rules (hubspot-api.md section 7.1).

use std::cmp::Ordering;

use crm::Moment;
use serde_json::{Value, json};

use super::auth::Grant;
use super::exchange::{Reply, Request};
use super::records::{View, render};
use super::refusal::{Answer, Refusal};
use super::simulation::Simulation;
use super::write::searchable;
use crate::portal::kind::Kind;
use crate::portal::record::Record;
use crate::portal::value::{DAY, Value as Kept};
use crate::portal::{Field, Portal};

const PAGE: usize = 200;
const MOST_RESULTS: usize = 10_000;
const MOST_GROUPS: usize = 5;
const MOST_FILTERS_A_GROUP: usize = 6;
const MOST_FILTERS: usize = 18;
/// Longest free-text query (the specification puts the limit there).
const LONGEST_QUERY: usize = 3_000;

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
struct Operand {
    number: Option<f64>,
    text: String,
}

#[derive(Debug)]
enum Subject {
    Property(Field),
    Linked(Kind),
}

#[derive(Debug)]
struct Filter {
    subject: Subject,
    test: Test,
}

/// `POST …/search`.
pub(crate) fn answer(sim: &Simulation, request: &Request, kind: Kind, grant: &Grant) -> Answer {
    let body = request
        .json()
        .ok_or_else(|| Refusal::invalid("Invalid input JSON"))?;
    let portal = &sim.world.portal;
    let now = sim.clock.now();
    let groups = read_groups(sim, kind, &body)?;
    let limit = match &body["limit"] {
        Value::Null => 10,
        value => number_of(value)
            .filter(|limit| (1..=PAGE).contains(limit))
            .ok_or_else(|| Refusal::invalid(&format!("limit must be between 1 and {PAGE}")))?,
    };
    let offset = match &body["after"] {
        Value::Null => 0,
        Value::String(text) if text.is_empty() => 0,
        value => number_of(value).ok_or_else(|| Refusal::invalid("after must be an integer"))?,
    };
    if offset + limit > MOST_RESULTS {
        return Err(Refusal::invalid(
            "The search results are limited to 10,000. Paging beyond them is not possible.",
        ));
    }
    let query = body["query"].as_str().unwrap_or_default().to_lowercase();
    if query.chars().count() > LONGEST_QUERY {
        return Err(Refusal::invalid("query is longer than 3000 characters"));
    }
    let sort = read_sort(portal, kind, &body)?;
    let seen = Moment::from_millis(now.millis() - sim.search_lag);
    let mut found: Vec<&Record> = portal
        .table(kind)
        .all()
        .iter()
        .filter(|record| record.archived.is_none())
        .filter(|record| sim.search_lag == 0 || record.modified <= seen)
        .filter(|record| query.is_empty() || mentions(portal, kind, record, &query, now))
        .filter(|record| {
            groups.is_empty()
                || groups.iter().any(|group| {
                    group
                        .iter()
                        .all(|filter| filter.holds(portal, kind, record, now))
                })
        })
        .collect();
    if let Some((field, ascending)) = sort {
        sort_by(portal, kind, &mut found, &field, ascending, now);
    }
    let properties: Vec<String> = body["properties"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let view = View::new(portal, kind, &properties, &[], grant);
    let results: Vec<Value> = found
        .iter()
        .skip(offset)
        .take(limit)
        .map(|record| render(portal, kind, record, &view, now))
        .collect();
    let mut page = json!({ "total": found.len(), "results": results });
    if offset + limit < found.len() {
        page["paging"] = json!({ "next": { "after": (offset + limit).to_string() } });
    }
    Ok(Reply::ok(page))
}

/// A number, as such or as text.
fn number_of(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other
            .as_u64()
            .and_then(|number| usize::try_from(number).ok()),
    }
}

fn read_groups(sim: &Simulation, kind: Kind, body: &Value) -> Result<Vec<Vec<Filter>>, Refusal> {
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
        Some(other) => Kind::parse(other, portal.id)
            .filter(|k| *k != Kind::Machines)
            .map(Subject::Linked),
        None => searchable(portal, kind, name).map(Subject::Property),
    };
    let subject = subject.ok_or_else(|| {
        Refusal::invalid(&format!(
            "There was a problem with the request: no property {name}"
        ))
    })?;
    let operand = |key: &str| -> Result<Operand, Refusal> {
        Operand::read(&filter[key])
            .ok_or_else(|| Refusal::invalid(&format!("A filter on {name} needs a {key}")))
    };
    let values = || -> Result<Vec<Operand>, Refusal> {
        let listed = filter["values"].as_array().into_iter().flatten();
        let values: Vec<Operand> = listed.filter_map(Operand::read).collect();
        if values.is_empty() {
            return Err(Refusal::invalid(&format!(
                "A filter on {name} needs values"
            )));
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

/// One sort at most; as an object, or as a text with a minus for descending.
fn read_sort(portal: &Portal, kind: Kind, body: &Value) -> Result<Option<(Field, bool)>, Refusal> {
    let sorts = body["sorts"].as_array().cloned().unwrap_or_default();
    if sorts.len() > 1 {
        return Err(Refusal::invalid("Only one sort is allowed"));
    }
    let Some(sort) = sorts.first() else {
        return Ok(None);
    };
    let (name, ascending) = match sort {
        Value::String(text) => match text.strip_prefix('-') {
            Some(name) => (name, false),
            None => (text.as_str(), true),
        },
        other => (
            other["propertyName"].as_str().unwrap_or_default(),
            other["direction"].as_str() != Some("DESCENDING"),
        ),
    };
    let field = searchable(portal, kind, name);
    let field = field.ok_or_else(|| Refusal::invalid(&format!("Cannot sort by {name}")))?;
    Ok(Some((field, ascending)))
}

fn sort_by(
    portal: &Portal,
    kind: Kind,
    found: &mut Vec<&Record>,
    field: &Field,
    ascending: bool,
    now: Moment,
) {
    let mut keyed: Vec<(Option<Operand>, &Record)> = found
        .iter()
        .map(|record| (operand_of(portal, kind, record, field, now), *record))
        .collect();
    keyed.sort_by(|(a, first), (b, second)| {
        let order = match (a, b) {
            (Some(a), Some(b)) => a.compare(b),
            // Records without a value come last, whichever way one sorts.
            (Some(_), None) => return Ordering::Less,
            (None, Some(_)) => return Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        let order = if ascending { order } else { order.reverse() };
        order.then(first.id.cmp(&second.id))
    });
    *found = keyed.into_iter().map(|(_, record)| record).collect();
}

#[allow(
    clippy::cast_precision_loss,
    reason = "milliseconds and ids are below 2^53"
)]
fn operand_of(
    portal: &Portal,
    kind: Kind,
    record: &Record,
    field: &Field,
    now: Moment,
) -> Option<Operand> {
    let value = portal.value(kind, record, field, now)?;
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
    Some(Operand { number, text })
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
            text: text.to_lowercase(),
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        match (self.number, other.number) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => self.text.cmp(&other.text),
        }
    }
}

impl Filter {
    fn holds(&self, portal: &Portal, kind: Kind, record: &Record, now: Moment) -> bool {
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

/// Free text looks at a few properties of each type.
fn mentions(portal: &Portal, kind: Kind, record: &Record, query: &str, now: Moment) -> bool {
    let names: &[&str] = match kind {
        Kind::Contacts => &["firstname", "lastname", "email", "phone", "company"],
        Kind::Companies => &["name", "domain"],
        Kind::Deals => &["dealname", "description"],
        Kind::Machines => &["serial_number", "model"],
        _ => &[],
    };
    names
        .iter()
        .filter_map(|name| portal.field(kind, name))
        .any(|field| {
            let text = portal.spelled(kind, record, &field, now);
            text.is_some_and(|text| text.to_lowercase().contains(query))
        })
}
