//! The list that a portal's people keep: competitors, how each may be written, their own names, and
//! the properties that are for competitors. Every change makes a whole new list; who keeps them,
//! keeps every version.

use serde::{Deserialize, Serialize};

use super::text::{
    Alias, Competitor, CompetitorId, Dictionary, DictionaryError, Matching, Reader, folded,
};

/// What is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CompetitorList {
    /// What is looked for.
    #[serde(flatten)]
    pub dictionary: Dictionary,
    /// Properties of deals that are for competitors.
    #[serde(default)]
    pub properties: Vec<CompetitorProperty>,
}

/// A property of deals that is for competitors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CompetitorProperty {
    /// Its internal name, which stays when people rename it.
    pub name: String,
    /// Whether it says to whom a deal was lost, rather than who is in it.
    #[serde(default)]
    pub lost_to: bool,
}

/// A change of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub enum ListChange {
    /// A new competitor, called and written like this in any case.
    Add {
        /// Its name.
        name: String,
    },
    /// One more way to write a competitor.
    Alias {
        /// Its key or name.
        competitor: String,
        /// The way to write it.
        text: String,
        /// How it must be written to count.
        matching: Matching,
        /// Whether it is also an ordinary word.
        ordinary_word: bool,
    },
    /// A competitor goes, or one way to write it.
    Remove {
        /// Its key or name.
        competitor: String,
        /// The way to write it; none: all of it goes.
        alias: Option<String>,
    },
    /// A name of one's own that may contain a competitor's.
    Own {
        /// The name.
        name: String,
        /// Whether it goes.
        remove: bool,
    },
    /// A property that is for competitors.
    Property {
        /// Its internal name.
        name: String,
        /// Whether it says to whom a deal was lost.
        lost_to: bool,
        /// Whether it goes.
        remove: bool,
    },
    /// A waiting name is one more way to write a competitor.
    Confirm {
        /// The name as it waits.
        name: String,
        /// The competitor's key or name; none: a new competitor of this name.
        competitor: Option<String>,
    },
    /// A waiting name is nobody's.
    Dismiss {
        /// The name as it waits.
        name: String,
    },
}

impl ListChange {
    /// The change in a word, for the versions' record.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Add { .. } => "add",
            Self::Alias { .. } => "alias",
            Self::Remove { .. } => "remove",
            Self::Own { .. } => "own",
            Self::Property { .. } => "property",
            Self::Confirm { .. } => "confirm",
            Self::Dismiss { .. } => "dismiss",
        }
    }
}

/// Why a change is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// There is no such competitor.
    #[error("there is no such competitor in the list")]
    NoCompetitor,
    /// There is no such name or property.
    #[error("there is no such name in the list")]
    NoName,
    /// It is there already.
    #[error("it is in the list already")]
    Already,
    /// A text of this length is no name.
    #[error("a name has between 2 and 100 letters")]
    Length,
    /// The list is full.
    #[error("a list has at most {MOST_NAMES} names")]
    Full,
    /// The names do not fit together.
    #[error(transparent)]
    Dictionary(#[from] DictionaryError),
}

/// The longest name, in letters.
const LONGEST_NAME: usize = 100;

/// The most names of a list, aliases counted one by one.
const MOST_NAMES: usize = 5_000;

impl CompetitorList {
    /// The list after a change, whose names fit together.
    ///
    /// # Errors
    /// When there is nothing to change, or the names would not fit together.
    pub fn after(&self, change: &ListChange) -> Result<Self, ListError> {
        let mut list = self.clone();
        list.change(change)?;
        let aliases = list.dictionary.competitors.iter();
        let names = aliases.map(|competitor| competitor.aliases.len());
        let others = list.dictionary.own_names.len() + list.dictionary.ordinary_words.len();
        if names.sum::<usize>() + others + list.properties.len() > MOST_NAMES {
            return Err(ListError::Full);
        }
        Reader::new(list.dictionary.clone())?;
        Ok(list)
    }

    /// The competitor of a key or a name.
    #[must_use]
    pub fn find(&self, wanted: &str) -> Option<&Competitor> {
        let place = self.place(wanted)?;
        self.dictionary.competitors.get(place)
    }

    fn place(&self, wanted: &str) -> Option<usize> {
        let wanted = folded(wanted);
        let competitors = &self.dictionary.competitors;
        competitors.iter().position(|competitor| {
            competitor.id.as_str() == wanted || folded(&competitor.name) == wanted
        })
    }

    fn competitor(&mut self, wanted: &str) -> Result<&mut Competitor, ListError> {
        let place = self.place(wanted).ok_or(ListError::NoCompetitor)?;
        let competitors = &mut self.dictionary.competitors;
        competitors.get_mut(place).ok_or(ListError::NoCompetitor)
    }

    fn change(&mut self, change: &ListChange) -> Result<(), ListError> {
        match change {
            ListChange::Add { name } => self.add(name),
            ListChange::Alias {
                competitor,
                text,
                matching,
                ordinary_word,
            } => {
                let alias = Alias {
                    text: proper(text)?,
                    matching: *matching,
                    ordinary_word: *ordinary_word,
                };
                self.alias(competitor, alias)
            }
            ListChange::Remove { competitor, alias } => self.remove(competitor, alias.as_deref()),
            ListChange::Own { name, remove } => {
                toggle(&mut self.dictionary.own_names, name, *remove)
            }
            ListChange::Property {
                name,
                lost_to,
                remove,
            } => self.property(name, *lost_to, *remove),
            ListChange::Confirm { name, competitor } => match competitor {
                None => self.add(name),
                Some(competitor) => {
                    let alias = Alias {
                        text: proper(name)?,
                        matching: Matching::AnyCase,
                        ordinary_word: false,
                    };
                    self.alias(competitor, alias)
                }
            },
            ListChange::Dismiss { name } => {
                toggle(&mut self.dictionary.ordinary_words, name, false)
            }
        }
    }

    fn add(&mut self, name: &str) -> Result<(), ListError> {
        let name = proper(name)?;
        if self.place(&name).is_some() {
            return Err(ListError::Already);
        }
        let id = self.free_key(&name);
        // Who was dismissed and is added after all is wanted.
        let ordinary = &mut self.dictionary.ordinary_words;
        ordinary.retain(|word| folded(word) != folded(&name));
        self.dictionary.competitors.push(Competitor {
            id: CompetitorId::new(id),
            aliases: vec![Alias {
                text: name.clone(),
                matching: Matching::AnyCase,
                ordinary_word: false,
            }],
            name,
        });
        Ok(())
    }

    /// A key that nobody has: the name's letters and digits.
    fn free_key(&self, name: &str) -> String {
        let mut key = String::new();
        for letter in folded(name).chars() {
            if letter.is_alphanumeric() {
                key.push(letter);
            } else if !key.is_empty() && !key.ends_with('-') {
                key.push('-');
            }
        }
        let key = key.trim_end_matches('-').to_owned();
        let taken = |key: &str| {
            let competitors = &self.dictionary.competitors;
            competitors.iter().any(|known| known.id.as_str() == key)
        };
        if !taken(&key) {
            return key;
        }
        (2..)
            .map(|n| format!("{key}-{n}"))
            .find(|key| !taken(key))
            .unwrap_or_default()
    }

    fn alias(&mut self, competitor: &str, alias: Alias) -> Result<(), ListError> {
        let competitor = self.competitor(competitor)?;
        let known = competitor
            .aliases
            .iter_mut()
            .find(|known| known.text == alias.text);
        match known {
            Some(known) if *known == alias => Err(ListError::Already),
            Some(known) => {
                *known = alias;
                Ok(())
            }
            None => {
                competitor.aliases.push(alias);
                Ok(())
            }
        }
    }

    fn remove(&mut self, competitor: &str, alias: Option<&str>) -> Result<(), ListError> {
        let Some(alias) = alias else {
            let place = self.place(competitor).ok_or(ListError::NoCompetitor)?;
            self.dictionary.competitors.remove(place);
            return Ok(());
        };
        let aliases = &mut self.competitor(competitor)?.aliases;
        let before = aliases.len();
        aliases.retain(|known| folded(&known.text) != folded(alias));
        if aliases.len() == before {
            Err(ListError::NoName)
        } else {
            Ok(())
        }
    }

    fn property(&mut self, name: &str, lost_to: bool, remove: bool) -> Result<(), ListError> {
        let property = CompetitorProperty {
            name: proper(name)?,
            lost_to,
        };
        let place = self.properties.iter().position(|known| known.name == name);
        match (place, remove) {
            (Some(place), true) => {
                self.properties.remove(place);
            }
            (Some(place), false) if self.properties.get(place) == Some(&property) => {
                return Err(ListError::Already);
            }
            (Some(place), false) => self.properties[place] = property,
            (None, true) => return Err(ListError::NoName),
            (None, false) => self.properties.push(property),
        }
        Ok(())
    }
}

/// A name without spaces around it, if it is one.
fn proper(name: &str) -> Result<String, ListError> {
    let name = name.trim();
    if (2..=LONGEST_NAME).contains(&name.chars().count()) {
        Ok(name.to_owned())
    } else {
        Err(ListError::Length)
    }
}

fn toggle(names: &mut Vec<String>, name: &str, remove: bool) -> Result<(), ListError> {
    let name = proper(name)?;
    let place = names
        .iter()
        .position(|known| folded(known) == folded(&name));
    match (place, remove) {
        (Some(place), true) => {
            names.remove(place);
            Ok(())
        }
        (None, true) => Err(ListError::NoName),
        (Some(_), false) => Err(ListError::Already),
        (None, false) => {
            names.push(name);
            Ok(())
        }
    }
}

/// Parts of names and labels that speak of competitors, folded, in the lexicon's languages.
const SPEAKS_OF_COMPETITORS: &[&str] = &[
    "competit",
    "rival",
    "lost to",
    "lost_to",
    "mitbewerb",
    "wettbewerb",
    "konkurr",
    "verloren an",
    "concurren",
    "perdu contre",
    "competid",
    "concorren",
];

/// Parts that say to whom a deal was lost.
const SPEAKS_OF_LOSING: &[&str] = &["lost", "verloren", "perd", "winning", "verlor"];

/// Whether a property may be for competitors, by its name and label, for a person to choose.
#[must_use]
pub fn propose_property(name: &str, label: &str) -> Option<CompetitorProperty> {
    let (folded_name, label) = (folded(name), folded(label));
    let has = |parts: &[&str]| {
        let mut parts = parts.iter();
        parts.any(|part| folded_name.contains(part) || label.contains(part))
    };
    has(SPEAKS_OF_COMPETITORS).then(|| CompetitorProperty {
        name: name.to_owned(),
        lost_to: has(SPEAKS_OF_LOSING),
    })
}
