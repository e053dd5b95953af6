//! What a world promises as a whole.

use std::collections::BTreeMap;

use super::*;
use crate::portal::kind::Kind;
use crate::portal::people::Outcome;
use crate::portal::property as p;
use crate::portal::record::Record;
use crate::portal::value::Value as Kept;

const NOW: &str = "2026-11-21T10:00:00Z";

fn demo(seed: u64) -> World {
    World::demo(seed, NOW.parse().unwrap(), 2_500, false)
}

fn count(world: &World, kind: Kind) -> usize {
    world.portal.table(kind).all().len()
}

fn deals_that_are(world: &World, outcome: Outcome) -> usize {
    let deals = world.portal.table(Kind::Deals).all().iter();
    deals
        .filter(|deal| world.portal.outcome(deal) == outcome)
        .count()
}

#[test]
fn the_demo_has_the_shape_it_promises() {
    let world = demo(7);
    assert_eq!(count(&world, Kind::Companies), 1_200);
    assert_eq!(count(&world, Kind::Contacts), 4_000);
    // A few of the 2,500 are still in the future, put off to the next working hour.
    assert!((2_490..=2_500).contains(&count(&world, Kind::Deals)));
    let activities: usize = Kind::ACTIVITIES
        .into_iter()
        .map(|kind| count(&world, kind))
        .sum();
    assert!(
        (36_000..44_000).contains(&activities),
        "{activities} activities"
    );
    let open = deals_that_are(&world, Outcome::Open);
    assert!((300..400).contains(&open), "{open} open deals");
    assert_eq!(world.portal.owners.len(), 12);
    assert_eq!(
        world
            .portal
            .owners
            .iter()
            .filter(|owner| owner.archived)
            .count(),
        1
    );
}

#[test]
fn every_deal_sells_lines_that_make_up_its_amount() {
    let mut world = demo(7);
    let cents = |record: &Record| match record.value(p::AMOUNT) {
        Some(Kept::Cents(cents)) => Some(cents),
        _ => None,
    };
    for _ in 0..2 {
        let (mut compared, mut several) = (0, 0);
        for deal in world.portal.table(Kind::Deals).all() {
            let lines = deal.linked(Kind::LineItems);
            let lines = lines.iter().filter_map(|id| {
                let line = world.portal.table(Kind::LineItems).get(*id)?;
                assert!(line.created >= deal.created, "deal {}", deal.id);
                cents(line)
            });
            let lines: Vec<i64> = lines.collect();
            // A deal that was merged brings the other's lines along.
            let is_merged = deal.value(p::HS_MERGED_OBJECT_IDS).is_some();
            let Some(amount) = cents(deal).filter(|_| !is_merged && !lines.is_empty()) else {
                continue;
            };
            assert_eq!(lines.iter().sum::<i64>(), amount, "deal {}", deal.id);
            compared += 1;
            several += usize::from(lines.len() > 1);
        }
        assert!(compared > 2_000 && several > 800, "{compared}, {several}");
        let end = after(&world, 28);
        world.advance(end);
    }
}

#[test]
fn leads_tickets_and_messages_come_move_and_belong() {
    let mut world = demo(7);
    let counts = |world: &World| {
        [Kind::Leads, Kind::Tickets, Kind::Communications].map(|kind| count(world, kind))
    };
    let before = counts(&world);
    let [leads, tickets, messages] = before;
    assert!((600..=800).contains(&leads), "{leads} leads");
    assert_eq!((tickets, messages), (600, 400));
    for (kind, other) in [
        (Kind::Leads, Kind::Contacts),
        (Kind::Tickets, Kind::Companies),
        (Kind::Tickets, Kind::Deals),
        (Kind::Communications, Kind::Deals),
    ] {
        let all = world.portal.table(kind).all().iter();
        let tied = all
            .filter(|record| !record.linked(other).is_empty())
            .count();
        assert!(
            tied > 100,
            "{} to {}: {tied}",
            kind.plural(),
            other.plural()
        );
    }
    let moved = |world: &World, kind: Kind, since: Moment| {
        let all = world.portal.table(kind).all().iter();
        all.filter(|record| record.modified > since).count()
    };
    let then = world.now;
    let end = after(&world, 28);
    world.advance(end);
    for (kind, (was, is)) in [Kind::Leads, Kind::Tickets, Kind::Communications]
        .into_iter()
        .zip(before.into_iter().zip(counts(&world)))
    {
        assert!(is > was, "{}", kind.plural());
        assert!(moved(&world, kind, then) >= is - was);
    }
    assert!(moved(&world, Kind::LineItems, then) > 20);
}

#[test]
fn nothing_in_a_world_is_from_the_future() {
    let world = demo(11);
    for kind in Kind::ALL {
        for record in world.portal.table(kind).all() {
            assert!(
                record.created <= world.now,
                "{} {}",
                kind.plural(),
                record.id
            );
            assert!(
                record.modified <= world.now,
                "{} {}",
                kind.plural(),
                record.id
            );
            assert!(record.created <= record.modified);
            for stamp in &record.versions {
                assert!(stamp.at <= world.now);
                let history = record.history(stamp.cell.prop());
                assert!(history.is_sorted_by_key(|stamp| std::cmp::Reverse(stamp.at)));
            }
        }
    }
}

#[test]
fn ids_rise_and_cross_a_power_of_ten() {
    let world = demo(7);
    for kind in Kind::ALL {
        let ids: Vec<u64> = world
            .portal
            .table(kind)
            .all()
            .iter()
            .map(|record| record.id)
            .collect();
        assert!(ids.is_sorted(), "{}", kind.plural());
        let digits = |id: u64| id.to_string().len();
        if ids.is_empty() {
            continue;
        }
        assert!(
            digits(ids[0]) < digits(*ids.last().unwrap()),
            "{} stay in one size",
            kind.plural()
        );
    }
}

#[test]
fn links_are_seen_from_both_ends() {
    let world = demo(3);
    for kind in Kind::ALL {
        for record in world.portal.table(kind).all() {
            for link in &record.links {
                let other = world.portal.table(link.kind).get(link.to);
                let back = other.is_some_and(|other| {
                    other
                        .links
                        .iter()
                        .any(|back| (back.kind, back.to) == (kind, record.id))
                });
                assert!(
                    back,
                    "{} {} to {} {}",
                    kind.plural(),
                    record.id,
                    link.kind.plural(),
                    link.to
                );
            }
        }
    }
}

#[test]
fn histories_end_in_the_present_value() {
    let world = demo(7);
    let tracked = [
        p::DEALSTAGE,
        p::AMOUNT,
        p::CLOSEDATE,
        p::HUBSPOT_OWNER_ID,
        p::PIPELINE,
        p::HS_MANUAL_FORECAST_CATEGORY,
    ];
    let (mut pushed, mut moved) = (0, 0);
    for deal in world.portal.table(Kind::Deals).all() {
        for prop in tracked {
            let newest = deal.history(prop).first().map(|stamp| stamp.cell.value());
            assert_eq!(newest, deal.value(prop), "deal {}", deal.id);
        }
        pushed += usize::from(deal.history(p::CLOSEDATE).len() > 2);
        moved += usize::from(deal.history(p::HUBSPOT_OWNER_ID).len() > 1);
    }
    assert!(pushed > 500, "close dates are pushed: {pushed}");
    assert!(moved > 50, "owners change: {moved}");
}

/// A digest of everything a portal holds.
fn digest(world: &World) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for kind in Kind::ALL {
        let text = format!("{:?}", world.portal.table(kind).all());
        for byte in text.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

fn small(seed: u64) -> World {
    World::demo(seed, NOW.parse().unwrap(), 300, false)
}

fn after(world: &World, days: i64) -> Moment {
    Moment::from_millis(world.now.millis() + days * 86_400_000)
}

#[test]
fn the_same_seed_makes_the_same_world() {
    assert_eq!(digest(&small(7)), digest(&small(7)));
    assert_ne!(digest(&small(7)), digest(&small(8)));
}

#[test]
fn a_week_in_days_is_a_week_at_once() {
    let (mut slow, mut fast) = (small(7), small(7));
    for _ in 0..14 {
        let next = after(&slow, 1);
        slow.advance(next);
    }
    let end = after(&fast, 14);
    fast.advance(end);
    assert_eq!(slow.now, fast.now);
    assert_eq!(digest(&slow), digest(&fast));
}

#[test]
fn time_brings_deals_moves_edits_deletions_and_merges() {
    let mut world = demo(7);
    let stages = |world: &World| -> BTreeMap<u64, Option<Kept>> {
        let deals = world.portal.table(Kind::Deals).all().iter();
        deals
            .map(|deal| (deal.id, deal.value(p::DEALSTAGE)))
            .collect()
    };
    let bin = |world: &World| -> usize {
        let all = Kind::ALL
            .into_iter()
            .flat_map(|kind| world.portal.table(kind).all());
        all.filter(|record| record.archived.is_some()).count()
    };
    let (before, binned, notes) = (stages(&world), bin(&world), count(&world, Kind::Notes));
    let then = world.now;
    let end = after(&world, 28);
    world.advance(end);
    let now = stages(&world);
    let new = world
        .portal
        .table(Kind::Deals)
        .all()
        .iter()
        .filter(|deal| deal.created > then)
        .count();
    assert!(new > 40, "{new} new deals");
    let moved = before
        .iter()
        .filter(|(id, stage)| now.get(id).is_some_and(|s| s != *stage))
        .count();
    assert!(moved > 60, "{moved} deals moved");
    let gone: Vec<u64> = before
        .keys()
        .filter(|id| !now.contains_key(id))
        .copied()
        .collect();
    assert!(gone.len() >= 2, "two deals at least were merged away");
    for id in gone {
        let survivor = world.portal.resolve(Kind::Deals, id).unwrap();
        let trace = survivor.value(p::HS_MERGED_OBJECT_IDS).unwrap();
        let trace = trace.spell(&world.portal.strings).into_owned();
        assert!(trace.split(';').any(|old| old == id.to_string()));
    }
    assert!(bin(&world) > binned);
    assert!(count(&world, Kind::Notes) > notes);
    let edited = |record: &&Record| record.versions.iter().any(|stamp| stamp.at > then);
    let contacts = world.portal.table(Kind::Contacts).all();
    assert!(contacts.iter().filter(edited).count() > 10);
    assert!(
        world
            .portal
            .table(Kind::Deals)
            .all()
            .iter()
            .all(|deal| deal.modified <= world.now)
    );
}

/// Won share by a level of a segment, over deals that are closed.
fn won_share(world: &World, fits: impl Fn(&Record) -> bool) -> (f64, usize) {
    let deals = world
        .portal
        .table(Kind::Deals)
        .all()
        .iter()
        .filter(|deal| fits(deal));
    let (mut won, mut closed) = (0, 0);
    for deal in deals {
        let outcome = world.portal.outcome(deal);
        closed += usize::from(outcome != Outcome::Open);
        won += usize::from(outcome == Outcome::Won);
    }
    (won as f64 / closed.max(1) as f64, closed)
}

fn by_source(world: &World, source: &str) -> (f64, usize) {
    let text = |deal: &Record| {
        deal.value(p::HS_ANALYTICS_SOURCE)
            .map(|v| v.spell(&world.portal.strings).into_owned())
    };
    won_share(world, |deal| text(deal).as_deref() == Some(source))
}

#[test]
fn effects_show_in_the_demo_and_not_in_the_null_world() {
    let now = NOW.parse().unwrap();
    let difference = |null: bool| {
        let world = World::demo(5, now, 8_000, null);
        let (good, n) = by_source(&world, "REFERRALS");
        let (bad, m) = by_source(&world, "SOCIAL_MEDIA");
        assert!(n > 600 && m > 400);
        good - bad
    };
    // The log-odds differ by 0.75 at every stage. Four standard errors of the difference of two
    // shares over 600 and 400 deals are 0.13.
    assert!(difference(false) > 0.13);
    assert!(difference(true).abs() < 0.13);
}

#[test]
fn truth_names_every_open_deal_and_its_chance() {
    let world = demo(7);
    let truth = world.truth();
    let chances = truth["open_deals"].as_object().unwrap();
    let open = world
        .portal
        .table(Kind::Deals)
        .all()
        .iter()
        .filter(|deal| deal.archived.is_none() && world.portal.outcome(deal) == Outcome::Open)
        .count();
    assert_eq!(chances.len(), open);
    assert!(
        chances
            .values()
            .all(|chance| (0.0..1.0).contains(&chance.as_f64().unwrap()))
    );
    assert_eq!(truth["competitor_shift"]["competitor"], "Kranwerk");
}
