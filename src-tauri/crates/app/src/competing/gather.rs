//! What the report on competitors is made from, read from a portal's file.

use std::collections::{BTreeMap, HashMap};

use analyses::competitors::text::Format;
use analyses::competitors::{
    About, CompetitorList, CompetitorProperty, DealValue, PropertyValues, Source, Text,
};
use crm::{Moment, ObjectType, RecordId};
use rusqlite::{Connection, named_params};
use serde::Deserialize;
use store::StoreError;

const ACTIVITY_TEXTS: &str = include_str!("../../../../../sql/read/load_activity_texts.sql");
const DEAL_VALUES: &str = include_str!("../../../../../sql/read/load_deal_values.sql");
const DEAL_SEGMENTS: &str = include_str!("../../../../../sql/read/load_deal_segments.sql");
const PROPERTIES_OF: &str = include_str!("../../../../../sql/read/properties_of.sql");

/// The reasons that HubSpot has a property for.
pub(super) const REASONS: [(&str, Source); 2] = [
    ("closed_lost_reason", Source::LossReason),
    ("closed_won_reason", Source::WinReason),
];

/// Where segments come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Segment {
    /// Of deals or of companies.
    pub(super) of: ObjectType,
    pub(super) property: String,
}

/// What a portal knows of competitors.
pub(super) struct Gathered {
    pub(super) activities: Vec<Text>,
    pub(super) properties: Vec<PropertyValues>,
    pub(super) about: HashMap<RecordId, About>,
}

/// A property as the portal defines it.
#[derive(Debug)]
pub(super) struct Defined {
    pub(super) name: String,
    pub(super) label: String,
    kind: String,
    /// What its values are called.
    options: HashMap<String, String>,
}

impl Defined {
    /// Whether its values are words.
    pub(super) fn holds_words(&self) -> bool {
        self.kind == "string" || self.kind == "enumeration"
    }

    /// A value in the words that people see. Several values stand in one, with semicolons.
    fn in_words(&self, value: &str) -> String {
        if self.options.is_empty() {
            return value.to_owned();
        }
        let words: Vec<&str> = value
            .split(';')
            .map(|part| {
                self.options
                    .get(part.trim())
                    .map_or(part.trim(), String::as_str)
            })
            .collect();
        words.join("; ")
    }
}

#[derive(Deserialize)]
struct OptionOf {
    value: Option<String>,
    label: Option<String>,
}

/// The properties of a type that the portal defines now.
pub(super) fn defined(
    connection: &Connection,
    of: &ObjectType,
) -> Result<Vec<Defined>, StoreError> {
    let mut statement = connection.prepare_cached(PROPERTIES_OF)?;
    let rows = statement.query_map(named_params! { ":of": of.as_str() }, |row| {
        let options: Option<String> = row.get(3)?;
        // What HubSpot says of its options is not worth a report: without them values stand as kept.
        let options: Vec<OptionOf> = options
            .and_then(|options| serde_json::from_str(&options).ok())
            .unwrap_or_default();
        Ok(Defined {
            name: row.get(0)?,
            label: row.get(1)?,
            kind: row.get(2)?,
            options: options
                .into_iter()
                .filter_map(|option| Some((option.value?, option.label?)))
                .collect(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everything that the report needs, as known at a moment.
pub(super) fn gather(
    connection: &Connection,
    list: &CompetitorList,
    segment: Option<&Segment>,
    as_of: Moment,
) -> Result<Gathered, StoreError> {
    let deals = by_name(defined(connection, &ObjectType::DEALS)?);
    let reasons = REASONS.map(|(name, source)| (name.to_owned(), source, true));
    let chosen = list
        .properties
        .iter()
        .map(|CompetitorProperty { name, lost_to }| {
            let source = if *lost_to {
                Source::LossReason
            } else {
                Source::Property
            };
            (name.clone(), source, *lost_to)
        });
    let properties = reasons
        .into_iter()
        .chain(chosen)
        .map(|(name, source, at_close)| {
            Ok(PropertyValues {
                source,
                at_close,
                values: values(connection, &name, deals.get(&name), as_of)?,
            })
        })
        .collect::<Result<_, StoreError>>()?;
    Ok(Gathered {
        activities: activities(connection, as_of)?,
        properties,
        about: about(connection, segment)?,
    })
}

fn by_name(defined: Vec<Defined>) -> BTreeMap<String, Defined> {
    defined
        .into_iter()
        .map(|property| (property.name.clone(), property))
        .collect()
}

fn activities(connection: &Connection, as_of: Moment) -> Result<Vec<Text>, StoreError> {
    let mut statement = connection.prepare_cached(ACTIVITY_TEXTS)?;
    let rows = statement.query_map(named_params! { ":as_of": as_of.millis() }, |row| {
        let is_note = row.get_ref(1)?.as_str()? == ObjectType::NOTES.as_str();
        let (source, format) = if is_note {
            (Source::Note, Format::Html)
        } else {
            (Source::EmailSubject, Format::Plain)
        };
        Ok(Text {
            deal: RecordId::new(row.get(0)?),
            source,
            at: Some(Moment::from_millis(row.get(2)?)),
            format,
            text: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn values(
    connection: &Connection,
    property: &str,
    defined: Option<&Defined>,
    as_of: Moment,
) -> Result<Vec<DealValue>, StoreError> {
    let mut statement = connection.prepare_cached(DEAL_VALUES)?;
    let bound = named_params! { ":property": property, ":as_of": as_of.millis() };
    let rows = statement.query_map(bound, |row| {
        let value: String = row.get(2)?;
        Ok(DealValue {
            deal: RecordId::new(row.get(0)?),
            at: row.get::<_, Option<i64>>(1)?.map(Moment::from_millis),
            value: defined.map_or_else(|| value.clone(), |defined| defined.in_words(&value)),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn about(
    connection: &Connection,
    segment: Option<&Segment>,
) -> Result<HashMap<RecordId, About>, StoreError> {
    let defined = match segment {
        Some(segment) => by_name(defined(connection, &segment.of)?),
        None => BTreeMap::new(),
    };
    let words = segment.and_then(|segment| defined.get(&segment.property));
    let mut statement = connection.prepare_cached(DEAL_SEGMENTS)?;
    let bound = named_params! {
        ":of": segment.map_or("", |segment| segment.of.as_str()),
        ":property": segment.map_or("", |segment| segment.property.as_str()),
    };
    let rows = statement.query_map(bound, |row| {
        let value = row.get::<_, Option<String>>(2)?.unwrap_or_default();
        let about = About {
            segment: words.map_or_else(|| value.clone(), |words| words.in_words(&value)),
            company: row.get::<_, Option<u64>>(1)?.map(RecordId::new),
        };
        Ok((RecordId::new(row.get(0)?), about))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
