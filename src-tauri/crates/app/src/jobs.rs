//! Long work that can be stopped: each job is named by its caller and holds a token to cancel it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::views::JobId;
use crate::wire::WireError;

/// The longest name of a job, in bytes.
const LONGEST_NAME: usize = 64;

/// The jobs under way.
#[derive(Clone, Default)]
pub(crate) struct Jobs(Arc<Mutex<HashMap<JobId, CancellationToken>>>);

/// A job under way; it leaves the list when this is dropped.
pub(crate) struct Job {
    id: JobId,
    jobs: Jobs,
    /// Cancelled when somebody wants the job to stop.
    pub(crate) cancel: CancellationToken,
}

impl Jobs {
    /// Enters a job into the list.
    ///
    /// # Errors
    /// When the name is empty, too long, or taken by a job that still runs.
    pub(crate) fn begin(&self, id: &JobId) -> Result<Job, WireError> {
        if id.0.is_empty() || id.0.len() > LONGEST_NAME {
            return Err(WireError::bad_input(
                "A job's name has 1 to 64 characters.",
                "Choose another name.",
            ));
        }
        let cancel = CancellationToken::new();
        let mut jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if jobs.contains_key(id) {
            return Err(WireError::bad_input(
                "A job of this name is under way.",
                "Wait for it, or cancel it.",
            ));
        }
        jobs.insert(id.clone(), cancel.clone());
        Ok(Job {
            id: id.clone(),
            jobs: self.clone(),
            cancel,
        })
    }

    /// Asks a job to stop. False when there is none of this name.
    pub(crate) fn cancel(&self, id: &JobId) -> bool {
        let jobs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(id).is_some_and(|token| {
            token.cancel();
            true
        })
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let mut jobs = self.jobs.0.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_can_be_cancelled_until_it_ends() {
        let jobs = Jobs::default();
        let id = JobId("sync-1".into());
        let job = jobs.begin(&id).unwrap();
        assert!(jobs.begin(&id).is_err(), "the name is taken");
        assert!(jobs.cancel(&id));
        assert!(job.cancel.is_cancelled());
        drop(job);
        assert!(!jobs.cancel(&id));
        jobs.begin(&id).unwrap();
    }

    #[test]
    fn a_jobs_name_is_bounded() {
        let jobs = Jobs::default();
        for name in [String::new(), "x".repeat(65)] {
            assert!(jobs.begin(&JobId(name)).is_err());
        }
    }
}
