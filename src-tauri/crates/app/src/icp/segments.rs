//! The query behind each segment.

use std::collections::BTreeSet;

use analyses::icp::{Dimension, IcpReport, IcpRows, OTHER, Segment, SegmentPart};
use crm::PipelineId;
use serde_json::{Value, json};
use timeline::queries;

use super::place::place;
use crate::views::SegmentsQuery;

/// What to bind, for everybody and for each segment.
pub(super) fn query(
    rows: &IcpRows,
    report: &IcpReport,
    pipeline: Option<&PipelineId>,
) -> SegmentsQuery {
    let named = |segment: &Segment| match &segment.parts[..] {
        [part] => part
            .value
            .clone()
            .map(|value| (part.dimension.clone(), value)),
        _ => None,
    };
    let named: BTreeSet<(Dimension, String)> = report.segments.iter().filter_map(named).collect();
    let accepted = |part: &SegmentPart| -> Vec<Value> {
        match part.value.as_deref() {
            None => vec![Value::Null],
            Some(OTHER) => rare(rows, &part.dimension, &named),
            Some(value) => vec![json!(value)],
        }
    };
    let parts = |segment: &Segment| {
        let part = |part: &SegmentPart| {
            let place = place(&part.dimension)?;
            let bands = (part.dimension == Dimension::Size).then_some(true);
            Some(json!({
                "object_type": place.object.as_str(),
                "property": place.property,
                "values": accepted(part),
                "bands": bands,
            }))
        };
        Value::from(segment.parts.iter().filter_map(part).collect::<Vec<_>>()).to_string()
    };
    let left_out: Vec<u64> = report.method.unwatched.iter().map(|id| id.get()).collect();
    let parameters = [
        (":as_of", report.as_of.millis().to_string()),
        (":created_from", report.created_from.millis().to_string()),
        (
            ":pipeline",
            pipeline.map_or_else(String::new, ToString::to_string),
        ),
        (":left_out", json!(left_out).to_string()),
    ];
    SegmentsQuery {
        name: queries::DEALS_IN_SEGMENT.name.to_owned(),
        parameters: parameters
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
        parts: std::iter::once(&report.all)
            .chain(&report.segments)
            .map(parts)
            .collect(),
    }
}

/// The values of a dimension that are no segments of their own.
fn rare(
    rows: &IcpRows,
    dimension: &Dimension,
    named: &BTreeSet<(Dimension, String)>,
) -> Vec<Value> {
    let mut values: BTreeSet<&str> = BTreeSet::new();
    for deal in &rows.deals {
        let own = deal.values.get(dimension);
        let of = deal
            .companies
            .iter()
            .filter_map(|link| link.values.get(dimension));
        for value in own.into_iter().chain(of) {
            values.insert(value.trim());
        }
    }
    let is_rare = |value: &&str| !named.contains(&(dimension.clone(), (*value).to_owned()));
    values
        .into_iter()
        .filter(is_rare)
        .map(|value| json!(value))
        .collect()
}
