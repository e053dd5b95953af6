//! What the report says: flat, documented, ready for a screen, a file or another program.
//!
//! On the wire ids are strings, moments RFC 3339 in UTC, days `2026-11-21`; shares, counts and
//! amounts in the home currency are numbers. Every interval carries its level.

use crm::{Moment, RecordId};
use jiff::civil::Date;
use serde::Serialize;
use stats::{Evidence, Rate, Ratio};

use super::notes::IcpNote;
use super::rows::Dimension;
use super::rules::{DeclaredCheck, Rules};

/// Changes with every change of a field's name or meaning.
pub const SCHEMA: &str = "icp/1";

/// The answer to "which customers are worth having?", as knowable at `as_of`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct IcpReport {
    /// [`SCHEMA`].
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub schema: &'static str,
    /// Nothing later than this moment was used.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub as_of: Moment,
    /// The time zone in which quarters begin.
    pub time_zone: String,
    /// Records created before are left out.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub created_from: Moment,
    /// Days after creation by which a deal counts as won, or a contact as having a deal.
    pub horizon_days: u32,
    /// How many deals weigh as much as one independent deal, because companies have several.
    pub design_effect: f64,
    /// Everybody, without a lift.
    pub all: Segment,
    /// Segments of one dimension and of two: those with the best lower end first, weak ones after
    /// them, those without a number last.
    pub segments: Vec<Segment>,
    /// How many questions the q-values were controlled over.
    pub questions: u32,
    /// Rules made from older deals and checked on newer ones, with the tiers that follow.
    pub rules: Option<Rules>,
    /// What was declared, if anything, and what the newest quarters say about it.
    pub declared: Option<DeclaredCheck>,
    /// What a reader must know, warnings first.
    pub notes: Vec<IcpNote>,
    /// How the figures were made.
    pub method: Method,
}

/// A value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpPart"))]
pub struct SegmentPart {
    /// The dimension.
    pub dimension: Dimension,
    /// The value. None: unknown.
    pub value: Option<String>,
}

/// Records with one value of a dimension, or of two.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpSegment"))]
pub struct Segment {
    /// One part, or two. None: everybody.
    pub parts: Vec<SegmentPart>,
    /// Deals, whole or in part.
    pub n: u32,
    /// The sum of their shares: a deal of three companies may be here for a third.
    pub weight: f64,
    /// Companies behind them.
    pub companies: u32,
    /// Won.
    pub won: u32,
    /// Lost.
    pub lost: u32,
    /// Open.
    pub open: u32,
    /// Open, older than 95 of 100 resolved deals, and without activity for 60 days.
    pub zombies: u32,
    /// What the rates rest on.
    pub evidence: Evidence,
    /// Share won by the horizon after borrowing from the other values of the dimension.
    pub win_rate: Option<Borrowed>,
    /// Share won by each horizon, open deals counted rightly (Aalen and Johansen).
    pub by_horizon: Vec<HorizonRate>,
    /// Share won by the horizon if the zombies are lost. None without zombies.
    pub if_zombies_lost: Option<Rate>,
    /// The baseline: won of closed, which leaves out what is open.
    pub closed_only: Option<Rate>,
    /// Won by the horizon, compared with the rest.
    pub lift: Lift,
    /// The way before: contacts that get a deal.
    pub contacts: Contacts,
    /// What a created deal brings.
    pub revenue: Option<Revenue>,
    /// Days until half of those won by the horizon are won.
    pub days_to_win: Option<Estimate>,
    /// Whether all its deals are of one owner while there are others: it may be the owner's success.
    pub one_owner: bool,
    /// The deals, in the order of their ids: `n` of them.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub deals: Vec<RecordId>,
}

/// A share after borrowing from similar groups (empirical Bayes).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpBorrowed"))]
pub struct Borrowed {
    /// The share.
    pub value: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often such an interval covers the truth.
    pub level: f64,
    /// How much the group's own cases weigh, 0 to 1.
    pub weight: f64,
    /// Independent cases that say as much as its own.
    pub n_effective: f64,
}

/// A share by a horizon.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpHorizonRate"))]
pub struct HorizonRate {
    /// Days after creation.
    pub days: u32,
    /// The share. None below five deals, or where nobody was watched so long.
    pub rate: Option<Rate>,
}

/// A segment against the rest, among those that were watched for the whole horizon. The rest are
/// those with other known values.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpLift"))]
pub struct Lift {
    /// Watched in the segment, whole members alone.
    pub n: u32,
    /// Of them, those to which it happened.
    pub happened: u32,
    /// Watched in the rest.
    pub others: u32,
    /// Of them, those to which it happened.
    pub others_happened: u32,
    /// In the segment, too young for the whole horizon. `ratio` and `p` count them as they stand,
    /// against others of the same month of age.
    pub younger: u32,
    /// Times as often as in the rest, within quarters and sources (Mantel and Haenszel).
    pub ratio: Option<Ratio>,
    /// The same without regard to quarters and sources, of those watched for the whole horizon.
    pub crude: Option<Ratio>,
    /// How likely so large a difference is by chance within quarters and sources (exact mid-p of the
    /// sum over strata, or Cochran, Mantel and Haenszel where there are many cases; less the design
    /// effect). None below 20 on either side, or where fewer than 10 should happen in the segment, or
    /// not happen: not asked.
    pub p: Option<f64>,
    /// The share of false ones among all findings up to this one (Benjamini and Hochberg, a pair of
    /// values with a quarter of the weight of one).
    pub q: Option<f64>,
    /// Whether q is at most the level of the report.
    pub found: bool,
    /// The smallest lift that so many cases find four times in five.
    pub smallest_found: Option<f64>,
    /// Cases on each side that would show the difference as it stands four times in five.
    pub needs: Option<u32>,
    /// Where one number would mislead (it turns within strata, or they differ by more than chance):
    /// the strata. `ratio` is then not to be shown.
    pub strata: Vec<Stratum>,
}

/// A segment and the rest in a quarter, or where another dimension has a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpStratum"))]
pub struct Stratum {
    /// The first day of the quarter of creation. None: all quarters.
    #[cfg_attr(feature = "bindings", ts(type = "string | null"))]
    pub quarter: Option<Date>,
    /// The other dimension. None: the strata are quarters.
    pub dimension: Option<Dimension>,
    /// Its value. None: unknown, or the strata are quarters.
    pub value: Option<String>,
    /// In the segment.
    pub n: u32,
    /// Of them, those to which it happened.
    pub happened: u32,
    /// In the rest.
    pub others: u32,
    /// Of them, those to which it happened.
    pub others_happened: u32,
}

/// Contacts of a segment, and whether they get a deal.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpContacts"))]
pub struct Contacts {
    /// Contacts, whole or in part.
    pub n: u32,
    /// Share with a deal by the horizon. None below five: what was never tried is not bad.
    pub with_deal: Option<Rate>,
    /// Compared with the rest.
    pub lift: Lift,
}

/// A number with its interval over companies (bootstrap).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpEstimate"))]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How often such an interval covers the truth.
    pub level: f64,
}

/// What a created deal brings: share won by the horizon times mean amount of wins.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpRevenue"))]
pub struct Revenue {
    /// In the home currency, a created deal.
    pub per_deal: Estimate,
    /// Wins with an amount.
    pub won: u32,
    /// Wins without one; they count as won with a mean amount.
    pub won_without_amount: u32,
    /// What the largest amounts were cut to: their 99th percentile.
    pub cut_to: f64,
    /// How many were cut.
    pub cut: u32,
    /// Share of the three largest deals in all that was won.
    pub top_three: Option<f64>,
    /// Whether that is above 40 % of more than three: the sum is then a story about three deals.
    pub concentrated: bool,
}

/// How the figures were made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpMethod"))]
pub struct Method {
    /// Changes whenever the same data could give another figure.
    pub id: String,
    /// The run's seed; a string, as it may exceed what JavaScript's numbers hold.
    pub seed: String,
    /// Draws of the bootstrap.
    pub draws: u32,
    /// q-values up to this percentage are findings.
    pub false_discoveries_percent: u32,
    /// Deals left out as renewals.
    pub renewals: u32,
    /// Deals left out because they ended before they were on record.
    #[cfg_attr(feature = "bindings", ts(type = "string[]"))]
    pub unwatched: Vec<RecordId>,
    /// Contacts left out for the same reason.
    pub unwatched_contacts: u32,
    /// Contacts left out because they were added after their first deal: they did not bring it.
    pub after_their_deal: u32,
    /// Deals and contacts left out because they were merged into others, which go on for them.
    pub merged: u32,
}
