//! What stands beside the forecast: whose deals, quota, categories, risks, pushes, ages, and the way
//! from HubSpot's number.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

mod world;

use analyses::forecast::report::{DifferenceReason, Flag, ForecastReport, PushRow, RiskRate};
use analyses::forecast::{ForecastQuestion, Quota, Whose, forecast};
use crm::{OwnerId, TeamId, parse_amount};
use rust_decimal::Decimal;
use stats::Evidence;
use timeline::{DealPart, Owner, Team, Timeline, Tracked};
use world::{HAZARDS, amount, d, day, deal, grown, m, parts, portal, question, row};

/// Day 700 is 1 December 2025; the period is that quarter.
const NOW: i64 = 700;

fn quarter() -> ForecastQuestion {
    question(day(NOW), "2025-10-01", "2025-12-31")
}

fn owned(deal: DealPart, by: &[(i64, &str)]) -> DealPart {
    by.iter().fold(deal, |deal, &(at, owner)| {
        deal.with(Tracked::Owner, day(at), owner)
    })
}

fn dated(deal: DealPart, by: &[(i64, &str)]) -> DealPart {
    by.iter().fold(deal, |deal, &(at, date)| {
        deal.with(Tracked::CloseDate, day(at), date)
    })
}

/// Ada (7) and Ben (8) are in team 1, Ben alone in team 2, and 9 is gone from HubSpot.
fn people() -> Vec<Owner> {
    let team = |id: &str, name: &str| Team {
        id: TeamId::new(id),
        name: name.to_owned(),
    };
    let owner = |id, name: &str, teams| Owner {
        id: OwnerId::new(id),
        name: Some(name.to_owned()),
        teams,
    };
    vec![
        owner(7, "Ada", vec![team("1", "North")]),
        owner(8, "Ben", vec![team("1", "North"), team("2", "South")]),
        owner(9, "Cy, who left", vec![]),
    ]
}

fn staffed(deals: Vec<DealPart>) -> Timeline {
    let history = grown(1, 800, 1_000, HAZARDS);
    let mut parts = parts(history.into_iter().chain(deals).collect());
    parts.owners = people();
    Timeline::from_parts(parts)
}

fn asked(timeline: &Timeline, whose: Whose) -> ForecastReport {
    forecast(timeline, &ForecastQuestion { whose, ..quarter() })
}

#[test]
fn a_deal_is_its_owners_of_the_moment_and_a_win_its_sellers() {
    let timeline = staffed(vec![
        // Ada's until day 690, Ben's since, and Cy's only later.
        owned(
            deal(10_001, "1000", &[(600, "a-offer")]),
            &[(600, "7"), (690, "8"), (710, "9")],
        ),
        // Won by Ada, taken over by Ben two days later.
        owned(
            deal(10_002, "500", &[(600, "a-offer"), (670, "a-won")]),
            &[(600, "7"), (672, "8")],
        ),
        owned(deal(10_003, "70", &[(600, "a-offer")]), &[(600, "9")]),
        deal(10_004, "3", &[(600, "a-offer")]),
    ]);
    let ids = |whose| {
        let report = asked(&timeline, whose);
        let open: Vec<_> = report.deals.iter().map(|row| row.id.get()).collect();
        let won: Vec<_> = report.won.iter().map(|row| row.id.get()).collect();
        (open, won)
    };
    assert_eq!(ids(Whose::Owner(OwnerId::new(7))), (vec![], vec![10_002]));
    assert_eq!(ids(Whose::Owner(OwnerId::new(8))), (vec![10_001], vec![]));
    let team = |id: &str| Whose::Team(TeamId::new(id));
    assert_eq!(ids(team("1")), (vec![10_001], vec![10_002]));
    assert_eq!(ids(team("2")), (vec![10_001], vec![]));
    // Who is gone from HubSpot still has deals, and a name.
    assert_eq!(ids(Whose::Owner(OwnerId::new(9))), (vec![10_003], vec![]));
    let report = asked(&timeline, Whose::Owner(OwnerId::new(9)));
    assert_eq!(
        row(&report, 10_003).owner_name.as_deref(),
        Some("Cy, who left")
    );
    let all = asked(&timeline, Whose::All);
    assert!(all.deals.iter().any(|row| row.id.get() == 10_004));
    // A team's rates are those of everybody's deals.
    let north = asked(&timeline, team("1"));
    assert_eq!(
        row(&north, 10_001).probability,
        row(&all, 10_001).probability
    );
    assert_eq!(north.whose.team.unwrap().name, "North");
    assert_eq!(north.whose.owners.unwrap().len(), 2);
}

fn with_quota(timeline: &Timeline, amount: &str) -> ForecastReport {
    let quota = Quota {
        amount: parse_amount(amount).unwrap(),
        currency: "EUR".parse().unwrap(),
        set_at: day(650),
        versions: 2,
    };
    forecast(
        timeline,
        &ForecastQuestion {
            quota: Some(quota),
            ..quarter()
        },
    )
}

#[test]
fn the_chance_of_a_quota_is_the_share_of_drawn_ends_that_reach_it() {
    let timeline = portal(grown(1, 800, 1_000, HAZARDS));
    let report = forecast(&timeline, &quarter());
    let (closed, spread) = (report.closed.value.unwrap(), report.spread.unwrap());
    let mut covered = 0;
    for (at, chance) in [(spread.p10, 0.9), (spread.p50, 0.5), (spread.p90, 0.1)] {
        let report = with_quota(&timeline, &at.amount.to_string());
        let quota = report.quota.unwrap();
        let share = quota.probability.unwrap();
        assert!(
            (share.value - chance).abs() < 0.002,
            "{} at {at:?}",
            share.value
        );
        assert!(share.low < chance && chance < share.high && share.draws == 2_000);
        assert_eq!(quota.gap.amount, at.amount - closed.amount);
        assert_eq!((quota.set_at, quota.versions), (day(650), 2));
        // New deals fill their part of the gap; the rest asks for open pipeline.
        let new = report.expected_from_new.value.unwrap().amount;
        let open = report.open.value.unwrap().amount;
        let left = quota.gap.amount - new;
        let Some(coverage) = quota.coverage else {
            assert!(left <= Decimal::ZERO, "{left} is left");
            continue;
        };
        let wanted = left * open / report.expected_from_open.value.unwrap().amount;
        assert!((coverage.needed_amount.amount - wanted).abs() < Decimal::ONE);
        assert!(coverage.needed_low < coverage.needed);
        assert!(coverage.needed < coverage.needed_high.unwrap());
        covered += 1;
    }
    assert!(covered > 0);
    // What is closed already suffices: certain, no gap, no shortfall, nothing to cover.
    let quota = with_quota(&timeline, "1").quota.unwrap();
    assert_eq!(quota.probability.unwrap().value, 1.0);
    assert!(quota.gap.amount < Decimal::ZERO && quota.coverage.is_none());
    assert_eq!(amount(quota.expected_shortfall).as_deref(), Some("0.00"));
    // Beyond everything that is open it cannot be reached.
    let quota = with_quota(&timeline, "1000000000").quota.unwrap();
    assert_eq!(quota.probability.unwrap().value, 0.0);
}

#[test]
fn a_young_portal_has_a_gap_and_no_chance() {
    let timeline = portal(vec![deal(1, "100", &[(690, "a-new")])]);
    let quota = with_quota(&timeline, "500").quota.unwrap();
    assert_eq!(amount(Some(quota.gap)).as_deref(), Some("500.00"));
    assert_eq!(quota.probability, None);
    assert_eq!((quota.coverage, quota.expected_gap), (None, None));
}

#[test]
fn categories_are_those_of_the_moment_and_sum_to_the_open_deals() {
    let category = |deal: DealPart, by: &[(i64, &str)]| {
        by.iter().fold(deal, |deal, &(at, value)| {
            deal.with(Tracked::ForecastCategory, day(at), value)
        })
    };
    let timeline = staffed(vec![
        dated(
            category(
                deal(10_001, "1000", &[(600, "a-offer")]),
                &[(600, "PIPELINE"), (650, "COMMIT"), (710, "OMIT")],
            ),
            &[(600, "2025-12-20")],
        ),
        category(deal(10_002, "200", &[(600, "a-new")]), &[(600, "own_made")]),
        category(
            deal(10_003, "", &[(600, "a-new")]),
            &[(600, "COMMIT"), (620, "")],
        ),
    ]);
    let report = asked(&timeline, Whose::All);
    let labels: Vec<_> = report
        .categories
        .iter()
        .map(|row| row.label.as_str())
        .collect();
    assert_eq!(labels, ["Commit", "own_made", "No category"]);
    let commit = &report.categories[0];
    assert_eq!((commit.open_deals, commit.closing_deals), (1, 1));
    assert_eq!(
        amount(Some(commit.closing_amount)).as_deref(),
        Some("1000.00")
    );
    assert_eq!(amount(Some(commit.hubspot)).as_deref(), Some("600.00"));
    assert_eq!(commit.won, None, "one deal is no rate");
    let expected: Decimal = report
        .categories
        .iter()
        .map(|row| row.expected.unwrap().amount)
        .sum();
    assert_eq!(expected, report.expected_from_open.value.unwrap().amount);
    let sums: Decimal = report.categories.iter().map(|row| row.amount.amount).sum();
    assert_eq!(sums, report.open.value.unwrap().amount);
    assert_eq!(row(&report, 10_001).category.as_deref(), Some("COMMIT"));
    // Most of the history never had a category: their base rate is known.
    let none = report.categories.last().unwrap();
    assert_eq!(none.evidence, Evidence::Sound);
    let ids: Vec<String> = serde_json::from_str(&none.won_query.parameters[0].value).unwrap();
    assert_eq!(ids.len(), usize::try_from(none.won.unwrap().n).unwrap());
}

/// Deals that close for certain: those never pushed within their month, the others never.
fn by_pushes(n: u64) -> Vec<DealPart> {
    let mut deals = Vec::new();
    for i in 0..n {
        let at = 10 + 8 * i64::try_from(i).unwrap();
        let stated = |on: i64| (day(on).to_string(), on);
        let (soon, _) = stated(at);
        let kept = deal(2 * i + 1, "100", &[(at, "a-offer"), (at + 1, "a-won")]);
        deals.push(kept.with(Tracked::CloseDate, day(at), &soon));
        let pushed = deal(2 * i + 2, "100", &[(at, "a-offer"), (at + 200, "a-lost")]);
        let pushed = pushed
            .with(Tracked::CloseDate, day(at), &soon)
            .with(Tracked::CloseDate, day(at + 30), &day(at + 61).to_string())
            .with(Tracked::CloseDate, day(at + 60), &day(at + 95).to_string());
        deals.push(pushed);
    }
    deals
}

fn push(report: &ForecastReport, pushes: u32) -> &PushRow {
    report
        .pushes
        .iter()
        .find(|row| row.pushes == pushes)
        .unwrap()
}

fn risk(report: &ForecastReport, flag: Flag) -> &RiskRate {
    report.risks.iter().find(|row| row.flag == flag).unwrap()
}

#[test]
fn a_stated_month_holds_as_often_as_it_did_after_as_many_pushes() {
    let timeline = portal(by_pushes(60));
    let report = forecast(&timeline, &quarter());
    let never = push(&report, 0);
    // Half of the first statements held, give or take those that were made on a month's last day.
    assert!((never.won.unwrap().value - 0.5).abs() < 0.05, "{never:?}");
    assert_eq!(never.won.unwrap().n, 120);
    for pushes in [1, 2] {
        let row = push(&report, pushes);
        assert_eq!(row.won.unwrap().value, 0.0, "{row:?}");
        assert!(row.statements >= 50, "{row:?}");
        assert_eq!(row.evidence, Evidence::Sound);
    }
    assert_eq!(push(&report, 3).statements, 0);
    assert_eq!(
        (push(&report, 3).won, push(&report, 3).or_more),
        (None, true)
    );
}

#[test]
fn a_risk_has_its_base_rate_its_interval_and_its_deals() {
    let timeline = portal(by_pushes(60));
    let report = forecast(&timeline, &quarter());
    let twice = risk(&report, Flag::PushedTwice);
    let with = twice.with.unwrap();
    assert_eq!(with.value, 0.0);
    assert!(with.high > 0.0 && with.n > 40, "{with:?}");
    for (rate, query) in [
        (twice.with, &twice.with_query),
        (twice.without, &twice.without_query),
    ] {
        let ids: Vec<String> = serde_json::from_str(&query.parameters[0].value).unwrap();
        assert_eq!(ids.len(), usize::try_from(rate.unwrap().n).unwrap());
    }
    // The deals of today that were pushed as often are counted.
    assert_eq!(
        usize::try_from(twice.open_deals).unwrap(),
        report
            .deals
            .iter()
            .filter(|row| timeline
                .as_of(day(NOW))
                .pushes(timeline.find(row.id).unwrap())
                >= 2)
            .count()
    );
    let nobody = risk(&report, Flag::NoAmount);
    assert_eq!((nobody.with, nobody.open_deals), (None, 0));
    assert!(!nobody.with_evidence.has_number());
}

/// Whether a deal was flagged has no part in whether it is won here, but flags are on deals of the
/// earlier stage, which is won less often: against all deals they would look like a risk.
#[test]
fn deals_without_the_risk_are_compared_within_stages() {
    let deals = grown(3, 2_500, 1_000, HAZARDS).into_iter().map(|deal| {
        let offered = deal
            .versions
            .iter()
            .any(|version| version.value == "a-offer");
        let id = deal.id.get();
        let owner = match (offered, id % 4) {
            // Nobody has one of four deals while they are new.
            (_, 0) => None,
            _ => Some("7"),
        };
        let begins = deal.created_at.unwrap();
        let moved = deal
            .versions
            .iter()
            .find(|version| version.value == "a-offer")
            .map(|version| version.at);
        let mut deal = deal.with(Tracked::Owner, begins, owner.unwrap_or(""));
        if let (None, Some(moved)) = (owner, moved) {
            deal = deal.with(Tracked::Owner, moved, "7");
        }
        deal
    });
    let report = forecast(&portal(deals.collect()), &quarter());
    let unowned = risk(&report, Flag::NoOwner);
    let (with, without) = (unowned.with.unwrap(), unowned.without.unwrap());
    assert!(
        with.low <= without.high && without.low <= with.high,
        "{with:?} {without:?}"
    );
    assert!(
        (with.value - without.value).abs() < 0.06,
        "{with:?} {without:?}"
    );
}

#[test]
fn an_age_is_held_against_deals_that_were_at_it() {
    // Stays of 10, 20, ... 400 days in new; all are over but the one of today.
    let deals: Vec<_> = (1..=40)
        .map(|i| {
            let end = if i > 30 { "a-won" } else { "a-lost" };
            deal(
                i,
                "100",
                &[(20, "a-new"), (20 + 10 * i64::try_from(i).unwrap(), end)],
            )
        })
        .chain([deal(900, "100", &[(NOW - 301, "a-new")])])
        .collect();
    let report = forecast(&portal(deals), &quarter());
    let found = row(&report, 900).benchmark.unwrap();
    // 30 of 41 were over by day 301, and 10 were still there; all of these were won within 100 days.
    assert!((found.percentile - 30.0 / 41.0).abs() < 0.02, "{found:?}");
    assert_eq!(found.at_that_age, 10);
    let won = found.won.unwrap();
    assert!((won.value - 0.9).abs() < 1e-9 && won.n == 10, "{won:?}");
    let stage = &report.stage_ages[0];
    assert_eq!(stage.stays, 41);
    assert!(
        (stage.median_days.unwrap() - 210.0).abs() < 11.0,
        "{stage:?}"
    );
    assert!((stage.p80_days.unwrap() - 330.0).abs() < 11.0, "{stage:?}");
}

#[test]
fn the_way_from_hubspots_number_sums_to_the_cent_deal_by_deal() {
    let timeline = staffed(vec![
        dated(
            deal(10_001, "1000.01", &[(600, "a-offer")]),
            &[(600, "2025-12-20")],
        ),
        dated(
            deal(10_002, "333.33", &[(600, "a-new")]),
            &[(600, "2026-03-01")],
        ),
        deal(10_003, "-77.77", &[(600, "a-new")]),
        deal(10_004, "", &[(600, "a-new")]),
    ]);
    let report = asked(&timeline, Whose::All);
    let sum: Decimal = report
        .difference_by_deal
        .iter()
        .map(|row| row.difference.amount)
        .sum();
    let difference = &report.difference;
    assert_eq!(
        sum,
        difference.rates.unwrap().amount + difference.close_dates.unwrap().amount
    );
    let of = |id: u64| {
        report
            .difference_by_deal
            .iter()
            .find(|row| row.id.get() == id)
    };
    assert_eq!(of(10_001).unwrap().reason, DifferenceReason::Rate);
    assert_eq!(
        amount(Some(of(10_001).unwrap().hubspot)).as_deref(),
        Some("600.01")
    );
    assert_eq!(of(10_002).unwrap().reason, DifferenceReason::CloseDate);
    assert_eq!(of(10_003).unwrap().reason, DifferenceReason::NoCloseDate);
    assert!(of(10_003).unwrap().difference.amount < Decimal::ZERO);
    assert!(
        of(10_004).is_none(),
        "what counts for nothing differs in nothing"
    );
    for row in &report.difference_by_deal {
        assert_eq!(row.ours.amount - row.hubspot.amount, row.difference.amount);
    }
}

#[test]
fn a_currency_counts_as_it_was_at_the_moment() {
    let mut changed = deal(10_001, "1000", &[(600, "a-offer")])
        .with(Tracked::Currency, day(600), "USD")
        .with(Tracked::Currency, day(710), "EUR");
    changed.home_amount = parse_amount("1000");
    let mut other =
        deal(10_002, "100", &[(600, "a-offer")]).with(Tracked::Currency, day(600), "USD");
    other.home_amount = parse_amount("92");
    let timeline = staffed(vec![changed, other]);
    let report = asked(&timeline, Whose::All);
    assert_eq!(
        amount(row(&report, 10_001).amount).as_deref(),
        Some("920.00")
    );
    assert_eq!(
        row(&report, 10_001).own_amount.unwrap().currency.code(),
        "USD"
    );
    let later = forecast(&timeline, &question(day(720), "2025-10-01", "2025-12-31"));
    assert_eq!(
        amount(row(&later, 10_001).amount).as_deref(),
        Some("1000.00")
    );
}

/// A period of a fiscal year from February, the leap day in it, across the change of clocks.
#[test]
fn a_fiscal_quarter_with_a_leap_day_and_a_clock_change_is_whole() {
    let won = |id: u64, at: &str| {
        let begin = m("2028-01-10");
        DealPart::new(id, begin)
            .with(Tracked::Pipeline, begin, "a")
            .with(Tracked::Stage, begin, "a-offer")
            .with(Tracked::Amount, begin, "100")
            .with(Tracked::Stage, m(at), "a-won")
    };
    let timeline = portal(vec![
        // The last instant of January in Berlin is outside, the leap day inside; April ends in
        // summer time.
        won(1, "2028-01-31T22:59:59.999Z"),
        won(2, "2028-02-29T22:30:00Z"),
        won(3, "2028-04-30T21:59:59.999Z"),
        won(4, "2028-04-30T22:00:00Z"),
    ]);
    let period = analyses::forecast::Period::quarter_of(d("2028-02-29"), 2.try_into().unwrap());
    let mut asked = question(m("2028-06-01"), "2028-02-01", "2028-04-30");
    assert_eq!(asked.period, period);
    asked.quota = Some(Quota {
        amount: Decimal::from(200),
        currency: "EUR".parse().unwrap(),
        set_at: m("2028-02-01"),
        versions: 1,
    });
    let report = forecast(&timeline, &asked);
    let ids: Vec<_> = report.won.iter().map(|row| row.id.get()).collect();
    assert_eq!(ids, [3, 2]);
    let quota = report.quota.unwrap();
    assert_eq!(amount(Some(quota.gap)).as_deref(), Some("0.00"));
    assert_eq!(
        quota.probability.unwrap().value,
        1.0,
        "exactly reached is reached"
    );
}

#[test]
fn deals_of_one_amount_and_none_break_nothing() {
    let deals: Vec<_> = grown(2, 400, 1_000, HAZARDS)
        .into_iter()
        .map(|deal| {
            let begins = deal.created_at.unwrap();
            deal.with(Tracked::Amount, begins, "100")
        })
        .collect();
    let report = with_quota(&portal(deals), "5000");
    let rows = report.difference_by_deal.iter();
    let sum: Decimal = rows.map(|row| row.difference.amount).sum();
    let parts = [report.difference.rates, report.difference.close_dates];
    let parts: Decimal = parts.into_iter().map(|part| part.unwrap().amount).sum();
    assert_eq!(sum, parts);
    let empty = with_quota(&portal(Vec::new()), "5000");
    assert_eq!(empty.quota.unwrap().coverage, None);
    assert!(empty.categories.is_empty() && empty.difference_by_deal.is_empty());
}
