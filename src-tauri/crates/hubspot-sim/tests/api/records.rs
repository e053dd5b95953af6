//! Lists, reads, batches, definitions, owners, pipelines.

use std::collections::BTreeSet;

use hubspot_sim::Limits;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{Hub, all, ids, options};

const DEALS: &str = "/crm/objects/2026-09/deals";

#[tokio::test]
async fn lists_are_paged_by_id_and_complete() {
    let hub = Hub::start().await;
    let counts = hub.control(Method::GET, "counts", Value::Null).await;
    for object_type in ["contacts", "companies", "deals", "notes", "2-38201477"] {
        let records = all(&hub, &format!("/crm/objects/2026-09/{object_type}")).await;
        assert_eq!(counts[object_type]["live"], records.len(), "{object_type}");
        let numbers: Vec<u64> = records
            .iter()
            .map(|record| record["id"].as_str().unwrap().parse().unwrap())
            .collect();
        assert!(
            numbers.windows(2).all(|pair| pair[0] < pair[1]),
            "{object_type}"
        );
    }
}

#[tokio::test]
async fn short_pages_still_lead_to_every_record() {
    let hub = Hub::start().await;
    let long = all(&hub, DEALS).await;
    hub.set("short-pages", json!({ "on": true })).await;
    assert_eq!(hub.ids("deals", 100).await.len(), 50);
    assert_eq!(all(&hub, DEALS).await, long);
}

#[tokio::test]
async fn an_address_can_be_too_long() {
    let hub = Hub::start().await;
    let names = vec!["a_property_with_a_long_name"; 600].join(",");
    let answer = hub.get(&format!("{DEALS}?properties={names}")).await;
    assert_eq!(answer.status, 414);
    let body = json!({ "inputs": [], "properties": names.split(',').collect::<Vec<_>>() });
    hub.post(&format!("{DEALS}/batch/read"), body).await.ok();
}

#[tokio::test]
async fn every_spelling_of_a_type_leads_to_it() {
    let hub = Hub::start().await;
    let portal = hub.get("/account-info/v3/details").await.ok()["portalId"].clone();
    let first = async |path: String| ids(&hub.get(&path).await.ok())[0].clone();
    let deal = first(format!("{DEALS}?limit=1")).await;
    for path in [
        "/crm/v3/objects/deals",
        "/crm/v3/objects/0-3",
        "/crm/objects/2026-03/deal",
    ] {
        assert_eq!(first(format!("{path}?limit=1")).await, deal, "{path}");
    }
    let machine = first("/crm/objects/2026-09/2-38201477?limit=1".to_owned()).await;
    let named = first(format!("/crm/objects/2026-09/p{portal}_machine?limit=1")).await;
    assert_eq!(machine, named);
    hub.get("/crm/objects/2026-09/unicorns")
        .await
        .refused(400, "VALIDATION_ERROR");
    hub.get("/crm/objects/2031-09/deals")
        .await
        .refused(404, "OBJECT_NOT_FOUND");
}

#[tokio::test]
async fn the_same_seed_gives_the_same_pages() {
    let pages = async |seed: u64| -> Vec<String> {
        let hub = Hub::with(options(seed, Limits::Off)).await;
        let mut pages = Vec::new();
        for path in [
            "/crm/objects/2026-09/contacts?limit=100",
            "/crm/objects/2026-09/deals?limit=50&propertiesWithHistory=dealstage,amount,closedate",
            "/crm/objects/2026-09/notes?limit=100&properties=hs_note_body",
            "/crm/owners/2026-09",
            "/crm/properties/2026-09/deals",
        ] {
            pages.push(hub.get(path).await.ok().to_string());
        }
        pages
    };
    let (one, same, other) = (pages(7).await, pages(7).await, pages(8).await);
    assert_eq!(one, same);
    for index in 0..3 {
        assert_ne!(one[index], other[index]);
    }
}

#[tokio::test]
async fn limits_of_pages_and_batches_hold() {
    let hub = Hub::start().await;
    let refused = async |answer: crate::Answer| answer.refused(400, "VALIDATION_ERROR");
    refused(hub.get(&format!("{DEALS}?limit=101")).await).await;
    refused(hub.get(&format!("{DEALS}?limit=0")).await).await;
    refused(
        hub.get(&format!("{DEALS}?limit=51&propertiesWithHistory=dealstage"))
            .await,
    )
    .await;
    refused(hub.get(&format!("{DEALS}?after=soon")).await).await;
    hub.get(&format!("{DEALS}?limit=50&propertiesWithHistory=dealstage"))
        .await
        .ok();
    let inputs =
        |count: usize| -> Vec<Value> { (0..count).map(|id| json!({ "id": id })).collect() };
    let read = format!("{DEALS}/batch/read");
    refused(hub.post(&read, json!({ "inputs": inputs(101) })).await).await;
    let histories = json!({ "inputs": inputs(51), "propertiesWithHistory": ["dealstage"] });
    refused(hub.post(&read, histories).await).await;
    let update = format!("{DEALS}/batch/update");
    refused(hub.post(&update, json!({ "inputs": inputs(101) })).await).await;
    let links = "/crm/associations/2026-09/deals/contacts/batch/read";
    refused(hub.post(links, json!({ "inputs": inputs(1_001) })).await).await;
}

#[tokio::test]
async fn values_are_texts_or_null_and_unknown_names_vanish() {
    let hub = Hub::start().await;
    let names = "amount,hs_is_closed,closed_won_reason,no_such_property,hs_object_id";
    let deals = all(&hub, &format!("{DEALS}?properties={names}")).await;
    let mut empty = 0;
    for deal in &deals {
        let properties = deal["properties"].as_object().unwrap();
        assert!(!properties.contains_key("no_such_property"));
        assert!(
            properties
                .values()
                .all(|value| value.is_string() || value.is_null())
        );
        assert_eq!(properties["hs_object_id"], deal["id"]);
        empty += usize::from(properties["closed_won_reason"].is_null());
    }
    assert!(empty > deals.len() / 2, "never set is null");
}

#[tokio::test]
async fn what_hubspot_works_out_agrees_with_the_stage() {
    let hub = Hub::start().await;
    let names = "dealstage,pipeline,hs_is_closed,hs_is_closed_won,hs_is_closed_lost,\
                 hs_deal_stage_probability,amount,deal_currency_code,amount_in_home_currency,\
                 hs_closed_amount,days_to_close,hs_v2_date_entered_current_stage";
    let pipelines = hub.get("/crm/pipelines/2026-09/deals").await.ok();
    let stages: Vec<Value> = pipelines["results"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|pipeline| pipeline["stages"].as_array().unwrap().clone())
        .collect();
    let mut dollars = 0;
    for deal in all(&hub, &format!("{DEALS}?properties={names}")).await {
        let value = |name: &str| deal["properties"][name].as_str();
        let stage = stages
            .iter()
            .find(|stage| stage["id"] == deal["properties"]["dealstage"])
            .unwrap();
        assert_eq!(
            stage["metadata"]["isClosed"].as_str(),
            value("hs_is_closed")
        );
        let number = |text: Option<&str>| text.map(|text| text.parse::<f64>().unwrap());
        let chance = number(stage["metadata"]["probability"].as_str());
        assert_eq!(chance, number(value("hs_deal_stage_probability")));
        let won = value("hs_is_closed_won") == Some("true");
        let lost = value("hs_is_closed_lost") == Some("true");
        assert_eq!(won || lost, value("hs_is_closed") == Some("true"));
        assert!(!(won && lost));
        assert_eq!(value("days_to_close").is_some(), won || lost);
        assert!(value("hs_v2_date_entered_current_stage").is_some());
        let (amount, home) = (
            number(value("amount")),
            number(value("amount_in_home_currency")),
        );
        let rate = if value("deal_currency_code") == Some("USD") {
            0.92
        } else {
            1.0
        };
        dollars += usize::from(rate < 1.0);
        match (amount, home) {
            (Some(amount), Some(home)) => assert!((amount * rate - home).abs() <= 0.005 + 1e-9),
            (None, None) => {}
            other => panic!("{other:?}"),
        }
        if !won {
            assert_eq!(value("hs_closed_amount"), Some("0"));
        }
    }
    assert!(dollars > 20, "two currencies");
}

#[tokio::test]
async fn stage_times_follow_from_the_history() {
    let hub = Hub::start().await;
    let path = format!(
        "{DEALS}?limit=50&propertiesWithHistory=dealstage&properties=hs_v2_date_entered_closedwon,\
         hs_v2_date_exited_appointmentscheduled"
    );
    let mut seen = 0;
    for deal in hub.get(&path).await.ok()["results"].as_array().unwrap() {
        let history = deal["propertiesWithHistory"]["dealstage"]
            .as_array()
            .unwrap();
        let entered = history
            .iter()
            .find(|version| version["value"] == "closedwon");
        let shown = &deal["properties"]["hs_v2_date_entered_closedwon"];
        assert_eq!(
            entered.map_or(&Value::Null, |version| &version["timestamp"]),
            shown
        );
        seen += usize::from(entered.is_some());
        let known: BTreeSet<&str> = [
            "CRM_UI",
            "INTEGRATION",
            "IMPORT",
            "AUTOMATION_PLATFORM",
            "FORM",
        ]
        .into();
        for version in history {
            assert!(known.contains(version["sourceType"].as_str().unwrap()));
        }
    }
    assert!(seen > 5);
}

#[tokio::test]
async fn archived_records_are_listed_apart() {
    let hub = Hub::start().await;
    let id = hub.ids("contacts", 1).await.remove(0);
    let path = format!("/crm/objects/2026-09/contacts/{id}");
    assert_eq!(hub.call(Method::DELETE, &path, None).await.status, 204);
    hub.get(&path).await.refused(404, "OBJECT_NOT_FOUND");
    let archived = hub.get(&format!("{path}?archived=True")).await.ok();
    assert_eq!(archived["archived"], true);
    assert!(archived["archivedAt"].is_string());
    let modified = archived["properties"]["hs_lastmodifieddate"]
        .as_str()
        .unwrap();
    assert!(
        modified < archived["archivedAt"].as_str().unwrap(),
        "archiving leaves it alone"
    );
    let bin = all(&hub, "/crm/objects/2026-09/contacts?archived=true").await;
    assert!(bin.iter().all(|record| record["archived"] == true));
    assert!(bin.iter().any(|record| record["id"] == json!(id)));
    assert!(!hub.ids("contacts", 100).await.contains(&id));
    // Ninety days later the bin has forgotten it.
    hub.set("advance", json!({ "days": 91 })).await;
    let bin = all(&hub, "/crm/objects/2026-09/contacts?archived=true").await;
    assert!(bin.iter().all(|record| record["id"] != json!(id)));
}

#[tokio::test]
async fn a_batch_with_a_missing_id_is_207() {
    let hub = Hub::start().await;
    let id = hub.ids("deals", 1).await.remove(0);
    let inputs = json!({ "inputs": [{ "id": id }, { "id": id }, { "id": "1" }, { "id": "2" }] });
    let answer = hub.post(&format!("{DEALS}/batch/read"), inputs).await;
    assert_eq!(answer.status, 207);
    assert_eq!(ids(&answer.body), [id]);
    assert_eq!(answer.body["numErrors"], 1);
    let error = &answer.body["errors"][0];
    assert_eq!(error["category"], "OBJECT_NOT_FOUND");
    assert_eq!(error["context"]["ids"], json!(["1", "2"]));
}

#[tokio::test]
async fn definitions_are_made_once_changed_and_archived() {
    let hub = Hub::start().await;
    let properties = "/crm/properties/2026-09/deals";
    let group = json!({ "name": "plumbline", "label": "Plumbline" });
    let groups = format!("{properties}/groups");
    assert_eq!(hub.post(&groups, group.clone()).await.status, 201);
    hub.post(&groups, group).await.refused(409, "CONFLICT");
    let new = json!({
        "groupName": "plumbline", "name": "plumbline_win_probability", "label": "Win probability",
        "type": "number", "fieldType": "number", "numberDisplayHint": "percentage",
    });
    let made = hub.post(properties, new.clone()).await;
    assert_eq!(made.status, 201);
    assert_eq!(made.body["hubspotDefined"], false);
    assert_eq!(made.body["modificationMetadata"]["readOnlyValue"], false);
    hub.post(properties, new.clone())
        .await
        .refused(409, "CONFLICT");
    let path = format!("{properties}/plumbline_win_probability");
    let change = json!({ "label": "Chance to win" });
    let changed = hub.call(Method::PATCH, &path, Some(&change)).await.ok();
    assert_eq!(changed["label"], "Chance to win");
    assert_eq!(hub.get(&path).await.ok()["label"], "Chance to win");
    for (key, value) in [
        ("type", "text"),
        ("groupName", "no_such_group"),
        ("name", "With Spaces"),
        ("fieldType", "select"),
        ("label", ""),
    ] {
        let mut wrong = new.clone();
        wrong["name"] = json!("another_one");
        wrong[key] = json!(value);
        hub.post(properties, wrong)
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    assert_eq!(hub.call(Method::DELETE, &path, None).await.status, 204);
    hub.get(&path).await.refused(404, "OBJECT_NOT_FOUND");
    assert_eq!(
        hub.get(&format!("{path}?archived=true")).await.ok()["archived"],
        true
    );
    let standard = format!("{properties}/amount");
    hub.call(Method::DELETE, &standard, None)
        .await
        .refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn owners_are_paged_and_those_who_left_are_apart() {
    let hub = Hub::start().await;
    let mut seen = BTreeSet::new();
    let mut after = String::new();
    loop {
        let page = hub
            .get(&format!("/crm/owners/2026-09?limit=5&after={after}"))
            .await
            .ok();
        seen.extend(ids(&page));
        match page["paging"]["next"]["after"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    assert_eq!(seen.len(), 11);
    let gone = hub.get("/crm/v3/owners?archived=true").await.ok();
    let owner = &gone["results"][0];
    assert_eq!(owner["userId"], Value::Null);
    assert!(owner["userIdIncludingInactive"].is_number());
    assert!(!seen.contains(owner["id"].as_str().unwrap()));
    let teams: BTreeSet<String> = hub.get("/crm/owners/2026-09").await.ok()["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|owner| owner["teams"][0]["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(teams.len(), 3);
}

#[tokio::test]
async fn hostile_texts_are_served_as_they_are() {
    let hub = Hub::with(hubspot_sim::SimOptions {
        deals: Some(2_500),
        ..options(7, Limits::Off)
    })
    .await;
    let notes = all(&hub, "/crm/objects/2026-09/notes?properties=hs_note_body").await;
    let bodies: Vec<&str> = notes
        .iter()
        .filter_map(|note| note["properties"]["hs_note_body"].as_str())
        .collect();
    assert!(bodies.iter().any(|body| body.contains("<script>")));
    assert!(bodies.iter().any(|body| body.starts_with("=HYPERLINK")));
    assert!(
        bodies.iter().any(|body| body.contains('\u{202e}')),
        "right-to-left override"
    );
    assert!(bodies.iter().any(|body| body.chars().count() == 10_000));
    let companies = all(&hub, "/crm/objects/2026-09/companies?properties=name").await;
    let names: Vec<&str> = companies
        .iter()
        .filter_map(|company| company["properties"]["name"].as_str())
        .collect();
    assert!(
        names
            .iter()
            .any(|name| name.starts_with('@') || name.starts_with('='))
    );
}
