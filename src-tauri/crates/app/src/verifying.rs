//! Comparing a copy with HubSpot's own counts.

use store::{
    Difference, Explained, MonthLine, ObjectReconciliation, Reconciliation, SampleReconciliation,
    Why,
};

use crate::app::App;
use crate::syncing::turn;
use crate::views::{
    ExplainedCounts, Explanation, OutOfSightView, ReconciledMonth, ReconciledObject,
    ReconciledRecord, ReconciledSample, ReconciliationView, SyncArgs,
};
use crate::wire::WireError;

impl App {
    /// Compares a portal's copy with HubSpot's own counts, month by month, explains each difference
    /// and reads what was missed.
    ///
    /// # Errors
    /// When HubSpot cannot be read, or it was cancelled. What was repaired until then stays.
    pub async fn verify(&self, args: SyncArgs) -> Result<ReconciliationView, WireError> {
        let job = self.inner.jobs.begin(&args.job)?;
        let portal = self.portal(args.portal).await?;
        let _turn = turn(&portal)?;
        let _run = self.begin_run(&portal).await?;
        let client = self.reach(&portal, &job.cancel).await?;
        let tell = self.tell_reading(&args.job, args.portal, &client);
        let clock = &*self.inner.environment.clock;
        let options = portal.sync_options().await?;
        let found = sync::verify(&client, &portal.store, &options, clock, &tell, &job.cancel).await;
        portal.forget_loaded().await;
        let found = self.settle(&portal, &client, found).await?;
        Ok(reconciliation(found))
    }
}

/// What crosses to the window.
pub(crate) fn reconciliation(found: Reconciliation) -> ReconciliationView {
    ReconciliationView {
        checked_at: found.checked_at,
        since: found.since,
        whole: found.whole,
        unexplained: found.unexplained(),
        not_checked: found.not_checked,
        objects: found.objects.into_iter().map(object).collect(),
        samples: found.samples.into_iter().map(sample).collect(),
        differences: found.differences.iter().map(record).collect(),
    }
}

fn object(of: ObjectReconciliation) -> ReconciledObject {
    ReconciledObject {
        explained: explained(of.explained()),
        unexplained: of.unexplained(),
        object: of.object.to_string(),
        theirs: of.theirs,
        ours: of.ours,
        unavailable: of.unavailable,
        out_of_sight: of.out_of_sight.map(|of| OutOfSightView {
            records: of.records,
            since: of.since,
            purged_from: of.purged_from,
        }),
        months: of.months.iter().map(month).collect(),
    }
}

fn month(line: &MonthLine) -> ReconciledMonth {
    ReconciledMonth {
        month: line.month.map(|month| month.strftime("%Y-%m").to_string()),
        theirs: line.theirs,
        ours: line.ours,
        explained: explained(line.explained),
        unexplained: line.unexplained,
    }
}

fn explained(counts: Explained) -> ExplainedCounts {
    ExplainedCounts {
        archived: counts.archived,
        merged: counts.merged,
        purged: counts.purged,
        no_access: counts.no_access,
        newer: counts.newer,
        repaired: counts.repaired,
    }
}

fn sample(of: SampleReconciliation) -> ReconciledSample {
    ReconciledSample {
        object: of.object.to_string(),
        to: of.to.map(|to| to.to_string()),
        sampled: of.sampled,
        compared: of.compared,
        missing: of.missing,
        surplus: of.surplus,
        repaired: of.repaired,
    }
}

fn record(of: &Difference) -> ReconciledRecord {
    ReconciledRecord {
        object: of.object.to_string(),
        id: of.id,
        why: match of.why {
            Why::Archived => Explanation::Archived,
            Why::Merged => Explanation::Merged,
            Why::Purged => Explanation::Purged,
            Why::NoAccess => Explanation::NoAccess,
            Why::Newer => Explanation::Newer,
            Why::Repaired => Explanation::Repaired,
            Why::Unexplained => Explanation::Unexplained,
        },
    }
}
