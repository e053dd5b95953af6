//! The deals of a timeline, as competitors are counted over them.

use crm::{Moment, RecordId};
use rust_decimal::prelude::ToPrimitive as _;
use timeline::{DealIx, DealState, StageKind, Timeline};

use super::observation::{Deal, Outcome};

/// What a timeline does not know of a deal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The segment it is counted in. Empty: not known, which is a segment of its own.
    pub segment: String,
    /// The company it is with.
    pub company: Option<RecordId>,
}

/// The deals that were there at a moment, with what was known of them then.
#[must_use]
pub fn deals_of(
    timeline: &Timeline,
    as_of: Moment,
    about: impl Fn(RecordId) -> About,
) -> Vec<Deal> {
    let snapshot = timeline.as_of(as_of);
    let deal = |ix: DealIx| {
        let state = snapshot.deal(ix)?;
        let id = timeline.id(ix);
        let About { segment, company } = about(id);
        let outcome = match timeline.closing(ix, as_of) {
            Some(closing) if closing.kind == StageKind::Won => Outcome::Won(closing.at),
            Some(closing) => Outcome::Lost(closing.at),
            None => Outcome::Open,
        };
        Some(Deal {
            id,
            outcome,
            segment,
            stage: last_open_stage(timeline, ix, as_of),
            company,
            owner: state.owner.value(),
            amount: home_amount(timeline, ix, &state, as_of),
            undecided: false,
        })
    };
    timeline.deals().filter_map(deal).collect()
}

fn home_amount(timeline: &Timeline, deal: DealIx, state: &DealState, as_of: Moment) -> Option<f64> {
    let currency = timeline.currency_at(deal, as_of);
    let amount = timeline.rates().to_home(state.amount.value()?, currency)?;
    amount.to_f64()
}

/// The last open stage that a deal was in, as `pipeline/stage`: two pipelines may call theirs the
/// same. Empty for a deal that arrived closed.
fn last_open_stage(timeline: &Timeline, deal: DealIx, as_of: Moment) -> String {
    let open = timeline
        .spells(deal)
        .filter(|spell| spell.from <= as_of && spell.kind == StageKind::Open)
        .last();
    open.map_or_else(String::new, |spell| {
        let stage = timeline.stage(spell.stage);
        format!("{}/{}", timeline.pipeline(stage.pipeline).id, stage.id)
    })
}
