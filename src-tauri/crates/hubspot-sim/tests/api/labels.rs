//! Labels of associations, primary companies, limits, and how associations end.

use reqwest::Method;
use serde_json::{Value, json};

use crate::Hub;

const API: &str = "/crm/associations/2026-09";

/// The type numbers between a deal and a company, in ascending order.
async fn types(hub: &Hub, deal: &str, company: &str) -> Vec<u64> {
    let path = format!("/crm/objects/2026-09/deals/{deal}/associations/companies");
    let listed = hub.get(&path).await.ok();
    let found = listed["results"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["toObjectId"] == company);
    let mut types: Vec<u64> = found
        .iter()
        .flat_map(|one| one["associationTypes"].as_array().unwrap())
        .map(|link| link["typeId"].as_u64().unwrap())
        .collect();
    types.sort_unstable();
    types
}

/// A deal without associations, and two companies.
async fn ends(hub: &Hub) -> (String, Vec<String>) {
    let body = json!({ "properties": { "dealname": "new" } });
    let made = hub.post("/crm/objects/2026-09/deals", body).await.ok();
    let deal = made["id"].as_str().unwrap().to_owned();
    (deal, hub.ids("companies", 2).await)
}

fn pair(from: &str, to: &str, types: &[u64]) -> Value {
    let types: Vec<Value> = types
        .iter()
        .map(|id| json!({ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id }))
        .collect();
    json!({ "from": { "id": from }, "to": { "id": to }, "types": types })
}

#[tokio::test]
async fn a_label_is_made_worn_renamed_and_taken_off_everywhere() {
    let hub = Hub::start().await;
    let (deal, companies) = ends(&hub).await;
    let labels = format!("{API}/deals/companies/labels");
    let body = json!({ "name": "installer", "label": "Installer", "inverseLabel": "Installs" });
    let made = hub.post(&labels, body.clone()).await.ok();
    let id = made["results"][0]["typeId"].as_u64().unwrap();
    assert_eq!(made["results"][0]["category"], "USER_DEFINED");
    assert_eq!(made["results"][1]["label"], "Installs");
    hub.post(&labels, body).await.refused(409, "CONFLICT");
    // Worn: the unlabelled type comes with it.
    let put = format!(
        "/crm/objects/2026-09/deals/{deal}/associations/companies/{}",
        companies[0]
    );
    let spec = json!([{ "associationCategory": "USER_DEFINED", "associationTypeId": id }]);
    let worn = hub.call(Method::PUT, &put, Some(&spec)).await;
    assert_eq!(
        (worn.status, &worn.body["labels"]),
        (201, &json!(["Installer"]))
    );
    assert_eq!(types(&hub, &deal, &companies[0]).await, [341, id]);
    let wrong = json!([{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": id }]);
    hub.call(Method::PUT, &put, Some(&wrong))
        .await
        .refused(400, "VALIDATION_ERROR");
    let rename = json!({ "associationTypeId": id, "label": "Fitter" });
    assert_eq!(
        hub.call(Method::PUT, &labels, Some(&rename)).await.status,
        204
    );
    let listed = hub.get(&labels).await.ok();
    let shown = listed["results"].as_array().unwrap();
    assert!(shown.iter().any(|one| one["label"] == "Fitter"));
    assert_eq!(hub.delete(&format!("{labels}/{id}")).await.status, 204);
    assert_eq!(types(&hub, &deal, &companies[0]).await, [341]);
    // HubSpot's own types are nobody's to delete.
    hub.delete(&format!("{labels}/341"))
        .await
        .refused(404, "OBJECT_NOT_FOUND");
    for number in 0..10 {
        let body = json!({ "name": format!("label_{number}"), "label": format!("Label {number}") });
        hub.post(&labels, body).await.ok();
    }
    hub.post(&labels, json!({ "name": "eleventh", "label": "Eleventh" }))
        .await
        .refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_record_has_one_primary_company() {
    let hub = Hub::start().await;
    let (deal, companies) = ends(&hub).await;
    let create = format!("{API}/deals/companies/batch/create");
    for company in &companies {
        let body = json!({ "inputs": [pair(&deal, company, &[5])] });
        assert_eq!(hub.post(&create, body).await.status, 201);
    }
    assert_eq!(types(&hub, &deal, &companies[0]).await, [341]);
    assert_eq!(types(&hub, &deal, &companies[1]).await, [5, 341]);
}

#[tokio::test]
async fn dated_calls_end_associations_with_200_and_older_ones_with_204() {
    let hub = Hub::start().await;
    for (version, status) in [("2026-09", 200), ("2026-03", 200), ("v4", 204)] {
        let api = if version == "v4" {
            "/crm/v4/associations/deals/companies/batch".to_owned()
        } else {
            format!("/crm/associations/{version}/deals/companies/batch")
        };
        let (deal, companies) = ends(&hub).await;
        let body = json!({ "inputs": [pair(&deal, &companies[0], &[5])] });
        hub.post(&format!("{api}/create"), body.clone()).await.ok();
        let answer = hub.post(&format!("{api}/labels/archive"), body).await;
        assert_eq!(answer.status, status, "{version}");
        assert_eq!(types(&hub, &deal, &companies[0]).await, [341], "{version}");
        let all = json!({ "inputs": [{ "from": { "id": deal }, "to": [{ "id": companies[0] }] }] });
        let answer = hub.post(&format!("{api}/archive"), all).await;
        assert_eq!(answer.status, status, "{version}");
        assert!(
            types(&hub, &deal, &companies[0]).await.is_empty(),
            "{version}"
        );
    }
}

#[tokio::test]
async fn batches_have_their_sizes_and_their_mixed_results() {
    let hub = Hub::start().await;
    let (deal, companies) = ends(&hub).await;
    let api = format!("{API}/deals/companies/batch");
    let many = |count: usize, types: &[u64]| {
        let inputs: Vec<Value> = (0..count)
            .map(|from| pair(&from.to_string(), "1", types))
            .collect();
        json!({ "inputs": inputs })
    };
    for call in ["create", "associate/default"] {
        hub.post(&format!("{api}/{call}"), many(2_001, &[341]))
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    hub.post(&format!("{api}/archive"), many(101, &[]))
        .await
        .refused(400, "VALIDATION_ERROR");
    let mixed = json!({ "inputs": [pair(&deal, &companies[0], &[341]), pair(&deal, "1", &[341])] });
    let answer = hub.post(&format!("{api}/create"), mixed).await;
    assert_eq!(answer.status, 207);
    assert_eq!(answer.body["results"].as_array().unwrap().len(), 1);
    assert_eq!(
        answer.body["errors"][0]["context"]["toObjectId"],
        json!(["1"])
    );
    let unknown = json!({ "inputs": [pair(&deal, &companies[1], &[9_999])] });
    hub.post(&format!("{api}/create"), unknown)
        .await
        .refused(400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_portal_limits_associations_for_itself() {
    let hub = Hub::start().await;
    let (deal, companies) = ends(&hub).await;
    let api = format!("{API}/definitions/configurations");
    let input = json!({ "category": "HUBSPOT_DEFINED", "typeId": 341, "maxToObjectIds": 1 });
    let path = format!("{api}/deals/companies/batch");
    let made = hub
        .post(&format!("{path}/create"), json!({ "inputs": [input] }))
        .await
        .ok();
    assert_eq!(made["results"][0]["userEnforcedMaxToObjectIds"], 1);
    for listed in ["all", "deals/companies"] {
        let all = hub.get(&format!("{api}/{listed}")).await.ok();
        assert_eq!(all["results"][0]["typeId"], 341, "{listed}");
    }
    let put = |company: &str| {
        format!("/crm/objects/2026-09/deals/{deal}/associations/default/companies/{company}")
    };
    hub.call(Method::PUT, &put(&companies[0]), None).await.ok();
    hub.call(Method::PUT, &put(&companies[1]), None)
        .await
        .refused(400, "VALIDATION_ERROR");
    let purge = json!({ "inputs": [{ "associationCategory": "HUBSPOT_DEFINED",
                                     "associationTypeId": 341 }] });
    assert_eq!(hub.post(&format!("{path}/purge"), purge).await.status, 204);
    hub.call(Method::PUT, &put(&companies[1]), None).await.ok();
}

#[tokio::test]
async fn the_oldest_batch_takes_no_notice_of_a_cursor() {
    let hub = Hub::start().await;
    hub.set("association-page", json!({ "size": 1 })).await;
    let company = hub.ids("companies", 1).await.remove(0);
    let read = async |path: &str, after: Option<&str>| {
        let input = json!({ "id": company, "after": after });
        let body = json!({ "inputs": [input] });
        hub.post(&format!("{path}/companies/contacts/batch/read"), body)
            .await
            .ok()["results"][0]
            .clone()
    };
    for (path, moves) in [("/crm/v3/associations", false), (API, true)] {
        let first = read(path, None).await;
        let after = first["paging"]["next"]["after"].as_str().unwrap();
        let second = read(path, Some(after)).await;
        assert_eq!(first["to"] != second["to"], moves, "{path}");
        assert_eq!(first["to"].as_array().unwrap().len(), 1);
    }
}
