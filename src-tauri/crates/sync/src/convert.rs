//! From HubSpot's words to the store's rows.

use crm::RecordId;
use hubspot::{
    AccountInfo, AssociationLabel, Owner, Pipeline, PropertyDefinition, Record, RecordAssociations,
};
use serde_json::json;
use store::{
    AssociationLabelRow, AssociationRow, OwnerRow, PipelineRow, PortalInfo, PropertyDefinitionRow,
    RecordRow, StageRow, TeamRow,
};

/// The account's description; what it does not say stays as it was known.
pub(crate) fn account(account: AccountInfo, known: PortalInfo, at: crm::Moment) -> PortalInfo {
    PortalInfo {
        id: account.portal,
        name: known.name,
        time_zone: account.time_zone.unwrap_or(known.time_zone),
        home_currency: account.company_currency.unwrap_or(known.home_currency),
        account_type: account.account_type.or(known.account_type),
        ui_domain: account.ui_domain.or(known.ui_domain),
        data_hosting: account.data_hosting_location.or(known.data_hosting),
        read_at: at,
    }
}

pub(crate) fn owner(owner: Owner, archived: bool) -> OwnerRow {
    OwnerRow {
        id: owner.id,
        user_id: owner.user.or(owner.user_including_inactive),
        email: owner.email,
        first_name: owner.first_name,
        last_name: owner.last_name,
        archived: owner.archived || archived,
        teams: owner
            .teams
            .into_iter()
            .map(|team| TeamRow {
                id: team.id,
                name: team.name,
                primary: team.primary,
            })
            .collect(),
    }
}

pub(crate) fn pipeline(pipeline: Pipeline) -> PipelineRow {
    PipelineRow {
        stages: pipeline
            .stages
            .into_iter()
            .map(|stage| StageRow {
                probability: stage.probability(),
                closed: stage.is_closed(),
                archived: stage.archived,
                id: stage.id,
                label: stage.label,
                display_order: stage.display_order,
            })
            .collect(),
        id: pipeline.id,
        label: pipeline.label,
        display_order: pipeline.display_order,
    }
}

pub(crate) fn property(definition: PropertyDefinition) -> PropertyDefinitionRow {
    let options: Vec<_> = definition
        .options
        .iter()
        .map(|option| {
            json!({
                "value": option.value,
                "label": option.label,
                "displayOrder": option.display_order,
                "hidden": option.hidden,
            })
        })
        .collect();
    let details = json!({
        "description": definition.description,
        "options": options,
        "numberDisplayHint": definition.number_display_hint,
        "referencedObjectType": definition.referenced_object_type,
        "hasUniqueValue": definition.has_unique_value,
        "hidden": definition.hidden,
    });
    PropertyDefinitionRow {
        hubspot_defined: definition.hubspot_defined,
        calculated: definition.calculated,
        read_only: definition.modification_metadata.read_only_value,
        name: definition.name,
        label: definition.label,
        kind: definition.kind,
        field_type: definition.field_type,
        group_name: definition.group,
        details: details.to_string(),
    }
}

pub(crate) fn record(record: Record) -> RecordRow {
    RecordRow {
        id: record.id,
        created_at: record.created_at,
        updated_at: record.updated_at,
        archived: record.archived,
        archived_at: record.archived_at,
        properties: record.properties,
        histories: record.histories,
    }
}

pub(crate) fn association_label(label: AssociationLabel) -> AssociationLabelRow {
    AssociationLabelRow {
        type_id: label.type_id,
        category: label.category,
        label: label.label,
    }
}

/// One row for each way in which one record belongs to another.
pub(crate) fn associations(of: RecordAssociations) -> impl Iterator<Item = AssociationRow> {
    let from: RecordId = of.from;
    of.to.into_iter().flat_map(move |association| {
        let to = association.to;
        association
            .types
            .into_iter()
            .map(move |kind| AssociationRow {
                from,
                to,
                type_id: kind.type_id,
                category: kind.category,
                label: kind.label,
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_stage_stays_deleted() {
        let listed = json!({ "id": "default", "stages": [
            { "id": "open", "archived": false },
            { "id": "gone", "archived": true },
            { "id": "silent" },
        ] });
        let row = pipeline(serde_json::from_value(listed).unwrap());
        let archived: Vec<_> = row.stages.iter().map(|stage| stage.archived).collect();
        assert_eq!(archived, [false, true, false]);
    }
}
