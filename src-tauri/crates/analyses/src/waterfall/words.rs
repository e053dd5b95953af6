//! The words of a waterfall, made from its figures.

use rust_decimal::{Decimal, RoundingStrategy};
use timeline::waterfall::Line;

use super::report::{Clause, LineView, Summary};
use crate::forecast::report::MoneyValue;

/// How deals are put into lines.
pub(super) const METHOD: &str = "Only the two ends are compared, each as it was known then. A deal that counts at the start changes \
     its amount first, then its currency, and only then leaves, with what it is worth by then; a deal \
     that enters brings what it is worth at the end. Of several reasons to move one counts, in this \
     order: deleted or merged; won, lost, created or reopened; pipeline; owner; close date. A won deal \
     leaves with the amount known a day after the winning, a lost one with that of the moment of \
     losing. A deal that was opened and closed in between is in two lines that cancel out. What is not \
     known of the start counts as nothing there and has a line of its own. One exchange rate serves \
     both ends.";

/// A line's label and definition.
pub(super) fn line(line: Line) -> (&'static str, &'static str) {
    match line {
        Line::Created => ("Created", "Deals that did not exist at the start."),
        Line::PulledIn => (
            "Pulled in",
            "Deals whose close date came from after the period into it.",
        ),
        Line::SlippedIn => (
            "Slipped in",
            "Deals whose close date came from before the period into it.",
        ),
        Line::DateSet => (
            "Close date set",
            "Deals without a close date that were given one in the period.",
        ),
        Line::Reopened => ("Reopened", "Deals that were won or lost, and opened again."),
        Line::PipelineIn => (
            "From other pipelines",
            "Deals that came from another pipeline.",
        ),
        Line::OwnerIn => (
            "From other owners",
            "Deals that came from another owner, or had none.",
        ),
        Line::NotKnownThen => (
            "Not known then",
            "Deals of which the copy does not know whether they counted at the start, or with how much.",
        ),
        Line::Up => ("Up", "Amounts that rose."),
        Line::Down => ("Down", "Amounts that fell or were cleared."),
        Line::Currency => (
            "Currency",
            "Deals whose currency changed, at their last amount.",
        ),
        Line::PushedOut => (
            "Pushed out",
            "Deals whose close date went from the period to after it.",
        ),
        Line::MovedBefore => (
            "Moved before",
            "Deals whose close date went from the period to before it.",
        ),
        Line::DateCleared => ("Close date cleared", "Deals that lost their close date."),
        Line::Won => ("Won", "Deals that were won."),
        Line::Lost => ("Lost", "Deals that were lost."),
        Line::Gone => (
            "Deleted or merged",
            "Deals that were deleted, or merged into another.",
        ),
        Line::PipelineOut => ("To other pipelines", "Deals that went to another pipeline."),
        Line::OwnerOut => (
            "To other owners",
            "Deals that went to another owner, or lost theirs.",
        ),
    }
}

/// What one deal of a line is called in a sentence, and several.
fn nouns(line: Line) -> (&'static str, &'static str) {
    match line {
        Line::Created => ("new deal", "new deals"),
        Line::PulledIn => ("pull-in", "pull-ins"),
        Line::SlippedIn => (
            "slip from before the period",
            "slips from before the period",
        ),
        Line::DateSet => ("close date set", "close dates set"),
        Line::Reopened => ("reopening", "reopenings"),
        Line::PipelineIn => ("deal from another pipeline", "deals from other pipelines"),
        Line::OwnerIn => ("deal from another owner", "deals from other owners"),
        Line::NotKnownThen => ("deal not known then", "deals not known then"),
        Line::Up => ("up-sell", "up-sells"),
        Line::Down => ("down-sell", "down-sells"),
        Line::Currency => ("change of currency", "changes of currency"),
        Line::PushedOut => ("push", "pushes"),
        Line::MovedBefore => ("move to before the period", "moves to before the period"),
        Line::DateCleared => ("close date cleared", "close dates cleared"),
        Line::Won => ("win", "wins"),
        Line::Lost => ("loss", "losses"),
        Line::Gone => ("deletion or merge", "deletions or merges"),
        Line::PipelineOut => ("deal to another pipeline", "deals to other pipelines"),
        Line::OwnerOut => ("deal to another owner", "deals to other owners"),
    }
}

/// The change in a sentence: what went its way first, the most first, then what went against it.
pub(super) fn summary(change: MoneyValue, lines: &[LineView]) -> Summary {
    let down = change.amount < Decimal::ZERO;
    let against = |line: &&LineView| (line.amount.amount < Decimal::ZERO) != down;
    let mut told: Vec<_> = lines.iter().filter(|line| line.n > 0).collect();
    told.sort_by_key(|line| (against(line), std::cmp::Reverse(line.amount.amount.abs())));
    let clauses: Vec<Clause> = told
        .into_iter()
        .map(|line| Clause {
            line: line.line,
            text: clause(line),
            amount: line.amount,
            deals: line.deals.iter().map(|part| part.id).collect(),
        })
        .collect();
    let texts: Vec<&str> = clauses.iter().map(|clause| clause.text.as_str()).collect();
    let total = if change.amount.is_zero() {
        "No change".to_owned()
    } else {
        format!("{} {}", signed(change.amount), change.currency)
    };
    let text = match texts.is_empty() {
        true => format!("{total}."),
        false => format!("{total}: {}.", texts.join(", ")),
    };
    Summary { text, clauses }
}

fn clause(line: &LineView) -> String {
    let (one, several) = nouns(line.line);
    let noun = if line.n == 1 { one } else { several };
    format!("{} {noun} {}", number(line.n), signed(line.amount.amount))
}

/// Small numbers as words.
fn number(n: u32) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    let word = usize::try_from(n).ok().and_then(|n| WORDS.get(n));
    word.map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// A sum for a sentence, with its sign: `−84k`, `+1.2m`, `+850`, `−0.40`.
fn signed(amount: Decimal) -> String {
    let sign = match amount {
        amount if amount.is_zero() => "±",
        amount if amount < Decimal::ZERO => "\u{2212}",
        _ => "+",
    };
    let size = amount.abs();
    let half_up = |size: Decimal, places: u32| {
        size.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
    };
    if size < Decimal::TEN && !size.fract().is_zero() {
        return format!("{sign}{:.2}", half_up(size, 2));
    }
    let mut unit = Decimal::ONE;
    for name in ["", "k", "m", "bn"] {
        let scaled = size / unit;
        let places = u32::from(scaled < Decimal::TEN && !name.is_empty());
        let rounded = half_up(scaled, places);
        if rounded < Decimal::ONE_THOUSAND {
            return format!("{sign}{}{name}", rounded.normalize());
        }
        unit *= Decimal::ONE_THOUSAND;
    }
    format!("{sign}{}tn", half_up(size / unit, 0))
}

/// A length as a count.
pub(super) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_read_easily() {
        for (amount, expected) in [
            ("0", "±0"),
            ("-0.4", "\u{2212}0.40"),
            ("7", "+7"),
            ("850.49", "+850"),
            ("999.50", "+1k"),
            ("8449", "+8.4k"),
            ("-84000", "\u{2212}84k"),
            ("-83950.01", "\u{2212}84k"),
            ("999600", "+1m"),
            ("1249999", "+1.2m"),
            ("3400000000", "+3.4bn"),
        ] {
            assert_eq!(
                signed(crm::parse_amount(amount).unwrap()),
                expected,
                "{amount}"
            );
        }
    }
}
