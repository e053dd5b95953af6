//! What the portal defines: properties, pipelines with their stages, owners with their teams.
//! What is no longer listed stays and is marked archived, because histories name it.

use crm::{ObjectType, OwnerId, PipelineId, StageId, TeamId, UserId};
use rusqlite::{Connection, Transaction, params};

use crate::error::StoreError;

/// A property's definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyDefinitionRow {
    /// Internal name.
    pub name: String,
    /// What people see.
    pub label: String,
    /// HubSpot's data type, such as `enumeration`.
    pub kind: String,
    /// How it is edited, such as `select`.
    pub field_type: String,
    /// The group it is shown in.
    pub group_name: Option<String>,
    /// Whether HubSpot made it, rather than the portal.
    pub hubspot_defined: bool,
    /// Whether HubSpot computes it.
    pub calculated: bool,
    /// Whether its values cannot be written.
    pub read_only: bool,
    /// A JSON object: the options of an enumeration, and what else the definition says.
    pub details: String,
}

/// A pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct PipelineRow {
    /// Its id.
    pub id: PipelineId,
    /// What people see.
    pub label: String,
    /// Its place in the list.
    pub display_order: i64,
    /// Its stages.
    pub stages: Vec<StageRow>,
}

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct StageRow {
    /// Its id.
    pub id: StageId,
    /// What people see.
    pub label: String,
    /// Its place in the pipeline.
    pub display_order: i64,
    /// HubSpot's own stage weight, 0 to 1.
    pub probability: Option<f64>,
    /// Whether the stage's metadata call it closed.
    pub closed: Option<bool>,
    /// Whether the portal lists it as deleted.
    pub archived: bool,
}

/// An owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerRow {
    /// The owner's id, as records carry it.
    pub id: OwnerId,
    /// The user behind it; HubSpot leaves it out for owners that are gone.
    pub user_id: Option<UserId>,
    /// E-mail address.
    pub email: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Whether the owner is gone.
    pub archived: bool,
    /// The owner's teams.
    pub teams: Vec<TeamRow>,
}

/// An owner's membership of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRow {
    /// The team.
    pub id: TeamId,
    /// Its name.
    pub name: String,
    /// Whether it is the owner's main team.
    pub primary: bool,
}

const UPSERT_PROPERTY: &str = include_str!("../../../../sql/store/upsert_property_definition.sql");
const UPSERT_PIPELINE: &str = include_str!("../../../../sql/store/upsert_pipeline.sql");
const UPSERT_STAGE: &str = include_str!("../../../../sql/store/upsert_stage.sql");
const UPSERT_OWNER: &str = include_str!("../../../../sql/store/upsert_owner.sql");
const JOIN_TEAM: &str = include_str!("../../../../sql/store/join_team.sql");
const LOAD_DEFINED: &str = include_str!("../../../../sql/store/load_defined_properties.sql");

/// Takes over the definitions of a type's properties.
///
/// # Errors
/// Failures of the database.
pub fn replace_property_definitions(
    tx: &Transaction<'_>,
    object_type: &ObjectType,
    rows: &[PropertyDefinitionRow],
) -> Result<(), StoreError> {
    let of = object_type.as_str();
    tx.execute(
        "UPDATE property_definition SET archived = 1 WHERE object_type = ?1",
        [of],
    )?;
    let mut upsert = tx.prepare_cached(UPSERT_PROPERTY)?;
    for row in rows {
        upsert.execute(params![
            of,
            row.name,
            row.label,
            row.kind,
            row.field_type,
            row.group_name,
            row.hubspot_defined,
            row.calculated,
            row.read_only,
            row.details,
        ])?;
    }
    Ok(())
}

/// Takes over a type's pipelines and stages.
///
/// # Errors
/// Failures of the database.
pub fn replace_pipelines(
    tx: &Transaction<'_>,
    object_type: &ObjectType,
    rows: &[PipelineRow],
) -> Result<(), StoreError> {
    let of = object_type.as_str();
    tx.execute(
        "UPDATE pipeline SET archived = 1 WHERE object_type = ?1",
        [of],
    )?;
    tx.execute("UPDATE stage SET archived = 1 WHERE object_type = ?1", [of])?;
    let mut upsert = tx.prepare_cached(UPSERT_PIPELINE)?;
    let mut upsert_stage = tx.prepare_cached(UPSERT_STAGE)?;
    for row in rows {
        upsert.execute(params![of, row.id.as_str(), row.label, row.display_order])?;
        for stage in &row.stages {
            upsert_stage.execute(params![
                of,
                row.id.as_str(),
                stage.id.as_str(),
                stage.label,
                stage.display_order,
                stage.probability,
                stage.closed,
                stage.archived,
            ])?;
        }
    }
    Ok(())
}

/// Takes over the owners, active and archived together, with their teams.
///
/// # Errors
/// Failures of the database.
pub fn replace_owners(tx: &Transaction<'_>, rows: &[OwnerRow]) -> Result<(), StoreError> {
    tx.execute("UPDATE owner SET archived = 1", [])?;
    tx.execute("DELETE FROM owner_team", [])?;
    let mut upsert = tx.prepare_cached(UPSERT_OWNER)?;
    let mut join = tx.prepare_cached(JOIN_TEAM)?;
    for row in rows {
        upsert.execute(params![
            row.id.get(),
            row.user_id.map(UserId::get),
            row.email,
            row.first_name,
            row.last_name,
            row.archived,
        ])?;
        for team in &row.teams {
            join.execute(params![
                row.id.get(),
                team.id.as_str(),
                team.name,
                team.primary
            ])?;
        }
    }
    Ok(())
}

/// A property that the portal defines now: its name, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinedProperty {
    /// Internal name.
    pub name: String,
    /// Whether HubSpot made it, rather than the portal.
    pub hubspot_defined: bool,
    /// HubSpot's data type, such as `enumeration`.
    pub kind: String,
    /// Whether HubSpot computes it: its values change without moving the record's modified date.
    pub calculated: bool,
    /// Whether only HubSpot writes its values.
    pub read_only: bool,
}

/// The properties of a type that the portal defines now, by name.
///
/// # Errors
/// Failures of the database.
pub fn defined_properties(
    connection: &Connection,
    object_type: &ObjectType,
) -> Result<Vec<DefinedProperty>, StoreError> {
    let mut statement = connection.prepare_cached(LOAD_DEFINED)?;
    let properties = statement.query_map([object_type.as_str()], |row| {
        Ok(DefinedProperty {
            name: row.get(0)?,
            hubspot_defined: row.get(1)?,
            kind: row.get(2)?,
            calculated: row.get(3)?,
            read_only: row.get(4)?,
        })
    })?;
    Ok(properties.collect::<Result<_, _>>()?)
}
