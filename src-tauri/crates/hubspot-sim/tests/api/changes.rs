//! What people change in the portal behind a client's back.

use hubspot_sim::{Change, ChangeError};
use serde_json::{Value, json};

use super::Hub;

const DEALS: &str = "/crm/objects/2026-09/deals";

async fn deal(hub: &Hub, id: &str) -> Value {
    hub.get(&format!("{DEALS}/{id}?properties=dealname,amount"))
        .await
        .ok()
}

#[tokio::test]
async fn archiving_and_quiet_edits_leave_the_modified_date_alone() {
    let hub = Hub::start().await;
    let id = hub.ids("deals", 1).await.remove(0);
    let before = deal(&hub, &id).await;
    let set = |value: &str, quiet: bool| Change::SetProperty {
        object_type: "deals".to_owned(),
        id: id.clone(),
        property: "amount".to_owned(),
        value: value.to_owned(),
        quiet,
    };
    hub.sim.change(&set("1;2;3", true)).unwrap();
    let quiet = deal(&hub, &id).await;
    assert_eq!(quiet["properties"]["amount"], "1;2;3");
    assert_eq!(quiet["updatedAt"], before["updatedAt"]);
    hub.sim.change(&set("", false)).unwrap();
    let loud = deal(&hub, &id).await;
    assert_eq!(loud["properties"]["amount"], "");
    assert_ne!(loud["updatedAt"], before["updatedAt"]);

    hub.set(
        "archive",
        json!({ "objectType": "0-3", "id": id.parse::<u64>().unwrap() }),
    )
    .await;
    let bin = hub.get(&format!("{DEALS}/{id}?archived=true")).await.ok();
    assert_eq!(bin["updatedAt"], loud["updatedAt"]);
    assert!(bin["archivedAt"].is_string());
    hub.set("restore", json!({ "objectType": "deals", "id": id }))
        .await;
    assert_eq!(deal(&hub, &id).await["archived"], false);
    hub.set("purge", json!({ "objectType": "deals", "id": id }))
        .await;
    hub.get(&format!("{DEALS}/{id}"))
        .await
        .refused(404, "OBJECT_NOT_FOUND");
    assert_eq!(hub.sim.ledger(), json!([]), "no client wrote any of this");
}

#[tokio::test]
async fn a_merge_may_keep_the_id_or_give_a_new_one() {
    for keeps_id in [true, false] {
        let hub = Hub::start().await;
        let ids = hub.ids("contacts", 2).await;
        let merge =
            json!({ "objectType": "contacts", "id": ids[0], "other": ids[1], "keepsId": keeps_id });
        let survivor = hub.set("merge", merge).await["id"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(survivor == ids[0], keeps_id);
        for id in &ids {
            let path =
                format!("/crm/objects/2026-09/contacts/{id}?properties=hs_merged_object_ids");
            let shown = hub.get(&path).await.ok();
            assert_eq!(shown["id"], survivor.as_str());
            let trace = shown["properties"]["hs_merged_object_ids"]
                .as_str()
                .unwrap();
            let gone: Vec<&str> = ids
                .iter()
                .map(String::as_str)
                .filter(|id| *id != survivor)
                .collect();
            assert_eq!(trace, gone.join(";"));
        }
    }
}

#[tokio::test]
async fn associations_change_without_a_modified_date() {
    let hub = Hub::start().await;
    let (deals, contacts) = (hub.ids("deals", 1).await, hub.ids("contacts", 100).await);
    let list = format!("{DEALS}/{}/associations/contacts", deals[0]);
    let ids = |page: &Value| {
        page["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|to| to["toObjectId"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let linked = ids(&hub.get(&list).await.ok());
    let before = deal(&hub, &deals[0]).await;
    let fresh = contacts.iter().find(|id| !linked.contains(id)).unwrap();
    let pair =
        json!({ "fromType": "deals", "fromId": deals[0], "toType": "contacts", "toId": fresh });
    assert_eq!(
        hub.set("associate", pair.clone()).await,
        json!({ "new": true })
    );
    assert!(ids(&hub.get(&list).await.ok()).contains(fresh));
    hub.set("disassociate", pair).await;
    assert_eq!(ids(&hub.get(&list).await.ok()), linked);
    assert_eq!(
        deal(&hub, &deals[0]).await["updatedAt"],
        before["updatedAt"]
    );
}

#[tokio::test]
async fn a_bulk_edit_touches_its_share_at_one_millisecond() {
    let hub = Hub::start().await;
    let all = hub.sim.ids("contacts").len();
    let edit = json!({ "objectType": "contacts", "property": "jobtitle", "value": "Director", "percent": 10 });
    let made = hub.set("bulk-edit", edit).await;
    assert_eq!(made["edited"], all / 10);
    let search = json!({ "limit": 1, "filterGroups": [{ "filters": [
        { "propertyName": "lastmodifieddate", "operator": "EQ", "value": made["at"] },
    ] }] });
    let found = hub
        .post("/crm/objects/2026-09/contacts/search", search)
        .await
        .ok();
    assert_eq!(found["total"], all / 10);
}

#[tokio::test]
async fn a_change_to_what_is_not_there_is_refused() {
    let hub = Hub::start().await;
    let gone = Change::Touch {
        object_type: "deals".to_owned(),
        id: "1".to_owned(),
    };
    assert_eq!(hub.sim.change(&gone), Err(ChangeError::Record));
    let unknown = Change::Touch {
        object_type: "boats".to_owned(),
        id: "1".to_owned(),
    };
    assert_eq!(hub.sim.change(&unknown), Err(ChangeError::ObjectType));
    let (status, _) = hub
        .sim
        .control("POST", "archive", &json!({ "objectType": "deals" }));
    assert_eq!(status, 400);
}
