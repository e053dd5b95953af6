//! Rules and declared customers against the newest quarters, which they were not made from.

use std::collections::BTreeMap;

use analyses::competitors::Outcome;
use analyses::icp::{
    DealRow, DeclaredIcp, Dimension, IcpQuestion, IcpReport, IcpRows, Rules, Tier, Values, Verdict,
    icp,
};
use crm::Moment;

use super::world::{Truth, World, after, company, deal, moment, question, world};

fn declare(value: &str) -> DeclaredIcp {
    DeclaredIcp {
        values: [(Dimension::Industry, vec![value.to_owned()])].into(),
        seen_until: None,
    }
}

fn asked(value: &str) -> IcpQuestion {
    IcpQuestion {
        declared: Some(declare(value)),
        ..question()
    }
}

fn good(seed: u64) -> World {
    let truth = Truth {
        deals: 2_000,
        contacts: 0,
        target: (400, 2.0),
        ..Truth::null()
    };
    world(5_000 + seed, truth)
}

fn rules(report: &IcpReport) -> &Rules {
    report.rules.as_ref().unwrap()
}

fn is_target(values: &Values) -> bool {
    values[&Dimension::Industry] == "Target"
}

/// What a record's deal or company says of itself, as a writeback would ask for its tier.
fn values_of(deal: &DealRow) -> Values {
    let link = &deal.companies[0];
    let mut values = link.values.clone();
    values.extend(deal.values.clone());
    let band = link.employees.and_then(analyses::icp::size_band).unwrap();
    values.insert(Dimension::Size, band.to_owned());
    values
}

#[test]
fn a_segment_that_keeps_winning_becomes_a_validated_rule() {
    let worlds = 10;
    let (mut found, mut verdicts) = (0, 0);
    for seed in 0..worlds {
        let world = good(seed);
        let report = world.report(&asked("Target"));
        let rules = rules(&report);
        assert!(rules.enough && rules.learned_from > 1_000);
        let tier = |deal: &DealRow| rules.tier_of(&values_of(deal)).0;
        let (targets, others): (Vec<_>, Vec<_>) = world
            .rows
            .deals
            .iter()
            .partition(|deal| is_target(&values_of(deal)));
        let good = |deals: &[&DealRow]| {
            deals.iter().filter(|deal| tier(deal) <= Tier::B).count() as f64 / deals.len() as f64
        };
        found += u32::from(good(&targets) > 0.6 && good(&others) < 0.2);
        let check = &report.declared.as_ref().unwrap().check;
        let lift = check.lift.unwrap();
        assert!(lift.low < lift.value && lift.value < lift.high);
        verdicts += u32::from(check.verdict == Verdict::Validated);
    }
    println!("rules told the segment in {found} of {worlds} worlds, validated in {verdicts}");
    assert!(found >= 8 && verdicts >= 8, "{found} {verdicts}");
}

#[test]
fn where_there_is_nothing_little_is_validated() {
    let worlds = 20;
    let (mut tiers, mut declared) = (0, 0);
    for seed in 0..worlds {
        let truth = Truth {
            contacts: 0,
            tilt: 0.0,
            ..Truth::null()
        };
        let report = world(6_000 + seed, truth).report(&asked("Retail"));
        let checked = report.declared.as_ref().unwrap();
        declared += u32::from(checked.check.verdict != Verdict::NotDistinguishable);
        tiers += u32::from(rules(&report).rules.iter().any(|rule| rule.tier == Tier::A));
    }
    println!("of {worlds} null worlds {tiers} had a tier A, {declared} a verdict");
    assert!(tiers <= 4 && declared <= 4, "{tiers} {declared}");
}

#[test]
fn each_deal_fits_one_rule_and_the_counts_add_up() {
    let world = good(1);
    let report = world.report(&question());
    let rules = rules(&report);
    assert!(rules.rules.len() > 1);
    assert!(rules.rules.is_sorted_by_key(|rule| rule.tier));
    let learned: u32 = rules.rules.iter().map(|rule| rule.learned_from).sum();
    assert_eq!(learned, rules.learned_from);
    let (from, until) = (
        moment("2026-04-01T00:00:00Z"),
        moment("2026-10-01T00:00:00Z"),
    );
    let mut newest: BTreeMap<usize, u32> = BTreeMap::new();
    for deal in &world.rows.deals {
        let values = values_of(deal);
        let holds = |place: &usize| {
            rules.rules[*place].conditions.iter().all(|condition| {
                let is = values.get(&condition.dimension) == Some(&condition.value);
                is == condition.is
            })
        };
        let fitting: Vec<usize> = (0..rules.rules.len()).filter(holds).collect();
        let (tier, place) = rules.tier_of(&values);
        assert_eq!(fitting, [place.unwrap()]);
        assert_eq!(tier, rules.rules[fitting[0]].tier);
        if from <= deal.created_at && deal.created_at < until {
            *newest.entry(fitting[0]).or_default() += 1;
        }
    }
    for (place, rule) in rules.rules.iter().enumerate() {
        assert_eq!(newest.get(&place).copied().unwrap_or(0), rule.check.n);
    }
}

#[test]
fn rules_know_nothing_of_the_quarters_they_are_checked_in() {
    let mut world = good(2);
    let before = world.report(&question());
    let from = moment("2026-04-01T00:00:00Z");
    for deal in &mut world.rows.deals {
        // What happened since then, also to older deals, is turned around.
        deal.outcome = match deal.outcome {
            Outcome::Won(at) if at >= from => Outcome::Lost(at),
            Outcome::Lost(at) if at >= from => Outcome::Won(at),
            other => other,
        };
    }
    let after = world.report(&question());
    let made = |report: &IcpReport| {
        let made = rules(report).rules.iter().map(|rule| {
            (
                format!("{:?}", rule.conditions),
                rule.learned_from,
                rule.learned_rate.value,
            )
        });
        let mut made: Vec<_> = made.collect();
        made.sort_by(|a, b| a.0.cmp(&b.0));
        made
    };
    assert_eq!(made(&before), made(&after));
    assert_ne!(before.rules, after.rules, "the checks do");
}

/// Deals of the newest two quarters: (won, lost) of Retail and of the others.
fn newest(retail: (u64, u64), others: (u64, u64)) -> IcpRows {
    let mut deals = Vec::new();
    let mut add = |from: u64, (won, lost): (u64, u64), name: &str| {
        for number in 0..won + lost {
            let created = after(moment("2026-04-03T10:00:00Z"), number as f64 % 150.0);
            let outcome = match number < won {
                true => Outcome::Won(after(created, 10.0)),
                false => Outcome::Lost(after(created, 20.0)),
            };
            let id = from + number;
            let values = [(Dimension::Industry, name.to_owned())].into();
            let companies = vec![company(100_000 + id, values, 30.0)];
            deals.push(DealRow {
                companies,
                ..deal(id, created, outcome)
            });
        }
    };
    add(1, retail, "Retail");
    add(10_000, others, "Energy");
    IcpRows {
        deals,
        contacts: vec![],
        ..IcpRows::default()
    }
}

fn verdict(rows: &IcpRows, declared: DeclaredIcp) -> (Verdict, bool) {
    let asked = IcpQuestion {
        declared: Some(declared),
        ..question()
    };
    let report = icp(rows, &asked).unwrap();
    let check = report.declared.unwrap();
    assert_eq!(check.checked_in.from.to_string(), "2026-04-01");
    assert_eq!(check.checked_in.until.to_string(), "2026-10-01");
    (check.check.verdict, check.seen_before)
}

#[test]
fn what_is_declared_is_validated_contradicted_or_neither() {
    let check = |retail, others, expected| {
        let found = verdict(&newest(retail, others), declare("Retail"));
        assert_eq!(found, (expected, false), "{retail:?} {others:?}");
    };
    check((60, 40), (60, 140), Verdict::Validated);
    // 20 are enough where the difference is large.
    check((12, 8), (60, 140), Verdict::Validated);
    check((8, 12), (60, 140), Verdict::NotDistinguishable);
    // Better for sure, but not by a fifth for sure.
    check((500, 500), (420, 580), Verdict::NotDistinguishable);
    check((30, 70), (30, 70), Verdict::NotDistinguishable);
    check((10, 90), (60, 60), Verdict::Contradicted);
    check((0, 100), (60, 60), Verdict::Contradicted);
    // Below 20 on a side there is no verdict, however bad.
    check((0, 19), (60, 60), Verdict::NotDistinguishable);
}

#[test]
fn what_was_declared_after_seeing_the_quarters_is_not_validated_by_them() {
    let rows = newest((60, 40), (60, 140));
    let seen = |text: &str| DeclaredIcp {
        seen_until: Some(text.parse::<Moment>().unwrap()),
        ..declare("Retail")
    };
    assert_eq!(
        verdict(&rows, seen("2026-05-01T00:00:00Z")),
        (Verdict::NotDistinguishable, true)
    );
    assert_eq!(
        verdict(&rows, seen("2026-04-01T00:00:00Z")),
        (Verdict::Validated, false)
    );
}

#[test]
fn few_deals_make_no_rule_and_everybody_is_in_the_middle() {
    let report = icp(&newest((60, 40), (60, 140)), &question()).unwrap();
    let rules = rules(&report);
    assert!(!rules.enough && rules.rules.is_empty());
    assert_eq!(rules.tier_of(&Values::new()), (Tier::C, None));
}
