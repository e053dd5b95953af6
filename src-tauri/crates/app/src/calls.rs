//! The surface of the app, declared once: every call's name, arguments and answer. The window's
//! single command, the test host and the TypeScript types all come from this table, so none of
//! them can know a call that the others do not.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::views::{
    ActivityArgs, ActivityView, AppStatus, ApplyArgs, CancelArgs, CompetitorChangeArgs,
    CompetitorListView, CompetitorTextsArgs, CompetitorsArgs, CompetitorsView, ConnectArgs,
    CopyArgs, CopyId, DealArgs, DealStory, DeclaredIcpView, DemoArgs, FeatureView, FiscalYearArgs,
    FiscalYearView, ForecastArgs, ForecastView, ForgetReceipt, IcpArgs, IcpDeclareArgs, IcpView,
    NoArgs, OpenRecordArgs, PlanArgs, PlanRefArgs, PlanSummary, PlanView, PortalArgs,
    PortalSummary, QuotaEntry, QuotaListArgs, QuotaSetArgs, ReconciliationView, ReconnectArgs,
    RenameArgs, SavedSnapshotView, ScoreCardArgs, ScoreExplainArgs, ScoreExplainView,
    ScoreModelLine, ScoreModelView, ScorePropertiesArgs, ScorePropertiesView, ScoreTrainArgs,
    ScoreTrainView, ScoreUseArgs, ScoreUseView, ScoringArgs, ScoringView, SnapshotDeleteArgs,
    SnapshotList, SnapshotMark, SnapshotOpenArgs, SnapshotRefArgs, SnapshotSaveArgs, SyncArgs,
    SyncReportView, SyncStatus, UnlockArgs, VaultMoveArgs, VaultSeal, WaterfallArgs, WaterfallView,
    WhatIfArgs,
};
use crate::{App, WireError};
use analyses::forecast::report::WhatIfReport;

macro_rules! calls {
    ($($(#[doc = $doc:literal])* $name:ident($args:ty) -> $answer:ty;)*) => {
        /// The names of all calls.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Runs the call of this name. Arguments that do not fit and names that do not exist are
        /// answered as bad input.
        ///
        /// # Errors
        /// Whatever the call itself reports.
        pub async fn dispatch(app: &App, name: &str, args: Value) -> Result<Value, WireError> {
            match name {
                $(stringify!($name) => {
                    let args: $args = arguments(name, args)?;
                    // Boxed, so that the largest call does not size every other one's future.
                    let answer: $answer = Box::pin(app.$name(args)).await?;
                    answer_as_json(&answer)
                })*
                _ => Err(WireError::bad_input(
                    "There is no such call.",
                    "The window and the program are of different versions: restart Plumbline.",
                )),
            }
        }

        /// The table as TypeScript: an interface whose keys are the calls.
        #[cfg(test)]
        pub(crate) fn typescript_calls(config: &ts_rs::Config) -> String {
            use ts_rs::TS;
            let mut text = String::from("export interface Calls {\n");
            $(
                $(text.push_str(&format!("  /**{} */\n", $doc));)*
                text.push_str(&format!(
                    "  {}: {{ args: {}; answer: {} }};\n",
                    stringify!($name),
                    <$args>::name(config),
                    <$answer>::name(config),
                ));
            )*
            text.push_str("}\n");
            text
        }

        /// Every type that the table mentions, for the export.
        #[cfg(test)]
        pub(crate) fn visit_types(visitor: &mut impl ts_rs::TypeVisitor) {
            $(
                visitor.visit::<$args>();
                visitor.visit::<$answer>();
            )*
        }
    };
}

calls! {
    /// What the window needs to know first: version, and whether secrets can be read.
    status(NoArgs) -> AppStatus;
    /// Opens the vault with a passphrase, or seals a new one with it.
    unlock(UnlockArgs) -> AppStatus;
    /// Keeps the key to everything elsewhere: in the keychain, or under a passphrase.
    vault_move(VaultMoveArgs) -> VaultSeal;
    /// Where the key to everything is kept.
    vault_seal(NoArgs) -> VaultSeal;
    /// The portals on this machine.
    portals(NoArgs) -> Vec<PortalSummary>;
    /// Connects a portal. Ends when consent was given, refused or waited for too long.
    connect(ConnectArgs) -> PortalSummary;
    /// Connects a portal of this machine again, for writing too where that is asked for.
    reconnect(ReconnectArgs) -> PortalSummary;
    /// What a portal's token may be used for, and which scopes are missing.
    features(PortalArgs) -> Vec<FeatureView>;
    /// Starts the demo portal on this machine and connects it over OAuth.
    demo(DemoArgs) -> PortalSummary;
    /// Names and colours a portal.
    rename(RenameArgs) -> PortalSummary;
    /// Removes everything that is known of a portal from this machine.
    forget(PortalArgs) -> ForgetReceipt;
    /// Stops long work. True when there was such work.
    cancel(CancelArgs) -> bool;
    /// Reads a portal into its copy; goes on where an earlier run stopped.
    sync(SyncArgs) -> SyncReportView;
    /// Compares a copy with HubSpot's own counts, explains differences and reads what was missed.
    verify(SyncArgs) -> ReconciliationView;
    /// The state of a portal's copy and its last runs.
    sync_status(CopyArgs) -> SyncStatus;
    /// Freezes a portal into one encrypted file.
    snapshot_save(SnapshotSaveArgs) -> SavedSnapshotView;
    /// The snapshots that were saved from here, and those that are open.
    snapshots(NoArgs) -> SnapshotList;
    /// Opens a snapshot's file, read-only.
    snapshot_open(SnapshotOpenArgs) -> SnapshotMark;
    /// Closes an open snapshot. True when it was open.
    snapshot_close(SnapshotRefArgs) -> bool;
    /// Deletes a snapshot's file.
    snapshot_delete(SnapshotDeleteArgs) -> bool;
    /// How a period will end.
    forecast(ForecastArgs) -> ForecastView;
    /// How a period would end if something were different.
    what_if(WhatIfArgs) -> WhatIfReport;
    /// Where a portal's quarters begin.
    fiscal_year(CopyArgs) -> FiscalYearView;
    /// Says where a portal's quarters begin.
    fiscal_year_set(FiscalYearArgs) -> FiscalYearView;
    /// Enters a quota as a new version, and tells all versions of all quotas.
    quota_set(QuotaSetArgs) -> Vec<QuotaEntry>;
    /// All versions of all quotas, the newest first.
    quotas(QuotaListArgs) -> Vec<QuotaEntry>;
    /// What moved the open pipeline between two days.
    waterfall(WaterfallArgs) -> WaterfallView;
    /// Who else is in the deals, and what became of them.
    competitors(CompetitorsArgs) -> CompetitorsView;
    /// The competitors that are looked for, and whether texts of activities are read.
    competitor_list(CopyArgs) -> CompetitorListView;
    /// Changes the list of competitors.
    competitor_change(CompetitorChangeArgs) -> CompetitorListView;
    /// Switches the reading of note bodies and e-mail subjects on, or off and removes them.
    competitor_texts(CompetitorTextsArgs) -> CompetitorListView;
    /// Which customers get deals, win them and bring most.
    icp(IcpArgs) -> IcpView;
    /// Keeps the customers that the user believes to be the best, as a new version.
    icp_declare(IcpDeclareArgs) -> Vec<DeclaredIcpView>;
    /// What was declared, newest first.
    icp_declared(CopyArgs) -> Vec<DeclaredIcpView>;
    /// Which activities go with winning, and what stalled deals lack.
    activity(ActivityArgs) -> ActivityView;
    /// How likely open deals are won, or contacts convert, with reasons; or why there is no score.
    scoring(ScoringArgs) -> ScoringView;
    /// Trains a score on all that is known, and keeps it with its card.
    score_train(ScoreTrainArgs) -> ScoreTrainView;
    /// The models that were kept, newest first.
    score_models(CopyArgs) -> Vec<ScoreModelLine>;
    /// A model that was kept, with its card.
    score_card(ScoreCardArgs) -> ScoreModelView;
    /// Uses a model that was kept before, from now on.
    score_use(ScoreUseArgs) -> ScoreUseView;
    /// What scores learn from, and what else they could.
    score_properties(CopyArgs) -> ScorePropertiesView;
    /// Chooses what else scores learn from, from the next training on.
    score_properties_set(ScorePropertiesArgs) -> ScorePropertiesView;
    /// Why an open deal's or a contact's score is what it is, with those behind each reason.
    score_explain(ScoreExplainArgs) -> ScoreExplainView;
    /// What one deal said when.
    deal_story(DealArgs) -> DealStory;
    /// Computes which win probabilities would change in HubSpot. Writes nothing there.
    plan_writeback(PlanArgs) -> PlanView;
    /// The plans of a portal, newest first.
    plans(PortalArgs) -> Vec<PlanSummary>;
    /// One plan with its changes.
    plan(PlanRefArgs) -> PlanView;
    /// Signs a plan.
    approve_plan(PlanRefArgs) -> PlanView;
    /// Puts a plan aside.
    discard_plan(PlanRefArgs) -> PlanSummary;
    /// Sends an approved plan's changes; goes on where an earlier run stopped.
    apply_plan(ApplyArgs) -> PlanView;
    /// Computes the plan that would take an applied one back.
    plan_undo(ApplyArgs) -> PlanView;
    /// Opens a record in HubSpot, in the system browser.
    open_record(OpenRecordArgs) -> bool;
}

/// The longest arguments that a call accepts, in bytes of JSON: far above any honest request.
const MAX_ARGUMENT_BYTES: usize = 64 * 1024;

fn arguments<T: DeserializeOwned>(name: &str, args: Value) -> Result<T, WireError> {
    let misfit = || {
        WireError::bad_input(
            format!("The arguments of {name} do not fit."),
            "Check the form; if it looks right, restart Plumbline.",
        )
    };
    if args.to_string().len() > MAX_ARGUMENT_BYTES {
        return Err(misfit());
    }
    let portal = args.get("portal").and_then(Value::as_str);
    let is_snapshot = matches!(portal.map(str::parse), Some(Ok(CopyId::Snapshot(_))));
    serde_json::from_value(args).map_err(|_| {
        // What takes a portal alone does not take a snapshot.
        if is_snapshot {
            crate::snapshots::portal_wanted()
        } else {
            misfit()
        }
    })
}

fn answer_as_json<T: serde::Serialize>(answer: &T) -> Result<Value, WireError> {
    serde_json::to_value(answer)
        .map_err(|_| crate::wire::internal("an answer could not be written"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The window's runtime moves calls between threads.
    #[test]
    fn calls_can_move_between_threads() {
        fn movable<T: Send>(_: impl FnOnce(&'static App) -> T) {}
        movable(|app| dispatch(app, "status", Value::Null));
    }
}
