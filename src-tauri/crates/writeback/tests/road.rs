//! The road of a plan against the simulator: what its ledger holds is what was approved, whatever
//! goes wrong on the way.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails; helpers are not recognised as tests"
)]

use std::collections::BTreeMap;
use std::sync::Arc;

use crm::{Moment, ObjectType, PortalId, RecordId};
use hubspot::{Addresses, Client, Clock, ListQuery, Pacing, StaticToken};
use hubspot_sim::{Limits, Sim, SimOptions, WorldKind};
use serde_json::{Value, json};
use store::{DataDir, PortalInfo, PortalStore};
use tokio_util::sync::CancellationToken;
use writeback::{
    ApplyProgress, ChangeState, NewGroup, NewProperty, Plan, PlanId, PlanRequest, PlanState,
    Target, WritebackError,
};

const NOW: i64 = 1_795_000_000_000;

struct Still;

impl Clock for Still {
    fn now(&self) -> Moment {
        Moment::from_millis(NOW)
    }
}

/// A portal of the simulator, the client that speaks to it, and the file that keeps the journal.
struct Bench {
    sim: Sim,
    client: Client,
    store: PortalStore,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        let options = SimOptions {
            world: WorldKind::Demo,
            seed: 7,
            now: Moment::from_millis(NOW),
            deals: Some(260),
            port: 0,
            limits: Limits::Off,
        };
        let sim = hubspot_sim::serve(options).await.unwrap();
        let addresses = Addresses::loopback(&sim.address().base_url).unwrap();
        let token = Arc::new(StaticToken::new(sim.address().token.as_str().into()));
        let pacing = Pacing {
            second: std::time::Duration::from_millis(5),
            ..Pacing::unlimited(1)
        };
        let client = Client::new(addresses, token, pacing, Arc::new(Still)).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let dir = DataDir::open(&folder.path().join("data")).unwrap();
        let info = PortalInfo {
            id: PortalId::new(1),
            name: "Bench".into(),
            time_zone: "UTC".into(),
            home_currency: "EUR".into(),
            account_type: None,
            ui_domain: None,
            data_hosting: None,
            read_at: Moment::from_millis(NOW),
        };
        let store = PortalStore::create(&dir, &store::testing::vault(1), &info).unwrap();
        Self {
            sim,
            client,
            store,
            _folder: folder,
        }
    }

    async fn control(&self, path: &str, body: Value) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/{path}", self.sim.address().control_url);
        let answer = http.post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}");
    }

    /// Writes to HubSpot past the journal, as somebody else would.
    async fn somebody_else_writes(&self, record: RecordId, value: &str) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let address = self.sim.address();
        let url = format!(
            "{}/crm/objects/2026-09/deals/batch/update",
            address.base_url
        );
        let input = json!({ "id": record, "properties": { "plumbline_test": value } });
        let request = http.post(url).bearer_auth(&address.token);
        let answer = request
            .json(&json!({ "inputs": [input] }))
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success());
    }

    async fn deals(&self) -> Vec<RecordId> {
        let query = ListQuery {
            limit: Some(100),
            ..ListQuery::default()
        };
        let mut after = None;
        let mut ids = Vec::new();
        loop {
            let query = ListQuery {
                after,
                ..query.clone()
            };
            let page = self.client.list(&ObjectType::DEALS, &query).await.unwrap();
            ids.extend(page.results.iter().map(|record| record.id));
            after = page.after;
            if after.is_none() {
                return ids;
            }
        }
    }

    async fn plan(&self, values: BTreeMap<RecordId, String>) -> Result<Plan, WritebackError> {
        let request = PlanRequest {
            target: target(),
            values,
            purpose: "Test".into(),
            as_of: Moment::from_millis(NOW),
        };
        let cancel = CancellationToken::new();
        let now = Moment::from_millis(NOW);
        let id = writeback::plan(&self.client, &self.store, request, now, &cancel).await?;
        writeback::read(&self.store, id)
    }

    async fn apply(&self, id: PlanId) -> Result<Plan, WritebackError> {
        let cancel = CancellationToken::new();
        let quiet = |_: ApplyProgress| {};
        writeback::apply(&self.client, &self.store, id, &Still, &quiet, &cancel).await?;
        writeback::read(&self.store, id)
    }

    async fn approved_plan(&self, values: BTreeMap<RecordId, String>) -> PlanId {
        let plan = self.plan(values).await.unwrap();
        let id = plan.head.id;
        writeback::approve(&self.store, id, "tester", Moment::from_millis(NOW)).unwrap();
        id
    }

    /// (record, new value) of every write of our property, in order.
    fn ledger(&self) -> Vec<(RecordId, Option<String>)> {
        let ledger = self.sim.ledger();
        let rows = ledger.as_array().unwrap().iter();
        rows.filter(|row| row["call"] == "update" || row["call"] == "batch/update")
            .filter(|row| row["property"] == "plumbline_test")
            .map(|row| {
                let id = row["id"].as_str().unwrap().parse().unwrap();
                (id, row["new"].as_str().map(str::to_owned))
            })
            .collect()
    }
}

fn target() -> Target {
    Target {
        object_type: ObjectType::DEALS,
        group: NewGroup {
            name: "plumbline".into(),
            label: "Plumbline".into(),
            display_order: -1,
        },
        property: NewProperty {
            name: "plumbline_test".into(),
            label: "Test".into(),
            group: "plumbline".into(),
            kind: "number".into(),
            field_type: "number".into(),
            description: "Test".into(),
            number_display_hint: None,
            form_field: false,
            hidden: false,
            has_unique_value: false,
            display_order: -1,
            options: Vec::new(),
        },
    }
}

fn values(ids: &[RecordId]) -> BTreeMap<RecordId, String> {
    ids.iter()
        .map(|id| (*id, format!("{}.5", id.get() % 90)))
        .collect()
}

fn states(plan: &Plan) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for change in &plan.changes {
        *counts.entry(change.state.as_str()).or_default() += 1;
    }
    counts
}

#[track_caller]
fn assert_ledger_is(bench: &Bench, approved: &BTreeMap<RecordId, String>) {
    let written = bench.ledger();
    let as_map: BTreeMap<RecordId, String> = written
        .iter()
        .map(|(id, value)| (*id, value.clone().unwrap_or_default()))
        .collect();
    assert_eq!(written.len(), as_map.len(), "no record is written twice");
    assert_eq!(&as_map, approved, "what was written is what was approved");
}

#[tokio::test]
async fn what_is_written_is_what_was_approved_and_only_once() {
    let bench = Bench::new().await;
    let ids = bench.deals().await;
    assert!(ids.len() > 200, "three batches");
    let wanted = values(&ids);
    let plan = bench.plan(wanted.clone()).await.unwrap();
    let created: Vec<&str> = plan.definitions.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(created, ["plumbline", "plumbline_test"]);
    let id = plan.head.id;
    assert!(
        matches!(
            bench.apply(id).await,
            Err(WritebackError::WrongState { .. })
        ),
        "nothing leaves unapproved"
    );
    assert!(bench.sim.ledger().as_array().unwrap().is_empty());
    writeback::approve(&bench.store, id, "tester", Moment::from_millis(NOW)).unwrap();
    let applied = bench.apply(id).await.unwrap();
    assert_eq!(applied.head.state, PlanState::Applied);
    assert_eq!(states(&applied), BTreeMap::from([("confirmed", ids.len())]));
    assert_ledger_is(&bench, &wanted);
    bench.apply(id).await.unwrap();
    assert_ledger_is(&bench, &wanted);
    let again = bench.plan(wanted.clone()).await.unwrap();
    assert!(again.changes.is_empty(), "a second plan has nothing to do");
    assert_eq!(again.head.unchanged as usize, wanted.len());
    assert!(again.definitions.is_empty());
}

#[tokio::test]
async fn somebody_elses_property_is_left_alone() {
    let bench = Bench::new().await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let address = bench.sim.address();
    let url = format!("{}/crm/properties/2026-09/deals", address.base_url);
    let theirs = json!({
        "name": "plumbline_test", "label": "Theirs", "type": "string", "fieldType": "text",
        "groupName": "dealinformation",
    });
    let answer = http
        .post(url)
        .bearer_auth(&address.token)
        .json(&theirs)
        .send()
        .await
        .unwrap();
    assert!(answer.status().is_success());
    let refused = bench.plan(values(&bench.deals().await[..3])).await;
    assert!(
        matches!(refused, Err(WritebackError::InTheWay { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_value_changed_since_the_plan_is_not_overwritten() {
    let bench = Bench::new().await;
    let ids = bench.deals().await[..5].to_vec();
    let first = bench.approved_plan(values(&ids)).await;
    bench.apply(first).await.unwrap();
    let second: BTreeMap<RecordId, String> = ids.iter().map(|id| (*id, "99".to_owned())).collect();
    let second = bench.approved_plan(second).await;
    bench.somebody_else_writes(ids[2], "1").await;
    let applied = bench.apply(second).await.unwrap();
    assert_eq!(
        states(&applied),
        BTreeMap::from([("confirmed", 4), ("conflict", 1)])
    );
    assert_eq!(applied.changes[2].state, ChangeState::Conflict);
    let touched = bench
        .ledger()
        .into_iter()
        .rev()
        .find(|(id, _)| *id == ids[2])
        .unwrap();
    assert_eq!(touched.1.as_deref(), Some("1"), "their value stands");
}

#[tokio::test]
async fn one_bad_record_does_not_hold_up_the_others() {
    let bench = Bench::new().await;
    let ids = bench.deals().await[..60].to_vec();
    // An admin's rule that some of the deals break: HubSpot refuses the whole batch with 400.
    bench
        .control(
            "compulsory",
            json!({ "objectType": "deals", "property": "closed_lost_reason" }),
        )
        .await;
    let wanted = values(&ids);
    let id = bench.approved_plan(wanted.clone()).await;
    let applied = bench.apply(id).await.unwrap();
    let counts = states(&applied);
    let (confirmed, failed) = (counts["confirmed"], counts["failed"]);
    assert_eq!(
        confirmed + failed,
        ids.len(),
        "every change has its answer: {counts:?}"
    );
    assert!(applied.changes.iter().all(|change| {
        change.state != ChangeState::Failed || change.reason.as_ref().is_some_and(|r| !r.is_empty())
    }));
    let kept: BTreeMap<RecordId, String> = applied
        .changes
        .iter()
        .filter(|change| change.state == ChangeState::Confirmed)
        .map(|change| (change.record, change.new.clone()))
        .collect();
    assert_ledger_is(&bench, &kept);
}

/// Faults on the way of a write, each of which must end with exactly the approved values.
#[tokio::test]
async fn a_broken_answer_is_found_out_by_reading() {
    let update = "/deals/batch/update";
    for fault in [
        json!({ "contains": update, "times": 1, "cut": true, "after": true }),
        json!({ "contains": update, "times": 1, "cut": true }),
        json!({ "contains": update, "times": 1, "status": 500 }),
        json!({ "contains": update, "times": 1, "status": 502, "body": "<html>bad gateway</html>" }),
        json!({ "contains": update, "times": 1, "status": 200, "body": { "results": [] }, "after": true }),
        json!({ "contains": update, "times": 1, "truncate": 40 }),
        json!({ "contains": update, "times": 1, "status": 423 }),
        json!({ "contains": update, "times": 1, "status": 429, "body": {
            "status": "error", "errorType": "RATE_LIMIT", "policyName": "SECONDLY" } }),
    ] {
        let bench = Bench::new().await;
        let ids = bench.deals().await[..40].to_vec();
        let wanted = values(&ids);
        let id = bench.approved_plan(wanted.clone()).await;
        bench.control("faults", fault.clone()).await;
        let applied = bench
            .apply(id)
            .await
            .unwrap_or_else(|error| panic!("{fault}: {error}"));
        assert_eq!(
            states(&applied),
            BTreeMap::from([("confirmed", ids.len())]),
            "{fault}"
        );
        assert_ledger_is(&bench, &wanted);
    }
}

/// However often HubSpot lets nobody write, that is never held against the records.
#[tokio::test]
async fn a_refusal_that_is_not_the_records_fault_costs_no_try() {
    let bench = Bench::new().await;
    let ids = bench.deals().await[..4].to_vec();
    let wanted = values(&ids);
    let id = bench.approved_plan(wanted.clone()).await;
    let fault = json!({ "contains": "/deals/batch/update", "times": 5, "status": 403 });
    bench.control("faults", fault).await;
    for _ in 0..5 {
        assert!(bench.apply(id).await.is_err());
        let stopped = writeback::read(&bench.store, id).unwrap();
        assert_eq!(states(&stopped), BTreeMap::from([("planned", ids.len())]));
        assert!(stopped.changes.iter().all(|change| change.attempts == 0));
    }
    let applied = bench.apply(id).await.unwrap();
    assert_eq!(states(&applied), BTreeMap::from([("confirmed", ids.len())]));
    assert_ledger_is(&bench, &wanted);
}

#[tokio::test]
async fn an_interrupted_plan_asks_before_it_goes_on() {
    let bench = Bench::new().await;
    let ids = bench.deals().await;
    let wanted = values(&ids);
    let id = bench.approved_plan(wanted.clone()).await;
    // HubSpot carries the first batch out, and nothing answers any more: neither the write nor the
    // reads that would find out.
    bench
        .control(
            "faults",
            json!({ "contains": "/deals/batch/update", "cut": true, "after": true }),
        )
        .await;
    bench
        .control(
            "faults",
            json!({ "contains": "/deals/batch/read", "nth": 2, "status": 403 }),
        )
        .await;
    assert!(bench.apply(id).await.is_err());
    let stopped = writeback::read(&bench.store, id).unwrap();
    assert_eq!(stopped.head.state, PlanState::Applying);
    assert_eq!(
        states(&stopped).get("sending"),
        Some(&hubspot::limits::BATCH)
    );
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/faults", bench.sim.address().control_url);
    assert!(http.delete(url).send().await.unwrap().status().is_success());
    let applied = bench.apply(id).await.unwrap();
    assert_eq!(states(&applied), BTreeMap::from([("confirmed", ids.len())]));
    assert_ledger_is(&bench, &wanted);
}

/// HubSpot carried the write out and then answers reads without a word about its records: that is
/// no proof of anything.
#[tokio::test]
async fn silence_about_a_sent_record_settles_nothing() {
    let bench = Bench::new().await;
    let ids = bench.deals().await[..40].to_vec();
    let wanted = values(&ids);
    let id = bench.approved_plan(wanted.clone()).await;
    let lost = json!({ "contains": "/deals/batch/update", "times": 1, "cut": true, "after": true });
    bench.control("faults", lost).await;
    let silent = json!({
        "contains": "/deals/batch/read", "nth": 2, "times": 1, "status": 200,
        "body": { "status": "COMPLETE", "results": [] },
    });
    bench.control("faults", silent).await;
    assert!(bench.apply(id).await.is_err());
    let stopped = writeback::read(&bench.store, id).unwrap();
    assert_eq!(stopped.head.state, PlanState::Applying);
    assert_eq!(states(&stopped), BTreeMap::from([("sending", ids.len())]));
    let applied = bench.apply(id).await.unwrap();
    assert_eq!(states(&applied), BTreeMap::from([("confirmed", ids.len())]));
    assert_ledger_is(&bench, &wanted);
}

#[tokio::test]
async fn undo_restores_what_is_still_ours() {
    let bench = Bench::new().await;
    let ids = bench.deals().await[..6].to_vec();
    let first = bench.approved_plan(values(&ids)).await;
    bench.apply(first).await.unwrap();
    let second: BTreeMap<RecordId, String> = ids.iter().map(|id| (*id, "99".to_owned())).collect();
    let second = bench.approved_plan(second).await;
    bench.apply(second).await.unwrap();
    bench.somebody_else_writes(ids[0], "7").await;
    let cancel = CancellationToken::new();
    let now = Moment::from_millis(NOW);
    let undo = writeback::plan_undo(
        &bench.client,
        &bench.store,
        second,
        "Undo".into(),
        now,
        &cancel,
    )
    .await
    .unwrap();
    let plan = writeback::read(&bench.store, undo).unwrap();
    assert_eq!(plan.head.undoes, Some(second));
    assert_eq!(
        plan.changes.len(),
        5,
        "the value that somebody else wrote is left out"
    );
    writeback::approve(&bench.store, undo, "tester", now).unwrap();
    bench.apply(undo).await.unwrap();
    let before = values(&ids);
    let mut last: BTreeMap<RecordId, String> = BTreeMap::new();
    for (id, value) in bench.ledger() {
        last.insert(id, value.unwrap_or_default());
    }
    for id in &ids[1..] {
        assert_eq!(last[id], before[id]);
    }
    assert_eq!(last[&ids[0]], "7");
}

#[tokio::test]
async fn a_discarded_plan_can_never_leave() {
    let bench = Bench::new().await;
    let plan = bench.plan(values(&bench.deals().await[..2])).await.unwrap();
    let id = plan.head.id;
    writeback::discard(&bench.store, id).unwrap();
    let approved = writeback::approve(&bench.store, id, "tester", Moment::from_millis(NOW));
    assert!(matches!(approved, Err(WritebackError::WrongState { .. })));
    assert!(matches!(
        bench.apply(id).await,
        Err(WritebackError::WrongState { .. })
    ));
    assert!(matches!(
        writeback::read(&bench.store, PlanId(99)),
        Err(WritebackError::UnknownPlan(PlanId(99)))
    ));
    assert!(bench.sim.ledger().as_array().unwrap().is_empty());
}
