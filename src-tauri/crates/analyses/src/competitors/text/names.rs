//! The names of a dictionary as phrases to look for.

use super::dictionary::{Competitor, Dictionary, DictionaryError, Matching, ordinary_word};
use super::folded::fold_name;
use super::ordinary::SUFFIXES;
use super::vendors::Known;

/// All names as phrases. An ordinary word with a suffix that makes it a vendor is a name of its own.
pub(super) fn names(dictionary: &Dictionary) -> Result<Vec<(String, Known)>, DictionaryError> {
    let mut names: Vec<(String, Known)> = Vec::new();
    for (i, competitor) in dictionary.competitors.iter().enumerate() {
        let id = competitor.id.as_str();
        let twice = |other: &Competitor| other.id == competitor.id;
        if dictionary.competitors.iter().take(i).any(twice) {
            return Err(DictionaryError::Twice(id.to_owned()));
        }
        for (j, alias) in competitor.aliases.iter().enumerate() {
            let folded = fold_name(&alias.text);
            if folded.chars().filter(|c| c.is_alphanumeric()).count() < 2 {
                return Err(DictionaryError::Short(id.to_owned()));
            }
            let exact = (alias.matching == Matching::ExactCase).then_some((i, j));
            let word = ordinary_word(alias);
            if word.is_some() {
                for suffix in SUFFIXES {
                    let known = Known {
                        competitor: Some(i),
                        exact: None,
                        word: None,
                    };
                    names.push((format!("{folded}{suffix}"), known));
                }
            }
            names.push((
                folded,
                Known {
                    competitor: Some(i),
                    exact,
                    word,
                },
            ));
        }
    }
    for own in &dictionary.own_names {
        names.push((
            fold_name(own),
            Known {
                competitor: None,
                exact: None,
                word: None,
            },
        ));
    }
    names.sort_by(|a, b| a.0.cmp(&b.0));
    let shared = names.windows(2).find(|pair| {
        pair[0].0 == pair[1].0
            && pair[0].1.competitor != pair[1].1.competitor
            && pair.iter().all(|(_, known)| known.exact.is_none())
    });
    if let Some(pair) = shared {
        let of = |known: &Known| known.competitor.and_then(|i| dictionary.competitors.get(i));
        let competitor = of(&pair[0].1).or(of(&pair[1].1));
        let id = competitor.map_or("", |competitor| competitor.id.as_str());
        return Err(DictionaryError::Shared(id.to_owned()));
    }
    Ok(names)
}
