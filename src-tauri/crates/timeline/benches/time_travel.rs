//! How long it takes to load a portal's timeline from its encrypted file, and to ask it.
//!
//! `PLUMBLINE_BENCH_DEALS` is how many deals there are, 50,000 unless told; each has twelve versions and
//! ten activities. With `PLUMBLINE_BENCH_EXPORT=DIR` the versions are written there as a table of
//! text, with the question that was asked and our answer, for another database to be asked the same.

#![allow(
    clippy::unwrap_used,
    reason = "a bench may stop where its fixture is damaged"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;

use criterion::Criterion;
use crm::{Moment, PortalId};
use rusqlite::Connection;
use rust_decimal::Decimal;
use store::{DataDir, PortalInfo, PortalStore};
use timeline::Timeline;
use timeline::waterfall::Scope;

/// Two pipelines' worth of stages, and deals that walk through them over two years: numbers that look
/// random and are the same on every run.
const WORLD: &str = include_str!("world.sql");

const DAY: i64 = 86_400_000;
/// 1 January 2025, when the first deal is created.
const BEGIN: i64 = 1_735_689_600_000;

fn day(n: i64) -> Moment {
    Moment::from_millis(BEGIN + n * DAY)
}

/// A portal of so many deals, on disk and encrypted as any portal is.
fn portal(folder: &Path, deals: u64) -> PortalStore {
    let info = PortalInfo {
        id: PortalId::new(4242),
        name: "Bench".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: day(0),
    };
    let dir = DataDir::open(folder).unwrap();
    let store = PortalStore::create(&dir, &store::testing::vault(1), &info).unwrap();
    let world = WORLD
        .replace(":deals", &deals.to_string())
        .replace(":haste", "1")
        .replace(":fates", "5");
    store.write(|tx| Ok(tx.execute_batch(&world)?)).unwrap();
    store.checkpoint().unwrap();
    store
}

/// How many deals are open at a moment, and the sum of their amounts.
fn open_at(timeline: &Timeline, at: Moment) -> (usize, Decimal) {
    let open = timeline.as_of(at).open();
    open.fold((0, Decimal::ZERO), |(n, sum), (_, _, state)| {
        (n + 1, sum + state.amount.value().unwrap_or_default())
    })
}

/// The versions as a table, the question, and our answer.
fn export(store: &PortalStore, timeline: &Timeline, folder: &Path) {
    let at = day(500);
    let (n, sum) = open_at(timeline, at);
    let answer = format!(r#"{{"at":{},"open":{n},"amount":"{sum}"}}"#, at.millis());
    std::fs::write(folder.join("question.json"), answer).unwrap();
    let mut table = String::from("record_id,property,since,value\n");
    let mut rows = |connection: &Connection| {
        let mut statement =
            connection.prepare("SELECT record_id, property, at, value FROM property_version")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, at): (i64, i64) = (row.get(0)?, row.get(2)?);
            let (property, value) = (row.get_ref(1)?.as_str()?, row.get_ref(3)?.as_str()?);
            let _ = writeln!(table, "{id},{property},{at},{value}");
        }
        Ok::<_, rusqlite::Error>(())
    };
    store.read(|connection| Ok(rows(connection)?)).unwrap();
    std::fs::write(folder.join("versions.csv"), table).unwrap();
}

fn main() {
    let deals = std::env::var("PLUMBLINE_BENCH_DEALS").map_or(50_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let store = portal(folder.path(), deals);
    let timeline = Timeline::load(&store).unwrap();
    if let Some(to) = std::env::var_os("PLUMBLINE_BENCH_EXPORT") {
        export(&store, &timeline, Path::new(&to));
    }
    let mut criterion = Criterion::default().sample_size(10).configure_from_args();
    let name = |what: &str| format!("{what}, {deals} deals");
    criterion.bench_function(&name("load, with ten activities a deal"), |b| {
        b.iter(|| Timeline::load(black_box(&store)).unwrap());
    });
    let mut n = 0;
    criterion.bench_function(&name("as_of, all open deals and their sum"), |b| {
        b.iter(|| {
            n = (n + 37) % 700;
            open_at(&timeline, black_box(day(n)))
        });
    });
    criterion.bench_function(&name("waterfall of a week"), |b| {
        b.iter(|| {
            n = (n + 37) % 700;
            timeline.waterfall(day(n), day(n + 7), black_box(&Scope::default()))
        });
    });
    criterion.final_summary();
}
