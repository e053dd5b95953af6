//! The calls that change a portal. Only the crate that plans, journals and confirms changes may
//! name this module.
//!
//! A call here is repeated only where HubSpot said that it did nothing (429, 423, 401) or was never
//! reached. After any other failure the outcome is the caller's to find out:
//! [`Error::outcome_is_unknown`] tells when.
//!
//! From version `2026-09` on, writes are held to the rules that a portal's administrators set up:
//! a change to one property may be refused with [`Kind::Validation`] because another one, which the
//! rules require, is empty.

mod association_limits;
mod associations;
mod inputs;
mod lifecycle;
mod outcome;
mod pipelines;
mod properties;
mod property_batches;
mod records;
mod schemas;

pub use association_limits::{CapsOutcome, create_caps, lift_caps, mail_usage_report, update_caps};
pub use associations::{
    NewLabel, Pair, PairsOutcome, archive_label, associate, associate_as, batch_associate,
    batch_associate_as, batch_dissociate, create_label, delete_label, dissociate, update_label,
};
pub use inputs::{NewAssociation, NewRecord, UpdateInput, UpsertInput, Values};
pub use lifecycle::{Merged, forget_contact, forget_contact_with_email, merge, uninstall};
pub use outcome::{BatchOutcome, BatchUpdate, Upserted};
pub use pipelines::{
    NewPipeline, NewStage, PipelineChange, StageChange, archive_pipeline, archive_stage,
    create_pipeline, create_stage, replace_pipeline, replace_stage, update_pipeline, update_stage,
};
pub use properties::{
    NewGroup, NewOption, NewProperty, PropertyChange, archive_group, archive_property,
    create_group, create_property, update_group, update_property,
};
pub use property_batches::{batch_archive_properties, batch_create_properties};
pub use records::{
    archive, batch_archive, batch_create, batch_update, batch_upsert, create, update, upsert,
};
pub use schemas::{NewSchema, SchemaChange, archive_schema, create_schema, update_schema};

use crate::{Error, Kind, limits};

/// Refuses a batch that HubSpot would refuse for its length.
fn fits(inputs: usize) -> Result<(), Error> {
    if inputs > limits::BATCH {
        return Err(Kind::InvalidRequest("more inputs than a batch may have").into());
    }
    Ok(())
}

/// Refuses a batch in which something stands twice, as HubSpot would.
fn each_once<T: Ord>(keys: impl Iterator<Item = T>) -> Result<(), Error> {
    let mut seen = std::collections::BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            return Err(Kind::InvalidRequest("something stands twice in a batch").into());
        }
    }
    Ok(())
}
