//! Competitors side by side: how much less is won with one of them in the deal, the segment and the
//! other competitors held equal; and where deals are lost to it, beside where they are lost to nobody
//! named.

use std::collections::{BTreeMap, BTreeSet};

use crm::RecordId;
use serde::Serialize;
use stats::{
    Design, Effect, Error, Fitting, Logistic, Ratio, benjamini_hochberg, fisher_freeman_halton,
};

use super::logging::{LEVEL, Logging, count};
use super::observation::{Book, Deal, Source};
use super::text::CompetitorId;

/// Deals won, and deals lost, that a column of the regression needs: ten events a parameter.
const LEAST: usize = 10;

/// Draws of a table of stages.
const DRAWS: u32 = 10_000;

/// The least number of losses of either side of a comparison of stages.
const LEAST_LOSSES: usize = 5;

/// The draws of stages are told apart from a run's other draws by this.
const PURPOSE: u32 = 0x7374_6167;

/// Why nothing is adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum WhyNotAdjusted {
    /// No source names competitors whatever the outcome.
    NoNeutralSource,
    /// No competitor has ten deals won and ten lost.
    TooFew,
    /// The competitors and segments cannot be told apart.
    NoFit,
}

/// A competitor's part in the outcome, all else in the regression equal.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct AdjustedRow {
    /// The competitor.
    pub competitor: CompetitorId,
    /// The odds of winning with it in the deal over those without it.
    pub odds: Ratio,
    /// By how much the chance of winning changes on average over all deals counted.
    pub effect: Effect,
    /// Deals won or lost with it in them.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
}

/// Competitors side by side.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Adjusted {
    /// Those with enough deals, by key.
    pub rows: Vec<AdjustedRow>,
    /// Deals won or lost that the regression is made of.
    pub deals: u32,
    /// Segments that have a column of their own; the others are compared as one.
    pub segments: Vec<String>,
    /// Companies that the errors rest on.
    pub companies: u32,
    /// Why there is no row.
    pub why_none: Option<WhyNotAdjusted>,
}

/// How often deals are lost in a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct LostIn {
    /// The last open stage.
    pub stage: String,
    /// Deals lost to the competitor in it.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
    /// Deals lost in it in which nobody is named.
    pub others: u32,
}

/// Where deals are lost to a competitor.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct LossStages {
    /// The competitor.
    pub competitor: CompetitorId,
    /// By stage.
    pub stages: Vec<LostIn>,
    /// How likely stages so different from those of losses without a competitor are by chance
    /// (Fisher, Freeman and Halton, by simulation).
    pub p: f64,
    /// The simulation's error of `p`.
    pub p_error: f64,
    /// `p` over all competitors (Benjamini and Hochberg).
    pub q: f64,
}

fn none(why: WhyNotAdjusted, deals: usize) -> Adjusted {
    Adjusted {
        rows: Vec::new(),
        deals: count(deals),
        segments: Vec::new(),
        companies: 0,
        why_none: Some(why),
    }
}

/// Competitors side by side, by the sources that are filled whatever the outcome.
///
/// # Errors
/// Never on counts; the statistics refuse only numbers that are none.
pub fn adjusted(book: &Book, logging: &[Logging]) -> Result<Adjusted, Error> {
    let neutral: Vec<Source> = logging
        .iter()
        .filter(|logging| logging.is_neutral())
        .map(|logging| logging.source)
        .collect();
    let decided = |deal: &Deal| deal.outcome.closed_at().is_some() && !deal.undecided;
    let rows: Vec<(usize, &Deal)> = book
        .deals()
        .iter()
        .enumerate()
        .filter(|(_, deal)| decided(deal))
        .collect();
    if neutral.is_empty() {
        return Ok(none(WhyNotAdjusted::NoNeutralSource, rows.len()));
    }
    let competed = book.competed(|deal, seen| {
        neutral.contains(&seen.source)
            && seen.competes()
            && decided(deal)
            && seen.precedes(deal.outcome)
    });
    let won: Vec<bool> = rows.iter().map(|(_, deal)| deal.outcome.is_won()).collect();
    let is_enough = |column: &[f64]| {
        let of = |wanted: bool| {
            let both = column.iter().zip(&won);
            both.filter(|(in_it, won)| **in_it > 0.0 && **won == wanted)
                .count()
        };
        of(true) >= LEAST && of(false) >= LEAST
    };
    let column = |holds: &dyn Fn(usize, &Deal) -> bool| -> Vec<f64> {
        rows.iter()
            .map(|(place, deal)| f64::from(u8::from(holds(*place, deal))))
            .collect()
    };
    let competitors: Vec<(&CompetitorId, Vec<f64>)> = competed
        .iter()
        .map(|(id, places)| (id, column(&|place, _| places.contains(&place))))
        .filter(|(_, column)| is_enough(column))
        .collect();
    if competitors.is_empty() {
        return Ok(none(WhyNotAdjusted::TooFew, rows.len()));
    }
    let segments = own_columns(&rows, column, is_enough);
    let columns: Vec<&[f64]> = competitors
        .iter()
        .map(|(_, column)| column.as_slice())
        .chain(segments.iter().map(|(_, column)| column.as_slice()))
        .collect();
    let design = Design::of(rows.len(), &columns)?;
    let clusters = companies(&rows);
    let how = Fitting {
        clusters: Some(&clusters),
        ..Fitting::default()
    };
    let fit = match Logistic::fit(&design, &won, &how) {
        Ok(fit) => fit,
        Err(Error::Separated | Error::Collinear(_) | Error::NotConverged) => {
            return Ok(none(WhyNotAdjusted::NoFit, rows.len()));
        }
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for (place, (competitor, with)) in competitors.iter().enumerate() {
        let Some(odds) = fit.odds_ratio(place + 1, LEVEL) else {
            return Ok(none(WhyNotAdjusted::NoFit, rows.len()));
        };
        let deals = rows.iter().zip(with).filter(|(_, in_it)| **in_it > 0.0);
        found.push(AdjustedRow {
            competitor: (*competitor).clone(),
            odds,
            effect: present_or_not(&fit, &columns, rows.len(), place)?,
            deals: deals.map(|((_, deal), _)| deal.id).collect(),
        });
    }
    Ok(Adjusted {
        rows: found,
        deals: count(rows.len()),
        segments: segments
            .into_iter()
            .map(|(segment, _)| segment.to_owned())
            .collect(),
        companies: count(fit.clusters().unwrap_or_default()),
        why_none: None,
    })
}

/// Segments that are large enough, but for the largest: that one is what the others are compared
/// with.
fn own_columns<'a>(
    rows: &[(usize, &'a Deal)],
    column: impl Fn(&dyn Fn(usize, &Deal) -> bool) -> Vec<f64>,
    is_enough: impl Fn(&[f64]) -> bool,
) -> Vec<(&'a str, Vec<f64>)> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, deal) in rows {
        *sizes.entry(&deal.segment).or_default() += 1;
    }
    let largest = sizes
        .iter()
        .max_by_key(|(segment, n)| (**n, std::cmp::Reverse(**segment)));
    let largest = largest.map(|(segment, _)| *segment);
    sizes
        .keys()
        .filter(|segment| Some(**segment) != largest)
        .map(|segment| (*segment, column(&|_, deal| deal.segment == *segment)))
        .filter(|(_, column)| is_enough(column))
        .collect()
}

/// The chance of winning of all deals with the competitor in them, less that of all without it.
fn present_or_not(
    fit: &Logistic,
    columns: &[&[f64]],
    rows: usize,
    place: usize,
) -> Result<Effect, Error> {
    let nobody = vec![0.0; rows];
    let mut without = columns.to_vec();
    if let Some(column) = without.get_mut(place) {
        *column = &nobody;
    }
    fit.effect(&Design::of(rows, &without)?, place + 1, 1.0, LEVEL)
}

/// A number for each deal's company; a deal without one is on its own.
fn companies(rows: &[(usize, &Deal)]) -> Vec<u32> {
    let mut known: BTreeMap<RecordId, u32> = BTreeMap::new();
    let mut next = 0;
    let mut new = || {
        next += 1;
        next
    };
    rows.iter()
        .map(|(_, deal)| match deal.company {
            Some(company) => *known.entry(company).or_insert_with(&mut new),
            None => new(),
        })
        .collect()
}

/// Where deals are lost to each competitor, beside where they are lost with nobody named.
///
/// # Errors
/// Never on counts; the statistics refuse only numbers that are none.
pub fn loss_stages(book: &Book, seed: u64) -> Result<Vec<LossStages>, Error> {
    let lost_to = book.competed(|deal, seen| deal.outcome.is_lost() && seen.says_lost());
    let anybody: BTreeSet<usize> = book
        .competed(|_, seen| seen.competes())
        .into_values()
        .flatten()
        .collect();
    let mut others: BTreeMap<&str, u32> = BTreeMap::new();
    for (place, deal) in book.deals().iter().enumerate() {
        if deal.outcome.is_lost() && !anybody.contains(&place) {
            *others.entry(&deal.stage).or_default() += 1;
        }
    }
    let all: u32 = others.values().sum();
    let mut found = Vec::new();
    for (number, (competitor, places)) in (0_u32..).zip(&lost_to) {
        if places.len() < LEAST_LOSSES || (all as usize) < LEAST_LOSSES {
            continue;
        }
        let mut by_stage: BTreeMap<&str, Vec<RecordId>> = BTreeMap::new();
        for deal in places.iter().filter_map(|place| book.deal(*place)) {
            by_stage.entry(&deal.stage).or_default().push(deal.id);
        }
        let names: BTreeSet<&str> = by_stage.keys().chain(others.keys()).copied().collect();
        let stages: Vec<LostIn> = names
            .into_iter()
            .map(|stage| LostIn {
                stage: stage.to_owned(),
                deals: by_stage.remove(stage).unwrap_or_default(),
                others: others.get(stage).copied().unwrap_or_default(),
            })
            .collect();
        let table = [
            stages.iter().map(|row| count(row.deals.len())).collect(),
            stages.iter().map(|row| row.others).collect(),
        ];
        let test = fisher_freeman_halton(&table, seed, PURPOSE ^ number, DRAWS)?;
        found.push(LossStages {
            competitor: competitor.clone(),
            stages,
            p: test.p,
            p_error: test.error,
            q: 1.0,
        });
    }
    let p: Vec<f64> = found.iter().map(|row| row.p).collect();
    for (row, q) in found.iter_mut().zip(benjamini_hochberg(&p)?) {
        row.q = q;
    }
    Ok(found)
}
