//! What the newest quarters say about a rule that was made before them.

use jiff::civil::Date;
use serde::Serialize;
use stats::{Rate, Ratio, SOUND_FROM, ratio_of_shares};

use super::cohort::{Cohort, Span, Subject};
use super::incidence::{LEVEL, Zombies, incidence};
use super::rows::IcpQuestion;
use super::segments::Side;

/// The lift that the lower end has to exceed.
pub const VALIDATED_ABOVE: f64 = 1.2;
/// Quarters that a rule is checked in.
const QUARTERS: i32 = 2;

/// Whether the newest quarters bear a rule out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpVerdict"))]
pub enum Verdict {
    /// The lower end of its lift is above 1.2.
    Validated,
    /// Neither.
    NotDistinguishable,
    /// The upper end of its lift is below 1.
    Contradicted,
}

/// The quarters that a rule is checked in: complete ones, by the day of creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpCheckedIn"))]
pub struct CheckedIn {
    /// The first day.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub from: Date,
    /// The day after the last.
    #[cfg_attr(feature = "bindings", ts(type = "string"))]
    pub until: Date,
}

/// A rule in those quarters.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(rename = "IcpCheck"))]
pub struct Check {
    /// The verdict.
    pub verdict: Verdict,
    /// Days after creation that shares are compared at; fewer than the report's where the quarters
    /// are too new for those.
    pub horizon_days: u32,
    /// Deals that fit.
    pub n: u32,
    /// Deals that do not.
    pub others: u32,
    /// Share won of those that fit. None below five.
    pub rate: Option<Rate>,
    /// Share won of the others.
    pub others_rate: Option<Rate>,
    /// One over the other, on the scale of logarithms. None below 20 on either side, or where a
    /// share is nothing.
    pub lift: Option<Ratio>,
}

/// The newest complete quarters, as a span of deals and as days.
pub(crate) fn newest(question: &IcpQuestion) -> Option<(Span, CheckedIn)> {
    let now = question.quarter(question.as_of);
    let from = question.first_day(now.checked_sub(QUARTERS)?)?;
    let until = question.first_day(now)?;
    let start = |day| crm::Moment::start_of(day, &question.zone);
    let span = Span {
        from: start(from),
        until: crm::Moment::from_millis(start(until).millis() - 1),
        as_of: question.as_of,
    };
    Some((span, CheckedIn { from, until }))
}

/// Compares the deals on both sides. Open deals count rightly, so that new quarters can be asked.
pub(crate) fn check(
    cohort: &Cohort,
    horizon_days: u32,
    side: impl Fn(&Subject) -> Option<Side>,
) -> Result<Check, stats::Error> {
    let of = |wanted: Side| -> Vec<(usize, f64)> {
        let subjects = cohort.subjects.iter().enumerate();
        let wanted = subjects.filter(|(_, subject)| side(subject) == Some(wanted));
        wanted.map(|(place, _)| (place, 1.0)).collect()
    };
    let [fit, rest] = [of(Side::In), of(Side::Rest)];
    let rate = |members: &[(usize, f64)]| {
        let curve = incidence(cohort, members, Zombies::Censored)?;
        let rate = curve.by(f64::from(horizon_days), LEVEL);
        Ok::<_, stats::Error>(rate.filter(|_| members.len() >= stats::SHOW_FROM as usize))
    };
    let (own, others) = (rate(&fit)?, rate(&rest)?);
    let enough = fit.len().min(rest.len()) >= SOUND_FROM as usize;
    let variance = |rate: Rate| {
        let binomial = rate.value * (1.0 - rate.value);
        (
            rate.value,
            binomial / rate.n_effective * cohort.design_effect,
        )
    };
    let both = own.zip(others).filter(|_| enough);
    let lift =
        both.and_then(|(own, others)| ratio_of_shares(variance(own), variance(others), LEVEL));
    // Where nothing of one side was won there is no ratio; the ends of the shares may still tell.
    let apart = both.is_some_and(|(own, others)| own.high < others.low);
    let verdict = match lift {
        Some(lift) if lift.low > VALIDATED_ABOVE => Verdict::Validated,
        Some(lift) if lift.high < 1.0 => Verdict::Contradicted,
        None if apart => Verdict::Contradicted,
        _ => Verdict::NotDistinguishable,
    };
    Ok(Check {
        verdict,
        horizon_days,
        n: fit.len() as u32,
        others: rest.len() as u32,
        rate: own,
        others_rate: others,
        lift,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn quarters(as_of: &str, first_month: i8, from: &str, until: &str) {
        let question = IcpQuestion {
            fiscal_year: first_month.try_into().unwrap(),
            ..IcpQuestion::at(as_of.parse().unwrap(), TimeZone::UTC)
        };
        let (_, days) = newest(&question).unwrap();
        assert_eq!(
            (days.from.to_string(), days.until.to_string()),
            (from.into(), until.into())
        );
    }

    #[test]
    fn the_newest_quarters_are_complete_and_fiscal() {
        quarters("2026-11-15T00:00:00Z", 1, "2026-04-01", "2026-10-01");
        quarters("2026-10-01T00:00:00Z", 1, "2026-04-01", "2026-10-01");
        quarters("2026-09-30T23:59:59Z", 1, "2026-01-01", "2026-07-01");
        quarters("2026-11-15T00:00:00Z", 2, "2026-05-01", "2026-11-01");
        quarters("2026-01-15T00:00:00Z", 2, "2025-05-01", "2025-11-01");
    }
}
