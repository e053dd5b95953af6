//! What crosses to the window and to `--json`: plain data, documented, with ids as text and times
//! in RFC 3339. The TypeScript twins are generated from these types by a test.

mod activity;
mod competing;
mod connecting;
mod fiscal_year;
mod forecasting;
mod icp;
mod jobs;
mod journal;
mod portals;
mod quotas;
mod score_models;
mod scoring;
mod snapshots;
mod syncing;
mod verifying;
mod waterfall;

pub use activity::{ActivityArgs, ActivityView};
pub use competing::{
    CompetitorChangeArgs, CompetitorListView, CompetitorPropertyView, CompetitorTextsArgs,
    CompetitorsArgs, CompetitorsView,
};
pub use connecting::{ConnectArgs, ConnectionWay, DemoArgs, ReconnectArgs};
pub use fiscal_year::{FiscalYearArgs, FiscalYearView};
pub use forecasting::{
    DealArgs, DealStory, DealStoryVersion, ForecastArgs, ForecastView, OwnerOption, PeriodChoice,
    PipelineOption, TeamOption, WhatIfArgs,
};
pub use icp::{DeclaredIcpView, DimensionNames, IcpArgs, IcpDeclareArgs, IcpView, SegmentsQuery};
pub use jobs::{CancelArgs, Event, JobId, NoArgs, Phase, Progress};
pub use journal::{
    ApplyArgs, ChangeView, PlanArgs, PlanCounts, PlanRefArgs, PlanState, PlanSummary, PlanView,
};
pub use portals::{
    AppStatus, ConnectedBy, Connection, Feature, FeatureState, FeatureView, ForgetReceipt,
    OpenRecordArgs, PortalArgs, PortalSummary, RenameArgs, UnlockArgs, VaultMoveArgs, VaultPlace,
    VaultSeal, VaultView,
};
pub use quotas::{QuotaEntry, QuotaListArgs, QuotaSetArgs};
pub use score_models::{
    ScoreCardArgs, ScoreModelLine, ScorePropertiesArgs, ScorePropertiesView, ScoreProperty,
    ScoreUseArgs, ScoreUseView,
};
pub use scoring::{
    OverruleArgs, ScoreExplainArgs, ScoreExplainView, ScoreModelView, ScoreTrainArgs,
    ScoreTrainView, ScoringArgs, ScoringView,
};
pub use snapshots::{
    CopyArgs, CopyId, OpenSnapshotView, SavedSnapshotView, SnapshotDeleteArgs, SnapshotList,
    SnapshotMark, SnapshotOpenArgs, SnapshotRefArgs, SnapshotSaveArgs,
};
pub use syncing::{
    StreamView, SyncArgs, SyncKind, SyncOutcome, SyncReportView, SyncRunView, SyncStatus,
};
pub use verifying::{
    ExplainedCounts, Explanation, OutOfSightView, ReconciledMonth, ReconciledObject,
    ReconciledRecord, ReconciledSample, ReconciliationView,
};
pub use waterfall::{WaterfallArgs, WaterfallView};
