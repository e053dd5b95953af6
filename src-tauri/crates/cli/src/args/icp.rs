//! What may be typed about customers.

use clap::{Args, Subcommand};
use crm::PipelineId;

use super::{CopyArgument, PortalArgument, pipeline};

#[derive(Debug, Args)]
pub(crate) struct IcpArguments {
    #[command(flatten)]
    pub(crate) portal: CopyArgument,
    /// As seen at the end of this day, such as 2026-08-03 [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// One pipeline's id [default: all]
    #[arg(long, value_name = "ID", value_parser = pipeline)]
    pub(crate) pipeline: Option<PipelineId>,
    /// By what to tell customers apart, of industry, size, country, region and source
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "industry,size,country,source"
    )]
    pub(crate) by: Vec<String>,
    /// Also by this property, such as companies.tier; up to three
    #[arg(long, value_name = "P")]
    pub(crate) property: Vec<String>,
    /// Check these customers instead of the declared ones, such as industry=Software,size=51-200
    #[arg(long, value_name = "ICP")]
    pub(crate) declare: Option<String>,
    /// Days after creation by which a deal counts as won [default: 90, 180 or 365, the shortest by which
    /// three of four wins have come]
    #[arg(long, value_name = "DAYS")]
    pub(crate) horizon: Option<u32>,
    /// How many segments to print
    #[arg(long, value_name = "N", default_value_t = 25)]
    pub(crate) segments: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum IcpVerb {
    /// Keep the customers that you believe to be the best, as a new version
    Declare {
        #[command(flatten)]
        portal: PortalArgument,
        /// Such as industry=Software,size=51-200: several values of one thing are any of them; empty
        /// takes back what was declared
        icp: String,
        /// The last day of the data that it was made from: what is newer can check it
        #[arg(long, value_name = "DATE")]
        seen_until: Option<String>,
        /// What to call it
        #[arg(long, default_value = "")]
        name: String,
    },
    /// Show what was declared, newest first
    Show(PortalArgument),
}
