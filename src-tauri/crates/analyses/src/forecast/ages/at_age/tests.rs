use proptest::prelude::*;
use timeline::{DealPart, Parts, PortalClock, Timeline};

use super::*;

const DAY_MS: i64 = 86_400_000;

/// A portal of sixty deals of which nothing is known.
fn many() -> Timeline {
    let deal = |id| DealPart::new(id, Moment::from_millis(0));
    Timeline::from_parts(Parts {
        clock: PortalClock {
            zone: jiff::tz::TimeZone::UTC,
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: Vec::new(),
        stages: Vec::new(),
        owners: Vec::new(),
        deals: (1..=60).map(deal).collect(),
    })
}

/// Stays by when they began, how long they last, and when after that the deal was won, all in days.
fn stays(of: &[(i64, u32, Option<i64>)], deals: &[DealIx]) -> Vec<Stay> {
    let stay = |(&(from, days, won), &deal): (&(i64, u32, Option<i64>), &DealIx)| Stay {
        deal,
        from: Moment::from_millis(from * DAY_MS),
        days: f64::from(days),
        ended: true,
        won_at: won.map(|after| Moment::from_millis((from + after) * DAY_MS)),
    };
    let mut stays: Vec<Stay> = of.iter().zip(deals).map(stay).collect();
    stays.sort_by(|a, b| b.days.total_cmp(&a.days).then(a.deal.cmp(&b.deal)));
    stays
}

/// The same by looking at every stay.
fn scanned(stays: &[Stay], as_of: Moment, deal: DealIx, days: f64) -> Others {
    let others = || stays.iter().filter(|s| s.deal != deal && s.days >= days);
    let until = |stay: &Stay| stay.from.millis() + age(days) + HORIZON;
    let whole = || others().filter(|stay| until(stay) <= as_of.millis());
    let won = |stay: &&Stay| stay.won_at.is_some_and(|won| won.millis() < until(stay));
    let count = |n: usize| u32::try_from(n).unwrap();
    Others {
        reached: count(others().count()),
        whole: count(whole().count()),
        won: count(whole().filter(won).count()),
    }
}

proptest! {
    #[test]
    fn each_stay_is_counted_as_a_scan_counts_it(
        of in proptest::collection::vec(
            (0_i64..400, 0_u32..60, proptest::option::of(-20_i64..250)), 1..60),
        asked in proptest::collection::vec((0_usize..60, 0_u32..60), 1..20),
    ) {
        let deals: Vec<DealIx> = many().deals().collect();
        let stays = stays(&of, &deals);
        let as_of = Moment::from_millis(420 * DAY_MS);
        let mut at_age = AtAge::new(&stays, as_of);
        let mut asked = asked;
        asked.sort_by_key(|(_, days)| std::cmp::Reverse(*days));
        for (deal, days) in asked {
            let (deal, days) = (deals[deal], f64::from(days));
            at_age.down_to(days);
            prop_assert_eq!(at_age.without(deal, days), scanned(&stays, as_of, deal, days));
        }
    }
}
