//! Long work that can be stopped: each job is named by its caller and holds a token to cancel it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::views::JobId;
use crate::wire::WireError;

/// The longest name of a job, in bytes.
const LONGEST_NAME: usize = 64;

/// The jobs under way. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Jobs(Arc<Shared>);

#[derive(Default)]
struct Shared {
    list: Mutex<List>,
    /// Woken whenever a job has ended.
    ended: Notify,
}

#[derive(Default)]
struct List {
    running: HashMap<JobId, CancellationToken>,
    /// The program ends: nothing begins any more.
    closed: bool,
}

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
    /// When the name is empty, too long, or taken by a job that still runs; when the program ends.
    pub(crate) fn begin(&self, id: &JobId) -> Result<Job, WireError> {
        if id.0.is_empty() || id.0.len() > LONGEST_NAME {
            return Err(WireError::bad_input(
                "A job's name has 1 to 64 characters.",
                "Choose another name.",
            ));
        }
        let cancel = CancellationToken::new();
        let mut list = self.list();
        if list.closed {
            return Err(crate::faults::cancelled("Plumbline is being closed."));
        }
        if list.running.contains_key(id) {
            return Err(WireError::bad_input(
                "A job of this name is under way.",
                "Wait for it, or cancel it.",
            ));
        }
        list.running.insert(id.clone(), cancel.clone());
        Ok(Job {
            id: id.clone(),
            jobs: self.clone(),
            cancel,
        })
    }

    /// Asks a job to stop. False when there is none of this name.
    pub(crate) fn cancel(&self, id: &JobId) -> bool {
        self.list().running.get(id).is_some_and(|token| {
            token.cancel();
            true
        })
    }

    /// Stops every job, lets none begin any more, and waits until the last one has ended.
    pub(crate) async fn close(&self) {
        loop {
            // Listening begins before looking, so that no ending falls between the two.
            let ended = self.0.ended.notified();
            tokio::pin!(ended);
            ended.as_mut().enable();
            {
                let mut list = self.list();
                list.closed = true;
                if list.running.is_empty() {
                    return;
                }
                for token in list.running.values() {
                    token.cancel();
                }
            }
            ended.await;
        }
    }

    fn list(&self) -> MutexGuard<'_, List> {
        self.0.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.jobs.list().running.remove(&self.id);
        self.jobs.0.ended.notify_waiters();
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

    #[tokio::test]
    async fn closing_stops_every_job_and_waits_for_it() {
        let jobs = Jobs::default();
        let worker = |name: &str| {
            let job = jobs.begin(&JobId(name.into())).unwrap();
            tokio::spawn(async move { job.cancel.cancelled().await })
        };
        let workers = [worker("sync-1"), worker("sync-2")];
        jobs.close().await;
        assert!(jobs.list().running.is_empty());
        for worker in workers {
            worker.await.unwrap();
        }
        assert!(jobs.begin(&JobId("sync-3".into())).is_err(), "too late");
        jobs.close().await;
    }

    #[test]
    fn a_jobs_name_is_bounded() {
        let jobs = Jobs::default();
        for name in [String::new(), "x".repeat(65)] {
            assert!(jobs.begin(&JobId(name)).is_err());
        }
    }
}
