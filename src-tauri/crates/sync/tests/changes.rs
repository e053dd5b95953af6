//! Runs that read only what changed, against a HubSpot that says what the test wants it to say.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod scripted;

use std::collections::BTreeMap;

use scripted::{Asked, Copy, HandClock, Portal, Scripted, modified_at};
use serde_json::{Value, json};
use store::{RunKind, RunOutcome};
use sync::{SyncError, SyncOptions, SyncReport};
use tokio_util::sync::CancellationToken;

/// 30 deals and 3 contacts that last changed long ago.
fn portal() -> Portal {
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

struct Both {
    hubspot: Scripted,
    copy: Copy,
    clock: HandClock,
}

impl Both {
    /// A portal and its finished copy.
    async fn copied() -> Self {
        let both = Self {
            hubspot: Scripted::serve(portal()).await,
            copy: Copy::new(),
            clock: HandClock::new(),
        };
        let report = both.sync().await.unwrap();
        assert_eq!(report.kind, RunKind::Full);
        both.clock.advance(1);
        both.hubspot.take_log();
        both
    }

    async fn sync(&self) -> Result<SyncReport, SyncError> {
        self.sync_with(&SyncOptions::default()).await
    }

    async fn sync_with(&self, options: &SyncOptions) -> Result<SyncReport, SyncError> {
        let client = self.hubspot.client();
        let cancel = CancellationToken::new();
        let store = &self.copy.store;
        sync::run(&client, store, options, &self.clock, &|_| {}, &cancel).await
    }

    async fn reconcile(&self) -> SyncReport {
        let options = SyncOptions {
            reconcile: true,
            ..SyncOptions::default()
        };
        self.sync_with(&options).await.unwrap()
    }

    /// Writes some properties of a record now, and moves its modified date.
    fn edit(&self, object: &str, id: u64, properties: &Value) {
        let now = hubspot::Clock::now(&self.clock);
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

    fn live_deals(&self) -> i64 {
        self.copy
            .count("SELECT count(*) FROM deal WHERE archived = 0")
    }
}

/// What was asked since the last time, in no order.
fn paths(both: &Both) -> Vec<String> {
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

fn stream<'r>(report: &'r SyncReport, name: &str) -> &'r sync::StreamReport {
    report.streams.iter().find(|s| s.stream == name).unwrap()
}

#[tokio::test]
async fn a_run_after_a_copy_reads_what_changed_and_nothing_else() {
    let both = Both::copied().await;
    both.edit("deals", 7, &json!({ "amount": "777" }));
    both.edit("deals", 8, &json!({ "amount": "" }));
    both.edit("deals", 31, &json!({ "dealname": "New" }));
    let report = both.sync().await.unwrap();
    assert_eq!(
        (report.kind, report.outcome, report.generation),
        (RunKind::Changes, RunOutcome::Done, 2)
    );
    assert_eq!(
        both.copy
            .rows("SELECT record_id, amount FROM deal WHERE record_id IN (7, 8, 31) ORDER BY 1"),
        [
            r#"Integer(7) Text("777")"#,
            "Integer(8) Null",
            "Integer(31) Null"
        ]
    );
    let log = both.hubspot.take_log();
    let read: Vec<u64> = log
        .iter()
        .filter(|asked| asked.is("/batch/read") && asked.path.contains("/objects/"))
        .flat_map(|asked| asked.body["inputs"].as_array().unwrap().clone())
        .map(|input| input["id"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(read, [7, 8, 31]);
    assert!(
        !log.iter().any(|asked| asked.is("/objects/2026-09/deals")),
        "no list"
    );

    let report = both.sync().await.unwrap();
    assert_eq!(
        stream(&report, "changes/deals").rows,
        0,
        "the overlap is known"
    );
}

#[tokio::test]
async fn a_run_without_changes_costs_a_few_calls_however_large_the_portal() {
    let both = Both::copied().await;
    both.sync().await.unwrap();
    let few = paths(&both);
    both.hubspot.change(|portal| {
        let contacts = portal.records.get_mut("contacts").unwrap();
        contacts.extend((1_000..1_400).map(|id| (id, json!({}))));
    });
    both.sync_with(&SyncOptions {
        full: true,
        ..SyncOptions::default()
    })
    .await
    .unwrap();
    both.clock.advance(1);
    both.hubspot.take_log();
    both.sync().await.unwrap();
    assert_eq!(paths(&both), few);
    assert!(few.len() < 50, "{few:?}");
}

#[tokio::test]
async fn what_the_index_shows_late_is_read_by_the_second_pass() {
    let both = Both::copied().await;
    both.edit("deals", 9, &json!({ "amount": "9" }));
    // The index does not know of it yet.
    both.hubspot.script(|asked: &Asked| {
        (asked.is("/deals/search") && asked.body["filterGroups"].is_array())
            .then(|| (200, json!({ "total": 0, "results": [] })))
    });
    both.sync().await.unwrap();
    both.clock.advance(9);
    both.sync().await.unwrap();
    both.hubspot.script(|_: &Asked| None);
    both.clock.advance(20);
    both.sync().await.unwrap();
    let amount = "SELECT amount FROM deal WHERE record_id = 9";
    assert_eq!(
        both.copy.rows(amount),
        [r#"Text("100")"#],
        "beyond the overlap"
    );
    both.clock.advance(40);
    both.sync().await.unwrap();
    assert_eq!(both.copy.rows(amount), [r#"Text("9")"#]);
}

/// More deals than a search can page to.
const FLOOD: u64 = 10_450;
const FLOODED: &str = "2026-11-02T08:00:30Z";
const LATER: &str = "2026-11-02T08:00:31Z";

/// An index of so many deals, all of one millisecond, that orders and compares ids as it is told.
fn flood(
    asked: &Asked,
    edited: &[u64],
    sorts_as_text: bool,
    compares_as_text: bool,
) -> Option<(u16, Value)> {
    if !asked.is("/deals/search") || !asked.body["filterGroups"].is_array() {
        return None;
    }
    let less = |a: u64, b: u64, as_text: bool| {
        if as_text {
            a.to_string() < b.to_string()
        } else {
            a < b
        }
    };
    let bounds: Vec<(&str, u64)> = asked.body["filterGroups"][0]["filters"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|filter| filter["propertyName"] == "hs_object_id")
        .map(|filter| {
            let bound = filter["value"].as_str().unwrap().parse().unwrap();
            (filter["operator"].as_str().unwrap(), bound)
        })
        .collect();
    let end = |operator: &str| -> i64 {
        let filters = asked.body["filterGroups"][0]["filters"].as_array().unwrap();
        let of_time = |filter: &&Value| {
            filter["propertyName"] != "hs_object_id" && filter["operator"] == operator
        };
        let filter = filters.iter().find(of_time).unwrap();
        filter["value"].as_str().unwrap().parse().unwrap()
    };
    let window = end("GTE")..=end("LTE");
    let inside = |at: &str| window.contains(&at.parse::<crm::Moment>().unwrap().millis());
    let (flooded, later) = (inside(FLOODED), inside(LATER));
    let mut ids: Vec<u64> = (1..=FLOOD)
        .filter(|id| if edited.contains(id) { later } else { flooded })
        .filter(|id| {
            bounds.iter().all(|(operator, bound)| match *operator {
                "GT" => less(*bound, *id, compares_as_text),
                "GTE" => !less(*id, *bound, compares_as_text),
                "LT" => less(*id, *bound, compares_as_text),
                other => panic!("{other}"),
            })
        })
        .collect();
    if sorts_as_text {
        ids.sort_by_cached_key(u64::to_string);
    }
    let start: usize = asked.body["after"].as_str().unwrap_or("0").parse().unwrap();
    let limit = usize::try_from(asked.body["limit"].as_u64().unwrap()).unwrap();
    assert!(start + limit <= 10_000, "HubSpot refuses that");
    let page: Vec<Value> = ids
        .iter()
        .skip(start)
        .take(limit)
        .map(|id| {
            let at = if edited.contains(id) { LATER } else { FLOODED };
            json!({ "id": id.to_string(), "properties": { "hs_lastmodifieddate": at } })
        })
        .collect();
    let mut answer = json!({ "total": ids.len(), "results": page });
    if start + limit < ids.len() {
        answer["paging"] = json!({ "next": { "after": (start + limit).to_string() } });
    }
    Some((200, answer))
}

#[tokio::test]
async fn a_flood_in_one_millisecond_is_read_whole_in_every_order_of_ids() {
    let both = Both {
        hubspot: Scripted::serve(portal()).await,
        copy: Copy::new(),
        clock: HandClock::new(),
    };
    let deal = |amount: &str, at: &str| json!({ "amount": amount, "hs_lastmodifieddate": at });
    both.hubspot.change(|portal| {
        let deals = portal.records.get_mut("deals").unwrap();
        *deals = (1..=FLOOD).map(|id| (id, deal("100", FLOODED))).collect();
    });
    both.sync().await.unwrap();
    both.clock.advance(1);
    let orders = [(false, false), (true, true), (true, false), (false, true)];
    for (round, (sorts, compares)) in (1_u64..).zip(orders) {
        // Some records at the places where the orders differ, other ones in each round.
        let edited = [1, 9, 99, 999, 1_000, 7_198, 9_998, 10_000, 10_440].map(|id| id + round);
        both.hubspot.change(|portal| {
            let deals = portal.records.get_mut("deals").unwrap();
            deals.extend(edited.map(|id| (id, deal("7", LATER))));
        });
        let all: Vec<u64> = (1..=round)
            .flat_map(|n| edited.map(|id| id - round + n))
            .collect();
        both.hubspot
            .script(move |asked| flood(asked, &all, sorts, compares));
        let report = both.sync().await.unwrap();
        let unproven = &stream(&report, "changes/deals").unproven;
        assert_eq!(
            unproven, &None,
            "sorts as text: {sorts}, compares as text: {compares}"
        );
        for id in edited {
            let amount = format!("SELECT amount FROM deal WHERE record_id = {id}");
            assert_eq!(both.copy.rows(&amount), [r#"Text("7")"#], "{id}");
        }
    }
}

#[tokio::test]
async fn a_window_whose_count_stays_wrong_is_told_and_read_again() {
    let both = Both::copied().await;
    both.edit("deals", 7, &json!({ "amount": "7" }));
    let before = both
        .copy
        .rows("SELECT * FROM change_cursor WHERE object_type = 'deals'");
    // The index counts one more than it gives.
    both.hubspot.script(|asked: &Asked| {
        (asked.is("/deals/search") && asked.body["filterGroups"].is_array()).then(|| {
            let at = "2026-11-02T08:01:00Z";
            let row = json!({ "id": "7", "properties": { "hs_lastmodifieddate": at } });
            (200, json!({ "total": 2, "results": [row] }))
        })
    });
    let report = both.sync().await.unwrap();
    assert_eq!(report.outcome, RunOutcome::Done, "the rest goes on");
    let deals = stream(&report, "changes/deals");
    assert_eq!(deals.unproven.as_deref(), Some("1 of 2"));
    assert_eq!(
        both.copy
            .rows("SELECT * FROM change_cursor WHERE object_type = 'deals'"),
        before,
        "the cursor stays"
    );
    both.hubspot.script(|_: &Asked| None);
    both.clock.advance(1);
    let report = both.sync().await.unwrap();
    assert_eq!(stream(&report, "changes/deals").unproven, None);
}

#[tokio::test]
async fn odd_pages_lose_nothing_and_never_go_on_for_ever() {
    // A page whose rows are newer than the window, and a page without rows before it.
    let both = Both::copied().await;
    both.edit("deals", 3, &json!({ "amount": "3" }));
    both.hubspot.script(|asked: &Asked| {
        let filters = asked.is("/deals/search") && asked.body["filterGroups"].is_array();
        let first = filters && asked.body["after"].is_null();
        let row =
            json!({ "id": "3", "properties": { "hs_lastmodifieddate": "2026-11-09T00:00:00Z" } });
        if first {
            let next = json!({ "next": { "after": "200" } });
            return Some((200, json!({ "total": 1, "results": [], "paging": next })));
        }
        filters.then(|| (200, json!({ "total": 1, "results": [row] })))
    });
    let report = both.sync().await.unwrap();
    assert_eq!(stream(&report, "changes/deals").unproven, None);
    assert_eq!(
        both.copy
            .rows("SELECT amount FROM deal WHERE record_id = 3"),
        [r#"Text("3")"#]
    );
    let until = both
        .copy
        .count("SELECT fresh_until FROM change_cursor WHERE object_type = 'deals'");
    assert_eq!(
        until, 1_793_606_460_000,
        "the cursor is not moved beyond the window"
    );

    // A server that gives the same page for ever.
    both.hubspot.script(|asked: &Asked| {
        (asked.is("/deals/search") && asked.body["filterGroups"].is_array()).then(|| {
            let next = json!({ "next": { "after": "200" } });
            (
                200,
                json!({ "total": 500, "results": [{ "id": "3" }], "paging": next }),
            )
        })
    });
    let error = both.sync().await.unwrap_err();
    assert_eq!(error.code(), "cursor_repeated");
}

#[tokio::test]
async fn what_is_gone_is_noticed_and_told_apart() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let deals = portal.records.get_mut("deals").unwrap();
        deals.remove(&4);
        let bin = portal.archived.entry("deals".to_owned()).or_default();
        bin.insert(4, "2026-11-01T00:00:00Z".to_owned());
    });
    both.sync().await.unwrap();
    let gone = "SELECT record_id, gone, archived_at FROM record WHERE gone IS NOT NULL ORDER BY 1";
    assert_eq!(
        both.copy.rows(gone),
        [r#"Integer(4) Text("archived") Integer(1793491200000)"#]
    );
    let log = both.hubspot.take_log();
    assert!(
        !log.iter().any(|asked| asked.is("/objects/2026-09/deals")
            && asked
                .query
                .get("archived")
                .is_some_and(|archived| archived == "false")),
        "the recycle bin explains it"
    );

    // A privacy deletion is nowhere, and leaves nothing.
    both.hubspot.change(|portal| {
        portal.records.get_mut("deals").unwrap().remove(&5);
        portal.records.get_mut("contacts").unwrap().remove(&101);
    });
    both.clock.advance(1);
    both.sync().await.unwrap();
    for table in ["record", "deal", "property_version"] {
        let left = format!("SELECT count(*) FROM {table} WHERE record_id IN (5, 101)");
        assert_eq!(both.copy.count(&left), 0, "{table}");
    }
    assert_eq!(both.copy.count("SELECT count(*) FROM association"), 0);
    assert_eq!(both.live_deals(), 28);

    // And what comes back is live again.
    both.hubspot.change(|portal| {
        portal.archived.clear();
        let deals = portal.records.get_mut("deals").unwrap();
        deals.insert(4, json!({ "dealname": "Back" }));
    });
    both.clock.advance(1);
    both.sync().await.unwrap();
    assert_eq!(both.live_deals(), 29);
    assert!(both.copy.rows(gone).is_empty());
}

#[tokio::test]
async fn a_merge_is_followed_to_its_survivor() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let contacts = portal.records.get_mut("contacts").unwrap();
        contacts.remove(&101);
        let key = ("deals".to_owned(), 5, "contacts".to_owned());
        portal.associations.insert(key, vec![102]);
    });
    both.edit("contacts", 102, &json!({ "hs_merged_object_ids": "101;77", "hs_calculated_merged_vids": "66:1790000000000" }));
    both.sync().await.unwrap();
    assert_eq!(
        both.copy
            .rows("SELECT record_id, gone FROM record WHERE gone IS NOT NULL"),
        [r#"Integer(101) Text("merged")"#]
    );
    assert_eq!(
        both.copy.rows("SELECT from_id, to_id FROM association"),
        ["Integer(5) Integer(102)"],
        "the deal was asked again"
    );
    both.clock.advance(1);
    both.hubspot.change(|portal| {
        portal.records.get_mut("contacts").unwrap().remove(&102);
        let key = ("deals".to_owned(), 5, "contacts".to_owned());
        portal.associations.insert(key, vec![500]);
    });
    // Some merges make a new record.
    both.edit(
        "contacts",
        500,
        &json!({ "hs_merged_object_ids": "102;103" }),
    );
    both.hubspot.change(|portal| {
        portal.records.get_mut("contacts").unwrap().remove(&103);
    });
    both.sync().await.unwrap();
    let survivors: BTreeMap<u64, u64> = [66, 77, 101, 102, 103, 500]
        .into_iter()
        .map(|id| {
            let survivor = both.copy.store.read(|connection| {
                store::resolve(
                    connection,
                    &crm::ObjectType::CONTACTS,
                    crm::RecordId::new(id),
                )
            });
            (id, survivor.unwrap().get())
        })
        .collect();
    assert!(
        survivors.values().all(|survivor| *survivor == 500),
        "{survivors:?}"
    );
    let live = "SELECT record_id FROM record WHERE object_type = 'contacts' AND archived = 0";
    assert_eq!(both.copy.rows(live), ["Integer(500)"]);
    assert_eq!(
        both.copy.rows("SELECT to_id FROM association"),
        ["Integer(500)"]
    );
}

#[tokio::test]
async fn an_association_of_an_open_deal_is_seen_although_nothing_moves() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let key = ("deals".to_owned(), 6, "contacts".to_owned());
        portal.associations.insert(key, vec![102, 103]);
    });
    both.sync().await.unwrap();
    assert_eq!(
        both.copy
            .rows("SELECT to_id FROM association WHERE from_id = 6"),
        ["Integer(102)", "Integer(103)"]
    );
}

#[tokio::test]
async fn a_comparison_of_all_ids_finds_what_no_change_told() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let calculated = vec![("days_to_close".to_owned(), true)];
        portal.definitions.insert("deals".to_owned(), calculated);
        let deals = portal.records.get_mut("deals").unwrap();
        // One that neither the list nor the index ever showed, and one that was archived meanwhile.
        deals.insert(40, json!({ "dealname": "Overlooked" }));
        deals.remove(&12);
        let bin = portal.archived.entry("deals".to_owned()).or_default();
        bin.insert(12, "2026-11-01T00:00:00Z".to_owned());
    });
    both.sync().await.unwrap();
    assert_eq!(
        both.live_deals(),
        30,
        "the counts agree, so nothing was seen"
    );
    let report = both.reconcile().await;
    assert_eq!(report.kind, RunKind::Changes);
    assert_eq!(
        both.copy
            .rows("SELECT archived FROM deal WHERE record_id IN (12, 40) ORDER BY record_id"),
        ["Integer(1)", "Integer(0)"]
    );
    assert_eq!(both.copy.count("SELECT count(*) FROM met_record"), 0);

    // A day later it is done by itself.
    both.hubspot.change(|portal| {
        let deals = portal.records.get_mut("deals").unwrap();
        deals.remove(&13);
        deals.insert(41, json!({ "dealname": "Overlooked" }));
    });
    both.clock.advance(24 * 60);
    both.sync().await.unwrap();
    assert_eq!(
        both.copy
            .count("SELECT count(*) FROM deal WHERE record_id = 41"),
        1
    );
    assert_eq!(
        both.copy
            .count("SELECT count(*) FROM deal WHERE record_id = 13"),
        0
    );
}

#[tokio::test]
async fn a_new_property_is_read_for_every_record() {
    let both = Both::copied().await;
    both.hubspot.change(|portal| {
        let own = vec![("segment".to_owned(), false)];
        portal.definitions.insert("deals".to_owned(), own);
        for deal in portal.records.get_mut("deals").unwrap().values_mut() {
            deal["segment"] = json!("mid");
        }
    });
    both.sync().await.unwrap();
    let segments = "SELECT count(*) FROM record WHERE properties ->> 'segment' = 'mid' \
                    AND properties ->> 'amount' = '100'";
    assert_eq!(both.copy.count(segments), 30, "and the others stay");
    let lists = |both: &Both| {
        let log = both.hubspot.take_log();
        log.iter()
            .filter(|asked| asked.is("/objects/2026-09/deals"))
            .count()
    };
    assert_eq!(lists(&both), 1);
    both.sync().await.unwrap();
    assert_eq!(lists(&both), 0, "once");
}

#[tokio::test]
async fn a_run_over_changes_that_failed_anywhere_is_gone_on_with_and_ends_the_same() {
    let change = |both: &Both| {
        both.edit("deals", 7, &json!({ "amount": "777" }));
        both.edit("deals", 31, &json!({ "dealname": "New" }));
        both.edit("contacts", 102, &json!({ "hs_merged_object_ids": "101" }));
        both.hubspot.change(|portal| {
            portal.records.get_mut("contacts").unwrap().remove(&101);
            portal.records.get_mut("deals").unwrap().remove(&2);
            let own = vec![("segment".to_owned(), false)];
            portal.definitions.insert("deals".to_owned(), own);
        });
    };
    let options = SyncOptions {
        page_size: Some(5),
        reconcile: true,
        ..SyncOptions::default()
    };
    let whole = Both::copied().await;
    change(&whole);
    whole.sync_with(&options).await.unwrap();
    let questions = whole.hubspot.take_log().len();
    assert!(questions > 50, "{questions}");
    for n in (1..=questions).step_by(3) {
        let both = Both::copied().await;
        change(&both);
        let asked = std::sync::atomic::AtomicUsize::new(0);
        both.hubspot.script(move |_: &Asked| {
            let count = asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
            (count == n).then(|| (500, json!({})))
        });
        both.sync_with(&options).await.unwrap_err();
        both.hubspot.script(|_: &Asked| None);
        let report = both.sync_with(&options).await.unwrap();
        assert_eq!(
            (report.kind, report.generation),
            (RunKind::Resumed, 2),
            "question {n}"
        );
        assert_eq!(
            both.copy.everything(),
            whole.copy.everything(),
            "question {n}"
        );
    }
}

#[test]
fn the_portals_records_are_older_than_any_window() {
    assert!(modified_at(&json!({})).millis() < 1_793_606_400_000 - 3_600_000);
}
