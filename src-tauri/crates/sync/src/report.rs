//! What a run did.

use store::{Reconciliation, RunKind, RunOutcome};

use crate::plan::{Standing, Step};

/// What a run did.
#[derive(Debug, Clone, PartialEq)]
pub struct SyncReport {
    /// The run's number in the portal's history.
    pub run_id: i64,
    /// The generation it worked on.
    pub generation: u64,
    /// Whether it read everything or the changes, or went on with an earlier run.
    pub kind: RunKind,
    /// Done, or stopped by the user. A failure is an error and not a report.
    pub outcome: RunOutcome,
    /// The streams of the generation, in order.
    pub streams: Vec<StreamReport>,
    /// Rows that this run stored.
    pub rows: u64,
    /// Requests that this run made, repeats included.
    pub calls: u64,
    /// How long it took.
    pub seconds: f64,
    /// How the copy compares with HubSpot's own counts; `None` for a run that was stopped. A check
    /// that could not be made says why in [`Reconciliation::not_checked`].
    pub reconciliation: Option<Reconciliation>,
}

/// Where a stream stands after a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamReport {
    /// The stream's name, such as `records/deals`.
    pub stream: String,
    /// Rows read of it in this generation.
    pub rows: u64,
    /// Whether all of it was read.
    pub done: bool,
    /// A stable word for why it cannot be read.
    pub unavailable: Option<String>,
    /// What was read and what HubSpot counted, such as `498 of 500`, where the two could not be
    /// brought together. The next run reads the same again.
    pub unproven: Option<String>,
}

impl StreamReport {
    /// From where a stream stands, and what its count said.
    pub(crate) fn new(step: &Step, unproven: Option<String>) -> Self {
        let (rows, done, unavailable) = match &step.standing {
            Standing::Open { rows, .. } => (*rows, false, None),
            Standing::Done { rows } => (*rows, true, None),
            Standing::Unavailable { reason } => (0, false, Some(reason.clone())),
        };
        Self {
            stream: step.stream.to_string(),
            rows,
            done,
            unavailable,
            unproven,
        }
    }
}
