//! Every route that the client calls, with an answer as it should be and a call that asks for it.

use crm::{ObjectType, OwnerId, PipelineId, RecordId, StageId, UserId};
use hubspot::write::{
    self, BatchOutcome, NewGroup, NewLabel, NewPipeline, NewProperty, NewRecord, NewSchema,
    NewStage, Pair, PipelineChange, PropertyChange, SchemaChange, StageChange, UpdateInput,
    UpsertInput,
};
use hubspot::{
    AssociationInput, AssociationSpec, BoxFuture, Client, Error, Limited, ListQuery, ReadQuery,
    SchemaLabels, SearchQuery,
};

/// What an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One thing, or a page of things.
    Content,
    /// The fates of several inputs.
    Batch,
    /// Nothing that is needed: any object will do.
    Nothing,
}

/// A call; true when all that was asked for was done.
pub(crate) type Run = fn(Client) -> BoxFuture<'static, Result<bool, Error>>;

pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) template: &'static str,
    pub(crate) shape: Shape,
    pub(crate) writes: bool,
    pub(crate) good: (u16, &'static str),
    pub(crate) run: Run,
}

const RECORD: &str = r#"{"id":"1","properties":{"email":"a@b.test"},"createdAt":"2026-01-05T10:00:00Z","updatedAt":"2026-01-05T10:00:00Z","archived":false}"#;
const RECORDS: &str = r#"{"status":"COMPLETE","total":2,"results":[{"id":"1","properties":{"email":"a@b.test","score":"1"}},{"id":"2","properties":{"email":"c@d.test","score":"1"}}]}"#;
const PAIRS: &str = r#"{"status":"COMPLETE","results":[{"fromObjectTypeId":"0-3","fromObjectId":"1","toObjectTypeId":"0-1","toObjectId":"2","labels":[],"from":{"id":"1"},"to":{"id":"2"}}]}"#;
const LABELS: &str = r#"{"results":[{"category":"USER_DEFINED","typeId":38,"label":"Champion"}]}"#;
const PROPERTY: &str =
    r#"{"name":"score","label":"Score","type":"number","fieldType":"number","groupName":"g"}"#;

const SCHEMA: &str = r#"{"objectTypeId":"2-345","name":"machine","labels":{"singular":"Machine","plural":"Machines"},"properties":[],"associations":[]}"#;

const PROPERTIES: &str = r#"{"status":"COMPLETE","results":[{"name":"score","label":"Score","type":"number"},{"name":"band","label":"Band","type":"number"}]}"#;
const PIPELINE: &str =
    r#"{"id":"default","label":"Sales","displayOrder":0,"archived":false,"stages":[]}"#;
const STAGE: &str = r#"{"id":"won","label":"Won","displayOrder":0,"metadata":{"isClosed":"true"}}"#;
const CAPS: &str = r#"{"status":"COMPLETE","results":[{"category":"USER_DEFINED","typeId":38,"userEnforcedMaxToObjectIds":7}]}"#;
const LIST: &str =
    r#"{"list":{"listId":"4","name":"Leads","objectTypeId":"0-1","processingType":"DYNAMIC"}}"#;

fn scores() -> Vec<String> {
    vec!["score".to_owned(), "band".to_owned()]
}

fn pipeline() -> PipelineId {
    PipelineId::new("default")
}

fn asked() -> NewStage {
    NewStage {
        label: "Asked".to_owned(),
        display_order: 0,
        metadata: [("probability".to_owned(), "0.4".to_owned())].into(),
        stage_id: None,
    }
}

fn sales() -> NewPipeline {
    NewPipeline {
        label: "Sales".to_owned(),
        display_order: 0,
        stages: vec![asked()],
        pipeline_id: None,
    }
}

fn caps() -> Vec<(AssociationSpec, u64)> {
    kinds().into_iter().map(|kind| (kind, 7)).collect()
}

fn score() -> NewProperty {
    serde_json::from_str(
        r#"{"name":"score","label":"Score","groupName":"g","type":"number","fieldType":"number",
            "description":"","formField":false,"hidden":false,"hasUniqueValue":false,"displayOrder":-1}"#,
    )
    .unwrap()
}

fn machine() -> NewSchema {
    NewSchema {
        name: "machine".to_owned(),
        labels: SchemaLabels::default(),
        primary_display_property: "score".to_owned(),
        required_properties: Vec::new(),
        searchable_properties: Vec::new(),
        properties: vec![score()],
        associated_objects: Vec::new(),
    }
}

const fn id(number: u64) -> RecordId {
    RecordId::new(number)
}

fn complete<K, T>(outcome: Result<BatchOutcome<K, T>, Error>) -> Result<bool, Error> {
    outcome.map(|outcome| outcome.is_complete())
}

fn done<T>(outcome: Result<T, Error>) -> Result<bool, Error> {
    outcome.map(|_| true)
}

fn one_pair() -> Pair {
    Pair {
        from: id(1),
        to: id(2),
    }
}

fn kinds() -> Vec<AssociationSpec> {
    vec![AssociationSpec {
        category: "USER_DEFINED".to_owned(),
        type_id: 38,
    }]
}

fn values() -> write::Values {
    [("score".to_owned(), "1".to_owned())].into()
}

fn upserts() -> Vec<UpsertInput> {
    ["a@b.test", "c@d.test"]
        .map(|value| UpsertInput {
            id_property: "email".to_owned(),
            value: value.to_owned(),
            properties: values(),
        })
        .to_vec()
}

fn updates() -> Vec<UpdateInput> {
    [1, 2]
        .map(|number| UpdateInput {
            id: id(number),
            object_write_trace_id: None,
            properties: values(),
        })
        .to_vec()
}

macro_rules! route {
    ($method:literal $template:literal $shape:ident $writes:literal $good:expr, |$client:ident| $call:expr) => {
        Route {
            method: $method,
            template: $template,
            shape: Shape::$shape,
            writes: $writes,
            good: $good,
            run: |$client| Box::pin(async move { $call }),
        }
    };
}

#[allow(clippy::too_many_lines, reason = "a table")]
pub(crate) fn all() -> Vec<Route> {
    const DEALS: ObjectType = ObjectType::DEALS;
    const CONTACTS: ObjectType = ObjectType::CONTACTS;
    vec![
        route!("GET" "/crm/objects/{v}/{type}" Content false (200, RECORDS), |client|
            done(client.list(&DEALS, &ListQuery::default()).await)),
        route!("GET" "/crm/objects/{v}/{type}/{id}" Content false (200, RECORD), |client|
            done(client.get(&DEALS, id(1), &ReadQuery::default()).await)),
        route!("POST" "/crm/objects/{v}/{type}/batch/read" Batch false (200, RECORDS), |client|
            client.batch_read(&DEALS, &[id(1), id(2)], &ReadQuery::default()).await.map(|read|
                read.unmentioned.is_empty() && read.missing.is_empty() && read.failures.is_empty())),
        route!("POST" "/crm/objects/{v}/{type}/search" Content false (200, RECORDS), |client| {
            done(client.search(&DEALS, &SearchQuery::all()).await)
        }),
        route!("POST" "/crm/associations/{v}/{from}/{to}/batch/read" Batch false
            (200, r#"{"status":"COMPLETE","results":[{"from":{"id":"1"},"to":[{"toObjectId":"2","associationTypes":[]}]}]}"#), |client| {
            let input = AssociationInput { id: id(1), after: None };
            client.associations(&DEALS, &CONTACTS, &[input]).await.map(|batch|
                batch.failures.is_empty() && !batch.results.is_empty())
        }),
        route!("GET" "/crm/objects/{v}/{type}/{id}/associations/{to}" Content false
            (200, r#"{"results":[{"toObjectId":"2","associationTypes":[]}]}"#), |client|
            done(client.associations_of(&DEALS, id(1), &CONTACTS, None).await)),
        route!("GET" "/crm/associations/{v}/{from}/{to}/labels" Content false (200, LABELS), |client|
            done(client.association_labels(&DEALS, &CONTACTS).await)),
        route!("GET" "/crm/properties/{v}/{type}" Content false
            (200, r#"{"results":[{"name":"amount","label":"Amount","type":"number","fieldType":"number","groupName":"g"}]}"#), |client|
            done(client.properties(&DEALS).await)),
        route!("GET" "/crm/properties/{v}/{type}/groups" Content false
            (200, r#"{"results":[{"name":"g","label":"Group","displayOrder":-1,"archived":false}]}"#), |client|
            done(client.property_groups(&DEALS).await)),
        route!("GET" "/crm/pipelines/{v}/{type}" Content false
            (200, r#"{"results":[{"id":"default","label":"Sales","displayOrder":0,"archived":false,"stages":[]}]}"#), |client|
            done(client.pipelines(&DEALS).await)),
        route!("GET" "/crm-object-schemas/{v}/schemas" Content false (200, r#"{"results":[]}"#), |client|
            done(client.schemas().await)),
        route!("GET" "/crm/owners/{v}" Content false
            (200, r#"{"results":[{"id":"5","email":"o@w.test","firstName":"O","lastName":"W","userId":7,"archived":false}]}"#), |client|
            done(client.owners(false, None).await)),
        route!("GET" "/account-info/{v}/details" Content false
            (200, r#"{"portalId":4242,"accountType":"STANDARD","timeZone":"Europe/Berlin","companyCurrency":"EUR"}"#), |client|
            done(client.account().await)),
        route!("POST" "/crm/objects/{v}/{type}" Content true (201, RECORD), |client|
            done(write::create(&client, &DEALS, &NewRecord { properties: values(), ..NewRecord::default() }).await)),
        route!("PATCH" "/crm/objects/{v}/{type}/{id}" Content true (200, RECORD), |client|
            done(write::update(&client, &DEALS, id(1), &values()).await)),
        route!("DELETE" "/crm/objects/{v}/{type}/{id}" Nothing true (204, ""), |client|
            done(write::archive(&client, &DEALS, id(1)).await)),
        route!("POST" "/crm/objects/{v}/{type}/batch/create" Batch true (201, RECORDS), |client| {
            let new = NewRecord { properties: values(), ..NewRecord::default() };
            complete(write::batch_create(&client, &DEALS, &[new.clone(), new]).await)
        }),
        route!("POST" "/crm/objects/{v}/{type}/batch/update" Batch true (200, RECORDS), |client|
            complete(write::batch_update(&client, &DEALS, &updates()).await)),
        route!("POST" "/crm/objects/{v}/{type}/batch/upsert" Batch true (200, RECORDS), |client|
            complete(write::batch_upsert(&client, &CONTACTS, &upserts()).await)),
        route!("POST" "/crm/objects/{v}/{type}/batch/archive" Batch true (204, ""), |client|
            complete(write::batch_archive(&client, &DEALS, &[id(1), id(2)]).await)),
        route!("POST" "/crm/objects/{v}/{type}/merge" Content true (200, RECORD), |client|
            done(write::merge(&client, &DEALS, id(1), id(2)).await)),
        route!("POST" "/crm/objects/{v}/contacts/gdpr-delete" Nothing true (204, ""), |client|
            done(write::forget_contact(&client, id(1)).await)),
        route!("POST" "/crm/properties/{v}/{type}/groups" Content true (201, r#"{"name":"g","label":"Group"}"#), |client| {
            let group = NewGroup { name: "g".to_owned(), label: "Group".to_owned(), display_order: -1 };
            done(write::create_group(&client, &DEALS, &group).await)
        }),
        route!("POST" "/crm/properties/{v}/{type}" Content true (201, PROPERTY), |client| {
        done(write::create_property(&client, &DEALS, &score()).await)
                }),
        route!("PUT" "/crm/objects/{v}/{from}/{id}/associations/default/{to}/{toId}" Nothing true (200, PAIRS), |client|
            done(write::associate(&client, &DEALS, &CONTACTS, one_pair()).await)),
        route!("PUT" "/crm/objects/{v}/{from}/{id}/associations/{to}/{toId}" Nothing true (201, "{}"), |client|
            done(write::associate_as(&client, &DEALS, &CONTACTS, one_pair(), &kinds()).await)),
        route!("DELETE" "/crm/objects/{v}/{from}/{id}/associations/{to}/{toId}" Nothing true (204, ""), |client|
            done(write::dissociate(&client, &DEALS, &CONTACTS, one_pair()).await)),
        route!("POST" "/crm/associations/{v}/{from}/{to}/batch/associate/default" Batch true (200, PAIRS), |client|
            complete(write::batch_associate(&client, &DEALS, &CONTACTS, &[one_pair()]).await)),
        route!("POST" "/crm/associations/{v}/{from}/{to}/batch/create" Batch true (201, PAIRS), |client|
            complete(write::batch_associate_as(&client, &DEALS, &CONTACTS, &[one_pair()], &kinds()).await)),
        route!("POST" "/crm/associations/{v}/{from}/{to}/batch/archive" Batch true (204, ""), |client|
            complete(write::batch_dissociate(&client, &DEALS, &CONTACTS, &[one_pair()]).await)),
        route!("POST" "/crm/associations/{v}/{from}/{to}/batch/labels/archive" Batch true (204, ""), |client|
            complete(write::archive_label(&client, &DEALS, &CONTACTS, &[one_pair()], &kinds()).await)),
        route!("POST" "/crm/associations/{v}/{from}/{to}/labels" Content true (200, LABELS), |client| {
            let label = NewLabel { name: "champion".to_owned(), label: "Champion".to_owned(), inverse_label: None };
            done(write::create_label(&client, &DEALS, &CONTACTS, &label).await)
        }),
        route!("PUT" "/crm/associations/{v}/{from}/{to}/labels" Nothing true (204, ""), |client|
            done(write::update_label(&client, &DEALS, &CONTACTS, 38, "Friend", None).await)),
        route!("DELETE" "/crm/associations/{v}/{from}/{to}/labels/{typeId}" Nothing true (204, ""), |client|
            done(write::delete_label(&client, &DEALS, &CONTACTS, 38).await)),
        route!("GET" "/crm/properties/{v}/{type}/{name}" Content false (200, PROPERTY), |client|
            done(client.property(&DEALS, "score").await)),
        route!("GET" "/crm/property-validations/{v}/{typeId}" Content false
            (200, r#"{"results":[{"propertyName":"score","propertyValidationRules":[]}]}"#), |client|
            done(client.property_rules(&DEALS).await)),
        route!("GET" "/crm/property-validations/{v}/{typeId}/{name}" Content false
            (200, r#"{"results":[{"ruleType":"FORMAT","ruleArguments":["x"]}]}"#), |client|
            done(client.rules_of(&DEALS, "score").await)),
        route!("GET" "/crm/pipelines/{v}/{type}/{id}" Content false
            (200, r#"{"id":"default","label":"Sales","displayOrder":0,"archived":false,"stages":[]}"#), |client|
            done(client.pipeline(&DEALS, &PipelineId::new("default")).await)),
        route!("GET" "/crm/pipelines/{v}/{type}/{id}/stages" Content false
            (200, r#"{"results":[{"id":"won","label":"Won","displayOrder":0,"metadata":{"isClosed":"true"}}]}"#), |client|
            done(client.stages(&DEALS, &PipelineId::new("default")).await)),
        route!("GET" "/crm/pipelines/{v}/{type}/{id}/audit" Content false
            (200, r#"{"results":[{"identifier":"default","action":"UPDATE","timestamp":"2026-01-05T10:00:00Z","fromUserId":7}]}"#), |client|
            done(client.pipeline_audit(&DEALS, &PipelineId::new("default")).await)),
        route!("GET" "/crm/pipelines/{v}/{type}/{id}/stages/{stageId}/audit" Content false
            (200, r#"{"results":[{"identifier":"won","action":"UPDATE"}]}"#), |client|
            done(client.stage_audit(&DEALS, &PipelineId::new("default"), &StageId::new("won")).await)),
        route!("GET" "/crm-object-schemas/{v}/schemas/{type}" Content false (200, SCHEMA), |client|
            done(client.schema(&DEALS).await)),
        route!("GET" "/crm/owners/{v}/{id}" Content false (200, r#"{"id":"5","archived":false}"#), |client|
            done(client.owner(OwnerId::new(5), false).await)),
        route!("POST" "/crm/lists/{v}/search" Content false
            (200, r#"{"lists":[{"listId":"4","name":"Leads","objectTypeId":"0-1"}],"hasMore":false,"offset":1,"total":1}"#), |client|
            done(client.lists(None).await)),
        route!("GET" "/crm/lists/{v}/{listId}/memberships" Content false
            (200, r#"{"results":[{"recordId":"1","membershipTimestamp":"2026-01-05T10:00:00Z"}]}"#), |client|
            done(client.memberships("4", None).await)),
        route!("GET" "/account-info/{v}/api-usage/daily/private-apps" Content false
            (200, r#"{"results":[{"name":"private-apps-api-calls-daily","usageLimit":250000,"currentUsage":9}]}"#), |client|
            done(client.private_app_usage().await)),
        route!("GET" "/crm/limits/{v}/{what}" Nothing false (200, r#"{"limit":10,"usage":1,"percentage":10.0}"#), |client|
            done(client.allowance(Limited::Pipelines).await)),
        route!("PATCH" "/crm/properties/{v}/{type}/{name}" Content true (200, PROPERTY), |client|
            done(write::update_property(&client, &DEALS, "score", &PropertyChange::default()).await)),
        route!("DELETE" "/crm/properties/{v}/{type}/{name}" Nothing true (204, ""), |client|
            done(write::archive_property(&client, &DEALS, "score").await)),
        route!("PATCH" "/crm/properties/{v}/{type}/groups/{name}" Content true (200, r#"{"name":"g","label":"Group"}"#), |client|
            done(write::update_group(&client, &DEALS, "g", "Group").await)),
        route!("DELETE" "/crm/properties/{v}/{type}/groups/{name}" Nothing true (204, ""), |client|
            done(write::archive_group(&client, &DEALS, "g").await)),
        route!("POST" "/crm-object-schemas/{v}/schemas" Content true (201, SCHEMA), |client|
            done(write::create_schema(&client, &machine()).await)),
        route!("PATCH" "/crm-object-schemas/{v}/schemas/{type}" Nothing true (200, SCHEMA), |client|
            done(write::update_schema(&client, &DEALS, &SchemaChange::default()).await)),
        route!("DELETE" "/crm-object-schemas/{v}/schemas/{type}" Nothing true (204, ""), |client|
            done(write::archive_schema(&client, &DEALS).await)),
        route!("POST" "/crm/properties/{v}/{type}/batch/read" Batch false (200, PROPERTIES), |client|
            client.batch_properties(&DEALS, &scores(), false).await.map(|read|
                read.unmentioned.is_empty() && read.failures.is_empty())),
        route!("POST" "/crm/properties/{v}/{type}/batch/create" Batch true (201, PROPERTIES), |client| {
            let two = ["score", "band"].map(|name| NewProperty { name: name.to_owned(), ..score() });
            complete(write::batch_create_properties(&client, &DEALS, &two).await)
        }),
        route!("POST" "/crm/properties/{v}/{type}/batch/archive" Batch true (204, ""), |client|
            complete(write::batch_archive_properties(&client, &DEALS, &scores()).await)),
        route!("GET" "/crm/properties/{v}/{type}/groups/{name}" Content false
            (200, r#"{"name":"g","label":"Group"}"#), |client|
            done(client.property_group(&DEALS, "g").await)),
        route!("POST" "/crm/pipelines/{v}/{type}" Content true (201, PIPELINE), |client|
            done(write::create_pipeline(&client, &DEALS, &sales()).await)),
        route!("PATCH" "/crm/pipelines/{v}/{type}/{id}" Content true (200, PIPELINE), |client|
            done(write::update_pipeline(&client, &DEALS, &pipeline(), &PipelineChange::default()).await)),
        route!("PUT" "/crm/pipelines/{v}/{type}/{id}" Content true (200, PIPELINE), |client|
            done(write::replace_pipeline(&client, &DEALS, &pipeline(), &sales()).await)),
        route!("DELETE" "/crm/pipelines/{v}/{type}/{id}" Nothing true (204, ""), |client|
            done(write::archive_pipeline(&client, &DEALS, &pipeline()).await)),
        route!("POST" "/crm/pipelines/{v}/{type}/{id}/stages" Content true (201, STAGE), |client|
            done(write::create_stage(&client, &DEALS, &pipeline(), &asked()).await)),
        route!("GET" "/crm/pipelines/{v}/{type}/{id}/stages/{stageId}" Content false (200, STAGE), |client|
            done(client.stage(&DEALS, &pipeline(), &StageId::new("won")).await)),
        route!("PATCH" "/crm/pipelines/{v}/{type}/{id}/stages/{stageId}" Content true (200, STAGE), |client|
            done(write::update_stage(&client, &DEALS, &pipeline(), &StageId::new("won"), &StageChange::default()).await)),
        route!("PUT" "/crm/pipelines/{v}/{type}/{id}/stages/{stageId}" Content true (200, STAGE), |client|
            done(write::replace_stage(&client, &DEALS, &pipeline(), &StageId::new("won"), &asked()).await)),
        route!("DELETE" "/crm/pipelines/{v}/{type}/{id}/stages/{stageId}" Nothing true (204, ""), |client|
            done(write::archive_stage(&client, &DEALS, &pipeline(), &StageId::new("won")).await)),
        route!("GET" "/crm/associations/{v}/definitions/configurations/all" Content false (200, CAPS), |client|
            done(client.all_association_caps().await)),
        route!("GET" "/crm/associations/{v}/definitions/configurations/{from}/{to}" Content false (200, CAPS), |client|
            done(client.association_caps(&DEALS, &CONTACTS).await)),
        route!("POST" "/crm/associations/{v}/definitions/configurations/{from}/{to}/batch/create" Batch true (200, CAPS), |client|
            complete(write::create_caps(&client, &DEALS, &CONTACTS, &caps()).await)),
        route!("POST" "/crm/associations/{v}/definitions/configurations/{from}/{to}/batch/update" Batch true (200, CAPS), |client|
            complete(write::update_caps(&client, &DEALS, &CONTACTS, &caps()).await)),
        route!("POST" "/crm/associations/{v}/definitions/configurations/{from}/{to}/batch/purge" Batch true (204, ""), |client|
            complete(write::lift_caps(&client, &DEALS, &CONTACTS, &kinds()).await)),
        route!("POST" "/crm/associations/{v}/usage/high-usage-report/{userId}" Nothing true (200, r#"{"userId":7}"#), |client|
            done(write::mail_usage_report(&client, UserId::new(7)).await)),
        route!("GET" "/crm/limits/{v}/associations/labels" Content false
            (200, r#"{"results":[{"fromObjectType":{"objectTypeId":"0-3"},"toObjectType":{"objectTypeId":"0-1"},"allLabels":["x"],"limit":50,"usage":1}]}"#), |client|
            done(client.label_uses(Some(&DEALS), None).await)),
        route!("GET" "/crm/limits/{v}/associations/records/from" Content false
            (200, r#"{"results":[{"objectTypeId":"0-3","hasRecordsAtLimit":true}]}"#), |client|
            done(client.types_near_limit().await)),
        route!("GET" "/crm/limits/{v}/associations/records/{from}/to" Content false
            (200, r#"{"results":[{"objectTypeId":"0-1","hasRecordsNearLimit":true}]}"#), |client|
            done(client.types_near_limit_of(&DEALS).await)),
        route!("GET" "/crm/limits/{v}/associations/records/{from}/{to}" Nothing false
            (200, r#"{"limit":50000,"totalRecordsAtLimit":1,"atLimitFromRecordSamples":[{"objectId":5,"label":"x"}]}"#), |client|
            done(client.records_at_limit(&DEALS, &CONTACTS).await)),
        route!("GET" "/crm/lists/{v}/{listId}" Content false (200, LIST), |client|
            done(client.one_list("4").await)),
        route!("GET" "/crm/lists/{v}/object-type-id/{typeId}/name/{name}" Content false (200, LIST), |client|
            done(client.list_named(&CONTACTS, "Leads").await)),
        route!("GET" "/crm/lists/{v}/records/{typeId}/{recordId}/memberships" Content false
            (200, r#"{"results":[{"listId":"4","listVersion":1}]}"#), |client|
            done(client.lists_of(&CONTACTS, id(1)).await)),
        route!("DELETE" "/appinstalls/{v}/external-install" Nothing true (204, ""), |client|
            done(write::uninstall(&client).await)),
    ]
}
