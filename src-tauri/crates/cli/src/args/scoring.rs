//! Which scores of a portal's deals or contacts are meant.

use analyses::scoring::Scored;
use clap::{Args, ValueEnum};
use crm::PipelineId;

use super::{CopyArgument, pipeline};

/// What is scored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScoredArgument {
    /// Open deals: how likely each is won
    Deals,
    /// Contacts with whom no deal is won yet: how likely one is
    Contacts,
}

impl From<ScoredArgument> for Scored {
    fn from(argument: ScoredArgument) -> Self {
        match argument {
            ScoredArgument::Deals => Self::Deals,
            ScoredArgument::Contacts => Self::Contacts,
        }
    }
}

/// Which scores.
#[derive(Debug, Args)]
pub(crate) struct ScoreScope {
    /// What is scored
    #[arg(long, value_enum, default_value_t = ScoredArgument::Deals)]
    pub(crate) of: ScoredArgument,
    /// One pipeline's id [default: all]; of contacts, only its deals are won with them
    #[arg(long, value_name = "ID", value_parser = pipeline)]
    pub(crate) pipeline: Option<PipelineId>,
    /// Days within which it happens or not: 30, 90 or 180
    #[arg(long, value_name = "DAYS", default_value_t = 90)]
    pub(crate) horizon: u32,
    /// Learn from this property, too, such as companies.tier
    #[arg(long, value_name = "P")]
    pub(crate) property: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ScoringArguments {
    #[command(flatten)]
    pub(crate) portal: CopyArgument,
    /// As seen at the end of this day, such as 2026-08-03 [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) scope: ScoreScope,
    /// How many open deals, or contacts, to print, the likeliest first
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub(crate) deals: usize,
}
