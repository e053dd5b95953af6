//! In any world, between any two moments, for any scope: nothing is left over.

use std::collections::BTreeMap;

use crm::{Moment, OwnerId, PipelineId};
use proptest::prelude::*;
use rust_decimal::Decimal;
use timeline::waterfall::{Scope, Waterfall};
use timeline::{DealIx, DealPart, Timeline, Tracked};

use super::{day, portal};

const LAST_DAY: i64 = 60;

fn value(property: Tracked) -> BoxedStrategy<String> {
    let text = |values: &'static [&'static str]| {
        proptest::sample::select(values)
            .prop_map(str::to_owned)
            .boxed()
    };
    match property {
        Tracked::Pipeline => text(&["p", "q"]),
        Tracked::Stage => text(&[
            "open", "open", "offer", "won", "lost", "9open", "9lost", "odd", "",
        ]),
        Tracked::Amount => prop_oneof![
            4 => (-99_999_i64..9_999_999, 0_u32..5)
                .prop_map(|(digits, scale)| Decimal::new(digits, scale).to_string()),
            1 => text(&["", "0", "1000000000000000000", "9e30", "0.005", "0.015", "x"]),
        ]
        .boxed(),
        Tracked::CloseDate => prop_oneof![
            5 => (0..LAST_DAY).prop_map(|n| day(n).to_string()),
            1 => text(&["", "never"]),
        ]
        .boxed(),
        Tracked::Owner => text(&["7", "8", "9", ""]),
        Tracked::ForecastCategory => text(&["COMMIT", ""]),
        Tracked::Currency => text(&["EUR", "USD", "GBP", ""]),
    }
}

fn version() -> impl Strategy<Value = (Tracked, i64, String)> {
    proptest::sample::select(&Tracked::ALL[..])
        .prop_flat_map(|property| (Just(property), 0..LAST_DAY, value(property)))
}

/// A deal with a life of any kind: capped or not, imported, deleted at some time or nobody knows when.
fn deal() -> impl Strategy<Value = DealPart> {
    (
        (-20..LAST_DAY, proptest::bool::weighted(0.8)),
        proptest::collection::vec(version(), 0..14),
        proptest::option::weighted(0.15, proptest::option::of(0..LAST_DAY)),
        proptest::option::weighted(0.1, 10..40_i64),
        proptest::option::weighted(0.3, 1_i64..500_000),
        proptest::option::weighted(0.05, proptest::sample::select(&["open", "won", "lost"][..])),
    )
        .prop_map(
            |((created, ordinary), versions, gone, capped_from, home, says)| {
                let mut deal = DealPart::new(1, day(created));
                let begins = [
                    (Tracked::Pipeline, "p".to_owned()),
                    (Tracked::Stage, "open".to_owned()),
                    (Tracked::Amount, (1000 + created).to_string()),
                    (Tracked::Owner, "7".to_owned()),
                    (Tracked::CloseDate, day(created + 30).to_string()),
                ];
                for (property, value) in begins.iter().filter(|_| ordinary) {
                    deal = deal.with(*property, day(created), value);
                }
                for (property, at, value) in versions {
                    deal = deal.with(property, day(at), &value);
                }
                for i in 0..capped_from.map_or(0, |_| 20) {
                    let at = day(capped_from.unwrap() + i);
                    deal = deal.with(Tracked::Amount, at, &(i * 10).to_string());
                    deal = deal.with(Tracked::CloseDate, at, &day(i).to_string());
                }
                deal.archived = gone.is_some();
                deal.archived_at = gone.flatten().map(day);
                deal.home_amount = home.map(|cents| Decimal::new(cents, 2));
                deal.is_closed = says.map(|says| says != "open");
                deal.is_won = says.map(|says| says == "won");
                deal
            },
        )
}

fn world() -> impl Strategy<Value = Timeline> {
    proptest::collection::vec(deal(), 0..40).prop_map(|mut deals| {
        for (id, deal) in (1..).zip(&mut deals) {
            deal.id = crm::RecordId::new(id);
        }
        portal(deals)
    })
}

/// A pipeline, some owners, a period: each or none.
type Asked = (Option<&'static str>, Option<Vec<u64>>, Option<(i64, i64)>);

fn asked() -> impl Strategy<Value = Asked> {
    (
        proptest::option::of(proptest::sample::select(&["p", "q"][..])),
        proptest::option::of(proptest::collection::vec(7_u64..10, 0..4)),
        proptest::option::of(
            (0..LAST_DAY / 2, 0..50_i64).prop_map(|(from, days)| (from, from + days)),
        ),
    )
}

fn scope(timeline: &Timeline, asked: &Asked) -> Scope {
    Scope {
        pipeline: asked
            .0
            .and_then(|id| timeline.find_pipeline(&PipelineId::new(id))),
        owners: asked
            .1
            .as_ref()
            .map(|ids| ids.iter().copied().map(OwnerId::new).collect()),
        closing: asked.2.map(|(from, until)| (day(from), day(until))),
    }
}

/// The open deals of a scope with what they are worth, told by the snapshot alone.
fn open(timeline: &Timeline, at: Moment, scope: &Scope) -> BTreeMap<DealIx, Decimal> {
    let inside = timeline.as_of(at).open().filter(|(_, stage, state)| {
        scope
            .pipeline
            .is_none_or(|wanted| timeline.stage(*stage).pipeline == wanted)
            && scope
                .owners
                .as_ref()
                .is_none_or(|owners| state.owner.value().is_some_and(|id| owners.contains(&id)))
            && scope.closing.is_none_or(|(from, until)| {
                state
                    .close_at
                    .value()
                    .is_some_and(|close| from <= close && close < until)
            })
    });
    inside
        .map(|(deal, _, state)| {
            let currency = timeline.currency_at(deal, at);
            let home = state
                .amount
                .value()
                .and_then(|a| timeline.rates().to_home(a, currency));
            (
                deal,
                home.map_or(Decimal::ZERO, |amount| amount.round_dp(2)),
            )
        })
        .collect()
}

fn check(timeline: &Timeline, waterfall: &Waterfall, scope: &Scope) -> Result<(), TestCaseError> {
    let start = open(timeline, waterfall.start.at, scope);
    let end = open(timeline, waterfall.end.at, scope);
    prop_assert_eq!(waterfall.start.amount, start.values().sum::<Decimal>());
    prop_assert_eq!(waterfall.end.amount, end.values().sum::<Decimal>());
    prop_assert_eq!(
        &waterfall.start.deals,
        &start.keys().copied().collect::<Vec<_>>()
    );
    prop_assert_eq!(
        &waterfall.end.deals,
        &end.keys().copied().collect::<Vec<_>>()
    );
    prop_assert_eq!(waterfall.residual(), Decimal::ZERO);
    let mut lines = Vec::new();
    for deal in timeline.deals() {
        let own: Vec<_> = waterfall
            .parts
            .iter()
            .filter(|part| part.deal == deal)
            .collect();
        let worth = |end: &BTreeMap<_, _>| end.get(&deal).copied().unwrap_or_default();
        let change: Decimal = own.iter().map(|part| part.amount).sum();
        prop_assert_eq!(change, worth(&end) - worth(&start));
        // A line holds a deal once at most, and whoever moved has a line that says how.
        lines.clear();
        lines.extend(own.iter().map(|part| part.line));
        lines.sort_unstable();
        prop_assert!(
            lines.windows(2).all(|pair| pair[0] != pair[1]),
            "{:?}",
            lines
        );
        let moved = start.contains_key(&deal) != end.contains_key(&deal);
        prop_assert!(!moved || !own.is_empty());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_left_over(
        timeline in world(),
        asked in asked(),
        mut days in proptest::array::uniform3(-2..LAST_DAY + 5),
    ) {
        days.sort_unstable();
        let [a, b, c] = days.map(day);
        let scope = scope(&timeline, &asked);
        let first = timeline.waterfall(a, b, &scope);
        let second = timeline.waterfall(b, c, &scope);
        let whole = timeline.waterfall(a, c, &scope);
        for waterfall in [&first, &second, &whole] {
            check(&timeline, waterfall, &scope)?;
        }
        // One after the other they lead where the whole leads.
        prop_assert_eq!(&first.start, &whole.start);
        prop_assert_eq!(&first.end, &second.start);
        prop_assert_eq!(&second.end, &whole.end);
    }
}

/// The worlds above are worth their run only if they hold what could go wrong.
#[test]
fn the_worlds_hold_every_line() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen: BTreeMap<timeline::waterfall::Line, u32> = BTreeMap::new();
    for _ in 0..400 {
        let timeline = world().new_tree(&mut runner).unwrap().current();
        let asked = asked().new_tree(&mut runner).unwrap().current();
        let waterfall = timeline.waterfall(day(15), day(45), &scope(&timeline, &asked));
        for part in waterfall.parts {
            *seen.entry(part.line).or_default() += 1;
        }
    }
    for line in timeline::waterfall::Line::ALL {
        assert!(
            seen.get(&line).is_some_and(|&times| times >= 5),
            "{line:?}: {seen:?}"
        );
    }
}
