//! Facts of open deals that speak for trouble, each with how often deals like that were won.

use crm::Moment;
use rust_decimal::Decimal;
use stats::{Evidence, Rate};
use timeline::{DealState, Known, Timeline, queries};

use super::ages::Ages;
use super::count;
use super::deals::OpenDeal;
use super::landmarks::{Horizon, landmarks};
use super::report::{Flag, QueryRef, RiskRate};
use super::scope::{Scope, list};
use super::sightings::{self, Share, Sighting, Tally};

/// Within how many days of being seen a deal counts as won: HubSpot's own horizon, and the score's.
pub(crate) const RISK_DAYS: u32 = 90;

const FLAGS: [Flag; 7] = [
    Flag::PushedOnce,
    Flag::PushedTwice,
    Flag::CloseDatePast,
    Flag::NoCloseDate,
    Flag::LongInStage,
    Flag::NoAmount,
    Flag::NoOwner,
];

/// What is asked of a deal at a moment.
struct Facts {
    pushes: usize,
    close_date: Option<i64>,
    no_close_date: bool,
    long: bool,
    no_amount: bool,
    no_owner: bool,
}

impl Facts {
    fn of(
        timeline: &Timeline,
        at: Moment,
        state: &DealState,
        pushes: usize,
        long: Option<f64>,
    ) -> Self {
        let zone = &timeline.clock().zone;
        let late = |close: Moment| {
            let day = close.date_in(zone);
            at.date_in(zone)
                .since(day)
                .map_or(0, |span| i64::from(span.get_days()))
        };
        let days = state
            .in_stage_since
            .map_or(0.0, |since| at.since(since).as_secs_f64() / 86_400.0);
        Self {
            pushes,
            close_date: state.close_at.value().map(late),
            no_close_date: state.close_at == Known::Empty,
            long: long.is_some_and(|long| days > long),
            no_amount: state.amount == Known::<Decimal>::Empty,
            no_owner: state.owner == Known::Empty,
        }
    }

    fn has(&self, flag: Flag) -> bool {
        match flag {
            Flag::PushedOnce => self.pushes == 1,
            Flag::PushedTwice => self.pushes >= 2,
            Flag::CloseDatePast => self.close_date.is_some_and(|late| late > 0),
            Flag::NoCloseDate => self.no_close_date,
            Flag::LongInStage => self.long,
            Flag::NoAmount => self.no_amount,
            Flag::NoOwner => self.no_owner,
        }
    }
}

/// How often deals with a flag were won, and others like them.
#[derive(Debug)]
pub(crate) struct FlagRate {
    flag: Flag,
    with: Learnt,
    without: Learnt,
}

/// A rate with its evidence and the query that lists its deals.
#[derive(Debug)]
pub(crate) struct Learnt {
    pub(crate) rate: Option<Rate>,
    pub(crate) evidence: Evidence,
    pub(crate) query: QueryRef,
}

impl Learnt {
    pub(crate) fn of(scope: Scope<'_>, share: &Share) -> Self {
        Self {
            rate: share.rate,
            evidence: Evidence::of_count(count(share.deals.len())),
            query: scope.query(queries::DEALS_LISTED, &[(":deals", list(&share.deals))]),
        }
    }
}

/// The stays that are long in each stage.
fn long_stays(timeline: &Timeline, ages: &Ages) -> Vec<Option<f64>> {
    let mut long = vec![None; timeline.stages().len()];
    for stage in timeline.stages_in_order() {
        long[stage.index()] = ages.long_days(stage);
    }
    long
}

/// The rate of every flag. All deals of the pipelines asked for are learned from, whoever had them.
pub(crate) fn rates(scope: Scope<'_>, ages: &Ages) -> Vec<FlagRate> {
    let timeline = scope.timeline;
    let horizon = Horizon::days(RISK_DAYS);
    let asked = landmarks(scope.as_of, horizon, &timeline.clock().zone);
    let long = long_stays(timeline, ages);
    let mut tallies: Vec<[Tally; 2]> = FLAGS.iter().map(|_| Default::default()).collect();
    let mut take = |seen: &Sighting| {
        if !scope.holds_stage(seen.stage) {
            return;
        }
        let long = long[seen.stage.index()];
        let facts = Facts::of(timeline, seen.at, &seen.state, seen.pushes, long);
        for (flag, [with, without]) in FLAGS.into_iter().zip(&mut tallies) {
            // A deal pushed twice is no example of one that was not pushed.
            let other_push = flag == Flag::PushedOnce && facts.pushes > 1
                || flag == Flag::PushedTwice && facts.pushes == 1;
            if facts.has(flag) {
                with.add(seen);
            } else if !other_push {
                without.add(seen);
            }
        }
    };
    sightings::each(timeline, &asked, horizon, &mut take);
    let rate = |(flag, [with, without]): (Flag, &[Tally; 2])| FlagRate {
        flag,
        with: Learnt::of(scope, &with.share(timeline)),
        without: Learnt::of(scope, &without.share_like(with, timeline)),
    };
    FLAGS.into_iter().zip(&tallies).map(rate).collect()
}

/// The same beside the open deals that have each flag.
pub(crate) fn rows(
    scope: Scope<'_>,
    open: &[OpenDeal],
    ages: &Ages,
    rates: &[FlagRate],
) -> Vec<RiskRate> {
    let timeline = scope.timeline;
    let long = long_stays(timeline, ages);
    let now = |deal: &OpenDeal| {
        let pushes = timeline.pushed_at(deal.deal);
        let pushes = pushes.partition_point(|&push| push <= scope.as_of);
        let long = long[deal.stage.index()];
        Facts::of(timeline, scope.as_of, &deal.state, pushes, long)
    };
    let now: Vec<Facts> = open.iter().map(now).collect();
    let row = |FlagRate {
                   flag,
                   with,
                   without,
               }: &FlagRate| {
        let (label, definition) = words(*flag);
        RiskRate {
            flag: *flag,
            label: label.to_owned(),
            definition: definition.to_owned(),
            open_deals: count(now.iter().filter(|facts| facts.has(*flag)).count()),
            with_evidence: with.evidence,
            with_query: with.query.clone(),
            with: with.rate,
            without_evidence: without.evidence,
            without_query: without.query.clone(),
            without: without.rate,
            horizon_days: RISK_DAYS,
        }
    };
    rates.iter().map(row).collect()
}

fn words(flag: Flag) -> (&'static str, &'static str) {
    match flag {
        Flag::PushedOnce => (
            "Pushed once",
            "The close date was moved to a later month once, as known when the deal was seen.",
        ),
        Flag::PushedTwice => (
            "Pushed twice or more",
            "The close date was moved to a later month twice or more, as known when the deal was seen.",
        ),
        Flag::CloseDatePast => (
            "Close date passed",
            "The day of the close date was over and the deal still open.",
        ),
        Flag::NoCloseDate => ("No close date", "The close date was empty."),
        Flag::LongInStage => (
            "Long in its stage",
            "In its stage for longer than four of five first stays there last.",
        ),
        Flag::NoAmount => ("No amount", "The amount was empty."),
        Flag::NoOwner => ("No owner", "Nobody owned the deal."),
    }
}
