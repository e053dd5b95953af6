//! Which customers are worth having.

use std::collections::BTreeMap;

use analyses::icp::IcpReport;
use crm::{Moment, PipelineId, RecordId};
use serde::{Deserialize, Serialize};

use super::{CopyId, PipelineOption, SnapshotMark};

/// A report on customers to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IcpArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// As seen at the end of this day (`2026-08-03`), in the portal's time zone; absent means now.
    pub as_of: Option<String>,
    /// One pipeline, or all.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub pipeline: Option<PipelineId>,
    /// By what to tell customers apart: `industry`, `size`, `country`, `region`, `source`. Absent: all
    /// of these but the region.
    pub dimensions: Option<Vec<String>>,
    /// Up to three properties more, such as `companies.tier`.
    #[serde(default)]
    pub properties: Vec<String>,
    /// Days after creation by which a deal counts as won; absent means 90, 180 or 365, the shortest by
    /// which three of four wins have come.
    pub horizon_days: Option<u32>,
    /// Another ICP than the kept one, values by dimension. Absent: the kept one.
    pub declared: Option<BTreeMap<String, Vec<String>>>,
}

/// The report on customers, with what the page around it needs.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IcpView {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Present where this was made from a snapshot.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub snapshot: Option<SnapshotMark>,
    /// The pipelines to choose from.
    pub pipelines: Vec<PipelineOption>,
    /// Which version of the kept ICP was checked; none where another one was asked about, or none is
    /// kept.
    pub declared_version: Option<u32>,
    /// How HubSpot calls the dimensions and their values, by the dimension's name.
    pub names: BTreeMap<String, DimensionNames>,
    /// The names of the deals, by id.
    #[cfg_attr(test, ts(type = "{ [id: string]: string }"))]
    pub deal_names: BTreeMap<RecordId, String>,
    /// What all segments' queries are asked with. Each adds its own `:parts`.
    pub query: SegmentsQuery,
    /// The report.
    pub report: IcpReport,
}

/// How HubSpot calls a dimension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DimensionNames {
    /// The property's label.
    pub label: String,
    /// Its values' labels, where they have any.
    pub values: BTreeMap<String, String>,
}

/// The query that lists the deals of a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct SegmentsQuery {
    /// The file's name without `.sql`.
    pub name: String,
    /// Values of its named parameters but `:parts`; all are bound as text.
    pub parameters: BTreeMap<String, String>,
    /// The value of `:parts` for everybody, and then for each segment of the report in its order.
    pub parts: Vec<String>,
}

/// An ICP to keep.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IcpDeclareArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Any of the values in each dimension, as HubSpot keeps or shows them. Empty takes back what was
    /// declared before.
    pub declared: BTreeMap<String, Vec<String>>,
    /// The last day (`2026-08-03`) of the data that it was made from. What is newer can check it.
    /// Absent: it was not made from this portal's data.
    pub seen_until: Option<String>,
    /// What it is to be called, up to 60 letters. Empty: it has no name.
    #[serde(default)]
    pub name: String,
}

/// What was declared, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeclaredIcpView {
    /// Counts up from 1.
    pub version: u32,
    /// When.
    #[cfg_attr(test, ts(type = "string"))]
    pub declared_at: Moment,
    /// The newest data that it was made from, where anybody said so.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub seen_until: Option<Moment>,
    /// What the user calls it; empty where it has no name.
    pub name: String,
    /// Values by dimension, as HubSpot keeps them. Empty: taken back.
    pub declared: BTreeMap<String, Vec<String>>,
}
