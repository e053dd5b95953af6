//! Who else is in the deals: the list, the switch for texts, and the report.

mod gather;
mod list;

use std::collections::{BTreeMap, BTreeSet};

use analyses::competitors::text::Reader;
use analyses::competitors::{
    AlertRule, CompetitorQuestion, CompetitorReport, Deal, Text, competitors, deals_of,
    texts_of_property,
};
use crm::{Moment, ObjectType, PipelineId, RecordId};
use store::StoreError;
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
        } = portal.standing(args.pipeline.as_ref()).await?;
        let now = self.now_in(&portal);
        let asked = period::looked_from(args.as_of.as_deref(), &zone(&info), now)?;
        let as_of = asked.min(complete_to);
        let segment = args.segment.as_deref().map(segment_of);
        let timeline = portal.timeline().await?;
        let (snapshot, id) = (portal.snapshot(), args.portal);
        let shown = portal.clone();
        let view = portal
            .with_store(move |store| {
                let read = store.read(|connection| {
                    if let Some(segment) = &segment {
                        let known = defined(connection, &segment.of)?;
                        if known.iter().all(|known| known.name != segment.property) {
                            return Ok(None);
                        }
                    }
                    let (kept, view) = list::view(connection, &shown, id)?;
                    let gathered = gather(connection, &kept.list, segment.as_ref(), as_of)?;
                    Ok::<_, StoreError>(Some((kept, view, gathered)))
                })?;
                let Some((kept, list, gathered)) = read else {
                    return Err(WireError::bad_input(
                        "This portal has no such property.",
                        hint::CHOOSE_SEGMENT,
                    ));
                };
                let reader = Reader::new(kept.list.dictionary)
                    .map_err(|_| internal("the kept names do not fit together"))?;
                // The portal's own id, so that the same data gives the same bytes for everybody.
                let seed = store.id().get();
                let report = report(
                    &reader,
                    &timeline,
                    gathered,
                    args.pipeline.as_ref(),
                    as_of,
                    seed,
                )?;
                let named = deals_in(&report);
                let mut deal_names = deal_names(store)?;
                deal_names.retain(|deal, _| named.contains(deal));
                Ok(CompetitorsView {
                    portal: id,
                    snapshot,
                    pipelines,
                    list,
                    stages: stages(&timeline),
                    deal_names,
                    report,
                })
            })
            .await?;
        Ok(view)
    }
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
