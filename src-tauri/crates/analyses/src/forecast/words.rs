//! The short sentences of the report, made from its facts.

use stats::{Evidence, SOUND_FROM};
use timeline::StageIx;

use super::landmarks::Horizon;
use super::rates::Estimate;
use super::report::{Basis, Model};
use super::scope::Scope;

/// "1 deal", "12 deals".
pub(crate) fn deals(n: u32) -> String {
    match n {
        1 => "1 deal".to_owned(),
        n => format!("{n} deals"),
    }
}

pub(crate) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Why a deal has its probability.
pub(crate) fn why(
    scope: Scope<'_>,
    stage: StageIx,
    estimate: &Estimate,
    horizon: Option<Horizon>,
) -> String {
    let stage = scope.timeline.stage(stage);
    let pipeline = &scope.timeline.pipeline(stage.pipeline).label;
    let label = &stage.label;
    let own = deals(estimate.own_deals);
    let pool = deals(estimate.pool_deals);
    let within = horizon.map_or_else(String::new, |horizon| horizon.words());
    let rate = estimate
        .rate
        .map_or_else(String::new, |rate| percent(rate.value));
    match estimate.basis {
        Basis::Stage => {
            format!("Deals seen in {label} were won {within} {rate} of the time: {own}.")
        }
        Basis::StageAndPipeline => format!(
            "{rate} {within}: {own} seen in {label} are few, so the rate of all stages of \
             {pipeline} ({pool}) counts too."
        ),
        Basis::Pipeline => format!(
            "{rate} {within}: the rate of all stages of {pipeline} ({pool}), because {own} seen in \
             {label} are too few."
        ),
        Basis::Portal => format!(
            "{rate} {within}: the rate of all pipelines ({pool}), because {pipeline} has too few \
             deals."
        ),
        Basis::Hazard => format!(
            "{rate} {within}: what became of {pool} with the like of its stage ({label}), age, \
             pushes, amount, close date and owner."
        ),
        Basis::Nothing => needs(estimate.evidence).unwrap_or_default(),
        Basis::PeriodOver => "The period is over.".to_owned(),
    }
}

/// What is missing, where there is no number.
pub(crate) fn needs(evidence: Evidence) -> Option<String> {
    match evidence {
        Evidence::None { needs: 1 } => Some("Needs about 1 more closed deal".to_owned()),
        Evidence::None { needs } => Some(format!("Needs about {needs} more closed deals")),
        Evidence::Weak | Evidence::Sound => None,
    }
}

/// That a model has learned from some deals alone.
fn by_lot(closed: u32) -> String {
    format!(
        " There are more deals than it needs: it has learned from {} that had closed, drawn by lot.",
        deals(closed)
    )
}

/// The method in a few sentences, for a reader who wants to know.
///
/// `sample`: closed deals that the hazard has learned from, where they were drawn by lot.
pub(crate) fn method(
    horizon: Option<Horizon>,
    weeks: usize,
    model: Option<Model>,
    sample: Option<u32>,
) -> String {
    let Some(horizon) = horizon else {
        return "The period is over: what was won in it is counted.".to_owned();
    };
    let within = horizon.words();
    let chances = match model {
        Some(Model::Hazard) => {
            "Each open deal's chance comes from a hazard of winning and losing \
             in each week, learned from deals as they were seen on past Mondays: stage, age, time \
             in stage, pushes, amount, close date, the week's place in its quarter, and how much \
             more its owner wins than deals let expect, shrunk."
                .to_owned()
                + &sample.map_or_else(String::new, by_lot)
        }
        _ => format!(
            "At this weekday and hour of each of {weeks} past weeks, every deal that was open then \
             is asked: was it won {within}? The share, by stage, is the win rate; a deal that was \
             seen several times weighs as one in the interval. A stage with fewer than \
             {SOUND_FROM} deals borrows from its pipeline."
        ),
    };
    format!(
        "{chances} The interval of the total comes from drawing, many times, the chances within \
         their errors, a market that all deals share, each deal won or not, and what becomes of its \
         amount. Deals that do not exist yet are drawn too: as many a week as of late, won as fast \
         as deals of two years were, with the amounts of past wins. The model, the width of the \
         band, and whether a baseline is used instead are chosen by how forecasts of past Mondays \
         did."
    )
}
