//! Reports made before anybody asks for them, so that the first who asks does not wait.
//!
//! Once a copy's histories are loaded, what is usually asked first is asked in the background, one
//! question after the other: what all forecasts learn, then each report of all deals, then of each
//! pipeline. It is the same asking as a person's: a question that is being made is waited for, and its
//! answer is kept where a person's would be. A question that is asked meanwhile goes first: the next of
//! these waits until no person waits. When the copy changes, what is left is not asked.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crm::PipelineId;
use tokio::sync::Notify;
use tokio::task::AbortHandle;

use crate::app::App;
use crate::open_portal::OpenPortal;
use crate::views::{ActivityArgs, CompetitorsArgs, CopyId, ForecastArgs, IcpArgs, PeriodChoice};
use crate::wire::WireError;

/// Pipelines of which reports are made ahead, at most: with all deals together they stay within the
/// answers that are kept.
const MOST_PIPELINES: usize = 5;

/// What is made ahead of one open copy.
#[derive(Default)]
pub(crate) struct Ahead {
    begun: AtomicBool,
    task: Mutex<Option<AbortHandle>>,
    /// People who wait for a report.
    waiting: AtomicUsize,
    nobody: Notify,
}

/// That somebody waits, until it is dropped.
pub(crate) struct Waiting<'a>(&'a Ahead);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if self.0.waiting.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.nobody.notify_waiters();
        }
    }
}

impl Ahead {
    /// Somebody waits from now on.
    pub(crate) fn waiting(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Waiting(self)
    }

    async fn nobody_waits(&self) {
        loop {
            let nobody = self.nobody.notified();
            if self.waiting.load(Ordering::Acquire) == 0 {
                return;
            }
            nobody.await;
        }
    }

    /// The copy has changed, or goes: nothing more is made of it.
    pub(crate) fn stop(&self) {
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(task) = task {
            task.abort();
        }
        self.begun.store(false, Ordering::Release);
    }
}

/// What is asked ahead.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// What forecasts of a period learn whoever's deals they are about.
    Learn(Usual),
    Forecast,
    Activity,
    Competitors,
    Icp,
}

/// Periods that people ask about.
#[derive(Debug, Clone, Copy)]
enum Usual {
    Quarter,
    Month,
    NextQuarter,
}

const OF_ALL: [Step; 7] = [
    Step::Learn(Usual::Quarter),
    Step::Forecast,
    Step::Activity,
    Step::Competitors,
    Step::Icp,
    Step::Learn(Usual::Month),
    Step::Learn(Usual::NextQuarter),
];
const OF_A_PIPELINE: [Step; 4] = [Step::Forecast, Step::Activity, Step::Competitors, Step::Icp];

impl App {
    /// From now on the usual reports of a copy are made in the background as soon as somebody has opened
    /// a report of it: for programs that stay open.
    pub fn make_ahead(&self) {
        self.inner.makes_ahead.store(true, Ordering::Release);
    }

    /// Begins to make what is usually asked of a copy, unless that has begun.
    pub(crate) fn begin_ahead(&self, id: CopyId, portal: &OpenPortal) {
        let wanted = self.inner.makes_ahead.load(Ordering::Acquire);
        if !wanted || portal.ahead.begun.swap(true, Ordering::AcqRel) {
            return;
        }
        let (app, asked) = (self.clone(), portal.clone());
        let work = async move {
            if let Err(error) = app.ask_ahead(id, &asked).await {
                tracing::info!(code = ?error.code, "reports were not made ahead");
            }
        };
        let task = tokio::spawn(work).abort_handle();
        *portal
            .ahead
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(task);
    }

    /// Makes what is usually asked of a copy, and comes back when all of it is made.
    ///
    /// # Errors
    /// Those of the reports.
    pub async fn make_all_ahead(&self, id: CopyId) -> Result<(), WireError> {
        let portal = self.copy(id).await?;
        self.ask_ahead(id, &portal).await
    }

    async fn ask_ahead(&self, id: CopyId, portal: &OpenPortal) -> Result<(), WireError> {
        for step in OF_ALL {
            portal.ahead.nobody_waits().await;
            self.ask_step(id, portal, step, None).await?;
        }
        let pipelines = portal.standing(None).await?.pipelines;
        for pipeline in pipelines.into_iter().take(MOST_PIPELINES) {
            for step in OF_A_PIPELINE {
                portal.ahead.nobody_waits().await;
                self.ask_step(id, portal, step, Some(pipeline.id.clone()))
                    .await?;
            }
        }
        Ok(())
    }

    async fn ask_step(
        &self,
        id: CopyId,
        portal: &OpenPortal,
        step: Step,
        pipeline: Option<PipelineId>,
    ) -> Result<(), WireError> {
        match step {
            Step::Learn(usual) => self.learn(portal, forecast_of(id, usual, None)).await,
            Step::Forecast => {
                let args = forecast_of(id, Usual::Quarter, pipeline);
                self.forecast_of(portal, args).await.map(drop)
            }
            Step::Activity => {
                let args = ActivityArgs {
                    portal: id,
                    as_of: None,
                    pipeline,
                };
                self.activity_of(portal, args).await.map(drop)
            }
            Step::Competitors => {
                let args = CompetitorsArgs {
                    portal: id,
                    as_of: None,
                    pipeline,
                    segment: None,
                };
                self.competitors_of(portal, args).await.map(drop)
            }
            Step::Icp => {
                let args = IcpArgs {
                    portal: id,
                    as_of: None,
                    pipeline,
                    dimensions: None,
                    properties: Vec::new(),
                    horizon_days: None,
                    declared: None,
                };
                self.icp_of(portal, args).await.map(drop)
            }
        }
    }
}

fn forecast_of(id: CopyId, usual: Usual, pipeline: Option<PipelineId>) -> ForecastArgs {
    ForecastArgs {
        portal: id,
        period: match usual {
            Usual::Quarter => PeriodChoice::ThisQuarter,
            Usual::Month => PeriodChoice::ThisMonth,
            Usual::NextQuarter => PeriodChoice::NextQuarter,
        },
        as_of: None,
        pipeline,
        team: None,
        owner: None,
        quota: None,
    }
}
