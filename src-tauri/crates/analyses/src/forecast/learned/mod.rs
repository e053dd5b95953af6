//! What a portal's histories teach, whoever's deals are asked about.
//!
//! A forecast asks some hundred Mondays of the past, and on each looks at every deal that there ever
//! was. Nearly all of that depends on the histories alone: how deals looked on past Mondays and how
//! they ended, the win rates of stages, the hazards, what simple rules are made of, the risks. It is
//! made when it is first needed and kept for as long as the histories stay the same; a question then
//! selects and sums. What is kept is the same, to the bit, as what would be made anew.

mod looks;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crm::{Moment, PipelineId};
use jiff::SignedDuration;
use timeline::{StageIx, Timeline};

use super::ages::Ages;
use super::backtest::Habits;
use super::categories::Category;
use super::draws::Endings;
use super::evidence::{closed_counts, training_start};
use super::hazard::{self, Fitted};
use super::landmarks::{self, Horizon, Records};
use super::newcomers::{Life, lives};
use super::notes::{ClosedCounts, Note, Notes};
use super::rates::{self, Estimate};
use super::report::{AmountRatio, PushRow, StageAgeRow};
use super::risks::FlagRate;
use super::scope::Scope;
use super::standing;
use crate::memo::Memo;

pub(crate) use looks::{AmountSeen, Looks};

/// Moments whose rates are kept: the Mondays of three years for several kinds of periods.
const MOMENTS: usize = 2_000;
/// Moments and pipelines of which the large things are kept, those behind single deals.
const LARGE: usize = 3;

/// A moment, with from when and until when after it a deal must be won to count.
type Look = (Moment, SignedDuration, SignedDuration);

/// What was learned from a timeline so far.
#[derive(Debug)]
pub(crate) struct Learned {
    everybody: OnceLock<Arc<Vec<Life>>>,
    lives: Memo<PipelineId, Arc<Vec<Life>>>,
    looks: Memo<Moment, Arc<Looks>>,
    stage_rates: Memo<Look, Arc<StageRates>>,
    fits: Memo<(Moment, u32), Option<Arc<Fitted>>>,
    amounts: Memo<(Moment, Option<PipelineId>), Amounts>,
    habits: Memo<Option<PipelineId>, Arc<Habits>>,
    beside: Memo<(Moment, Option<PipelineId>), Arc<Beside>>,
    categories: Memo<(Look, Option<PipelineId>), Arc<Vec<Category>>>,
}

/// The win rates of all stages, by what became of deals seen at past landmarks.
#[derive(Debug)]
pub(crate) struct StageRates {
    pub(crate) asked: Vec<Moment>,
    pub(crate) records: Records,
    pub(crate) estimates: HashMap<StageIx, Estimate>,
}

/// What became of amounts of won deals.
pub(crate) type Amounts = (Arc<Endings>, Option<AmountRatio>);

/// What stands beside the forecast of a pipeline, or of all, whoever's deals it is about.
#[derive(Debug)]
pub(crate) struct Beside {
    pub(crate) counts: ClosedCounts,
    pub(crate) ages: Ages,
    pub(crate) stage_ages: Vec<StageAgeRow>,
    pub(crate) risks: Vec<FlagRate>,
    pub(crate) pushes: Vec<PushRow>,
    pub(crate) on_histories: Vec<Note>,
}

impl Default for Learned {
    fn default() -> Self {
        Self {
            everybody: OnceLock::new(),
            lives: Memo::keeping(LARGE),
            looks: Memo::keeping(LARGE),
            stage_rates: Memo::keeping(MOMENTS),
            fits: Memo::keeping(MOMENTS),
            amounts: Memo::keeping(MOMENTS),
            habits: Memo::keeping(LARGE),
            beside: Memo::keeping(LARGE),
            categories: Memo::keeping(LARGE),
        }
    }
}

/// The same question, but about everybody's deals.
fn everybody<'a>(scope: Scope<'a>) -> Scope<'a> {
    Scope {
        owners: None,
        within: None,
        ..scope
    }
}

impl Learned {
    /// The lives of a scope's deals. Those of some owners are few, and are not kept.
    pub(crate) fn lives(&self, scope: Scope<'_>) -> Arc<Vec<Life>> {
        let make = || Arc::new(lives(scope));
        match (scope.owners, scope.pipeline) {
            (Some(_), _) => make(),
            (None, Some(pipeline)) => self.lives.get(pipeline.clone(), make),
            (None, None) => Arc::clone(self.everybody.get_or_init(make)),
        }
    }

    /// How everybody's deals looked on past Mondays up to a scope's moment.
    fn looks(&self, scope: Scope<'_>) -> Arc<Looks> {
        let all = Scope {
            pipeline: None,
            ..everybody(scope)
        };
        self.looks.get(scope.as_of, || {
            let oldest = self.lives(all).iter().map(|life| life.born).min();
            Arc::new(Looks::of(all, oldest))
        })
    }

    /// The win rates of stages at a moment.
    pub(crate) fn stage_rates(
        &self,
        timeline: &Timeline,
        at: Moment,
        horizon: Horizon,
    ) -> Arc<StageRates> {
        self.stage_rates.get((at, horizon.from, horizon.until), || {
            let asked = landmarks::landmarks(at, horizon, &timeline.clock().zone);
            let records = landmarks::ask(timeline, &asked, horizon);
            let estimates = rates::estimates(timeline, &records);
            Arc::new(StageRates {
                asked,
                records,
                estimates,
            })
        })
    }

    /// The hazard as fitted on what was known at a moment, which is not later than the scope's; none
    /// below the evidence.
    pub(crate) fn fit(&self, scope: Scope<'_>, at: Moment, reach: u32) -> Option<Arc<Fitted>> {
        self.fits.get((at, reach), || {
            let zone = &scope.timeline.clock().zone;
            hazard::fit(&self.looks(scope), at, reach, zone).map(Arc::new)
        })
    }

    /// What had become of amounts in a scope's pipelines at a moment, which is not later than `until`.
    pub(crate) fn amounts(&self, scope: Scope<'_>, until: Moment) -> Amounts {
        self.amounts
            .get((scope.as_of, scope.pipeline.cloned()), || {
                let looks = self.looks(Scope {
                    as_of: until,
                    ..scope
                });
                let inside = looks
                    .amounts
                    .iter()
                    .filter(|of| scope.holds_stage(of.stage));
                let (endings, ratio) = standing::endings(inside, scope.as_of);
                (Arc::new(endings), ratio)
            })
    }

    /// What simple rules are made of.
    pub(crate) fn habits(&self, scope: Scope<'_>) -> Arc<Habits> {
        self.habits.get(scope.pipeline.cloned(), || {
            Arc::new(Habits::of(everybody(scope)))
        })
    }

    /// What stands beside a forecast.
    pub(crate) fn beside(&self, scope: Scope<'_>) -> Arc<Beside> {
        let scope = everybody(scope);
        self.beside.get((scope.as_of, scope.pipeline.cloned()), || {
            let ages = Ages::of(scope, training_start(scope));
            let mut notes = Notes::new(scope);
            notes.on_histories();
            Arc::new(Beside {
                counts: closed_counts(scope),
                stage_ages: ages.rows(scope),
                risks: super::risks::rates(scope, &ages),
                pushes: super::pushes::rows(scope),
                on_histories: notes.finish(),
                ages,
            })
        })
    }

    /// What became of deals in each forecast category.
    pub(crate) fn categories(
        &self,
        scope: Scope<'_>,
        asked: &[Moment],
        horizon: Horizon,
    ) -> Arc<Vec<Category>> {
        let scope = everybody(scope);
        let look = (scope.as_of, horizon.from, horizon.until);
        let key = (look, scope.pipeline.cloned());
        self.categories.get(key, || {
            Arc::new(super::categories::learned(scope, asked, horizon))
        })
    }
}
