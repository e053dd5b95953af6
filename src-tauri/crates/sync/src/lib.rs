//! HubSpot to store: resumable, one transaction a page.
//!
//! A pass over a portal is a *generation*; its work is a list of *streams*. [`plan()`] says which
//! streams are left, from what was asked for and where the cursors stand, and touches nothing.
//! [`run()`] does the work. Every page of a stream and the cursor that says it was read are one
//! transaction ([`OneTransaction`]), so a run that was killed anywhere is gone on with by the next,
//! and ends with the same rows as one that was never killed.

mod convert;
mod error;
mod fetch;
mod granted;
mod lander;
mod landing;
mod meter;
mod options;
mod plan;
mod refusals;
mod report;
mod run;
mod streams;
mod verify;
mod wanted;
mod windows;
mod work;

pub use error::SyncError;
pub use landing::{Changed, Fate, Landing, Milestone, OneTransaction, Page, Rows};
pub use meter::Progress;
pub use options::{ObjectPlan, SyncOptions};
pub use plan::{Plan, Reach, Standing, Step, Stream, plan};
pub use report::{StreamReport, SyncReport};
pub use run::{run, run_landing};
pub use store::{
    Difference, Explained, MonthLine, ObjectReconciliation, Reconciliation, SampleReconciliation,
    Why,
};
pub use verify::verify;
