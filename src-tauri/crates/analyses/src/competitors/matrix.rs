//! Competitor by segment by stage.
//!
//! A win rate is counted over the deals that a competitor was seen in before their last day, by
//! sources that are filled whatever the outcome; else only the share of losses is known. Deals with
//! several competitors count whole for each ("any": rows overlap) and as equal parts
//! ("fractional": parts add up to deals).

use std::collections::{BTreeMap, BTreeSet};

use crm::RecordId;
use serde::Serialize;
use stats::{Error, Evidence, Rate, Table, benjamini_hochberg, fisher_exact, shrink, wilson};

use super::logging::{LEVEL, Logging, count, logging};
use super::observation::{Book, Deal, Source};
use super::text::CompetitorId;

/// Won and closed deals, some of them in parts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Parts {
    /// Won.
    pub won: f64,
    /// Won or lost.
    pub closed: f64,
}

/// A rate after borrowing from the other competitors.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Borrowed {
    /// The rate.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How much the competitor's own deals weigh, 0 to 1.
    pub weight: f64,
}

/// A competitor in a segment and a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Cell {
    /// The competitor.
    pub competitor: CompetitorId,
    /// The segment; none: all.
    pub segment: Option<String>,
    /// The last open stage; none: all.
    pub stage: Option<String>,
    /// Deals won against it among those closed with it in them, by neutral sources. None where no
    /// source is neutral, or below five deals.
    pub win_rate: Option<Rate>,
    /// The same, borrowed from the other competitors of the same segment and stage.
    pub borrowed: Option<Borrowed>,
    /// The same, each deal shared by the competitors in it.
    pub fractional: Parts,
    /// How likely a rate so different from that of the other closed deals is by chance (Fisher).
    pub p: Option<f64>,
    /// `p` over all competitors and segments of the report (Benjamini and Hochberg).
    pub q: Option<f64>,
    /// Of the deals lost here, the share that was lost to it by any source.
    pub share_of_losses: Option<Rate>,
    /// What the win rate rests on.
    pub evidence: Evidence,
    /// Deals behind the win rate.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
    /// Deals lost to it.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub lost_deals: Vec<RecordId>,
}

/// The matrix, and how each source is filled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matrix {
    /// One a source.
    pub logging: Vec<Logging>,
    /// Sources whose mentions count for win rates.
    pub neutral: Vec<Source>,
    /// By competitor, segment and stage; all segments and all stages first.
    pub cells: Vec<Cell>,
}

/// A set of deals by their places.
type Places = BTreeSet<usize>;

/// Counts the matrix.
///
/// # Errors
/// Never on counts; the statistics refuse only numbers that are none.
pub fn matrix(book: &Book) -> Result<Matrix, Error> {
    let logging = logging(book);
    let neutral: Vec<Source> = logging
        .iter()
        .filter(|logging| logging.is_neutral())
        .map(|logging| logging.source)
        .collect();
    let competed = book.competed(|deal, seen| {
        neutral.contains(&seen.source)
            && seen.competes()
            && !deal.undecided
            && deal.outcome.closed_at().is_some()
            && seen.precedes(deal.outcome)
    });
    let lost = book.competed(|deal, seen| deal.outcome.is_lost() && seen.says_lost());
    let mut sharing: BTreeMap<usize, u32> = BTreeMap::new();
    for &place in competed.values().flatten() {
        *sharing.entry(place).or_default() += 1;
    }
    let everyone: BTreeSet<CompetitorId> = book
        .observations()
        .filter(|(_, seen)| seen.competes())
        .map(|(_, seen)| seen.competitor.clone())
        .collect();

    let mut cells = Vec::new();
    for (segment, stage) in margins(book) {
        let here = |deal: &Deal| {
            segment
                .as_ref()
                .is_none_or(|segment| *segment == deal.segment)
                && stage.as_ref().is_none_or(|stage| *stage == deal.stage)
        };
        let view = View {
            book,
            competed: &competed,
            sharing: &sharing,
            lost: &lost,
            everyone: &everyone,
        };
        let mut row = view.row(here)?;
        for cell in &mut row {
            cell.segment.clone_from(&segment);
            cell.stage.clone_from(&stage);
        }
        cells.append(&mut row);
    }
    control_discoveries(&mut cells)?;
    cells.sort_by(|a, b| {
        (&a.competitor, &a.segment, &a.stage).cmp(&(&b.competitor, &b.segment, &b.stage))
    });
    Ok(Matrix {
        logging,
        neutral,
        cells,
    })
}

/// All; each segment; each stage; each pair that has a deal.
pub(super) fn margins(book: &Book) -> BTreeSet<(Option<String>, Option<String>)> {
    let of = |deal: &Deal| {
        let (segment, stage) = (Some(deal.segment.clone()), Some(deal.stage.clone()));
        [
            (None, None),
            (segment.clone(), None),
            (None, stage.clone()),
            (segment, stage),
        ]
    };
    book.deals().iter().flat_map(of).collect()
}

/// Closed deals of a segment and stage.
struct Totals {
    won: u32,
    /// Lost, where something was decided.
    decided_lost: u32,
    lost: u32,
}

struct View<'a> {
    book: &'a Book,
    competed: &'a BTreeMap<CompetitorId, Places>,
    /// How many competitors are in a deal.
    sharing: &'a BTreeMap<usize, u32>,
    lost: &'a BTreeMap<CompetitorId, Places>,
    everyone: &'a BTreeSet<CompetitorId>,
}

impl View<'_> {
    fn row(&self, here: impl Fn(&Deal) -> bool) -> Result<Vec<Cell>, Error> {
        let deals = self.book.deals();
        let of = |counts: &dyn Fn(&Deal) -> bool| {
            count(
                deals
                    .iter()
                    .filter(|deal| here(deal) && counts(deal))
                    .count(),
            )
        };
        let totals = Totals {
            won: of(&|deal| deal.outcome.is_won()),
            decided_lost: of(&|deal| deal.outcome.is_lost() && !deal.undecided),
            lost: of(&|deal| deal.outcome.is_lost()),
        };
        let in_row = |places: Option<&Places>| -> Vec<(usize, &Deal)> {
            places
                .into_iter()
                .flatten()
                .filter_map(|&place| Some((place, self.book.deal(place)?)))
                .filter(|(_, deal)| here(deal))
                .collect()
        };
        let mut cells: Vec<Cell> = self
            .everyone
            .iter()
            .map(|competitor| {
                let with = in_row(self.competed.get(competitor));
                let lost_to = in_row(self.lost.get(competitor));
                self.cell(competitor, &with, &lost_to, &totals)
            })
            .filter(|cell| !cell.deals.is_empty() || !cell.lost_deals.is_empty())
            .collect();
        let groups: Vec<(f64, f64)> = cells.iter().map(whole).collect();
        if groups.iter().any(|(_, n)| *n > 0.0) {
            let shrunk = shrink(&groups, LEVEL)?;
            for (cell, rate) in cells.iter_mut().zip(shrunk.rates) {
                cell.borrowed = cell.win_rate.map(|_| Borrowed {
                    value: rate.value,
                    low: rate.interval.low,
                    high: rate.interval.high,
                    weight: rate.weight,
                });
            }
        }
        Ok(cells)
    }

    fn cell(
        &self,
        competitor: &CompetitorId,
        with: &[(usize, &Deal)],
        lost_to: &[(usize, &Deal)],
        totals: &Totals,
    ) -> Cell {
        let n = count(with.len());
        let k = count(
            with.iter()
                .filter(|(_, deal)| deal.outcome.is_won())
                .count(),
        );
        let others_won = totals.won.saturating_sub(k);
        let others_lost = totals.decided_lost.saturating_sub(n - k);
        let table = Table {
            a: k,
            b: n - k,
            c: others_won,
            d: others_lost,
        };
        let comparable = n > 0 && others_won + others_lost > 0;
        let evidence = Evidence::of_count(n);
        let mut fractional = Parts::default();
        for (place, deal) in with {
            let part = 1.0 / f64::from(self.sharing.get(place).copied().unwrap_or(1));
            fractional.closed += part;
            fractional.won += if deal.outcome.is_won() { part } else { 0.0 };
        }
        Cell {
            competitor: competitor.clone(),
            segment: None,
            stage: None,
            win_rate: evidence.has_number().then(|| rate(k, n)),
            borrowed: None,
            fractional,
            p: comparable.then(|| fisher_exact(&table).two_sided),
            q: None,
            share_of_losses: Evidence::of_count(totals.lost)
                .has_number()
                .then(|| rate(count(lost_to.len()), totals.lost)),
            evidence,
            deals: with.iter().map(|(_, deal)| deal.id).collect(),
            lost_deals: lost_to.iter().map(|(_, deal)| deal.id).collect(),
        }
    }
}

fn whole(cell: &Cell) -> (f64, f64) {
    cell.win_rate.map_or((0.0, 0.0), |rate| {
        (rate.value * f64::from(rate.n), f64::from(rate.n))
    })
}

pub(super) fn rate(k: u32, n: u32) -> Rate {
    let (k, cases) = (f64::from(k), f64::from(n));
    let ends = wilson(k, cases, LEVEL);
    Rate {
        value: k / cases,
        low: ends.low,
        high: ends.high,
        level: LEVEL,
        n,
        n_effective: cases,
    }
}

/// Over all competitors and segments, stages together: that is the family of a report.
fn control_discoveries(cells: &mut [Cell]) -> Result<(), Error> {
    let family: Vec<usize> = (0..cells.len())
        .filter(|&i| cells[i].stage.is_none() && cells[i].p.is_some())
        .collect();
    let p: Vec<f64> = family.iter().filter_map(|&i| cells[i].p).collect();
    for (&i, q) in family.iter().zip(benjamini_hochberg(&p)?) {
        cells[i].q = Some(q);
    }
    Ok(())
}
