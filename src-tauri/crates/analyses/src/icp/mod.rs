//! Which customers are worth having?
//!
//! Contacts and deals are told apart by the values that were known when they were created. Of each
//! segment the report says how many contacts get a deal, how many deals are won by a horizon, what
//! a created deal brings and how long a win takes, and whether that differs from the rest by more
//! than chance, with false findings controlled over everything that was asked.

mod check;
mod cohort;
mod contrast;
mod horizon;
mod incidence;
mod lift;
mod links;
mod money;
mod notes;
mod report;
mod rows;
mod rules;
mod screen;
mod segments;
mod simpson;
mod size;
pub(crate) mod tree;
mod vocabulary;

use crm::Moment;
use stats::Error;

pub use check::{Check, CheckedIn, VALIDATED_ABOVE, Verdict};
pub use horizon::usual_horizon;
pub use notes::{IcpNote, IcpNoteCode};
pub use report::{
    Borrowed, Contacts, Estimate, HorizonRate, IcpReport, Lift, Method, Revenue, SCHEMA, Segment,
    SegmentPart, Stratum,
};
pub use rows::{
    CompanyLink, ContactRow, DealRow, DeclaredIcp, Dimension, IcpQuestion, IcpRows, Values,
};
pub use rules::{Condition, DeclaredCheck, Rule, Rules, Tier};
pub use size::size_band;
pub use vocabulary::OTHER;

use cohort::{Cohort, Span, contact_drafts, deal_drafts};
use vocabulary::{Vocabulary, vocabularies};

/// Changes whenever the same data could give another figure.
const METHOD: &str = "segments-and-rules/2";
/// Properties that may be asked about beside the built-in dimensions.
pub const MOST_PROPERTIES: usize = 3;

/// Why there is no report.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IcpError {
    /// More than three properties make a screen on which nothing can be found.
    #[error("at most {MOST_PROPERTIES} properties can be asked about")]
    TooManyProperties,
    /// A dimension is asked about twice, or none is.
    #[error("the dimensions must be different, and at least one")]
    Dimensions,
    /// The horizon is not a day, or too far.
    #[error("the horizon is out of its range")]
    Horizon,
    /// The statistics refuse a number.
    #[error(transparent)]
    Statistics(#[from] Error),
}

/// The report. The same rows and question give the same bytes, in whatever order the rows come.
///
/// # Errors
/// When the question is none.
pub fn icp(rows: &IcpRows, question: &IcpQuestion) -> Result<IcpReport, IcpError> {
    check(question)?;
    let span = Span::whole(question);
    let (deals, deals_out) = deal_drafts(&rows.deals, question, span);
    let (contacts, contacts_out) = contact_drafts(&rows.contacts, question, span);
    let words = vocabularies(&question.dimensions, [&deals, &contacts]);
    let deals = Cohort::of(deals, deals_out, &words, question, span.as_of);
    let contacts = Cohort::of(contacts, contacts_out, &words, question, span.as_of);
    let screen = screen::screen(&deals, &contacts, &words, question)?;
    let (rules, declared) = newest_quarters(rows, question, &words)?;
    let notes = notes::notes(
        &deals,
        &contacts,
        &screen.segments,
        rows,
        question.horizon_days,
    );
    Ok(IcpReport {
        schema: SCHEMA,
        as_of: question.as_of,
        time_zone: question.zone.iana_name().unwrap_or("UTC").to_owned(),
        created_from: span.from,
        horizon_days: question.horizon_days,
        design_effect: deals.design_effect,
        all: screen.all,
        segments: screen.segments,
        questions: screen.questions,
        rules,
        declared,
        notes,
        method: Method {
            id: METHOD.to_owned(),
            seed: question.seed.to_string(),
            draws: question.draws,
            false_discoveries_percent: screen::FALSE_PERCENT,
            renewals: deals.left_out.renewals,
            unwatched: deals.left_out.unwatched.clone(),
            unwatched_contacts: contacts.left_out.unwatched.len() as u32,
            after_their_deal: contacts.left_out.after_their_deal,
            merged: rows.merged,
        },
    })
}

/// Rules made before the newest quarters and checked in them, and the check of what was declared.
fn newest_quarters(
    rows: &IcpRows,
    question: &IcpQuestion,
    words: &[Vocabulary],
) -> Result<(Option<Rules>, Option<DeclaredCheck>), Error> {
    let Some((newest, days)) = check::newest(question) else {
        return Ok((None, None));
    };
    let whole = Span::whole(question);
    let middle = days_between(newest) / 2.0;
    let followed = cohort::days(question.as_of, newest.until) + middle;
    let horizon = f64::from(question.horizon_days).min(followed).floor() as u32;
    let of = |span: Span| {
        let (drafts, left_out) = deal_drafts(&rows.deals, question, span);
        Cohort::of(drafts, left_out, words, question, span.as_of)
    };
    // What was known when the newest quarters began, so that nothing of them is in a rule.
    let before = Moment::from_millis(newest.from.millis() - 1);
    let older = of(Span {
        from: whole.from,
        until: before,
        as_of: before,
    });
    let newer = of(newest);
    let rules = rules::rules(&older, &newer, words, question, horizon)?;
    let declared = question.declared.as_ref();
    let declared = declared
        .map(|declared| rules::declared(declared, &newer, words, (newest.from, days), horizon))
        .transpose()?;
    Ok((Some(rules), declared))
}

fn days_between(span: Span) -> f64 {
    cohort::days(span.until, span.from)
}

fn check(question: &IcpQuestion) -> Result<(), IcpError> {
    let dimensions = &question.dimensions;
    let is_property = |dimension: &&Dimension| matches!(dimension, Dimension::Property(_));
    if dimensions.iter().filter(is_property).count() > MOST_PROPERTIES {
        return Err(IcpError::TooManyProperties);
    }
    let different: std::collections::BTreeSet<_> = dimensions.iter().collect();
    if different.is_empty() || different.len() < dimensions.len() {
        return Err(IcpError::Dimensions);
    }
    if !(1..=3650).contains(&question.horizon_days) {
        return Err(IcpError::Horizon);
    }
    Ok(())
}
