//! Who else is in the deals: the list, the switch for texts, and the report.

mod gather;
mod list;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use analyses::competitors::text::Reader;
use analyses::competitors::{
    AlertRule, CompetitorList, CompetitorQuestion, CompetitorReport, Deal, Text, competitors,
    deals_of, texts_of_property,
};
use crm::{Moment, ObjectType, PipelineId, RecordId};
use store::{PortalStore, StoreError};
use timeline::Timeline;

use self::gather::{Gathered, Segment, defined, gather};
use crate::app::App;
use crate::forecasting::{Standing, deal_names, zone};
use crate::hint;
use crate::period;
use crate::views::{CompetitorsArgs, CompetitorsView};
use crate::wire::{WireError, internal};

/// How many weeks back alerts are told: a quarter.
const WEEKS_OF_ALERTS: u32 = 13;

/// Says that a property is the company's.
const OF_COMPANY: &str = "company.";

impl App {
    /// Who else is in the deals and what became of them, as known now or at the end of a past day.
    ///
    /// # Errors
    /// When the portal is unknown or was never synced, or the day or the segment's property makes no
    /// sense.
    pub async fn competitors(&self, args: CompetitorsArgs) -> Result<CompetitorsView, WireError> {
        let portal = self.copy(args.portal).await?;
        let Standing {
            info,
            pipelines,
            complete_to,
            ..
        } = portal.standing(args.pipeline.as_ref()).await?;
        let now = self.now_in(&portal);
        let asked = period::looked_from(args.as_of.as_deref(), &zone(&info), now)?;
        let as_of = asked.min(complete_to);
        let segment = args.segment.as_deref().map(segment_of);
        let (id, shown) = (args.portal, portal.clone());
        let named = segment.clone();
        let read = portal.with_store(move |store| {
            let read = store.read(|connection| {
                if let Some(segment) = &named {
                    let known = defined(connection, &segment.of)?;
                    if known.iter().all(|known| known.name != segment.property) {
                        return Ok(None);
                    }
                }
                Ok::<_, StoreError>(Some(list::view(connection, &shown, id)?))
            })?;
            read.ok_or_else(|| {
                WireError::bad_input("This portal has no such property.", hint::CHOOSE_SEGMENT)
            })
        });
        let (kept, list) = read.await?;
        let asked = Asked {
            as_of,
            pipeline: args.pipeline,
            segment,
            list: list.version,
            texts_since: list.texts_since,
            complete_to,
        };
        let loaded = portal.loaded().await?;
        let (timeline, question) = (Arc::clone(&loaded.timeline), asked.clone());
        let make = || portal.with_store(move |store| make(store, &timeline, kept.list, &question));
        let made = Made::clone(&*loaded.competitors.get(asked, make).await?);
        Ok(CompetitorsView {
            portal: id,
            snapshot: portal.snapshot(),
            pipelines,
            list,
            stages: made.stages,
            deal_names: made.deal_names,
            report: made.report,
        })
    }
}

/// What is asked, as far as the report depends on it.
#[derive(Clone, PartialEq)]
pub(crate) struct Asked {
    as_of: Moment,
    pipeline: Option<PipelineId>,
    segment: Option<Segment>,
    /// The version of the list.
    list: u64,
    texts_since: Option<Moment>,
    /// Another program may have read the portal meanwhile.
    complete_to: Moment,
}

/// The report, and what belongs to it.
#[derive(Clone)]
pub(crate) struct Made {
    stages: BTreeMap<String, String>,
    deal_names: BTreeMap<RecordId, String>,
    report: CompetitorReport,
}

fn make(
    store: &PortalStore,
    timeline: &Timeline,
    list: CompetitorList,
    asked: &Asked,
) -> Result<Made, WireError> {
    let gathered =
        store.read(|connection| gather(connection, &list, asked.segment.as_ref(), asked.as_of))?;
    let reader =
        Reader::new(list.dictionary).map_err(|_| internal("the kept names do not fit together"))?;
    // The portal's own id, so that the same data gives the same bytes for everybody.
    let seed = store.id().get();
    let pipeline = asked.pipeline.as_ref();
    let report = report(&reader, timeline, gathered, pipeline, asked.as_of, seed)?;
    let named = deals_in(&report);
    let mut deal_names = deal_names(store)?;
    deal_names.retain(|deal, _| named.contains(deal));
    Ok(Made {
        stages: stages(timeline),
        deal_names,
        report,
    })
}

/// A deal's property, or a company's.
fn segment_of(text: &str) -> Segment {
    match text.strip_prefix(OF_COMPANY) {
        Some(property) => Segment {
            of: ObjectType::COMPANIES,
            property: property.to_owned(),
        },
        None => Segment {
            of: ObjectType::DEALS,
            property: text.to_owned(),
        },
    }
}

fn report(
    reader: &Reader,
    timeline: &Timeline,
    mut gathered: Gathered,
    pipeline: Option<&PipelineId>,
    as_of: Moment,
    seed: u64,
) -> Result<CompetitorReport, WireError> {
    let snapshot = timeline.as_of(as_of);
    let is_in = |ix| {
        let at = snapshot.deal(ix).and_then(|state| state.pipeline);
        pipeline.is_none_or(|wanted| at.is_some_and(|ix| timeline.pipeline(ix).id == *wanted))
    };
    let wanted: BTreeSet<RecordId> = timeline
        .deals()
        .filter(|ix| is_in(*ix))
        .map(|ix| timeline.id(ix))
        .collect();
    let about = |deal| gathered.about.get(&deal).cloned().unwrap_or_default();
    let mut deals: Vec<Deal> = deals_of(timeline, as_of, about);
    deals.retain(|deal| wanted.contains(&deal.id));
    let outcomes = deals.iter().map(|deal| (deal.id, deal.outcome)).collect();
    let mut texts: Vec<Text> = std::mem::take(&mut gathered.activities);
    texts.retain(|text| wanted.contains(&text.deal));
    for property in &gathered.properties {
        texts.extend(texts_of_property(property, &outcomes, as_of));
    }
    let question = CompetitorQuestion {
        as_of,
        weeks: WEEKS_OF_ALERTS,
        rule: AlertRule::default(),
        seed,
    };
    competitors(reader, deals, &texts, &question)
        .map_err(|_| internal("competitors could not be counted"))
}

/// Every deal that the report names.
fn deals_in(report: &CompetitorReport) -> BTreeSet<RecordId> {
    let cells = report.cells.iter();
    let cells = cells.flat_map(|cell| cell.deals.iter().chain(&cell.lost_deals));
    let reasons = report.reasons.iter().flat_map(|row| &row.deals);
    let waiting = report.waiting.iter().flat_map(|row| &row.deals);
    let margins = report.margins.iter().flat_map(|row| &row.lost_deals);
    let alerts = report.alerts.iter().flat_map(|alert| &alert.deals);
    let mentions = report.mentions.iter().map(|mention| &mention.deal);
    cells
        .chain(reasons)
        .chain(waiting)
        .chain(margins)
        .chain(alerts)
        .chain(mentions)
        .copied()
        .collect()
}

/// What stages are called, by the keys that the report has for them; with the pipeline where there are
/// several.
fn stages(timeline: &Timeline) -> BTreeMap<String, String> {
    let pipelines: BTreeSet<_> = timeline
        .stages()
        .iter()
        .map(|stage| stage.pipeline)
        .collect();
    let named = timeline.stages().iter().map(|stage| {
        let pipeline = timeline.pipeline(stage.pipeline);
        let key = format!("{}/{}", pipeline.id, stage.id);
        let label = if pipelines.len() > 1 {
            format!("{}: {}", pipeline.label, stage.label)
        } else {
            stage.label.clone()
        };
        (key, label)
    });
    named.collect()
}
