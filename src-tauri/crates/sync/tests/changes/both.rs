//! A portal, its copy, and a clock that is moved by hand.

use hubspot::Clock;
use serde_json::{Value, json};
use store::RunKind;
use sync::{SyncError, SyncOptions, SyncReport};
use tokio_util::sync::CancellationToken;

use crate::scripted::{Copy, HandClock, Portal, Scripted};

/// 30 deals and 3 contacts that last changed long ago.
pub(crate) fn portal() -> Portal {
    let mut portal = Portal::default();
    for id in 1..=30 {
        let deal =
            json!({ "dealname": format!("Deal {id}"), "amount": "100", "dealstage": "open" });
        portal
            .records
            .entry("deals".to_owned())
            .or_default()
            .insert(id, deal);
    }
    for id in 101..=103 {
        portal
            .records
            .entry("contacts".to_owned())
            .or_default()
            .insert(id, json!({ "email": format!("{id}@example.test") }));
    }
    portal
        .associations
        .insert(("deals".to_owned(), 5, "contacts".to_owned()), vec![101]);
    portal
}

pub(crate) struct Both {
    pub(crate) hubspot: Scripted,
    pub(crate) copy: Copy,
    pub(crate) clock: HandClock,
}

impl Both {
    /// A portal and its finished copy.
    pub(crate) async fn copied() -> Self {
        let clock = HandClock::new();
        let both = Self {
            hubspot: Scripted::in_time(portal(), clock.clone()).await,
            copy: Copy::new(),
            clock,
        };
        let report = both.sync().await.unwrap();
        assert_eq!(report.kind, RunKind::Full);
        both.clock.advance(1);
        both.hubspot.take_log();
        both
    }

    pub(crate) async fn sync(&self) -> Result<SyncReport, SyncError> {
        self.sync_with(&SyncOptions::default()).await
    }

    pub(crate) async fn sync_with(&self, options: &SyncOptions) -> Result<SyncReport, SyncError> {
        let client = self.hubspot.client();
        let cancel = CancellationToken::new();
        let store = &self.copy.store;
        sync::run(&client, store, options, &self.clock, &|_| {}, &cancel).await
    }

    pub(crate) async fn reconcile(&self) -> SyncReport {
        let options = SyncOptions {
            reconcile: true,
            ..SyncOptions::default()
        };
        self.sync_with(&options).await.unwrap()
    }

    /// Writes some properties of a record now, and moves its modified date.
    pub(crate) fn edit(&self, object: &str, id: u64, properties: &Value) {
        let now = self.clock.now();
        self.hubspot.change(|portal| {
            let record = portal
                .records
                .get_mut(object)
                .unwrap()
                .entry(id)
                .or_insert(json!({}));
            for (name, value) in properties.as_object().unwrap() {
                record[name] = value.clone();
            }
            record["hs_lastmodifieddate"] = json!(now);
            record["lastmodifieddate"] = json!(now);
        });
    }

    pub(crate) fn live_deals(&self) -> i64 {
        self.copy
            .count("SELECT count(*) FROM deal WHERE archived = 0")
    }
}

/// What was asked since the last time, in no order.
pub(crate) fn paths(both: &Both) -> Vec<String> {
    let log = both.hubspot.take_log();
    let mut paths: Vec<String> = log
        .into_iter()
        .map(|asked| {
            let inputs = asked.body["inputs"].as_array().map_or(0, Vec::len);
            format!("{} of {inputs}", asked.path)
        })
        .collect();
    paths.sort();
    paths
}

pub(crate) fn stream<'r>(report: &'r SyncReport, name: &str) -> &'r sync::StreamReport {
    report.streams.iter().find(|s| s.stream == name).unwrap()
}
