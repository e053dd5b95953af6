//! From the database and back: what is loaded equals what was stored, and the queries that list
//! deals agree with the columns.

#![allow(
    clippy::unwrap_used,
    reason = "a test may stop where its fixture is damaged"
)]

use std::collections::BTreeSet;

use crm::{Moment, PipelineId, PortalId, RecordId, StageId};
use jiff::tz::TimeZone;
use rusqlite::{Connection, named_params, params};
use store::{DataDir, PortalInfo, PortalStore};
use timeline::{
    DealPart, Parts, Pipeline, PortalClock, StageKind, StagePart, Timeline, Tracked, queries,
};

const DAY: i64 = 86_400_000;
const STAGES: [(&str, &str, Option<f64>); 9] = [
    ("7", "71", None),
    ("7", "72", Some(1.0)),
    // Two pipelines may each have a stage of the same id, and mean another thing by it.
    ("7", "offer", None),
    ("7", "lost", None),
    ("default", "new", None),
    ("default", "offer", None),
    ("default", "won", Some(1.0)),
    ("default", "delivered", Some(1.0)),
    ("default", "lost", Some(0.0)),
];

/// Small numbers that look random and are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn day(&mut self, n: u64) -> Moment {
        let millis = self.below(DAY.unsigned_abs());
        day(0).plus(jiff::SignedDuration::from_millis(
            (self.below(n) * DAY.unsigned_abs() + millis) as i64,
        ))
    }
}

fn day(n: i64) -> Moment {
    Moment::from_millis(1_735_686_000_000 + n * DAY)
}

/// Deals with every awkwardness at once: moves to and fro between two pipelines, reopened wins,
/// arrivals already won, deletions, cleared values, no history at all.
fn deals(count: u64) -> Vec<DealPart> {
    let mut dice = Dice(42);
    (1..=count)
        .map(|id| {
            let created = dice.day(300);
            let mut deal = DealPart::new(id * 3, created);
            let mut moments: BTreeSet<Moment> = (0..dice.below(7)).map(|_| dice.day(400)).collect();
            if dice.below(4) > 0 {
                moments.insert(created);
            }
            for at in moments {
                let (pipeline, stage, _) = STAGES[dice.below(9) as usize];
                deal = deal
                    .with(Tracked::Pipeline, at, pipeline)
                    .with(Tracked::Stage, at, stage);
                if dice.below(2) == 0 {
                    let amount = ["", "100", "2500.50", "-40", "0"][dice.below(5) as usize];
                    deal = deal.with(Tracked::Amount, at, amount);
                }
                if dice.below(2) == 0 {
                    let closes = dice.day(500);
                    let text = if dice.below(2) == 0 {
                        closes.to_string()
                    } else {
                        closes.millis().to_string()
                    };
                    deal = deal.with(Tracked::CloseDate, at, &text);
                }
                if dice.below(3) == 0 {
                    deal = deal.with(Tracked::Owner, at, ["", "11", "12"][dice.below(3) as usize]);
                }
            }
            deal.name = Some(format!("Deal {id}"));
            deal.updated_at = Some(day(410));
            deal.archived = dice.below(6) == 0;
            deal.archived_at = deal.archived.then(|| dice.day(400));
            // What a deal says of itself may contradict its stage.
            (deal.is_closed, deal.is_won) = match dice.below(12) {
                0 => (Some(true), Some(true)),
                1 => (Some(true), Some(false)),
                2 => (Some(false), Some(false)),
                _ => (None, None),
            };
            deal
        })
        .collect()
}

fn parts(count: u64) -> Parts {
    Parts {
        clock: PortalClock {
            zone: TimeZone::get("Europe/Berlin").unwrap(),
            home_currency: "EUR".parse().unwrap(),
            fiscal_year: crm::FiscalYear::CALENDAR,
        },
        pipelines: ["default", "7"]
            .into_iter()
            .zip(0..)
            .map(|(id, order)| Pipeline {
                id: PipelineId::new(id),
                label: id.to_owned(),
                order,
            })
            .collect(),
        stages: STAGES
            .into_iter()
            .zip(0..)
            .map(|((pipeline, id, closed), order)| StagePart {
                pipeline: PipelineId::new(pipeline),
                id: StageId::new(id),
                label: id.to_owned(),
                order,
                probability: Some(closed.unwrap_or(0.5)),
                closed: Some(closed.is_some()),
            })
            .collect(),
        owners: Vec::new(),
        deals: deals(count),
    }
}

fn insert(connection: &Connection, parts: &Parts) -> rusqlite::Result<()> {
    for pipeline in &parts.pipelines {
        connection.execute(
            "INSERT INTO pipeline (object_type, pipeline_id, label, display_order)
             VALUES ('deals', ?1, ?2, ?3)",
            params![pipeline.id.as_str(), pipeline.label, pipeline.order],
        )?;
    }
    for stage in &parts.stages {
        connection.execute(
            "INSERT INTO stage
             (object_type, pipeline_id, stage_id, label, display_order, probability, closed)
             VALUES ('deals', ?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                stage.pipeline.as_str(),
                stage.id.as_str(),
                stage.label,
                stage.order,
                stage.probability,
                stage.closed
            ],
        )?;
    }
    for deal in &parts.deals {
        let id = deal.id.get();
        let now = |property| {
            let of = deal
                .versions
                .iter()
                .filter(|version| version.property == property);
            let newest = of.max_by_key(|version| version.at);
            newest
                .map(|version| version.value.clone())
                .filter(|value| !value.is_empty())
        };
        let millis = |moment: Option<Moment>| moment.map(Moment::millis);
        connection.execute(
            "INSERT INTO record (object_type, record_id, created_at, updated_at, archived,
             archived_at, properties, seen_generation) VALUES ('deals', ?1, ?2, ?3, ?4, ?5, '{}', 1)",
            params![
                id,
                millis(deal.created_at),
                millis(deal.updated_at),
                deal.archived,
                millis(deal.archived_at)
            ],
        )?;
        let close_at = now(Tracked::CloseDate).map(|text| text.parse::<Moment>().unwrap());
        connection.execute(
            "INSERT INTO deal (record_id, name, pipeline_id, stage_id, amount, created_at, close_at,
             owner_id, archived, is_closed, is_won)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                id,
                deal.name,
                now(Tracked::Pipeline),
                now(Tracked::Stage),
                now(Tracked::Amount),
                millis(deal.created_at),
                millis(close_at),
                now(Tracked::Owner).map(|text| text.parse::<u64>().unwrap()),
                deal.archived,
                deal.is_closed,
                deal.is_won
            ],
        )?;
        for version in &deal.versions {
            connection.execute(
                "INSERT INTO property_version (object_type, record_id, property, at, value)
                 VALUES ('deals', ?1, ?2, ?3, ?4)",
                params![
                    id,
                    version.property.property(),
                    version.at.millis(),
                    version.value
                ],
            )?;
        }
    }
    Ok(())
}

/// A portal on disk with those deals. The folder lives as long as the value beside it.
fn portal(parts: &Parts) -> (tempfile::TempDir, PortalStore) {
    let folder = tempfile::tempdir().unwrap();
    let dir = DataDir::open(&folder.path().join("data")).unwrap();
    let info = PortalInfo {
        id: PortalId::new(4242),
        name: "Test".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        home_currency: "EUR".to_owned(),
        account_type: None,
        ui_domain: None,
        data_hosting: None,
        read_at: day(0),
    };
    let store = PortalStore::create(&dir, &store::testing::vault(1), &info).unwrap();
    store.write(|tx| Ok(insert(tx, parts)?)).unwrap();
    (folder, store)
}

#[test]
fn what_is_loaded_is_what_was_stored() {
    let parts = parts(300);
    let (_folder, store) = portal(&parts);
    let loaded = Timeline::load(&store).unwrap();
    let built = Timeline::from_parts(parts);
    assert_eq!(loaded.stages(), built.stages());
    assert_eq!(loaded.deals().len(), 300);
    for deal in loaded.deals() {
        assert_eq!(
            (loaded.id(deal), loaded.name(deal)),
            (built.id(deal), built.name(deal))
        );
        for n in (-5..420).step_by(7) {
            let at = day(n);
            assert_eq!(
                loaded.as_of(at).deal(deal),
                built.as_of(at).deal(deal),
                "{deal:?} on day {n}"
            );
            assert_eq!(loaded.closing(deal, at), built.closing(deal, at));
        }
    }
}

fn stages_that_mean(timeline: &Timeline, kinds: &[StageKind]) -> String {
    let stages = timeline
        .stages()
        .iter()
        .filter(|stage| kinds.contains(&stage.kind));
    let pairs: Vec<_> = stages
        .map(|stage| {
            let pipeline = timeline.pipeline(stage.pipeline);
            [pipeline.id.as_str(), stage.id.as_str()]
        })
        .collect();
    serde_json::to_string(&pairs).unwrap()
}

fn listed(
    store: &PortalStore,
    query: queries::Query,
    parameters: &[(&str, &dyn rusqlite::ToSql)],
) -> BTreeSet<RecordId> {
    let ids = store.read(|connection| {
        let mut statement = connection.prepare(&query.sql())?;
        let rows = statement.query_map(parameters, |row| Ok(RecordId::new(row.get(0)?)))?;
        Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    let ids = ids.unwrap();
    let distinct: BTreeSet<_> = ids.iter().copied().collect();
    assert_eq!(
        distinct.len(),
        ids.len(),
        "{} lists a deal twice",
        query.name
    );
    distinct
}

#[test]
fn the_queries_list_the_deals_that_the_columns_see() {
    let (_folder, store) = portal(&parts(600));
    let timeline = Timeline::load(&store).unwrap();
    let won = stages_that_mean(&timeline, &[StageKind::Won]);
    let closed = stages_that_mean(&timeline, &[StageKind::Won, StageKind::Lost]);
    let mut seen = (0, 0, 0);
    for n in (0..440).step_by(29) {
        let at = day(n);
        let as_of = at.millis().to_string();
        let (from, until) = (day(n - 60), day(n + 1));
        let (from_text, until_text) = (from.millis().to_string(), until.millis().to_string());
        for pipeline in ["", "7"] {
            let wanted = timeline.find_pipeline(&PipelineId::new(pipeline));
            let open: Vec<_> = timeline
                .as_of(at)
                .open()
                .filter(|(_, stage, _)| {
                    wanted.is_none_or(|wanted| timeline.stage(*stage).pipeline == wanted)
                })
                .collect();
            let by_query = listed(
                &store,
                queries::DEALS_OPEN,
                named_params! {":as_of": as_of, ":closed_stages": closed, ":pipeline": pipeline, ":owners": ""},
            );
            let by_columns: BTreeSet<_> =
                open.iter().map(|(deal, ..)| timeline.id(*deal)).collect();
            assert_eq!(by_query, by_columns, "open on day {n} in {pipeline:?}");
            seen.0 += by_query.len();

            let by_query = listed(
                &store,
                queries::DEALS_OPEN_CLOSING,
                named_params! {
                    ":as_of": as_of, ":closed_stages": closed, ":pipeline": pipeline, ":owners": "",
                    ":from": from_text, ":until": until_text,
                },
            );
            let closing = open.iter().filter(|(_, _, state)| {
                state
                    .close_at
                    .value()
                    .is_some_and(|close| from <= close && close < until)
            });
            let by_columns: BTreeSet<_> = closing.map(|(deal, ..)| timeline.id(*deal)).collect();
            assert_eq!(
                by_query, by_columns,
                "closing about day {n} in {pipeline:?}"
            );
            seen.1 += by_query.len();

            let by_query = listed(
                &store,
                queries::DEALS_WON,
                named_params! {
                    ":as_of": as_of, ":won_stages": won, ":pipeline": pipeline, ":owners": "",
                    ":from": from_text, ":until": until_text,
                },
            );
            let by_columns: BTreeSet<_> = timeline
                .deals()
                .filter(|&deal| timeline.as_of(at).exists(deal))
                .filter(|&deal| {
                    timeline.closing(deal, at).is_some_and(|closing| {
                        closing.kind == StageKind::Won
                            && (from..until).contains(&closing.at)
                            && wanted.is_none_or(|w| timeline.stage(closing.stage).pipeline == w)
                    })
                })
                .map(|deal| timeline.id(deal))
                .collect();
            assert_eq!(by_query, by_columns, "won up to day {n} in {pipeline:?}");
            seen.2 += by_query.len();

            let both = listed(
                &store,
                queries::DEALS_IN_FORECAST,
                named_params! {
                    ":as_of": as_of, ":won_stages": won, ":closed_stages": closed,
                    ":pipeline": pipeline, ":owners": "", ":from": from_text, ":until": until_text,
                },
            );
            let open = open.iter().map(|(deal, ..)| timeline.id(*deal));
            let by_columns: BTreeSet<_> = open.chain(by_query).collect();
            assert_eq!(both, by_columns, "forecast of day {n} in {pipeline:?}");
        }
    }
    assert!(
        seen.0 > 300 && seen.1 > 20 && seen.2 > 100,
        "the fixture tests too little: {seen:?}"
    );
}

#[test]
fn the_deals_behind_a_stage_are_those_seen_open_in_it() {
    let (_folder, store) = portal(&parts(300));
    let timeline = Timeline::load(&store).unwrap();
    let landmarks: Vec<_> = (0..40).map(|week| day(week * 7)).collect();
    let millis: Vec<_> = landmarks.iter().map(|at| at.millis()).collect();
    let millis = serde_json::to_string(&millis).unwrap();
    let mut seen = 0;
    for stage in timeline.stages_in_order() {
        if timeline.stage(stage).kind != StageKind::Open {
            continue;
        }
        let of = timeline.stage(stage);
        let pipeline = timeline.pipeline(of.pipeline).id.as_str();
        let by_query = listed(
            &store,
            queries::DEALS_BEHIND_STAGE,
            named_params! {
                ":stage": of.id.as_str(), ":stage_pipeline": pipeline, ":landmarks": millis,
            },
        );
        let open_in_it = |deal, at| {
            let mut open = timeline.as_of(at).open();
            open.any(|(open, in_stage, _)| open == deal && in_stage == stage)
        };
        let by_columns: BTreeSet<_> = timeline
            .deals()
            .filter(|&deal| landmarks.iter().any(|&at| open_in_it(deal, at)))
            .map(|deal| timeline.id(deal))
            .collect();
        assert_eq!(by_query, by_columns, "{} of {pipeline}", of.id);
        seen += by_query.len();
    }
    assert!(seen > 200, "the fixture tests too little: {seen}");
}

#[test]
fn every_query_is_found_by_its_name() {
    for query in queries::ALL {
        assert_eq!(queries::find(query.name), Some(*query));
    }
    assert_eq!(queries::find("deals; DROP TABLE deal"), None);
}

/// Run by hand: `cargo test -p timeline --test load -- --ignored --nocapture`.
#[test]
#[ignore = "prints how long things take; nothing to fail"]
fn fifty_thousand_deals_from_an_encrypted_database() {
    let (_folder, store) = portal(&parts(50_000));
    let start = std::time::Instant::now();
    let timeline = Timeline::load(&store).unwrap();
    println!(
        "{} deals loaded in {:?}",
        timeline.deals().len(),
        start.elapsed()
    );
    for query in queries::ALL.iter().skip(1).take(4) {
        let start = std::time::Instant::now();
        let won = stages_that_mean(&timeline, &[StageKind::Won]);
        let closed = stages_that_mean(&timeline, &[StageKind::Won, StageKind::Lost]);
        let (as_of, from) = (day(300).millis().to_string(), day(200).millis().to_string());
        let all: [(&str, &dyn rusqlite::ToSql); 7] = [
            (":as_of", &as_of),
            (":from", &from),
            (":until", &as_of),
            (":won_stages", &won),
            (":closed_stages", &closed),
            (":pipeline", &""),
            (":owners", &""),
        ];
        let wanted: Vec<_> = all
            .into_iter()
            .filter(|(name, _)| query.sql().contains(name))
            .collect();
        let deals = listed(&store, *query, &wanted).len();
        println!("{}: {deals} deals in {:?}", query.name, start.elapsed());
    }
}
