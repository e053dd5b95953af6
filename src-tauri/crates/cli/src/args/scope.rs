//! Which period and whose deals, and what they are to bring.

use clap::{Args, Subcommand, ValueEnum};
use crm::{OwnerId, PipelineId, TeamId};

use super::{CopyArgument, PortalArgument, pipeline};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PeriodName {
    /// The month that holds the as-of date
    ThisMonth,
    /// The quarter that holds the as-of date
    ThisQuarter,
    /// The quarter after that
    NextQuarter,
}

/// Which period.
#[derive(Debug, Args)]
pub(crate) struct PeriodArguments {
    /// Which period, seen from the as-of date, or from today
    #[arg(long, value_enum, default_value_t = PeriodName::ThisQuarter, conflicts_with_all = ["from", "to"])]
    pub(crate) period: PeriodName,
    /// First day of another period
    #[arg(long, value_name = "DATE", requires = "to")]
    pub(crate) from: Option<String>,
    /// Last day of another period
    #[arg(long, value_name = "DATE", requires = "from")]
    pub(crate) to: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum QuotaVerb {
    /// Enter a quota; earlier ones stay, with their times, for reports as of a past day
    Set {
        #[command(flatten)]
        portal: PortalArgument,
        /// The amount in the portal's currency, such as 120000.00; or `none`, to take the quota back
        #[arg(value_name = "AMOUNT", value_parser = amount_or_none)]
        amount: QuotaAmount,
        #[command(flatten)]
        period: PeriodArguments,
        /// One pipeline's id [default: all]
        #[arg(long, value_name = "ID", value_parser = pipeline)]
        pipeline: Option<PipelineId>,
        #[command(flatten)]
        whose: WhoseArguments,
    },
    /// List every version of every quota, the newest first
    List {
        #[command(flatten)]
        portal: CopyArgument,
        /// As known at the end of this day [default: now]
        #[arg(long, value_name = "DATE")]
        as_of: Option<String>,
    },
}

/// An amount, or that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct QuotaAmount(pub(crate) Option<String>);

/// Whose deals a report is about.
#[derive(Debug, Args)]
pub(crate) struct WhoseArguments {
    /// One team's id [default: all]
    #[arg(long, value_name = "ID", value_parser = team, conflicts_with = "owner")]
    pub(crate) team: Option<TeamId>,
    /// One owner's id [default: all, and deals without one]
    #[arg(long, value_name = "ID")]
    pub(crate) owner: Option<OwnerId>,
}

pub(super) fn amount(text: &str) -> Result<String, String> {
    match crm::parse_amount(text) {
        Some(_) => Ok(text.to_owned()),
        None => Err("write it as plain digits: 120000.00".to_owned()),
    }
}

fn amount_or_none(text: &str) -> Result<QuotaAmount, String> {
    match text {
        "none" => Ok(QuotaAmount(None)),
        text => amount(text).map(|text| QuotaAmount(Some(text))),
    }
}

fn team(text: &str) -> Result<TeamId, String> {
    if text.is_empty() {
        Err("a team's id is not empty".to_owned())
    } else {
        Ok(TeamId::new(text))
    }
}
