//! A portal's encrypted database, the vault that opens it, and the registry of portals.
//!
//! - [`DataDir`] is the folder that everything rests in, and the lock that lets one process write.
//! - [`Vault`] is the master key: in the OS keychain, or sealed under a passphrase.
//! - [`Registry`] lists the portals of this machine.
//! - [`PortalStore`] is one portal: one file, one key, one writer, many readers.
//! - [`save_snapshot`] freezes a portal into one file under a passphrase; [`open_snapshot`] reads it.
//!
//! The crate knows no network and no clock: moments are passed in. All calls block; from
//! asynchronous code they belong on a blocking thread.

mod api_day;
mod associations;
mod backup;
mod changes;
mod competitors;
mod connection;
mod credential;
mod data_dir;
mod declared;
mod definitions;
mod error;
mod exports;
mod fiscal_year;
mod forgetting;
mod gone;
mod hex;
mod key;
mod key_file;
mod keychain;
mod network;
mod one_moment;
mod passphrase;
mod portal_info;
mod portal_lock;
mod portal_store;
mod private_file;
mod query;
mod quotas;
mod reconciliation;
mod records;
mod refusals;
mod registry;
mod runs;
mod schema;
mod scores;
mod snapshot;
#[cfg(feature = "testing")]
pub mod testing;
mod typed;
mod unseen;
mod vault;
mod vault_file;

pub use api_day::ApiDay;
pub use associations::{
    AssociationLabelRow, AssociationRow, associated_from, association_count, association_labels,
    replace_association_labels, replace_associations,
};
pub use changes::{
    ChangeCursor, IdsOf, KnownRecord, PropertiesRead, association_cursors, associations_are_due,
    change_cursors, forget_met, ids_of, known_records, met, no_association_is_due,
    save_association_cursor, save_change_cursor,
};
pub use competitors::{
    ACTIVITY_TEXTS, CompetitorDictionary, activity_texts_since, competitor_dictionary,
    purge_activity_texts, read_activity_texts, save_competitor_dictionary,
};
pub use credential::{Credential, CredentialKind, Disconnection, Tokens};
pub use data_dir::DataDir;
pub use declared::{DeclaredRow, declare_icp, declared_icps};
pub use definitions::{
    DefinedProperty, OwnerRow, PipelineRow, PropertyDefinitionRow, StageRow, TeamRow,
    defined_properties, replace_owners, replace_pipelines, replace_property_definitions,
};
pub use error::{StoreError, VaultError};
pub use exports::SavedSnapshot;
pub use fiscal_year::{fiscal_year, set_fiscal_year};
pub use forgetting::{Forgotten, OnStep, forget, forget_log_lines, resume_forgetting};
pub use gone::{Gone, MERGE_TRACES, bury, merge_record, merged_into, purge, resolve, vanish};
pub use portal_info::{PortalInfo, save_portal_info};
pub use portal_lock::{PortalLock, PortalWork};
pub use portal_store::PortalStore;
pub use query::{Cell, QueryRows};
pub use quotas::{QuotaOf, QuotaScope, QuotaVersion, add_quota, quotas};
pub use reconciliation::{
    DIFFERENCES_TOLD, Difference, Explained, MonthLine, ObjectReconciliation, Reconciliation,
    SampleReconciliation, Why, associations_of, is_live, last_live, last_reconciliation,
    live_records, months_of, most_associated, next_live, save_reconciliation, version_keys,
};
pub use records::{RecordRow, RecordValues, apply_page, apply_values, created_at, record_count};
pub use refusals::{Refusal, forget_refusal, refusals, save_refusal};
pub use registry::{PortalEntry, Registry};
pub use runs::{
    Cursor, Pass, RunKind, RunOutcome, SyncRun, calls_of_full_pass, cursors, end_lost_runs,
    finish_run, last_finished_run, note_hubspot_time, open_pass, pass_began, recent_runs,
    save_cursor, start_run,
};
pub use scores::{
    NewScoreModel, ScoreModelRow, ScoreRow, ScoreScope, add_score_model, add_scores,
    choose_score_model, newest_scores, overrule_suspect, overruled_suspects, score_model,
    score_models, score_properties, set_score_properties,
};
pub use snapshot::{
    NotASnapshotId, OnProgress, SnapshotError, SnapshotHead, SnapshotId, SnapshotProgress,
    SnapshotRequest, delete_snapshot, is_snapshot, open_snapshot, save_snapshot,
};
pub use unseen::{
    KEPT_UNSEEN, OutOfSight, Unseen, have_shrunk, last_scopes, note_scopes, note_unseen,
    out_of_sight, seen, unseen, unseen_before,
};
pub use vault::{Unlock, Vault, VaultState};
