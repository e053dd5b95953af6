//! Which scores of a portal's deals are meant.

use clap::Args;
use crm::PipelineId;

use super::{CopyArgument, pipeline};

/// Which scores.
#[derive(Debug, Args)]
pub(crate) struct ScoreScope {
    /// One pipeline's id [default: all]
    #[arg(long, value_name = "ID", value_parser = pipeline)]
    pub(crate) pipeline: Option<PipelineId>,
    /// Days within which a deal is won or not: 30, 90 or 180
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
    /// How many open deals to print, the likeliest first
    #[arg(long, value_name = "N", default_value_t = 15)]
    pub(crate) deals: usize,
}
