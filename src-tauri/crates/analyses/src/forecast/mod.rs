//! How will the period end? What is closed so far, what the deals that are open now will bring, by
//! what became of deals like them, and what deals will bring that do not exist yet.
//!
//! 1. **Sightings.** Every past week of two years is asked today's question (`landmarks`): of the
//!    deals open in a stage then, which were won within as many days as are left today?
//! 2. **Rates.** Their share is the stage's win rate (`rates`), its interval that of as many
//!    independent deals as the repeated sightings are worth. Stages with few deals borrow from
//!    their pipeline; below five deals anywhere there is no number.
//! 3. **New deals.** How many are created a week, and what share of them is won in the time that is
//!    left to each (`newcomers`).
//! 4. **Draws.** Rates within their intervals, one market for all, each deal won or not, new deals
//!    with amounts of past wins (`draws`): the spread of the total.
//! 5. **Baseline.** HubSpot's stage probabilities on the same deals, and the difference in parts.
//!
//! Nothing later than `as_of` is used.

mod ages;
mod backtest;
mod bets;
mod categories;
mod deals;
mod draws;
mod evidence;
mod figures;
mod frame;
mod hazard;
mod landmarks;
mod learned;
mod lot;
mod made;
mod newcomers;
mod notes;
mod outlook;
mod period;
mod probabilities;
mod pushes;
mod quota;
mod rates;
mod reconciled;
pub mod report;
mod risks;
pub(crate) mod scope;
pub(crate) mod sightings;
mod stages;
mod standing;
mod sums;
mod what_if;
mod within;
mod won;
pub(crate) mod words;

use std::sync::Arc;

use crm::{Moment, PipelineId};
use timeline::Timeline;

use evidence::evidence;
use learned::Learned;
use made::Made;
use notes::Notes;
use quota::Band;
use report::{ForecastReport, NoteCode, Severity};
use scope::Scope;
use sums::difference;
use within::Within;

pub use period::Period;
pub use probabilities::win_probabilities;
pub use quota::Quota;
pub use scope::Whose;
pub use what_if::{Kept, WHAT_IF_SCHEMA};
pub use won::won_by_month;

/// The shape of the report. Counts up when a field goes or changes its meaning; fields may be added.
pub const SCHEMA: &str = "forecast/1";

/// Changes whenever the same data could give another figure.
const METHOD: &str = "hazard-or-stage-rates/5";

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForecastQuestion {
    /// Nothing later than this moment is used.
    pub as_of: Moment,
    /// The period to forecast, in the portal's calendar.
    pub period: Period,
    /// One pipeline, or all.
    pub pipeline: Option<PipelineId>,
    /// Whose deals.
    pub whose: Whose,
    /// What the period is to bring, where somebody said so.
    pub quota: Option<Quota>,
    /// The seed of the draws.
    pub seed: u64,
    /// How many times the period's end is drawn; 10,000 leave an error of less than 1 % of the
    /// interval's width.
    pub draws: u32,
}

/// How the period will end. The same timeline and question give the same bytes.
#[must_use]
pub fn forecast(timeline: &Timeline, question: &ForecastQuestion) -> ForecastReport {
    forecast_and_keep(timeline, question).0
}

/// The same, with what a question of "what if" needs; none where nothing can be expected.
#[must_use]
pub fn forecast_and_keep(
    timeline: &Timeline,
    question: &ForecastQuestion,
) -> (ForecastReport, Option<Kept>) {
    answer(timeline, &Learned::default(), question)
}

/// A timeline with what forecasts have learned from it so far. The first one learns; another one, of
/// whomever and of any period, says the same as if it had been the first, and takes a part of the time.
#[derive(Debug)]
pub struct Forecasts {
    timeline: Arc<Timeline>,
    learned: Learned,
}

impl Forecasts {
    /// Nothing is learned yet.
    #[must_use]
    pub fn new(timeline: Arc<Timeline>) -> Self {
        Self {
            timeline,
            learned: Learned::default(),
        }
    }

    /// Learns what forecasts of a question's period need, whoever's deals they are about.
    pub fn learn(&self, question: &ForecastQuestion) {
        let scope = Scope {
            timeline: &self.timeline,
            as_of: question.as_of,
            pipeline: None,
            owners: None,
            within: None,
        };
        backtest::learn(scope, &self.learned, &question.period);
        self.learned.beside(scope);
    }

    /// As [`forecast_and_keep`].
    #[must_use]
    pub fn forecast_and_keep(&self, question: &ForecastQuestion) -> (ForecastReport, Option<Kept>) {
        answer(&self.timeline, &self.learned, question)
    }
}

fn answer(
    timeline: &Timeline,
    learned: &Learned,
    question: &ForecastQuestion,
) -> (ForecastReport, Option<Kept>) {
    let as_of = question.as_of;
    let owners = question.whose.owners(timeline);
    let within = Within::of(timeline, owners.as_deref());
    let scope = Scope {
        timeline,
        as_of,
        pipeline: question.pipeline.as_ref(),
        owners: owners.as_deref(),
        within: Some(&within),
    };
    let zone = &timeline.clock().zone;
    let period = &question.period;
    let made = made::make(scope, learned, question);
    let beside = learned.beside(scope);
    let Made {
        standing,
        drawn,
        sums,
        ..
    } = &made;
    let (open, won) = (&standing.open, &standing.won);
    let (bounds, horizon) = (standing.bounds, standing.horizon);
    let new = standing.newcomers();
    let counts = beside.counts;
    let evidence = evidence(scope, open, standing.rates.as_deref(), counts);
    let figures = figures::Makers {
        scope,
        question,
        bounds,
        horizon,
        evidence,
        model: made.choice.as_ref().map(|choice| choice.model),
        baseline: made.baseline.map(|(taken, _)| taken.forecaster),
        sums,
    };
    let spread = evidence.has_number().then(|| made.spread(scope));

    let band = spread
        .as_ref()
        .map(|spread| Band::of(sums.closed, drawn, spread));
    let quota = question
        .quota
        .and_then(|quota| quota::view(scope, &quota, sums, band.map(|band| (drawn, band))));
    let kept = band.map(|band| {
        let amount = quota.as_ref().map(|quota| quota.amount.amount);
        Kept::of(scope, question, &made, band, amount)
    });

    let mut notes = Notes::new(scope);
    if horizon.is_some() && new.is_none() {
        notes.say(
            NoteCode::NewDealsNotCounted,
            Severity::Information,
            "Deals that do not exist yet are not counted: too few are known to tell their pace."
                .to_owned(),
        );
    }
    if let Some(needs) = words::needs(evidence) {
        let message = format!("{needs} before a win rate can be told.");
        notes.say(NoteCode::NotEnoughHistory, Severity::Warning, message);
    }
    if spread.as_ref().is_some_and(bets::too_few_draws) {
        let message = "Draw more often: the ends of the interval are still uncertain.".to_owned();
        notes.say(NoteCode::TooFewDraws, Severity::Information, message);
    }
    if let Some(why) = made.choice.as_ref().and_then(outlook::baseline_why) {
        notes.say(NoteCode::BaselineUsed, Severity::Information, why);
    }
    notes.on_outcomes(counts);
    notes.on_open_deals(open, !standing.endings.unknown.is_empty());
    notes.on_won_deals(won);
    notes.repeat(&beside.on_histories);
    notes.on_labels();

    let rates = horizon.zip(standing.rates.as_ref());
    let categories = rates.map(|(horizon, rates)| learned.categories(scope, &rates.asked, horizon));
    let report = ForecastReport {
        schema: SCHEMA.to_owned(),
        as_of,
        time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
        home_currency: timeline.clock().home_currency,
        period: frame::period_view(period, scope, bounds),
        pipeline: frame::pipeline_view(scope),
        whose: scope::whose_view(timeline, &question.whose),
        closed: figures.closed(won),
        open: figures.open(open),
        expected_from_open: figures.expected_from_open(open, drawn),
        expected_from_new: figures.expected_from_new(new, standing.new_missing(), drawn),
        total: figures.total(open, won, spread.as_ref()),
        hubspot: figures.hubspot(open),
        difference: difference(scope, open, sums, evidence),
        difference_by_deal: match evidence.has_number() {
            true => reconciled::rows(scope, open),
            false => Vec::new(),
        },
        quota,
        categories: categories::rows(
            scope,
            open,
            categories.as_deref().map_or(&[], Vec::as_slice),
        ),
        risks: risks::rows(scope, open, &beside.ages, &beside.risks),
        pushes: pushes::beside(scope, open, &beside.pushes),
        stage_ages: beside.stage_ages.clone(),
        spread,
        new_deals: new
            .zip(horizon)
            .map(|(new, horizon)| outlook::new_deals(scope, new, horizon, drawn)),
        approach: made
            .choice
            .as_ref()
            .map(|choice| outlook::approach(choice, standing.ratio, &made.origins, made.sample)),
        backtest: backtest::scores::backtest(scope, &made.origins),
        pace: won::pace(scope, period, won),
        stages: stages::rows(scope, standing),
        deals: beside
            .ages
            .beside(scope, open, deals::rows(scope, open, horizon)),
        won: won::rows(scope, won),
        won_by_month: won::by_month(scope),
        exchange_rates: frame::exchange_rates(timeline),
        notes: notes.finish(),
        method: frame::method(scope, question, &made, counts),
    };
    (report, kept)
}

pub(crate) fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
