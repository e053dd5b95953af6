//! The models of a portal side by side, and what they learn from.

use analyses::forecast::report::PipelineView;
use analyses::scoring::Judged;
use analyses::scoring::Scored;
use analyses::scoring::report::Event;
use crm::{Moment, PortalId};
use serde::{Deserialize, Serialize};

use super::CopyId;

/// A kept model in a line: what one compares models by.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreModelLine {
    /// Counts up from 1 over all models of the portal.
    pub version: u32,
    /// When it was trained.
    #[cfg_attr(test, ts(type = "string"))]
    pub trained_at: Moment,
    /// What it tells of, within how many days.
    pub event: Event,
    /// One pipeline; none means all.
    pub pipeline: Option<PipelineView>,
    /// Sightings that it learnt from.
    pub rows: u32,
    /// Deals or contacts behind them.
    pub records: u32,
    /// What it is, in words; none where nothing could be judged.
    pub contender: Option<String>,
    /// How it did out of time; none where nothing could be judged.
    pub judged: Option<Judged>,
    /// Whether its scores may be shown.
    pub is_published: bool,
    /// Why not, in sentences; empty where they may.
    pub refusals: Vec<String>,
    /// Why it is the one in use; none for one that is not.
    pub in_use: Option<String>,
    /// The properties that it was asked to learn from beside the usual ones.
    pub properties: Vec<String>,
    /// What had changed when it was trained, in sentences; empty where nothing did by more than chance.
    pub drift: Vec<String>,
}

/// Which model's card is asked for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreCardArgs {
    /// The portal, or an open snapshot.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: CopyId,
    /// Whether it scores deals or contacts, where no version is named. Absent means deals.
    #[serde(default)]
    pub of: Scored,
    /// The model's version; absent means the one in use, else the newest.
    pub version: Option<u32>,
}

/// A kept model to be used from now on.
#[derive(Debug, Clone, Copy, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreUseArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// The model's version.
    pub version: u32,
}

/// What choosing a model came to.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreUseView {
    /// The version that was used before: choosing it takes the choice back.
    pub before: Option<u32>,
    /// Open deals that the model has scored now.
    pub scored: u32,
    /// All models as they stand now, the newest first.
    pub models: Vec<ScoreModelLine>,
}

/// Properties that scores learn from, from now on.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScorePropertiesArgs {
    /// The portal.
    #[cfg_attr(test, ts(type = "string"))]
    pub portal: PortalId,
    /// All that are wanted beside the usual ones, such as `companies.tier`.
    pub properties: Vec<String>,
}

/// A property that a score can learn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScoreProperty {
    /// Its type and name, such as `companies.tier`.
    pub name: String,
    /// What HubSpot calls it.
    pub label: String,
    /// Whether the portal made it, rather than HubSpot.
    pub is_own: bool,
}

/// What scores learn from beside what is computed from a deal's life.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ScorePropertiesView {
    /// Those that every score learns from.
    pub usual: Vec<ScoreProperty>,
    /// Those that were chosen beside them. Training uses them; a model in use goes on without.
    pub chosen: Vec<ScoreProperty>,
    /// All others that the copy holds, those of the portal's own making first.
    pub offered: Vec<ScoreProperty>,
}
