//! The queries behind a forecast's figures list the very deals that the figures were made from, on
//! the demo world and at any moment of its past.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

mod copied;

use std::collections::BTreeSet;

use analyses::forecast::report::ForecastReport;
use analyses::forecast::{ForecastQuestion, Period, Whose, forecast};
use analyses::waterfall::{WaterfallQuestion, waterfall};
use copied::{Copied, check_lists, deals_alone, listed};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use store::PortalStore;
use timeline::Timeline;

/// How many moments of the two years before are asked.
const MOMENTS: usize = 12;

/// How many deals were listed for open figures, won ones, and rates.
type Seen = [usize; 3];

fn check(store: &PortalStore, report: &ForecastReport) -> Seen {
    let at = report.as_of;
    let open: BTreeSet<_> = report.deals.iter().map(|row| row.id).collect();
    let won: BTreeSet<_> = report.won.iter().map(|row| row.id).collect();
    let closing = report.deals.iter().filter(|row| row.closes_in_period);
    let closing: BTreeSet<_> = closing.map(|row| row.id).collect();
    let all: BTreeSet<_> = open.union(&won).copied().collect();
    for (figure, deals) in [
        (&report.open, &open),
        (&report.expected_from_open, &open),
        (&report.closed, &won),
        (&report.hubspot, &closing),
        (&report.total, &all),
    ] {
        assert_eq!(
            listed(store, &figure.query),
            *deals,
            "{} at {at}",
            figure.id
        );
    }
    let new = &report.expected_from_new;
    assert_eq!(
        listed(store, &new.query).len(),
        new.n as usize,
        "wins at {at}"
    );
    let mut behind = 0;
    for stage in &report.stages {
        let deals = listed(store, &stage.query).len();
        let own = usize::try_from(stage.own_deals).unwrap();
        assert_eq!(deals, own, "{} of {} at {at}", stage.id, stage.pipeline.id);
        behind += deals;
    }
    [open.len(), won.len(), behind]
}

/// The ends of a waterfall up to the same moment are the deals that its queries list, and nothing is
/// left over. Tells how many deals were in its lines.
fn check_waterfall(store: &PortalStore, timeline: &Timeline, question: &ForecastQuestion) -> usize {
    let mut moved = 0;
    for closing in [None, Some(question.period)] {
        let asked = WaterfallQuestion {
            from: question
                .as_of
                .plus(-jiff::SignedDuration::from_hours(60 * 24)),
            to: question.as_of,
            pipeline: question.pipeline.clone(),
            whose: question.whose.clone(),
            closing,
        };
        let report = waterfall(timeline, &asked).unwrap();
        check_lists(store, &report);
        assert_eq!(report.residual.amount.to_string(), "0.00");
        moved += report
            .lines
            .iter()
            .map(|line| line.deals.len())
            .sum::<usize>();
    }
    moved
}

#[tokio::test]
async fn a_figures_query_lists_its_deals_at_any_moment_of_the_demo() {
    let copied = Copied::new(500).await;
    copied.sync(&deals_alone()).await;
    let store = &copied.store;
    let timeline = Timeline::load(store).unwrap();
    let pipelines = timeline.pipelines();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let mut dice = ChaCha20Rng::seed_from_u64(11);
    let mut seen = Seen::default();
    let mut moved = 0;
    for n in 0..MOMENTS {
        let hours = i64::try_from(dice.next_u64() % (2 * 365 * 24)).unwrap();
        let as_of = copied.now().plus(-jiff::SignedDuration::from_hours(hours));
        let today = as_of.date_in(&zone);
        let pipeline = pipelines.get(n % (pipelines.len() + 1));
        // Everybody's deals, then a team's or one owner's.
        let owner = timeline.owners().get(n).map(|owner| owner.id);
        let team = timeline.teams().first().map(|team| team.id.clone());
        let fewer = match n % 2 {
            0 => owner.map(Whose::Owner),
            _ => team.map(Whose::Team),
        };
        for whose in [Whose::All, fewer.unwrap()] {
            let question = ForecastQuestion {
                as_of,
                whose,
                period: Period {
                    first_day: today.first_of_month(),
                    last_day: today.saturating_add(60.days()),
                },
                pipeline: pipeline.map(|pipeline| pipeline.id.clone()),
                quota: None,
                seed: 1,
                draws: 10,
            };
            let found = check(store, &forecast(&timeline, &question));
            moved += check_waterfall(store, &timeline, &question);
            for (sum, more) in seen.iter_mut().zip(found) {
                *sum += more;
            }
        }
    }
    assert!(
        seen[0] > 300 && seen[1] > 30 && seen[2] > 300,
        "these moments test too little: {seen:?}"
    );
    assert!(moved > 300, "these moments test too little: {moved}");
}
