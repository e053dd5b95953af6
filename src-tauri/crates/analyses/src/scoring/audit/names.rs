//! What a column's name says of when it is written. It is only asked where nothing else is known of
//! that: a history says it better.

/// Words of things that are known when something has ended.
const ENDS: [&str; 14] = [
    "close", "closed", "closing", "won", "lost", "loss", "outcome", "result", "reason", "duration",
    "elapsed", "final", "churned", "signed",
];
/// The last of these is overwritten until the end.
const LASTS: [&str; 8] = [
    "activity",
    "action",
    "contact",
    "contacted",
    "modified",
    "notable",
    "touch",
    "updated",
];
/// Days that are counted to the end, beside the word for days.
const COUNTED: [&str; 8] = [
    "total", "ratio", "through", "stage", "pipeline", "to", "until", "cycle",
];

/// Why a name says that its column is written at the end. None where it does not.
pub(super) fn says(name: &str) -> Option<&'static str> {
    let words = words(name);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&ENDS) {
        return Some("its name speaks of the end");
    }
    if has(&["last", "latest", "recent"]) && has(&LASTS) {
        return Some("its name says that it holds the last of something");
    }
    let days = has(&["days", "hours", "weeks", "months"]);
    let stage = has(&["stage", "pipeline"]);
    if (days && has(&COUNTED)) || (stage && has(&["count", "changes", "change", "time"])) {
        return Some("its name says that it counts on to the end");
    }
    None
}

/// The words of a name: `hs_is_closed`, `daysToClose` and `Days to close` have them alike.
pub(in crate::scoring) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_is_lower = false;
    for letter in name.chars() {
        let begins = !letter.is_alphanumeric() || (letter.is_uppercase() && before_is_lower);
        if begins {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before_is_lower = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, suspected: bool) {
        assert_eq!(says(name).is_some(), suspected, "{name}");
    }

    #[test]
    fn names_of_the_end_and_names_of_the_beginning() {
        for name in [
            "duration",
            "Elapsed Days In Sales Stage",
            "Total Days Identified Through Closing",
            "Sales Stage Change Count",
            "Ratio Days Qualified To Total Days",
            "Last Notable Activity",
            "closed_lost_reason",
            "hs_is_closed",
            "daysToClose",
            "close_date",
        ] {
            check(name, true);
        }
        for name in [
            "amount",
            "Total Time Spent on Website",
            "poutcome",
            "Client Size By Employee Count",
            "Last name",
            "day_of_week",
            "days since create",
            "industry",
            "enclosed sites",
        ] {
            check(name, false);
        }
    }
}
