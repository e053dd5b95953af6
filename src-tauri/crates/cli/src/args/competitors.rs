//! What `plumbline competitors` and its report are told.

use clap::{Args, Subcommand, ValueEnum};
use crm::PipelineId;

use super::{CopyArgument, PortalArgument, pipeline};

#[derive(Debug, Args)]
pub(crate) struct CompetitorsArguments {
    #[command(flatten)]
    pub(crate) portal: CopyArgument,
    /// As seen at the end of this day, such as 2026-08-03 [default: now]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// One pipeline's id [default: all]
    #[arg(long, value_name = "ID", value_parser = pipeline)]
    pub(crate) pipeline: Option<PipelineId>,
    /// The property that makes the segments: a deal's, or a company's as company.industry [default: no
    /// segments]
    #[arg(long, value_name = "PROPERTY")]
    pub(crate) segment: Option<String>,
    /// Print the sentences behind this competitor's figures instead
    #[arg(long, value_name = "NAME")]
    pub(crate) competitor: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum CompetitorsVerb {
    /// Print the list: competitors, how each may be written, and what else it holds
    List(CopyArgument),
    /// Read bodies of notes and subjects of e-mails, or stop and remove them from the copy
    Texts {
        #[command(flatten)]
        portal: PortalArgument,
        /// Whether they are read
        #[arg(value_enum)]
        switch: Switch,
    },
    /// List a competitor
    Add {
        #[command(flatten)]
        portal: PortalArgument,
        /// What it is called; counts in any case
        name: String,
    },
    /// Add one more way to write a competitor, or change how it counts
    Alias {
        #[command(flatten)]
        portal: PortalArgument,
        /// The competitor
        competitor: String,
        /// How it may be written: a product, an old name, a domain
        text: String,
        /// How it must be written to count
        #[arg(long, value_enum, default_value_t = Written::Any)]
        written: Written,
        /// It is also an ordinary word, and counts only where the sentence makes it a vendor
        #[arg(long)]
        ordinary_word: bool,
    },
    /// Take a competitor off the list, or one way to write it
    Remove {
        #[command(flatten)]
        portal: PortalArgument,
        /// The competitor
        competitor: String,
        /// Only this way to write it
        #[arg(long, value_name = "TEXT")]
        alias: Option<String>,
    },
    /// List a name of your own, such as a product whose name contains a competitor's
    Own {
        #[command(flatten)]
        portal: PortalArgument,
        /// The name
        name: String,
        /// Take it off the list
        #[arg(long)]
        remove: bool,
    },
    /// Choose a property of deals that is for competitors
    Property {
        #[command(flatten)]
        portal: PortalArgument,
        /// Its internal name
        name: String,
        /// It says to whom a deal was lost, rather than who is in it
        #[arg(long, conflicts_with = "remove")]
        lost_to: bool,
        /// Choose it no longer
        #[arg(long)]
        remove: bool,
    },
    /// Decide about a name that waits: a new competitor, one more way to write a known one, or nobody
    Confirm {
        #[command(flatten)]
        portal: PortalArgument,
        /// The name as it waits
        name: String,
        /// It is a way to write this competitor
        #[arg(long = "as", value_name = "COMPETITOR")]
        competitor: Option<String>,
        /// It is nobody's name
        #[arg(long, conflicts_with = "competitor")]
        nobody: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// They are read with the next sync
    On,
    /// They are removed now
    Off,
}

/// How a name must be written to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Written {
    /// Letter for letter
    Exact,
    /// In any case, with or without accents
    Any,
    /// In any case; near misses wait for you
    Fuzzy,
}
