//! The queries behind a forecast's figures list the very deals that the figures were made from, on
//! the demo world and at any moment of its past.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use analyses::forecast::report::{ForecastReport, QueryRef};
use analyses::forecast::{ForecastQuestion, Period, forecast};
use analyses::waterfall::{WaterfallQuestion, waterfall};
use crm::{Moment, ObjectType, RecordId};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::{Limits, SimOptions, WorldKind};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};
use store::{DataDir, PortalInfo, PortalStore};
use sync::SyncOptions;
use timeline::{Timeline, queries};
use tokio_util::sync::CancellationToken;

/// When the world was read.
const NOW: &str = "2026-11-02T08:00:00Z";

/// How many moments of the two years before are asked.
const MOMENTS: usize = 12;

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Moment {
        NOW.parse().unwrap()
    }
}

/// A copy of the demo world's deals, with their histories.
async fn copy_of_the_demo(folder: &tempfile::TempDir) -> PortalStore {
    let options = SimOptions {
        world: WorldKind::Demo,
        seed: 7,
        now: Stopped.now(),
        deals: Some(500),
        port: 0,
        limits: Limits::Off,
    };
    let sim = hubspot_sim::serve(options).await.unwrap();
    let addresses = Addresses::loopback(&sim.address().base_url).unwrap();
    let token = Arc::new(StaticToken::new(sim.address().token.clone().into()));
    let client = Client::new(addresses, token, Pacing::unlimited(1), Arc::new(Stopped)).unwrap();
    let info = PortalInfo {
        id: client.account().await.unwrap().portal,
        name: "Demo".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: Stopped.now(),
    };
    let dir = DataDir::open(&folder.path().join("data")).unwrap();
    let store = PortalStore::create(&dir, &store::testing::vault(1), &info).unwrap();
    let mut options = SyncOptions::default();
    options
        .objects
        .retain(|plan| plan.object == ObjectType::DEALS);
    let cancel = CancellationToken::new();
    sync::run(&client, &store, &options, &Stopped, &|_| {}, &cancel)
        .await
        .unwrap();
    store
}

/// The deals that a figure's query lists, asked with the figure's own parameters.
fn listed(store: &PortalStore, query: &QueryRef) -> BTreeSet<RecordId> {
    let sql = queries::find(&query.name).unwrap().sql();
    let ids = store.read(|connection| {
        let mut statement = connection.prepare(&sql)?;
        let parameters: Vec<(&str, &dyn rusqlite::ToSql)> = query
            .parameters
            .iter()
            .map(|of| (of.name.as_str(), &of.value as &dyn rusqlite::ToSql))
            .collect();
        let rows = statement.query_map(&*parameters, |row| Ok(RecordId::new(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<BTreeSet<_>>>()?)
    });
    ids.unwrap()
}

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
            owners: None,
            closing,
        };
        let report = waterfall(timeline, &asked).unwrap();
        for end in [&report.start, &report.end] {
            let deals: BTreeSet<_> = end.deals.iter().copied().collect();
            assert_eq!(
                listed(store, end.query.as_ref().unwrap()),
                deals,
                "{}",
                end.at
            );
        }
        for line in &report.lines {
            let deals: BTreeSet<_> = line.deals.iter().map(|part| part.id).collect();
            let found = line.query.as_ref().map(|query| listed(store, query));
            assert_eq!(found.unwrap_or_default(), deals, "{:?}", line.line);
        }
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
    let folder = tempfile::tempdir().unwrap();
    let store = copy_of_the_demo(&folder).await;
    let timeline = Timeline::load(&store).unwrap();
    let pipelines = timeline.pipelines();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let mut dice = ChaCha20Rng::seed_from_u64(11);
    let mut seen = Seen::default();
    let mut moved = 0;
    for n in 0..MOMENTS {
        let hours = i64::try_from(dice.next_u64() % (2 * 365 * 24)).unwrap();
        let as_of = Stopped.now().plus(-jiff::SignedDuration::from_hours(hours));
        let today = as_of.date_in(&zone);
        let pipeline = pipelines.get(n % (pipelines.len() + 1));
        let question = ForecastQuestion {
            as_of,
            period: Period {
                first_day: today.first_of_month(),
                last_day: today.saturating_add(60.days()),
            },
            pipeline: pipeline.map(|pipeline| pipeline.id.clone()),
            seed: 1,
            draws: 10,
        };
        let found = check(&store, &forecast(&timeline, &question));
        moved += check_waterfall(&store, &timeline, &question);
        for (sum, more) in seen.iter_mut().zip(found) {
            *sum += more;
        }
    }
    assert!(
        seen[0] > 300 && seen[1] > 30 && seen[2] > 300,
        "these moments test too little: {seen:?}"
    );
    assert!(moved > 300, "these moments test too little: {moved}");
}
