//! Search and its rules.

use serde_json::{Value, json};

use crate::{Hub, ids};

const DEALS: &str = "/crm/objects/2026-09/deals/search";
const CONTACTS: &str = "/crm/objects/2026-09/contacts/search";

#[allow(
    clippy::needless_pass_by_value,
    reason = "callers write json!(…) in place"
)]
fn filter(property: &str, operator: &str, value: Value) -> Value {
    let key = if value.is_array() { "values" } else { "value" };
    json!({ "propertyName": property, "operator": operator, key: value })
}

fn query(filters: &[Value]) -> Value {
    json!({ "filterGroups": [{ "filters": filters }], "limit": 200 })
}

async fn total(hub: &Hub, path: &str, filters: &[Value]) -> u64 {
    hub.post(path, query(filters)).await.ok()["total"]
        .as_u64()
        .unwrap()
}

#[tokio::test]
async fn operators_divide_what_there_is() {
    let hub = Hub::start().await;
    let everything = total(&hub, DEALS, &[]).await;
    assert!(everything > 390);
    let parts = [
        (
            filter("hs_is_closed", "EQ", json!("true")),
            filter("hs_is_closed", "NEQ", json!("true")),
        ),
        (
            filter("amount", "GTE", json!("20000")),
            filter("amount", "NOT_HAS_PROPERTY", Value::Null),
        ),
        (
            filter("dealstage", "IN", json!(["closedwon", "closedlost"])),
            filter("dealstage", "NOT_IN", json!(["closedwon", "closedlost"])),
        ),
        (
            filter("hs_object_id", "GT", json!("9500")),
            filter("hs_object_id", "LTE", json!("9500")),
        ),
        (
            filter("closed_lost_reason", "CONTAINS_TOKEN", json!("budget")),
            filter("closed_lost_reason", "NOT_CONTAINS_TOKEN", json!("budget")),
        ),
        (
            filter("associations.contacts", "HAS_PROPERTY", Value::Null),
            filter("associations.contacts", "NOT_HAS_PROPERTY", Value::Null),
        ),
    ];
    for (yes, no) in parts {
        let (some, others) = (
            total(&hub, DEALS, std::slice::from_ref(&yes)).await,
            total(&hub, DEALS, &[no]).await,
        );
        assert!(some > 0 && some < everything, "{yes}");
        if yes["propertyName"] == "amount" {
            let less = total(&hub, DEALS, &[filter("amount", "LT", json!("20000"))]).await;
            assert_eq!(some + others + less, everything, "{yes}");
        } else {
            assert_eq!(some + others, everything, "{yes}");
        }
    }
    let low = json!({ "propertyName": "amount", "operator": "BETWEEN", "value": "5000",
                      "highValue": "20000" });
    let between = total(&hub, DEALS, &[low]).await;
    let split = [
        filter("amount", "GTE", json!("5000")),
        filter("amount", "LTE", json!("20000")),
    ];
    assert_eq!(between, total(&hub, DEALS, &split).await);
}

#[tokio::test]
async fn groups_are_or_and_filters_are_and() {
    let hub = Hub::start().await;
    let won = filter("hs_is_closed_won", "EQ", json!("true"));
    let lost = filter("hs_is_closed_lost", "EQ", json!("true"));
    assert_eq!(total(&hub, DEALS, &[won.clone(), lost.clone()]).await, 0);
    let either = json!({ "filterGroups": [{ "filters": [won] }, { "filters": [lost] }] });
    let closed = total(&hub, DEALS, &[filter("hs_is_closed", "EQ", json!("true"))]).await;
    assert_eq!(hub.post(DEALS, either).await.ok()["total"], closed);
}

#[tokio::test]
async fn dates_compare_in_every_spelling() {
    let hub = Hub::start().await;
    let at: i64 = 1_767_225_600_000;
    let count =
        async |value: &str| total(&hub, DEALS, &[filter("createdate", "GTE", json!(value))]).await;
    let by_millis = count(&at.to_string()).await;
    assert!(by_millis > 50);
    assert_eq!(by_millis, count("2026-01-01").await);
    assert_eq!(by_millis, count("2026-01-01T00:00:00Z").await);
}

#[tokio::test]
async fn ids_are_compared_and_sorted_as_numbers() {
    let hub = Hub::start().await;
    let mut body = query(&[filter("hs_object_id", "GT", json!("9990"))]);
    body["sorts"] = json!([{ "propertyName": "hs_object_id", "direction": "ASCENDING" }]);
    let page = hub.post(DEALS, body).await.ok();
    let numbers: Vec<u64> = ids(&page).iter().map(|id| id.parse().unwrap()).collect();
    assert!(numbers.is_sorted());
    assert!(numbers[0] > 9_990 && *numbers.last().unwrap() > 10_000);
}

#[tokio::test]
async fn paging_is_an_offset_and_ends_at_ten_thousand() {
    let hub = Hub::start().await;
    let sorts = json!([{ "propertyName": "createdate", "direction": "DESCENDING" }]);
    let page = async |after: &str| {
        hub.post(
            CONTACTS,
            json!({ "limit": 50, "after": after, "sorts": sorts }),
        )
        .await
        .ok()
    };
    let first = page("0").await;
    assert_eq!(first["paging"]["next"]["after"], "50");
    let second = page("50").await;
    assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)));
    for (after, status) in [("9950", 200), ("9951", 400), ("10000", 400)] {
        let answer = hub
            .post(CONTACTS, json!({ "limit": 50, "after": after }))
            .await;
        assert_eq!(answer.status, status, "after {after}");
    }
}

#[tokio::test]
async fn rules_are_enforced() {
    let hub = Hub::start().await;
    let one = filter("amount", "GT", json!("1"));
    let group = |filters: usize| json!({ "filters": vec![one.clone(); filters] });
    let groups =
        |groups: usize, filters: usize| json!({ "filterGroups": vec![group(filters); groups] });
    for (body, status) in [
        (groups(5, 3), 200),
        (groups(6, 1), 400),
        (groups(1, 6), 200),
        (groups(1, 7), 400),
        (groups(3, 6), 200),
        (groups(4, 5), 400),
        (json!({ "limit": 200 }), 200),
        (json!({ "limit": 201 }), 400),
        (json!({ "after": "x" }), 400),
        (json!({ "sorts": ["amount", "closedate"] }), 400),
        (json!({ "sorts": ["-amount"] }), 200),
        (json!({ "sorts": ["no_such_property"] }), 400),
        (query(&[filter("no_such_property", "EQ", json!("1"))]), 400),
        (query(&[filter("amount", "LIKE", json!("1"))]), 400),
        (query(&[filter("amount", "IN", json!([]))]), 400),
        (
            query(&[json!({ "propertyName": "amount", "operator": "EQ" })]),
            400,
        ),
        (json!({ "query": "x".repeat(3_001) }), 400),
    ] {
        let answer = hub.post(DEALS, body.clone()).await;
        assert_eq!(answer.status, status, "{body} gave {}", answer.body);
    }
}

#[tokio::test]
async fn archived_records_are_never_found() {
    let hub = Hub::start().await;
    let before = total(&hub, CONTACTS, &[]).await;
    let id = hub.ids("contacts", 1).await.remove(0);
    let inputs = json!({ "inputs": [{ "id": id }] });
    hub.post("/crm/objects/2026-09/contacts/batch/archive", inputs)
        .await
        .ok();
    assert_eq!(total(&hub, CONTACTS, &[]).await, before - 1);
}

#[tokio::test]
async fn the_index_can_lag() {
    let hub = Hub::start().await;
    hub.set("search-lag", json!({ "seconds": 30 })).await;
    let id = hub.ids("deals", 1).await.remove(0);
    let this = [filter("hs_object_id", "EQ", json!(id))];
    assert_eq!(total(&hub, DEALS, &this).await, 1);
    let update = json!({ "inputs": [{ "id": id, "properties": { "dealname": "new" } }] });
    hub.post("/crm/objects/2026-09/deals/batch/update", update)
        .await
        .ok();
    assert_eq!(total(&hub, DEALS, &this).await, 0);
    hub.set("advance", json!({ "seconds": 31 })).await;
    assert_eq!(total(&hub, DEALS, &this).await, 1);
}

#[tokio::test]
async fn a_bulk_job_gives_everything_one_modified_date() {
    let hub = Hub::start().await;
    let touched = hub
        .set("bulk-touch", json!({ "objectType": "contacts" }))
        .await;
    let at = touched["at"].as_str().unwrap();
    let same = [filter("lastmodifieddate", "EQ", json!(at))];
    assert_eq!(
        total(&hub, CONTACTS, &same).await,
        total(&hub, CONTACTS, &[]).await
    );
}
