//! What has been won: in the period so far, day by day, and in every month.

use std::collections::BTreeMap;

use crm::{Moment, PipelineId};
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use timeline::Timeline;

use super::period::Period;
use super::report::{MonthRow, Pace, PacePoint, WonRow};
use super::scope::{Scope, Won, money};

/// The oldest month that is listed, counted back from the newest: ten years.
const MONTHS_LISTED: i64 = 120;

/// The won value of every month up to `as_of`, oldest first, months without a win included. The
/// month is that of the portal's calendar in which the deal was won.
#[must_use]
pub fn won_by_month(
    timeline: &Timeline,
    as_of: Moment,
    pipeline: Option<&PipelineId>,
) -> Vec<MonthRow> {
    by_month(Scope {
        timeline,
        as_of,
        pipeline,
        owners: None,
        within: None,
    })
}

pub(crate) fn by_month(scope: Scope<'_>) -> Vec<MonthRow> {
    let zone = &scope.timeline.clock().zone;
    let newest = scope.as_of.date_in(zone).first_of_month();
    let oldest = newest.saturating_sub(MONTHS_LISTED.months());
    let mut months: BTreeMap<Date, (Decimal, u32)> = BTreeMap::new();
    for won in scope.won() {
        let month = won.closing.at.date_in(zone).first_of_month();
        let (sum, deals) = months.entry(month).or_default();
        *sum += won.amount.unwrap_or_default();
        *deals += 1;
    }
    let mut rows = Vec::new();
    let mut month = months
        .keys()
        .next()
        .map_or(newest, |first| (*first).max(oldest));
    while month <= newest {
        let (sum, deals) = months.get(&month).copied().unwrap_or_default();
        rows.push(MonthRow {
            month,
            won: scope.money(sum),
            deals,
        });
        month = month.saturating_add(1.month());
    }
    rows
}

/// The deals won in the period, newest first.
pub(crate) fn in_period(scope: Scope<'_>, period: &Period) -> Vec<Won> {
    let zone = &scope.timeline.clock().zone;
    let (starts_at, ends_at) = (period.starts_at(zone), period.ends_at(zone));
    let mut won = scope.won_between(starts_at, ends_at);
    won.sort_by_key(|won| (std::cmp::Reverse(won.closing.at), won.deal));
    won
}

pub(crate) fn rows(scope: Scope<'_>, won: &[Won]) -> Vec<WonRow> {
    let timeline = scope.timeline;
    let row = |won: &Won| {
        let settled = won.closing.settled_at(scope.as_of);
        let owner = timeline.owner_closed(won.deal, &won.closing, scope.as_of);
        let owner_id = owner.value();
        WonRow {
            id: timeline.id(won.deal),
            name: timeline.name(won.deal).map(str::to_owned),
            pipeline: scope.pipeline_view(timeline.stage(won.closing.stage).pipeline),
            owner_id,
            owner_name: owner_id
                .and_then(|id| timeline.owner_name(id))
                .map(str::to_owned),
            won_at: won.closing.at,
            won_day: won.closing.at.date_in(&timeline.clock().zone),
            amount: won.amount.map(|amount| scope.money(amount)),
            own_amount: won
                .own_amount
                .map(|amount| money(amount, timeline.currency_at(won.deal, settled))),
        }
    };
    won.iter().map(row).collect()
}

/// The period up to the day of `as_of`. Expects the deals newest first.
pub(crate) fn pace(scope: Scope<'_>, period: &Period, won: &[Won]) -> Pace {
    let zone = &scope.timeline.clock().zone;
    let until = scope.as_of.date_in(zone).min(period.last_day);
    let mut oldest_first = won.iter().rev().peekable();
    let (mut sum, mut deals) = (Decimal::ZERO, 0);
    let mut closed = Vec::new();
    let mut day = period.first_day;
    while day <= until {
        while let Some(next) = oldest_first.next_if(|won| won.closing.at.date_in(zone) <= day) {
            sum += next.amount.unwrap_or_default();
            deals += 1;
        }
        closed.push(PacePoint {
            day,
            won: scope.money(sum),
            deals,
        });
        match day.tomorrow() {
            Ok(tomorrow) => day = tomorrow,
            Err(_) => break,
        }
    }
    Pace {
        closed,
        last_day: period.last_day,
    }
}
