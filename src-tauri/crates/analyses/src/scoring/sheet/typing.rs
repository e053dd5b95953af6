//! What the cells of a column are: numbers, dates or categories.

use crm::Moment;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Texts of a cell that stand for nothing. `Select` is what a form's list says before anybody chooses;
/// the word `None` is a value.
const NOTHING: [&str; 9] = [
    "", "NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "Select",
];

/// The cells of a column, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Typed {
    /// NaN where nothing is known.
    Numbers(Vec<f64>),
    /// The same, written with a decimal comma.
    ByComma(Vec<f64>),
    /// Milliseconds since 1970.
    Dates(Vec<Option<i64>>),
    /// As they are.
    Texts,
    /// Dates that can be read in two ways, and one of them.
    TwoWays(String),
}

/// Digits that a number surely keeps.
const DIGITS: usize = 15;

/// Whether a cell says nothing.
pub(super) fn says_nothing(cell: &str) -> bool {
    NOTHING.contains(&cell)
}

/// Reads the cells of a column.
pub(super) fn typed<'a>(cells: impl Iterator<Item = Option<&'a str>> + Clone) -> Typed {
    let known = || cells.clone().flatten();
    // Whole numbers of more digits than a number keeps are names, and two of them might become one.
    if known().next().is_some() && known().all(is_whole) && known().any(|cell| cell.len() > DIGITS)
    {
        return Typed::Texts;
    }
    if known().next().is_none() || known().all(|cell| number(cell).is_some()) {
        let number = |cell: Option<&str>| cell.and_then(number).unwrap_or(f64::NAN);
        return Typed::Numbers(cells.map(number).collect());
    }
    if known().all(|cell| number_by_comma(cell).is_some()) {
        let number = |cell: Option<&str>| cell.and_then(number_by_comma).unwrap_or(f64::NAN);
        return Typed::ByComma(cells.map(number).collect());
    }
    if known().all(|cell| moment(cell).is_some()) {
        return Typed::Dates(cells.map(|cell| cell.and_then(moment)).collect());
    }
    let slashed: Option<Vec<Option<[i16; 3]>>> = cells
        .clone()
        .map(|cell| cell.map_or(Some(None), |cell| parts(cell).map(Some)))
        .collect();
    let Some(slashed) = slashed else {
        return Typed::Texts;
    };
    let read = |day: usize, month: usize| -> Option<Vec<Option<i64>>> {
        let one = |parts: &Option<[i16; 3]>| match parts {
            None => Some(None),
            Some(parts) => date(parts[2], parts[month], parts[day]).map(Some),
        };
        slashed.iter().map(one).collect()
    };
    match (read(0, 1), read(1, 0)) {
        (Some(one), Some(other)) if one != other => {
            Typed::TwoWays(known().next().unwrap_or_default().to_owned())
        }
        (Some(dates), _) | (None, Some(dates)) => Typed::Dates(dates),
        (None, None) => Typed::Texts,
    }
}

fn is_whole(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit())
}

/// The same with commas for points, and points for commas.
fn number_by_comma(cell: &str) -> Option<f64> {
    let turned: String = cell
        .chars()
        .map(|letter| match letter {
            ',' => '.',
            '.' => ',',
            other => other,
        })
        .collect();
    number(&turned)
}

/// A number, with or without thousands parted by commas, a currency's sign or a percent sign.
fn number(cell: &str) -> Option<f64> {
    if let Ok(number) = cell.parse() {
        return Some(number);
    }
    let bare = cell
        .trim_start_matches(['$', '€', '£'])
        .trim_end_matches(['%', '$', '€', '£']);
    let bare = bare.trim();
    let (whole, rest) = bare.split_once('.').unwrap_or((bare, ""));
    let digits = whole.trim_start_matches('-');
    let mut groups = digits.split(',');
    let first = groups.next()?;
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let sound = is_digits(first)
        && (first.len() <= 3 || !digits.contains(','))
        && groups.all(|group| group.len() == 3 && is_digits(group))
        && rest.bytes().all(|b| b.is_ascii_digit());
    if !sound {
        return None;
    }
    bare.replace(',', "").parse().ok()
}

/// A time as ISO 8601 writes it, with a space for the `T` where one is there.
fn moment(cell: &str) -> Option<i64> {
    // A number is no date here, though elsewhere milliseconds are one.
    if !cell.get(..10)?.bytes().any(|b| b == b'-') {
        return None;
    }
    let read = |text: &str| text.parse::<Moment>().ok().map(Moment::millis);
    read(cell).or_else(|| {
        let spelt = cell.replacen(' ', "T", 1);
        let zoned = format!("{spelt}Z");
        let whole = format!("{spelt}:00Z");
        read(&spelt)
            .or_else(|| read(&zoned))
            .or_else(|| read(&whole))
    })
}

/// The three numbers of a date like 31/3/2026 or 31.3.2026.
fn parts(cell: &str) -> Option<[i16; 3]> {
    let mut parts = cell.split(['/', '.']);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    if parts.next().is_some() || three[2].len() != 4 {
        return None;
    }
    let [a, b, c] = three.map(|part| part.parse::<i16>().ok());
    Some([a?, b?, c?])
}

fn date(year: i16, month: i16, day: i16) -> Option<i64> {
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Moment::start_of(date, &TimeZone::UTC).millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(cells: &[&str], typed_as: &Typed) {
        let cells = cells.iter().map(|&cell| (!cell.is_empty()).then_some(cell));
        let found = typed(cells);
        // NaN is not itself.
        assert_eq!(format!("{found:?}"), format!("{typed_as:?}"));
    }

    #[test]
    fn cells_are_what_all_of_them_are() {
        let day = 86_400_000;
        check(&["1", "-2.5", "1e3"], &Typed::Numbers(vec![1.0, -2.5, 1e3]));
        check(&["", "7"], &Typed::Numbers(vec![f64::NAN, 7.0]));
        check(&["$1,234.50", "12 %"], &Typed::Numbers(vec![1_234.5, 12.0]));
        check(&["1,23", "1"], &Typed::ByComma(vec![1.23, 1.0]));
        check(
            &["1.234,5", "2.000", "-7,25 €"],
            &Typed::ByComma(vec![1_234.5, 2_000.0, -7.25]),
        );
        check(&["1,234", "5,678"], &Typed::Numbers(vec![1_234.0, 5_678.0]));
        check(&["1,2,3"], &Typed::Texts);
        check(&["9007199254740993", "1"], &Typed::Texts);
        check(&["1", "many"], &Typed::Texts);
        check(
            &["1970-01-02", "1970-01-03 00:00", ""],
            &Typed::Dates(vec![Some(day), Some(2 * day), None]),
        );
        check(
            &["13/01/1970", "2/1/1970"],
            &Typed::Dates(vec![Some(12 * day), Some(day)]),
        );
        check(&["1/13/1970"], &Typed::Dates(vec![Some(12 * day)]));
        check(&["3/4/2026"], &Typed::TwoWays("3/4/2026".to_owned()));
        check(&["2026-02-30"], &Typed::Texts);
    }
}
