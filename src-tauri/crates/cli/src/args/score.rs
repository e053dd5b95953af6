//! What may be typed about scores.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use crm::RecordId;

use super::scoring::{ScoreScope, ScoredArgument};
use super::{CopyArgument, PortalArgument};

#[derive(Debug, Subcommand)]
pub(crate) enum ScoreVerb {
    /// Train a score on all that is known now, keep it with its card, and score the open deals, or the
    /// contacts
    Train {
        #[command(flatten)]
        portal: PortalArgument,
        #[command(flatten)]
        scope: ScoreScope,
        /// Let this column in, though the auditor suspects it of telling the outcome
        #[arg(long, value_name = "COLUMN", requires = "reason")]
        overrule: Option<String>,
        /// Why it is no leak; every card keeps it. Empty: it is no longer let in
        #[arg(long, value_name = "TEXT", requires = "overrule")]
        reason: Option<String>,
    },
    /// Print the card of the model in use, or of another one that was kept
    Card {
        #[command(flatten)]
        portal: CopyArgument,
        /// What it scores
        #[arg(long, value_enum, default_value_t = ScoredArgument::Deals)]
        of: ScoredArgument,
        /// The model's version [default: the one in use, else the newest]
        #[arg(long, value_name = "N", conflicts_with = "of")]
        version: Option<u32>,
    },
    /// List the models that were kept, with how they did out of time and which one is in use
    Models {
        #[command(flatten)]
        portal: CopyArgument,
    },
    /// Use a model that was kept before; using the one before takes it back
    Use {
        #[command(flatten)]
        portal: PortalArgument,
        /// The model's version
        version: u32,
    },
    /// List the properties that scores learn from, or choose which further ones, from the next training on
    Properties {
        #[command(flatten)]
        portal: CopyArgument,
        /// Learn from this one too, such as companies.tier; all that are wanted are named at once
        #[arg(long, value_name = "P")]
        learn: Vec<String>,
        /// Learn from the usual ones alone
        #[arg(long, conflicts_with = "learn")]
        usual: bool,
    },
    /// Explain the score of an open deal, or of a contact
    Explain {
        #[command(flatten)]
        portal: CopyArgument,
        /// The deal's id, or the contact's
        record: RecordId,
        #[command(flatten)]
        scope: ScoreScope,
        /// Print the deals behind the reason of this column
        #[arg(long, value_name = "COLUMN")]
        behind: Option<String>,
    },
    /// Learn a score from a file, audited for leaks and judged on rows it has not seen; refuse where
    /// nothing is to be learnt
    Csv(ScoreCsvArguments),
}

#[derive(Debug, Args)]
pub(crate) struct ScoreCsvArguments {
    /// A CSV file whose first line names the columns
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The column that says what became of a row
    #[arg(long, value_name = "COLUMN")]
    pub(crate) outcome: String,
    /// The value there that means that it happened [default: where it is plain, such as won or yes]
    #[arg(long, value_name = "VALUE")]
    pub(crate) positive: Option<String>,
    /// The value that means that it did not: rows with any other are still open, and are scored
    #[arg(long, value_name = "VALUE")]
    pub(crate) negative: Option<String>,
    /// The column that says when a row was seen: rows are then judged by earlier ones alone
    #[arg(long, value_name = "COLUMN", conflicts_with = "in_order")]
    pub(crate) time: Option<String>,
    /// Rows stand in the order of time
    #[arg(long)]
    pub(crate) in_order: bool,
    /// The column that says what a row belongs to, such as its company
    #[arg(long, value_name = "COLUMN")]
    pub(crate) group: Option<String>,
    /// The column whose rate alone the score has to beat, such as the stage
    #[arg(long, value_name = "COLUMN")]
    pub(crate) baseline: Option<String>,
    /// Learn nothing from this column
    #[arg(long, value_name = "COLUMN")]
    pub(crate) without: Vec<String>,
    /// Let a suspect in, with the reason, such as amount="agreed before the offer"
    #[arg(long, value_name = "COLUMN=REASON", value_parser = overruled)]
    pub(crate) overrule: Vec<(String, String)>,
    /// Write the model card to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) card: Option<PathBuf>,
    /// Write the scores to this file, as CSV
    #[arg(long, value_name = "FILE")]
    pub(crate) scores: Option<PathBuf>,
    /// Where random samples begin
    #[arg(long, value_name = "N", default_value_t = 7)]
    pub(crate) seed: u64,
}

fn overruled(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((column, reason)) if !column.is_empty() && !reason.trim().is_empty() => {
            Ok((column.to_owned(), reason.trim().to_owned()))
        }
        _ => Err("write it as COLUMN=REASON; the model card keeps the reason".to_owned()),
    }
}
