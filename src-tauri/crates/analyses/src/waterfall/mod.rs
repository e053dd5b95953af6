//! What moved the open pipeline between two moments: [`timeline::waterfall`] as a report, with the
//! deals behind every figure and a sentence made from nothing but the facts.

pub mod report;
mod words;

use crm::{Moment, OwnerId, PipelineId};
use timeline::waterfall::{End, Line, Part, Scope};
use timeline::{DealIx, Gone, Timeline, queries};

use crate::forecast::report::{ExchangeRate, MoneyValue, OwnerView, PipelineView};
use crate::forecast::scope as asked;
use crate::forecast::{Period, Whose};
use report::{ClosingView, EndView, LineView, PartView, ScopeView, WaterfallReport};

/// The shape of the report. Counts up when a field goes or changes its meaning; fields may be added.
pub const SCHEMA: &str = "waterfall/1";

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaterfallQuestion {
    /// The start.
    pub from: Moment,
    /// The end.
    pub to: Moment,
    /// One pipeline, or all.
    pub pipeline: Option<PipelineId>,
    /// Whose deals.
    pub whose: Whose,
    /// The deals whose close date lies in this period, or whenever they close.
    pub closing: Option<Period>,
}

/// What moved the open pipeline. None where the portal has no such pipeline.
#[must_use]
pub fn waterfall(timeline: &Timeline, question: &WaterfallQuestion) -> Option<WaterfallReport> {
    let zone = &timeline.clock().zone;
    let pipeline = match &question.pipeline {
        None => None,
        Some(id) => Some(timeline.find_pipeline(id)?),
    };
    let closing = question
        .closing
        .map(|period| (period.starts_at(zone), period.ends_at(zone)));
    let scope = Scope {
        pipeline,
        owners: question.whose.owners(timeline),
        closing,
    };
    let found = timeline.waterfall(question.from, question.to, &scope);
    let view = View {
        timeline,
        question,
        owners: scope.owners.as_deref(),
    };
    let lines: Vec<LineView> = Line::ALL
        .into_iter()
        .map(|line| view.line(line, found.line(line)))
        .collect();
    let change = view.money(found.end.amount - found.start.amount);
    Some(WaterfallReport {
        schema: SCHEMA.to_owned(),
        time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        home_currency: timeline.rates().home(),
        scope: ScopeView {
            pipeline: pipeline.map(|ix| PipelineView {
                id: timeline.pipeline(ix).id.clone(),
                label: timeline.pipeline(ix).label.clone(),
            }),
            team: asked::team_view(timeline, &question.whose),
            owners: scope.owners.as_ref().map(|ids| {
                let name = |id| timeline.owner_name(id).map(str::to_owned);
                let owners = ids.iter().map(|&id| OwnerView { id, name: name(id) });
                owners.collect()
            }),
            closing: question.closing.map(|period| ClosingView {
                first_day: period.first_day,
                last_day: period.last_day,
            }),
        },
        start: view.end(&found.start, closing),
        end: view.end(&found.end, closing),
        residual: view.money(found.residual()),
        summary: words::summary(change, &lines),
        change,
        lines,
        exchange_rates: timeline
            .rates()
            .iter()
            .map(|learned| ExchangeRate {
                currency: learned.currency,
                rate: learned.rate,
                lowest: learned.lowest,
                highest: learned.highest,
                deals: learned.deals,
            })
            .collect(),
        method: words::METHOD.to_owned(),
    })
}

/// The timeline and the question, for all that is shown of the answer.
#[derive(Clone, Copy)]
struct View<'a> {
    timeline: &'a Timeline,
    question: &'a WaterfallQuestion,
    owners: Option<&'a [OwnerId]>,
}

impl View<'_> {
    fn money(self, amount: rust_decimal::Decimal) -> MoneyValue {
        asked::money(amount, self.timeline.rates().home())
    }

    fn ids(self, deals: &[DealIx]) -> Vec<crm::RecordId> {
        deals.iter().map(|&deal| self.timeline.id(deal)).collect()
    }

    fn scope(&self, as_of: Moment) -> asked::Scope<'_> {
        asked::Scope {
            timeline: self.timeline,
            as_of,
            pipeline: self.question.pipeline.as_ref(),
            owners: self.owners,
            within: None,
        }
    }

    fn end(self, end: &End, closing: Option<(Moment, Moment)>) -> EndView {
        let scope = self.scope(end.at);
        let query = match closing {
            None => scope.query(queries::DEALS_OPEN, &[]),
            Some((from, until)) => scope.query(
                queries::DEALS_OPEN_CLOSING,
                &[
                    (":from", from.millis().to_string()),
                    (":until", until.millis().to_string()),
                ],
            ),
        };
        let gone = |deal: &&DealIx| self.timeline.tombstone(**deal).is_some();
        let gone_since: Vec<DealIx> = end.deals.iter().filter(gone).copied().collect();
        EndView {
            at: end.at,
            amount: self.money(end.amount),
            n: words::count(end.deals.len()),
            deals: self.ids(&end.deals),
            without_amount: end.without_amount,
            unknown_amount: end.unknown_amount,
            without_rate: end.without_rate,
            not_known: self.ids(&end.not_known),
            gone_since: self.ids(&gone_since),
            query: Some(query),
        }
    }

    fn line<'p>(self, line: Line, parts: impl Iterator<Item = &'p Part>) -> LineView {
        let mut sum = rust_decimal::Decimal::ZERO;
        let mut deals = Vec::new();
        for part in parts {
            sum += part.amount;
            let gone = self.timeline.tombstone(part.deal).map(|gone| gone.why);
            deals.push(PartView {
                id: self.timeline.id(part.deal),
                name: self.timeline.name(part.deal).map(str::to_owned),
                merged_into: match gone {
                    Some(Gone::Merged(survivor)) if line == Line::Gone => Some(survivor),
                    _ => None,
                },
                amount: self.money(part.amount),
            });
        }
        // What moved most first; the order of ids decides between equals, because sorting is stable.
        deals.sort_by_key(|part| std::cmp::Reverse(part.amount.amount.abs()));
        let ids: Vec<String> = deals.iter().map(|part| part.id.to_string()).collect();
        let query = (!ids.is_empty()).then(|| {
            self.scope(self.question.to).query(
                queries::DEALS_MOVED,
                &[
                    (":deals", format!("[{}]", ids.join(","))),
                    (":from", self.question.from.millis().to_string()),
                    (":until", self.question.to.millis().to_string()),
                ],
            )
        });
        let (label, definition) = words::line(line);
        LineView {
            line,
            label: label.to_owned(),
            definition: definition.to_owned(),
            amount: self.money(sum),
            n: words::count(deals.len()),
            deals,
            query,
        }
    }
}
