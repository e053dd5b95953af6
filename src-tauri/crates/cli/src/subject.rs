//! Which portal a command is about, so that what to do next can name it.

use crm::PortalId;

use crate::args::competitors::CompetitorsVerb;
use crate::args::score::ScoreVerb;
use crate::args::{CopyPlace, IcpVerb, QuotaVerb, ReportVerb, SnapshotVerb, Verb, WritebackVerb};

impl Verb {
    /// The portal that was named, where one was.
    pub(crate) fn portal(&self) -> Option<PortalId> {
        match self {
            Self::Demo
            | Self::Sim(_)
            | Self::Vault(_)
            | Self::Portals
            | Self::Score(ScoreVerb::Csv(_)) => None,
            Self::Connect(arguments) => arguments.again,
            Self::Status(copy) | Self::Sql { portal: copy, .. } => copy.copy.portal(),
            Self::Report(ReportVerb::Forecast(arguments)) => arguments.portal.copy.portal(),
            Self::Report(ReportVerb::Activity(arguments)) => arguments.portal.copy.portal(),
            Self::Report(ReportVerb::Waterfall(arguments)) => arguments.portal.copy.portal(),
            Self::Report(ReportVerb::Competitors(arguments)) => arguments.portal.copy.portal(),
            Self::Competitors(CompetitorsVerb::List(copy)) => copy.copy.portal(),
            Self::Report(ReportVerb::Icp(arguments)) => arguments.portal.copy.portal(),
            Self::Competitors(
                CompetitorsVerb::Texts { portal, .. }
                | CompetitorsVerb::Add { portal, .. }
                | CompetitorsVerb::Alias { portal, .. }
                | CompetitorsVerb::Remove { portal, .. }
                | CompetitorsVerb::Own { portal, .. }
                | CompetitorsVerb::Property { portal, .. }
                | CompetitorsVerb::Confirm { portal, .. },
            )
            | Self::Icp(IcpVerb::Declare { portal, .. } | IcpVerb::Show(portal))
            | Self::Snapshot(SnapshotVerb::Save { portal, .. })
            | Self::Forget(portal)
            | Self::Verify(portal)
            | Self::Writeback(
                WritebackVerb::Plan { portal, .. } | WritebackVerb::History(portal),
            ) => Some(portal.portal),
            Self::Quota(QuotaVerb::Set { portal, .. }) | Self::FiscalYear { portal, .. } => {
                Some(portal.portal)
            }
            Self::Report(ReportVerb::Scoring(arguments)) => arguments.portal.copy.portal(),
            Self::Score(ScoreVerb::Train { portal, .. } | ScoreVerb::Use { portal, .. }) => {
                Some(portal.portal)
            }
            Self::Score(
                ScoreVerb::Card { portal, .. }
                | ScoreVerb::Models { portal }
                | ScoreVerb::Properties { portal, .. }
                | ScoreVerb::Explain { portal, .. },
            ) => portal.copy.portal(),
            Self::Quota(QuotaVerb::List { portal, .. }) => portal.copy.portal(),
            Self::Snapshot(
                SnapshotVerb::List | SnapshotVerb::Open { .. } | SnapshotVerb::Delete { .. },
            ) => None,
            Self::Sync(arguments) => Some(arguments.portal.portal),
            Self::Writeback(
                WritebackVerb::Show(plan)
                | WritebackVerb::Approve(plan)
                | WritebackVerb::Discard(plan)
                | WritebackVerb::Apply(plan)
                | WritebackVerb::Undo(plan),
            ) => Some(plan.portal.portal),
        }
    }
}

impl CopyPlace {
    fn portal(&self) -> Option<PortalId> {
        match self {
            Self::Portal(id) => Some(*id),
            Self::File(_) => None,
        }
    }
}
