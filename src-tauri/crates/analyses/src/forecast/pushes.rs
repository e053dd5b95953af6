//! Whether a stated close month holds, by how often it had been pushed before.
//!
//! A statement is a close date that was set while the deal was open, in another month than the one
//! before it. It counts once its month is over; a month that had already passed when it was stated
//! is none.

use jiff::ToSpan;
use stats::{ClusterRatio, Evidence};
use timeline::{DealIx, StageKind, Timeline, queries};

use super::count;
use super::deals::OpenDeal;
use super::report::PushRow;
use super::scope::{Scope, list};
use super::sightings::rate;

/// From so many pushes on all are taken together.
const MOST: usize = 3;

/// A deal's statements after so many pushes: how many, in how many it was won, in how many closed.
#[derive(Debug, Clone, Copy)]
struct Said {
    deal: DealIx,
    statements: u32,
    won: u32,
    closed: u32,
}

/// A row for every number of pushes, without the open deals.
pub(crate) fn rows(scope: Scope<'_>) -> Vec<PushRow> {
    let timeline = scope.timeline;
    let mut said: [Vec<Said>; MOST + 1] = Default::default();
    for deal in timeline.deals() {
        statements(scope, deal, &mut said);
    }
    said.iter()
        .enumerate()
        .map(|(pushes, said)| {
            let share = |of: fn(&Said) -> u32| {
                let pairs = said
                    .iter()
                    .map(|row| (f64::from(of(row)), f64::from(row.statements)));
                ClusterRatio::of(pairs).and_then(rate)
            };
            let ids: Vec<_> = said.iter().map(|row| timeline.id(row.deal)).collect();
            PushRow {
                pushes: count(pushes),
                or_more: pushes == MOST,
                label: label(pushes),
                open_deals: 0,
                statements: said.iter().map(|row| row.statements).sum(),
                won: share(|row| row.won),
                closed: share(|row| row.closed),
                evidence: Evidence::of_count(count(said.len())),
                query: scope.query(queries::DEALS_LISTED, &[(":deals", list(&ids))]),
            }
        })
        .collect()
}

/// The same with how many of the open deals were pushed as often.
pub(crate) fn beside(scope: Scope<'_>, open: &[OpenDeal], rows: &[PushRow]) -> Vec<PushRow> {
    let now = |deal: &OpenDeal| {
        let pushed = scope.timeline.pushed_at(deal.deal);
        pushed.partition_point(|&at| at <= scope.as_of).min(MOST)
    };
    let now: Vec<usize> = open.iter().map(now).collect();
    let row = |(pushes, row): (usize, &PushRow)| PushRow {
        open_deals: count(now.iter().filter(|&&open| open == pushes).count()),
        ..row.clone()
    };
    rows.iter().enumerate().map(row).collect()
}

fn label(pushes: usize) -> String {
    match pushes {
        0 => "never pushed".to_owned(),
        1 => "pushed once".to_owned(),
        MOST => format!("pushed {MOST} times or more"),
        n => format!("pushed {n} times"),
    }
}

fn statements(scope: Scope<'_>, deal: DealIx, said: &mut [Vec<Said>; MOST + 1]) {
    let timeline: &Timeline = scope.timeline;
    let zone = &timeline.clock().zone;
    let pushed = timeline.pushed_at(deal);
    let mut before = None;
    for (at, close) in timeline.close_dates(deal) {
        if at > scope.as_of {
            break;
        }
        let Some(month) = close.map(|close| close.date_in(zone).first_of_month()) else {
            continue;
        };
        if before.replace(month) == Some(month) {
            continue;
        }
        let ends_at = crm::Moment::start_of(month.saturating_add(1.month()), zone);
        let state = timeline.as_of(at).deal(deal);
        let open = state.is_some_and(|state| {
            state.kind == Some(StageKind::Open)
                && state
                    .stage
                    .value()
                    .is_some_and(|stage| scope.holds_stage(stage))
        });
        if !open || ends_at > scope.as_of || ends_at <= at {
            continue;
        }
        let closing = timeline.closing(deal, ends_at);
        let won = closing.is_some_and(|closing| closing.kind == StageKind::Won);
        let (won, closed) = (u32::from(won), u32::from(closing.is_some()));
        let rows = &mut said[pushed.partition_point(|&push| push <= at).min(MOST)];
        match rows.last_mut() {
            Some(last) if last.deal == deal => {
                last.statements += 1;
                last.won += won;
                last.closed += closed;
            }
            _ => rows.push(Said {
                deal,
                statements: 1,
                won,
                closed,
            }),
        }
    }
}
