//! Lists and their members, and what the plan allows.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Hub};

const LISTS: &str = "/crm/lists/2026-09";

async fn list(hub: &Hub, name: &str, processing: &str) -> Answer {
    let body = json!({ "name": name, "objectTypeId": "0-1", "processingType": processing });
    hub.post(LISTS, body).await
}

#[tokio::test]
async fn members_are_paged_and_the_archived_fall_out() {
    let hub = Hub::start().await;
    let made = list(&hub, "Customers", "MANUAL").await.ok();
    let id = made["list"]["listId"].as_str().unwrap();
    list(&hub, "Customers", "MANUAL")
        .await
        .refused(409, "CONFLICT");
    let contacts = hub.ids("contacts", 5).await;
    let mut wanted = contacts.clone();
    wanted.push("1".to_owned());
    let add = format!("{LISTS}/{id}/memberships/add");
    let added = hub.call(Method::PUT, &add, Some(&json!(wanted))).await.ok();
    assert_eq!(added["recordIdsMissing"], json!(["1"]));
    hub.delete(&format!("/crm/objects/2026-09/contacts/{}", contacts[2]))
        .await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let path = format!("{LISTS}/{id}/memberships?limit=2&after={after}");
        let page = hub.get(&path).await.ok();
        for member in page["results"].as_array().unwrap() {
            seen.push(member["recordId"].as_str().unwrap().to_owned());
        }
        match page["paging"]["next"]["after"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    let left: Vec<&String> = contacts.iter().filter(|id| **id != contacts[2]).collect();
    assert_eq!(seen.iter().collect::<Vec<_>>(), left);
    let shown = hub.get(&format!("{LISTS}/{id}")).await.ok();
    assert_eq!(shown["list"]["additionalProperties"]["hs_list_size"], "4");
    let of = format!("{LISTS}/records/0-1/{}/memberships", contacts[0]);
    assert_eq!(hub.get(&of).await.ok()["results"][0]["listId"], id);
    let by_name = format!("{LISTS}/object-type-id/0-1/name/Customers");
    assert_eq!(hub.get(&by_name).await.ok()["list"]["listId"], id);
    assert_eq!(hub.delete(&format!("{LISTS}/{id}")).await.status, 204);
    hub.get(&format!("{LISTS}/{id}"))
        .await
        .refused(404, "OBJECT_NOT_FOUND");
}

#[tokio::test]
async fn lists_are_searched_in_pages() {
    let hub = Hub::start().await;
    for number in 0..5 {
        list(&hub, &format!("Region {number}"), "DYNAMIC")
            .await
            .ok();
    }
    list(&hub, "Other", "MANUAL").await.ok();
    let search = async |body: Value| hub.post(&format!("{LISTS}/search"), body).await.ok();
    let first = search(json!({ "query": "region", "count": 3 })).await;
    assert_eq!(
        (&first["total"], &first["hasMore"]),
        (&json!(5), &json!(true))
    );
    let rest = search(json!({ "query": "region", "count": 3, "offset": first["offset"] })).await;
    assert_eq!(rest["lists"].as_array().unwrap().len(), 2);
    assert_eq!(rest["hasMore"], false);
    let manual = search(json!({ "processingTypes": ["MANUAL"] })).await;
    assert_eq!(manual["lists"][0]["name"], "Other");
    let dynamic = first["lists"][0]["listId"].as_str().unwrap();
    hub.call(
        Method::PUT,
        &format!("{LISTS}/{dynamic}/memberships/add"),
        Some(&json!(["1"])),
    )
    .await
    .refused(400, "VALIDATION_ERROR");
}

fn root(branch: &Value) -> Value {
    json!({ "filterBranchType": "OR", "filterBranches": [branch], "filters": [] })
}

fn of_property(property: &str, operation: &Value) -> Value {
    json!({ "filterType": "PROPERTY", "property": property, "operation": operation })
}

/// How many deals pass each of these, next to how many pass none and all.
#[tokio::test]
async fn filters_are_evaluated() {
    let hub = Hub::start().await;
    let size = async |branch: Value, name: usize| {
        let body = json!({
            "name": format!("List {name}"), "objectTypeId": "0-3", "processingType": "DYNAMIC",
            "filterBranch": root(&branch),
        });
        let made = hub.post(LISTS, body).await.ok();
        made["list"]["size"].as_u64().unwrap()
    };
    let and = |filters: Value| json!({ "filterBranchType": "AND", "filters": filters });
    let number = |operator: &str, value: f64| {
        of_property(
            "amount",
            &json!({ "operationType": "NUMBER", "operator": operator, "value": value }),
        )
    };
    let known = of_property(
        "amount",
        &json!({ "operationType": "ALL_PROPERTY", "operator": "IS_KNOWN" }),
    );
    let won = of_property(
        "dealstage",
        &json!({ "operationType": "MULTISTRING", "operator": "IS_EQUAL_TO", "values": ["ClosedWon"] }),
    );
    let all = size(and(json!([])), 0).await;
    let priced = size(and(json!([known])), 1).await;
    let small = size(and(json!([number("IS_LESS_THAN", 20_000.0)])), 2).await;
    let large = size(
        and(json!([number("IS_GREATER_THAN_OR_EQUAL_TO", 20_000.0)])),
        3,
    )
    .await;
    assert!(small > 0 && large > 0 && all >= priced);
    assert_eq!(small + large, priced);
    let is_won = size(and(json!([won.clone()])), 4).await;
    assert!(is_won > 0 && is_won < all);
    let not_any = json!({ "filterBranchType": "NOT_ANY", "filters": [won.clone()] });
    let below = json!({ "filterBranchType": "AND", "filterBranches": [not_any], "filters": [] });
    assert_eq!(size(below, 5).await + is_won, all);
    let both = and(json!([won, number("IS_LESS_THAN", 20_000.0)]));
    assert!(size(both, 6).await < is_won.min(small));
    // What HubSpot computes is filtered as what was written is.
    for (name, property) in ["hs_object_id", "hs_v2_date_entered_closedwon"]
        .iter()
        .enumerate()
    {
        let known = of_property(
            property,
            &json!({ "operationType": "ALL_PROPERTY", "operator": "IS_KNOWN" }),
        );
        let found = size(and(json!([known])), 7 + name).await;
        let expected = if *property == "hs_object_id" {
            all
        } else {
            is_won
        };
        assert_eq!(found, expected, "{property}");
    }
}

#[tokio::test]
async fn filters_are_shown_changed_and_refused() {
    let hub = Hub::start().await;
    let filter = |name: &str, of_type: &str, operator: &str| {
        let operation = json!({ "operationType": of_type, "operator": operator, "values": ["x"] });
        let filters = json!([of_property(name, &operation)]);
        json!({ "filterBranchType": "AND", "filters": filters })
    };
    let make = async |name: &str, processing: &str, filters: Value| {
        let body = json!({
            "name": name, "objectTypeId": "0-1", "processingType": processing,
            "filterBranch": filters,
        });
        hub.post(LISTS, body).await
    };
    let good = root(&filter("email", "MULTISTRING", "CONTAINS"));
    let made = make("Some", "DYNAMIC", good.clone()).await.ok();
    let id = made["list"]["listId"].as_str().unwrap();
    let path = format!("{LISTS}/{id}");
    assert!(hub.get(&path).await.ok()["list"]["filterBranch"].is_null());
    let shown = hub.get(&format!("{path}?includeFilters=true")).await.ok();
    assert_eq!(shown["list"]["filterBranch"], good);
    let change = json!({ "filterBranch": root(&filter("email", "MULTISTRING", "STARTS_WITH")) });
    let put = async |path: String, body: Option<&Value>| hub.call(Method::PUT, &path, body).await;
    let changed = put(format!("{path}/update-list-filters"), Some(&change))
        .await
        .ok();
    assert_eq!(changed["updatedList"]["listId"], id);
    let renamed = put(format!("{path}/update-list-name?listName=Others"), None)
        .await
        .ok();
    assert_eq!(renamed["updatedList"]["name"], "Others");
    let bare = filter("email", "MULTISTRING", "CONTAINS");
    for (number, (processing, filters)) in [
        ("MANUAL", good.clone()),
        ("DYNAMIC", bare.clone()),
        ("DYNAMIC", root(&root(&bare))),
        (
            "DYNAMIC",
            root(&filter("nothing", "MULTISTRING", "CONTAINS")),
        ),
        (
            "DYNAMIC",
            root(&filter("email", "MULTISTRING", "LOOKS_LIKE")),
        ),
        ("SNAPSHOT", root(&filter("email", "TIME_POINT", "IS_AFTER"))),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = make(&format!("Refused {number}"), processing, filters).await;
        refused.refused(400, "VALIDATION_ERROR");
    }
    let by_hand = list(&hub, "By hand", "MANUAL").await.ok();
    let by_hand = by_hand["list"]["listId"].as_str().unwrap();
    put(
        format!("{LISTS}/{by_hand}/update-list-filters"),
        Some(&change),
    )
    .await
    .refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn every_limit_can_be_asked_for() {
    let hub = Hub::start().await;
    let limits = "/crm/limits/2026-09";
    let custom = hub.get(&format!("{limits}/custom-object-types")).await.ok();
    assert_eq!(
        (&custom["limit"], &custom["usage"]),
        (&json!(10), &json!(1))
    );
    let records = hub.get(&format!("{limits}/records")).await.ok();
    let deals = records["hubspotDefinedObjectTypes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["objectTypeId"] == "0-3")
        .unwrap();
    assert!(deals["usage"].as_u64().unwrap() > 300);
    let labels = hub
        .get(&format!(
            "{limits}/associations/labels?fromObjectTypeId=0-3&toObjectTypeId=0-1"
        ))
        .await
        .ok();
    assert_eq!(
        labels["results"][0]["usage"], 2,
        "decision maker and champion"
    );
    for (plan, most) in [("starter", 2), ("professional", 15)] {
        hub.set("plan", json!({ "plan": plan })).await;
        let pipelines = hub.get(&format!("{limits}/pipelines")).await.ok();
        assert_eq!(pipelines["hubspotDefinedObjectTypes"][0]["limit"], most);
    }
    for path in [
        "custom-properties",
        "calculated-properties",
        "associations/records/from",
        "associations/records/0-3/to",
        "associations/records/0-3/0-1",
    ] {
        hub.get(&format!("{limits}/{path}")).await.ok();
    }
    hub.get(&format!("{limits}/wishes"))
        .await
        .refused(404, "OBJECT_NOT_FOUND");
}
