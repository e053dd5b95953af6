//! The simulator's portal and its copy say the same, pass after pass.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::Arc;

use crm::{Moment, ObjectType};
use hubspot::{Addresses, Client, Clock, Pacing, StaticToken};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use store::{Cell, DataDir, PortalInfo, PortalStore, RunOutcome, testing};
use sync::{SyncOptions, SyncReport};
use tokio_util::sync::CancellationToken;

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        Moment::from_millis(1_793_606_400_000)
    }
}

struct Both {
    sim: Sim,
    client: Client,
    store: PortalStore,
    _folder: tempfile::TempDir,
}

impl Both {
    async fn new(deals: usize) -> Self {
        let options = SimOptions {
            world: WorldKind::Demo,
            seed: 11,
            now: "2026-11-02T08:00:00Z".parse().unwrap(),
            deals: Some(deals),
            port: 0,
            limits: Limits::Off,
        };
        let sim = hubspot_sim::serve(options).await.unwrap();
        let address = sim.address();
        let client = Client::new(
            Addresses::loopback(&address.base_url).unwrap(),
            Arc::new(StaticToken::new(address.token.clone().into())),
            Pacing::unlimited(1),
            Arc::new(StoppedClock),
        )
        .unwrap();
        let account = client.account().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(folder.path()).unwrap();
        let info = PortalInfo {
            id: account.portal,
            name: "Demo".to_owned(),
            time_zone: "UTC".to_owned(),
            home_currency: "USD".to_owned(),
            account_type: None,
            ui_domain: None,
            data_hosting: None,
            read_at: Moment::from_millis(0),
        };
        let store = PortalStore::create(&dir, &testing::vault(1), &info).unwrap();
        Self {
            sim,
            client,
            store,
            _folder: folder,
        }
    }

    async fn sync(&self) -> SyncReport {
        let cancel = CancellationToken::new();
        let options = SyncOptions::default();
        sync::run(
            &self.client,
            &self.store,
            &options,
            &StoppedClock,
            &|_| {},
            &cancel,
        )
        .await
        .unwrap()
    }

    fn count(&self, sql: &str) -> i64 {
        match self.store.read_only_query(sql, 1).unwrap().rows[0][0] {
            Cell::Integer(count) => count,
            ref other => panic!("not a count: {other:?}"),
        }
    }

    /// Live records of each type: the simulator's count and the copy's.
    fn compare(&self) {
        let counts = self.sim.counts();
        for plan in SyncOptions::default().objects {
            let object: ObjectType = plan.object;
            let theirs = counts[object.as_str()]["live"].as_u64();
            let ours = self
                .store
                .read(|c| store::record_count(c, &object))
                .unwrap();
            assert_eq!(Some(ours), theirs, "{object}: {counts}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_copy_counts_what_the_portal_counts_also_after_a_month() {
    let both = Both::new(60).await;
    let report = both.sync().await;
    assert_eq!(report.outcome, RunOutcome::Done);
    assert!(
        report.streams.iter().all(|stream| stream.done),
        "{report:?}"
    );
    both.compare();

    // Every deal's newest version of its stage is the stage it is in.
    let stale = "SELECT count(*) FROM deal d WHERE d.stage_id IS NOT (SELECT v.value FROM property_version v \
                 WHERE v.object_type = 'deals' AND v.property = 'dealstage' AND v.record_id = d.record_id \
                 ORDER BY v.at DESC LIMIT 1)";
    assert_eq!(both.count(stale), 0);
    // Every stage that a history names is known, and so is every owner.
    let unknown = "SELECT count(*) FROM property_version v WHERE v.property = 'dealstage' AND v.value <> '' \
                   AND NOT EXISTS (SELECT 1 FROM stage s WHERE s.stage_id = v.value)";
    assert_eq!(both.count(unknown), 0);
    let unknown = "SELECT count(*) FROM deal WHERE owner_id IS NOT NULL \
                   AND owner_id NOT IN (SELECT owner_id FROM owner)";
    assert_eq!(both.count(unknown), 0);
    assert!(both.count("SELECT count(*) FROM deal WHERE is_won = 1") > 0);
    assert!(both.count("SELECT count(*) FROM association WHERE from_type = 'deals'") > 0);
    assert!(both.count("SELECT count(*) FROM activity WHERE at IS NOT NULL") > 100);
    // Both ends of every association are here.
    let loose = "SELECT count(*) FROM association a WHERE NOT EXISTS (SELECT 1 FROM record r \
                 WHERE r.object_type = a.to_type AND r.record_id = a.to_id)";
    assert_eq!(both.count(loose), 0);

    let versions = both.count("SELECT count(*) FROM property_version");
    both.sim.advance(30.0);
    let report = both.sync().await;
    assert_eq!(report.generation, 2);
    both.compare();
    assert_eq!(both.count(stale), 0);
    assert!(both.count("SELECT count(*) FROM property_version") > versions);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_text_of_an_activity_is_stored() {
    let both = Both::new(30).await;
    both.sync().await;
    let texts = "SELECT count(*) FROM record r, json_each(r.properties) p \
                 WHERE r.object_type IN ('calls', 'communications', 'emails', 'meetings', 'notes', \
                 'tasks', 'tickets') AND p.key <> 'subject' \
                 AND (p.key LIKE '%body%' OR p.key LIKE '%content%' OR p.key LIKE '%text%' OR p.key LIKE '%html%' \
                 OR p.key LIKE '%subject%' OR p.key LIKE '%title%' OR length(p.value) > 100)";
    assert_eq!(both.count(texts), 0);
    for object in ["notes", "communications", "tickets"] {
        let records = format!("SELECT count(*) FROM record WHERE object_type = '{object}'");
        assert!(
            both.count(&records) > 0,
            "or there was nothing to leave out"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_lies_around_a_deal_is_kept_with_it() {
    let both = Both::new(60).await;
    both.sync().await;
    for object in ["line_items", "tickets", "leads", "communications"] {
        let tied = format!(
            "SELECT count(*) FROM association WHERE from_type = '{object}' AND to_type = 'deals'"
        );
        assert!(both.count(&tied) > 0, "{object}");
    }
    let sold = "SELECT count(*) FROM association a JOIN record r ON r.object_type = 'line_items' \
                AND r.record_id = a.from_id WHERE a.to_type = 'deals' AND a.type_id = 20 \
                AND CAST(r.properties ->> 'amount' AS REAL) > 0";
    assert!(both.count(sold) > 60, "one to four lines a deal");
    for object in ["tickets", "leads"] {
        let unknown = format!(
            "SELECT count(*) FROM record r WHERE r.object_type = '{object}' AND NOT EXISTS \
             (SELECT 1 FROM stage s WHERE s.object_type = '{object}' \
             AND s.stage_id = r.properties ->> 'hs_pipeline_stage')"
        );
        assert_eq!(both.count(&unknown), 0, "{object}");
    }
    for property in ["lifecyclestage", "hs_lead_status"] {
        let never = format!(
            "SELECT count(*) FROM record r WHERE r.object_type = 'contacts' AND r.archived = 0 \
             AND r.properties ->> '{property}' <> '' AND NOT EXISTS (SELECT 1 FROM property_version v \
             WHERE v.object_type = 'contacts' AND v.record_id = r.record_id AND v.property = '{property}')"
        );
        assert_eq!(both.count(&never), 0, "{property}");
    }
    let teams = both.count(
        "SELECT count(*) FROM owner WHERE owner_id NOT IN (SELECT owner_id FROM owner_team)",
    );
    assert_eq!(teams, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_without_leads_is_read_without_them() {
    let both = Both::new(20).await;
    let starter = serde_json::json!({ "plan": "starter" });
    assert_eq!(both.sim.control("POST", "plan", &starter).0, 200);
    let report = both.sync().await;
    assert_eq!(report.outcome, RunOutcome::Done);
    let refused = report.streams.iter().filter(|s| s.unavailable.is_some());
    let refused: Vec<&str> = refused.map(|stream| stream.stream.as_str()).collect();
    assert!(refused.contains(&"records/leads"), "{refused:?}");
    assert!(
        refused.iter().all(|stream| stream.contains("leads")),
        "{refused:?}"
    );
    assert!(both.count("SELECT count(*) FROM record WHERE object_type = 'tickets'") > 0);
}

/// Not a test of anything but the clock: run it by name to learn what a whole demo portal costs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn measure_the_whole_demo() {
    let both = Both::new(2_500).await;
    let started = std::time::Instant::now();
    let report = both.sync().await;
    let seconds = started.elapsed().as_secs_f64();
    both.compare();
    println!(
        "{} rows, {} calls, {seconds:.1} s",
        report.rows, report.calls
    );
    let started = std::time::Instant::now();
    let report = both.sync().await;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "again: {} rows, {} calls, {seconds:.1} s",
        report.rows, report.calls
    );
}
