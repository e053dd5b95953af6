//! Named scenarios: each can be switched on, and each shows what its name says.

use std::collections::BTreeSet;

use hubspot_sim::{Scenario, Settings};
use serde_json::{Value, json};

use super::{Hub, all};

const DEALS: &str = "/crm/objects/2026-09/deals";
const CONTACTS: &str = "/crm/objects/2026-09/contacts";

fn plain() -> Settings {
    Settings::default()
}

/// Every id that a list hands out, with the number of pages that were empty.
async fn listed(hub: &Hub, path: &str) -> (Vec<String>, usize) {
    let (mut ids, mut empty, mut after) = (Vec::new(), 0, String::new());
    loop {
        let page = hub
            .get(&format!("{path}?limit=100&after={after}"))
            .await
            .ok();
        let page_ids = super::ids(&page);
        empty += usize::from(page_ids.is_empty());
        ids.extend(page_ids);
        match page["paging"]["next"]["after"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => return (ids, empty),
        }
    }
}

/// Every id that a search hands out, with the numbers of short and of empty pages.
async fn searched(hub: &Hub, filters: &Value) -> (Vec<String>, usize, usize) {
    let (mut ids, mut short, mut empty, mut after) = (Vec::new(), 0, 0, String::new());
    loop {
        let body = json!({ "limit": 50, "after": after, "sorts": ["hs_object_id"],
            "filterGroups": [{ "filters": filters }] });
        let page = hub.post(&format!("{DEALS}/search"), body).await.ok();
        let page_ids = super::ids(&page);
        let next = page["paging"]["next"]["after"].as_str().map(str::to_owned);
        if next.is_some() {
            short += usize::from(page_ids.len() < 50);
            empty += usize::from(page_ids.is_empty());
        }
        ids.extend(page_ids);
        match next {
            Some(next) => after = next,
            None => return (ids, short, empty),
        }
    }
}

#[tokio::test]
async fn every_scenario_is_listed_and_can_be_switched_on() {
    let hub = Hub::start().await;
    let list = hub
        .control(reqwest::Method::GET, "scenarios", json!({}))
        .await;
    let listed: BTreeSet<&str> = list["scenarios"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    for scenario in Scenario::ALL {
        assert!(listed.contains(scenario.name()));
        // One portal after the other: what they change would pile up.
        let hub = Hub::start().await;
        let (status, answer) =
            hub.sim
                .control("POST", "scenario", &json!({ "name": scenario.name() }));
        assert_eq!(status, 200, "{}: {answer}", scenario.name());
        hub.sim.calm();
        hub.get(&format!("{DEALS}?limit=1")).await.ok();
    }
    let (status, _) = hub
        .sim
        .control("POST", "scenario", &json!({ "name": "no-such-thing" }));
    assert_eq!(status, 400);
}

#[tokio::test]
async fn short_and_empty_pages_lose_nothing() {
    for scenario in [Scenario::ShortPages, Scenario::EmptyPages] {
        let hub = Hub::start().await;
        let wanted = hub.sim.ids("deals");
        hub.sim.scenario(scenario, &plain()).unwrap();
        let (ids, empty) = listed(&hub, DEALS).await;
        assert_eq!(ids, wanted);
        let (found, short, hollow) = searched(&hub, &json!([])).await;
        assert_eq!(found.len(), wanted.len());
        assert!(short > 1);
        let expected = scenario == Scenario::EmptyPages;
        assert_eq!(empty > 1 && hollow > 1, expected);
    }
}

#[tokio::test]
async fn a_cursor_that_repeats_leads_to_the_same_page() {
    let hub = Hub::start().await;
    let first = hub.get(&format!("{DEALS}?limit=10")).await.ok();
    let after = first["paging"]["next"]["after"].as_str().unwrap();
    hub.sim
        .scenario(Scenario::RepeatedCursor, &plain())
        .unwrap();
    let path = format!("{DEALS}?limit=10&after={after}");
    assert_eq!(hub.get(&path).await.ok()["paging"]["next"]["after"], after);
    assert_ne!(
        hub.get(&path).await.ok()["paging"]["next"]["after"],
        after,
        "once"
    );
}

#[tokio::test]
async fn ids_may_be_ordered_as_texts() {
    let hub = Hub::start().await;
    hub.sim.scenario(Scenario::IdsAsText, &plain()).unwrap();
    let (found, _, _) = searched(&hub, &json!([])).await;
    assert!(found.is_sorted(), "as texts");
    assert!(
        !found
            .iter()
            .map(|id| id.parse::<u64>().unwrap())
            .is_sorted()
    );
    let beyond = json!([{ "propertyName": "hs_object_id", "operator": "GT", "value": "9500" }]);
    let (found, _, _) = searched(&hub, &beyond).await;
    assert!(!found.is_empty() && found.iter().all(|id| id.as_str() > "9500"));
    assert!(
        found.iter().all(|id| id.len() == 4),
        "longer ids are skipped"
    );
}

#[tokio::test]
async fn search_ends_where_it_is_told_and_floods_share_a_millisecond() {
    let hub = Hub::start().await;
    let flood = hub
        .sim
        .scenario(
            Scenario::SameMillisecond,
            &Settings {
                object_type: Some("deals".to_owned()),
                ..plain()
            },
        )
        .unwrap();
    let at =
        json!([{ "propertyName": "hs_lastmodifieddate", "operator": "EQ", "value": flood["at"] }]);
    assert_eq!(
        searched(&hub, &at).await.0.len(),
        hub.sim.ids("deals").len()
    );
    hub.sim
        .scenario(
            Scenario::SearchCap,
            &Settings {
                size: Some(100),
                ..plain()
            },
        )
        .unwrap();
    let page = |after: &str| json!({ "limit": 50, "after": after });
    let search = format!("{DEALS}/search");
    hub.post(&search, page("50")).await.ok();
    hub.post(&search, page("51"))
        .await
        .refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn search_answers_rows_beside_its_window() {
    let hub = Hub::start().await;
    let until = hub.control(reqwest::Method::GET, "clock", json!({})).await["now"].clone();
    hub.sim
        .scenario(
            Scenario::AroundWindow,
            &Settings {
                times: Some(1),
                ..plain()
            },
        )
        .unwrap();
    let body = json!({ "limit": 5, "properties": ["hs_lastmodifieddate"], "filterGroups": [{ "filters": [
        { "propertyName": "hs_lastmodifieddate", "operator": "LT", "value": until },
    ] }] });
    let page = hub.post(&format!("{DEALS}/search"), body).await.ok();
    let modified = page["results"][0]["properties"]["hs_lastmodifieddate"]
        .as_str()
        .unwrap();
    assert!(modified >= until.as_str().unwrap(), "{modified}");
    assert_eq!(page["results"][0]["updatedAt"], modified);
}

#[tokio::test]
async fn a_changed_record_is_unseen_for_a_while_by_an_uneven_index() {
    let hub = Hub::start().await;
    let id = hub.sim.ids("deals").remove(0);
    hub.set("touch", json!({ "objectType": "deals", "id": id }))
        .await;
    hub.sim
        .scenario(Scenario::UnevenSearchLag, &plain())
        .unwrap();
    let mine = json!([{ "propertyName": "hs_object_id", "operator": "EQ", "value": id }]);
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(searched(&hub, &mine).await.0.len());
    }
    assert!(seen == [0, 1, 0, 1] || seen == [1, 0, 1, 0], "{seen:?}");
}

/// Which call meets which status, once a scenario is on.
#[tokio::test]
async fn refusals_come_as_documented() {
    let epoch = json!({ "filterGroups": [{ "filters": [
        { "propertyName": "hs_lastmodifieddate", "operator": "GTE", "value": "0" },
    ] }] });
    let search = format!("{DEALS}/search");
    let cases = [
        (Scenario::EpochFails, plain(), Some(epoch), 500, Value::Null),
        (
            Scenario::SecondlyLimit,
            plain(),
            Some(json!({})),
            429,
            json!("SECONDLY"),
        ),
        (
            Scenario::TenSecondlyLimit,
            plain(),
            None,
            429,
            json!("TEN_SECONDLY_ROLLING"),
        ),
        (Scenario::DailyLimit, plain(), None, 429, json!("DAILY")),
        (Scenario::AccountMoving, plain(), None, 477, Value::Null),
        (Scenario::CloudflarePage, plain(), None, 520, Value::Null),
        (
            Scenario::LongAddress,
            Settings {
                size: Some(20),
                ..plain()
            },
            None,
            414,
            Value::Null,
        ),
        (
            Scenario::ScopeMissing,
            Settings {
                object_type: Some("deals".to_owned()),
                ..plain()
            },
            None,
            403,
            Value::Null,
        ),
        (
            Scenario::PlanMissing,
            Settings {
                object_type: Some("0-3".to_owned()),
                ..plain()
            },
            None,
            403,
            Value::Null,
        ),
    ];
    for (scenario, settings, body, status, policy) in cases {
        let hub = Hub::start().await;
        hub.sim.scenario(scenario, &settings).unwrap();
        let answer = match body {
            Some(body) => hub.post(&search, body).await,
            None => hub.get(&format!("{DEALS}?limit=1")).await,
        };
        assert_eq!(answer.status, status, "{}", scenario.name());
        assert_eq!(answer.header("retry-after"), None);
        assert_eq!(answer.body["policyName"], policy, "{}", scenario.name());
    }
    let hub = Hub::start().await;
    hub.sim
        .scenario(Scenario::BadTokenStatus, &plain())
        .unwrap();
    hub.get(&format!("{DEALS}?limit=1")).await.ok();
    let stranger = Hub {
        token: "hapikey".to_owned(),
        ..hub
    };
    assert_eq!(stranger.get(&format!("{DEALS}?limit=1")).await.status, 530);
}

#[tokio::test]
async fn records_that_go_are_gone_from_where_they_should_be() {
    let hub = Hub::start().await;
    let id = |done: &Value| done["id"].as_str().unwrap().to_owned();
    let gone = id(&hub
        .sim
        .scenario(Scenario::PurgedAfterNinetyDays, &plain())
        .unwrap());
    assert!(!hub.sim.ids("deals").contains(&gone));
    let bin = all(&hub, &format!("{DEALS}?archived=true")).await;
    assert!(bin.iter().all(|record| record["id"] != gone.as_str()));
    let mail = id(&hub
        .sim
        .scenario(Scenario::EmailsAreDeleted, &plain())
        .unwrap());
    let mails = "/crm/objects/2026-09/emails";
    hub.get(&format!("{mails}/{mail}?archived=true"))
        .await
        .refused(404, "OBJECT_NOT_FOUND");
    let merged = hub
        .sim
        .scenario(Scenario::MergedVidsMissIds, &plain())
        .unwrap();
    let path = format!(
        "{CONTACTS}/{}?properties=hs_merged_object_ids,hs_calculated_merged_vids",
        id(&merged)
    );
    let shown = hub.get(&path).await.ok();
    let text = |name: &str| shown["properties"][name].as_str().unwrap().to_owned();
    let traced: BTreeSet<String> = text("hs_merged_object_ids")
        .split(';')
        .map(str::to_owned)
        .collect();
    let noted = text("hs_calculated_merged_vids");
    let noted: BTreeSet<String> = noted
        .split(';')
        .map(|entry| entry.split(':').next().unwrap().to_owned())
        .collect();
    assert_eq!(traced.len(), 4);
    assert!(noted.len() < traced.len() && noted.is_subset(&traced));
    let person = id(&hub
        .sim
        .scenario(Scenario::PrivacyDeletion, &plain())
        .unwrap());
    hub.get(&format!("{CONTACTS}/{person}?archived=true"))
        .await
        .refused(404, "OBJECT_NOT_FOUND");
}

#[tokio::test]
async fn associations_are_paged_repeated_and_cut() {
    let hub = Hub::start().await;
    let deal = hub
        .sim
        .scenario(Scenario::ManyAssociations, &plain())
        .unwrap()["id"]
        .clone();
    let deal = deal.as_str().unwrap();
    let inline = hub
        .get(&format!("{DEALS}/{deal}?associations=contacts"))
        .await
        .ok();
    let contacts = &inline["associations"]["contacts"];
    let ids: Vec<&str> = contacts["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|to| to["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 100);
    assert!(
        ids.iter().collect::<BTreeSet<_>>().len() < 100,
        "ids repeat, one for each label"
    );
    assert!(contacts["paging"]["next"]["after"].is_string());
    hub.sim
        .scenario(Scenario::AssociationPages, &plain())
        .unwrap();
    hub.sim
        .scenario(Scenario::AssociationIdsAsNumbers, &plain())
        .unwrap();
    let batch = "/crm/associations/2026-09/deals/contacts/batch/read";
    let (mut seen, mut after) = (BTreeSet::new(), None);
    loop {
        let input = match &after {
            None => json!({ "id": deal }),
            Some(after) => json!({ "id": deal, "after": after }),
        };
        let page = hub.post(batch, json!({ "inputs": [input] })).await.ok();
        let result = &page["results"][0];
        let to = result["to"].as_array().unwrap();
        assert!(to.len() <= 2);
        seen.extend(to.iter().map(|to| to["toObjectId"].as_u64().unwrap()));
        match result["paging"]["next"]["after"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => break,
        }
    }
    assert!(seen.len() >= 120);
}

#[tokio::test]
async fn odd_values_come_as_they_are() {
    let hub = Hub::start().await;
    let dates = hub.sim.scenario(Scenario::OddDates, &plain()).unwrap();
    let mut spelled = Vec::new();
    for id in dates["ids"].as_array().unwrap() {
        let path = format!("{DEALS}/{}?properties=closedate", id.as_str().unwrap());
        spelled.push(hub.get(&path).await.ok()["properties"]["closedate"].clone());
    }
    assert_eq!(
        spelled,
        ["1790000000000", "1790000000000.0", "2026-09-21T13:33:20Z"]
    );
    hub.sim
        .scenario(Scenario::RecordIdsAsNumbers, &plain())
        .unwrap();
    let page = hub.get(&format!("{DEALS}?limit=1")).await.ok();
    assert!(page["results"][0]["id"].is_u64());
    hub.sim
        .scenario(
            Scenario::ShortHistory,
            &Settings {
                size: Some(1),
                ..plain()
            },
        )
        .unwrap();
    let page = hub
        .get(&format!("{DEALS}?limit=50&propertiesWithHistory=dealstage"))
        .await
        .ok();
    for deal in page["results"].as_array().unwrap() {
        assert_eq!(
            deal["propertiesWithHistory"]["dealstage"]
                .as_array()
                .unwrap()
                .len(),
            1
        );
    }
}

#[tokio::test]
async fn definitions_change_under_a_client() {
    let hub = Hub::start().await;
    let defined = |answer: super::Answer| answer.ok()["type"].as_str().unwrap().to_owned();
    let path = "/crm/properties/2026-09/deals/scenario_note";
    hub.sim.scenario(Scenario::PropertyAdded, &plain()).unwrap();
    assert_eq!(defined(hub.get(path).await), "string");
    hub.sim
        .scenario(Scenario::PropertyRetyped, &plain())
        .unwrap();
    assert_eq!(defined(hub.get(path).await), "number");
    hub.sim
        .scenario(Scenario::PropertyDeleted, &plain())
        .unwrap();
    assert_eq!(hub.get(path).await.status, 404);
    let stages = |page: &Value| page["results"][0]["stages"].as_array().unwrap().len();
    let pipelines = "/crm/pipelines/2026-09/deals";
    let before = hub.get(pipelines).await.ok();
    hub.sim.scenario(Scenario::StageRemoved, &plain()).unwrap();
    hub.sim
        .scenario(Scenario::PipelineRemoved, &plain())
        .unwrap();
    let now = hub.get(pipelines).await.ok();
    assert_eq!(stages(&now), stages(&before) - 1);
    assert_eq!(now["results"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_portal_changes_while_it_is_read() {
    let hub = Hub::start().await;
    let before = hub.sim.ids("contacts").len();
    hub.sim
        .scenario(
            Scenario::BusyPortal,
            &Settings {
                every: Some(1),
                ..plain()
            },
        )
        .unwrap();
    let (ids, _) = listed(&hub, CONTACTS).await;
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    hub.sim.calm();
    let changed = all(&hub, CONTACTS).await;
    assert!(changed.len() != before || ids.len() != before);

    let hub = Hub::start().await;
    hub.sim
        .scenario(Scenario::ChangedBetweenReads, &plain())
        .unwrap();
    let ids = hub.ids("deals", 10).await;
    let inputs: Vec<Value> = ids.iter().map(|id| json!({ "id": id })).collect();
    let batch = json!({ "inputs": inputs, "properties": ["dealname"] });
    let answer = hub.post(&format!("{DEALS}/batch/read"), batch).await;
    assert_eq!(answer.status, 207);
    assert_eq!(
        answer.body["results"][0]["properties"]["dealname"],
        "Edited 3"
    );
    assert_eq!(answer.body["errors"][0]["context"]["ids"], json!([ids[9]]));
}
