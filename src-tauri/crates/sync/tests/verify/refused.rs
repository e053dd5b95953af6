//! What HubSpot refuses is told in every run, and asked for once a day.

use std::collections::BTreeSet;

use crm::ObjectType;
use serde_json::json;
use store::RunOutcome;
use sync::{SyncOptions, SyncReport};

use crate::both::Both;

impl Both {
    /// A portal without leads and custom types, before it is read.
    async fn starter() -> Self {
        let both = Self::in_its_time(20).await;
        both.has_plan("starter");
        both
    }

    fn has_plan(&self, plan: &str) {
        self.tell("plan", &json!({ "plan": plan }));
    }

    /// A run, and how many of its calls failed.
    async fn errors_of(&self, options: &SyncOptions) -> (SyncReport, u64) {
        let before = self.client.usage().errors;
        let report = self.sync_as(options).await;
        assert_eq!(report.outcome, RunOutcome::Done);
        (report, self.client.usage().errors - before)
    }

    fn has_leads(&self) -> bool {
        let ours = self
            .copy
            .store
            .read(|c| store::record_count(c, &ObjectType::LEADS));
        let ours = ours.unwrap();
        assert!(ours == 0 || ours == self.live(&ObjectType::LEADS), "{ours}");
        ours > 0
    }
}

fn unavailable(report: &SyncReport) -> BTreeSet<(String, String)> {
    let streams = report.streams.iter();
    let streams = streams.filter_map(|of| Some((of.stream.clone(), of.unavailable.clone()?)));
    let checked = report.reconciliation.iter().flat_map(|of| &of.objects);
    let checked =
        checked.filter_map(|of| Some((format!("verify/{}", of.object), of.unavailable.clone()?)));
    streams.chain(checked).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_type_costs_two_errors_once_and_one_a_day() {
    let both = Both::starter().await;
    let (first, errors) = both.errors_of(&both.options).await;
    assert_eq!(errors, 3, "leads: a question and a second look; schemas");
    let told = unavailable(&first);
    for stream in [
        "properties/leads",
        "pipelines/leads",
        "records/leads",
        "gone/leads",
        "associations/leads/deals",
        "verify/leads",
    ] {
        assert!(told.iter().any(|(name, _)| name == stream), "{stream}");
    }
    assert!(told.iter().all(|(name, _)| name.contains("leads")));
    for (after, days, expected) in [("at once", 0.0, 0), ("a day", 1.01, 2), ("at once", 0.1, 0)] {
        both.sim.advance(days);
        let (report, errors) = both.errors_of(&both.options).await;
        assert_eq!(errors, expected, "{after}");
        assert_eq!(unavailable(&report), told, "{after}");
    }
    let before = both.client.usage().errors;
    let found = both.verify().await;
    assert_eq!(both.client.usage().errors, before);
    let refused = found.objects.iter().filter(|of| of.unavailable.is_some());
    assert_eq!(refused.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_plan_gets_appears_a_day_later_or_when_it_is_asked_for() {
    type Then = fn(&Both, u64) -> SyncOptions;
    let as_ever = |both: &Both| both.options.clone();
    let cases: [(&str, Then, bool); 6] = [
        ("nothing", |both, _| both.options.clone(), false),
        (
            "a day",
            |both, _| {
                both.sim.advance(1.01);
                both.options.clone()
            },
            true,
        ),
        (
            "other scopes",
            |both, generation| {
                both.renew(generation, &["crm.objects.leads.read", "oauth"]);
                both.options.clone()
            },
            true,
        ),
        (
            "connected again",
            |both, _| {
                both.connect(&["oauth"]);
                both.options.clone()
            },
            true,
        ),
        (
            "a full run",
            |both, _| SyncOptions {
                full: true,
                ..both.options.clone()
            },
            true,
        ),
        (
            "a comparison of all ids",
            |both, _| SyncOptions {
                reconcile: true,
                ..both.options.clone()
            },
            true,
        ),
    ];
    for (after, then, appears) in cases {
        let both = Both::starter().await;
        let generation = both.connect(&["oauth"]);
        both.errors_of(&as_ever(&both)).await;
        assert!(!both.has_leads(), "{after}");
        both.has_plan("enterprise");
        let options = then(&both, generation);
        let (report, errors) = both.errors_of(&options).await;
        assert_eq!(errors, 0, "{after}");
        assert_eq!(both.has_leads(), appears, "{after}");
        assert_eq!(unavailable(&report).is_empty(), appears, "{after}");
        assert_eq!(
            both.copy.rows("SELECT what FROM refusal").is_empty(),
            appears,
            "{after}"
        );
    }
}
