//! What the search index gives, withholds and miscounts.

use serde_json::{Value, json};
use store::RunOutcome;

use crate::both::{Both, portal, stream};
use crate::scripted::{Asked, Copy, HandClock, Scripted};

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
    let clock = HandClock::new();
    let both = Both {
        hubspot: Scripted::in_time(portal(), clock.clone()).await,
        copy: Copy::new(),
        clock,
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
