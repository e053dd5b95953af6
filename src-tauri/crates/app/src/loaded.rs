//! A portal's histories in memory, and the answers that were made from them.
//!
//! Both hold for one state of the copy. When the copy changes, all of it goes at once: an answer that
//! is still being made then is kept beside the histories that nobody asks any more.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use analyses::activity::report::ActivityReport;
use analyses::forecast::report::ForecastReport;
use analyses::forecast::{self, ForecastQuestion, Forecasts};
use crm::{Moment, PipelineId, RecordId};
use timeline::Timeline;
use tokio::sync::OnceCell;

use crate::competing;
use crate::icp;
use crate::scoring;
use crate::wire::WireError;

/// Answers of one report that are kept. The report of a large portal takes some 30 MB.
const MOST_KEPT: usize = 8;

/// A portal's histories, and what was made from them.
pub(crate) struct Loaded {
    pub(crate) timeline: Arc<Timeline>,
    /// What forecasts learn whoever's deals they are about.
    pub(crate) learned: Arc<Forecasts>,
    pub(crate) forecasts: Answers<ForecastQuestion, Forecast>,
    pub(crate) activities: Answers<(Moment, Option<PipelineId>), ActivityReport>,
    pub(crate) customers: Answers<icp::Asked, icp::Made>,
    pub(crate) competitors: Answers<competing::Asked, competing::Made>,
    pub(crate) scores: Answers<scoring::Asked, scoring::Made>,
    /// The company of each deal that has one.
    pub(crate) companies: OnceCell<Arc<BTreeMap<RecordId, RecordId>>>,
}

/// A forecast, and what it was drawn from; none where nothing can be expected.
pub(crate) struct Forecast {
    pub(crate) report: ForecastReport,
    pub(crate) drawn: Option<forecast::Kept>,
}

impl Loaded {
    pub(crate) fn new(timeline: Timeline) -> Self {
        let timeline = Arc::new(timeline);
        Self {
            learned: Arc::new(Forecasts::new(Arc::clone(&timeline))),
            timeline,
            forecasts: Answers::default(),
            activities: Answers::default(),
            customers: Answers::default(),
            competitors: Answers::default(),
            scores: Answers::default(),
            companies: OnceCell::new(),
        }
    }
}

/// An answer that is made, or being made.
type Slot<A> = Arc<OnceCell<Arc<A>>>;

/// The newest answers of a report, each under its question.
pub(crate) struct Answers<Q, A>(Mutex<VecDeque<(Q, Slot<A>)>>);

impl<Q, A> Default for Answers<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: PartialEq, A> Answers<Q, A> {
    /// The kept answer, or one that is made now. Who asks what is being made waits for it.
    ///
    /// # Errors
    /// Those of the making; nothing is kept of it then.
    pub(crate) async fn get<M>(
        &self,
        question: Q,
        make: impl FnOnce() -> M,
    ) -> Result<Arc<A>, WireError>
    where
        M: Future<Output = Result<A, WireError>>,
    {
        let slot = self.slot(question);
        let made = slot.get_or_try_init(|| async { Ok::<_, WireError>(Arc::new(make().await?)) });
        Ok(Arc::clone(made.await?))
    }

    /// Lets all go: something that answers were made with is another now.
    pub(crate) fn forget(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn slot(&self, question: Q) -> Slot<A> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(asked, _)| *asked == question);
        let (question, slot) = found
            .and_then(|at| kept.remove(at))
            .unwrap_or_else(|| (question, Slot::default()));
        kept.push_back((question, Arc::clone(&slot)));
        if kept.len() > MOST_KEPT {
            kept.pop_front();
        }
        slot
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::wire::internal;

    /// Asks for a number's double; says whether it had to be made.
    async fn check(answers: &Answers<u32, u32>, question: u32, made: bool) {
        let asked = AtomicBool::new(false);
        let answer = answers.get(question, || async {
            asked.store(true, Ordering::Relaxed);
            Ok(2 * question)
        });
        assert_eq!(*answer.await.unwrap(), 2 * question);
        assert_eq!(asked.load(Ordering::Relaxed), made, "{question}");
    }

    #[tokio::test]
    async fn the_newest_answers_are_kept() {
        let answers = Answers::default();
        let most = MOST_KEPT as u32;
        for question in 0..most {
            check(&answers, question, true).await;
        }
        // Asked again, it is the newest of them.
        check(&answers, 0, false).await;
        check(&answers, most, true).await;
        check(&answers, 0, false).await;
        check(&answers, 1, true).await;
    }

    #[tokio::test]
    async fn who_asks_meanwhile_waits_for_the_same_answer() {
        let answers: Answers<u32, u32> = Answers::default();
        let (first, second) = tokio::join!(
            answers.get(3, || async {
                tokio::task::yield_now().await;
                Ok(6)
            }),
            answers.get(3, || async { Err(internal("made twice")) }),
        );
        assert!(Arc::ptr_eq(&first.unwrap(), &second.unwrap()));
    }

    #[tokio::test]
    async fn a_failure_is_not_kept() {
        let answers: Answers<u32, u32> = Answers::default();
        let failed = answers.get(3, || async { Err(internal("not now")) });
        assert!(failed.await.is_err());
        check(&answers, 3, true).await;
    }
}
