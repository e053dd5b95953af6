//! From a text to what it says about competitors.

use std::sync::LazyLock;

use super::dictionary::{Dictionary, DictionaryError, Matching};
use super::folded::{fold, fold_name};
use super::lexicon::{Cue, Prepositions, lexicon};
use super::matches::{Found, Phrases, longest};
use super::names::names;
use super::outcome::outcome;
use super::page::Page;
use super::plain::{Format, plain};
use super::proposals::proposals;
use super::quotes::without_quotes;
use super::reading::{Mention, Proposal, Reading, Suspect};
use super::reasons::reasons;
use super::roles::{CueAt, Name, Scene};
use super::tokens::{Token, at_or_after, behind, tokens};
use super::typos::Near;
use super::vendors::{Candidate, Known, accepted};

/// The lexicon, ready to be looked for. It is the same for every dictionary, and takes longer to make
/// than a text to read.
#[derive(Debug)]
struct Cues {
    phrases: Phrases<Cue>,
    frames: Vec<Prepositions>,
    fillers: Vec<String>,
}

/// None only if the lexicon were too large for one automaton.
static CUES: LazyLock<Option<Cues>> = LazyLock::new(|| {
    let lexicon = lexicon();
    Some(Cues {
        phrases: Phrases::new(lexicon.cues).ok()?,
        frames: lexicon.frames,
        fillers: lexicon.fillers,
    })
});

/// Reads texts for the competitors of a dictionary.
#[derive(Debug)]
pub struct Reader {
    dictionary: Dictionary,
    names: Phrases<Known>,
    cues: &'static Cues,
    near: Vec<Near>,
    /// Folded words that are no misspelling.
    ordinary: Vec<String>,
}

impl Reader {
    /// A reader for a dictionary.
    ///
    /// # Errors
    /// When a name is too short, belongs to two, or there are too many.
    pub fn new(dictionary: Dictionary) -> Result<Self, DictionaryError> {
        let names = names(&dictionary)?;
        let near = dictionary
            .competitors
            .iter()
            .enumerate()
            .flat_map(|(i, competitor)| {
                let fuzzy = competitor
                    .aliases
                    .iter()
                    .filter(|alias| alias.matching == Matching::FuzzyOk);
                fuzzy.filter_map(move |alias| Near::new(&alias.text, i))
            })
            .collect();
        let ordinary = dictionary
            .ordinary_words
            .iter()
            .map(|word| fold_name(word))
            .collect();
        Ok(Self {
            names: Phrases::new(names).map_err(|_| DictionaryError::TooMany)?,
            cues: CUES.as_ref().ok_or(DictionaryError::TooMany)?,
            near,
            ordinary,
            dictionary,
        })
    }

    /// The competitors that are looked for.
    #[must_use]
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// What a text says about competitors.
    #[must_use]
    pub fn read(&self, source: &str, format: Format) -> Reading {
        let plain = without_quotes(plain(source, format));
        let folded = fold(&plain.text);
        let tokens = tokens(&folded.text);
        if tokens.is_empty() {
            return Reading::default();
        }
        let page = Page {
            plain,
            folded,
            tokens,
        };
        let candidates = self.candidates(&page);
        let cues = self.cues_of(&page, &candidates);
        let names = accepted(&page, &candidates, &cues);
        let placed: Vec<Name> = names.iter().map(|candidate| candidate.name).collect();
        // A phrase that overlaps a name is part of the name.
        let cues: Vec<CueAt> = cues
            .into_iter()
            .filter(|cue| {
                !placed
                    .iter()
                    .any(|n| n.first < cue.end && cue.first < n.end)
            })
            .collect();
        let scene = Scene {
            text: &page.folded.text,
            tokens: &page.tokens,
            cues: &cues,
            frames: &self.cues.frames,
            names: &placed,
            outcome: outcome(&cues, &page.tokens, &placed),
        };
        let mentions: Vec<Mention> = names
            .iter()
            .filter_map(|candidate| self.mention(&page, &scene, candidate))
            .collect();
        let unknown = proposals(&scene, |token| page.is_capital(token));
        let review = self.suspects(&page, &scene);
        let proposals: Vec<Proposal> = unknown
            .into_iter()
            .map(|(first, end)| Proposal {
                name: page.written(first, end).to_owned(),
                span: page.source_span(first, end),
                sentence: page.sentence(first).0,
            })
            .filter(|proposal| !review.iter().any(|suspect| suspect.span == proposal.span))
            .collect();
        Reading {
            reasons: reasons(&page, &scene, &mentions, &proposals),
            mentions,
            review,
            proposals,
        }
    }

    fn candidates(&self, page: &Page) -> Vec<Candidate> {
        let of = |found: Found| {
            let known = self
                .names
                .meanings(found)
                .iter()
                .find(|known| self.is_written_so(page, found, known))?;
            let first = at_or_after(&page.tokens, found.from);
            let end = behind(&page.tokens, found.to).max(first + 1);
            let name = Name {
                first,
                end,
                own: known.competitor.is_none(),
            };
            (!page.is_address(found)).then_some(Candidate {
                name,
                found,
                known: *known,
            })
        };
        self.names
            .find(&page.folded.text)
            .into_iter()
            .filter_map(of)
            .collect()
    }

    fn is_written_so(&self, page: &Page, found: Found, known: &Known) -> bool {
        let Some((competitor, alias)) = known.exact else {
            return true;
        };
        let (from, to) = page.folded.span(found.from, found.to);
        let alias = self
            .dictionary
            .competitors
            .get(competitor)
            .and_then(|competitor| competitor.aliases.get(alias));
        alias.is_some_and(|alias| page.plain.text.get(from..to) == Some(alias.text.as_str()))
    }

    fn cues_of(&self, page: &Page, candidates: &[Candidate]) -> Vec<CueAt> {
        let certain = |found: &Found| {
            candidates.iter().any(|candidate| {
                candidate.known.word.is_none()
                    && candidate.found.from < found.to
                    && found.from < candidate.found.to
            })
        };
        let mut cues = Vec::new();
        let all = self.cues.phrases.all(&page.folded.text);
        // A verb counts also where a longer phrase contains it: the phrase may be about something else.
        for frames in [false, true] {
            let of = |found: &Found| {
                let meanings = self.cues.phrases.meanings(*found).iter();
                meanings.into_iter().any(|cue| cue.is_frame() == frames)
            };
            for found in longest(all.iter().copied().filter(of)) {
                if certain(&found) {
                    continue;
                }
                let first = at_or_after(&page.tokens, found.from);
                let end = behind(&page.tokens, found.to).max(first + 1);
                let meanings = self.cues.phrases.meanings(found).iter();
                let meant = meanings.filter(|cue| cue.is_frame() == frames);
                cues.extend(meant.map(|&cue| CueAt { first, end, cue }));
            }
        }
        self.add_cues_with_fillers(page, &mut cues);
        cues.sort_by_key(|at| at.first);
        cues
    }

    /// Phrases with an adverb in between: "went, in the end, with" is "went with". They are looked for
    /// where adverbs are left out, and count where they reach over one.
    fn add_cues_with_fillers(&self, page: &Page, cues: &mut Vec<CueAt>) {
        let is_filler = |token: &Token| {
            let word = &page.folded.text[token.from..token.to];
            self.cues
                .fillers
                .binary_search_by(|filler| filler.as_str().cmp(word))
                .is_ok()
        };
        if !page.tokens.iter().any(is_filler) {
            return;
        }
        let mut text = String::with_capacity(page.folded.text.len());
        // Where each word that is kept begins in the shorter text, and which token it is.
        let mut kept: Vec<(usize, usize)> = Vec::with_capacity(page.tokens.len());
        for (at, token) in page.tokens.iter().enumerate() {
            if is_filler(token) {
                continue;
            }
            if !text.is_empty() {
                let parted = kept
                    .last()
                    .is_some_and(|&(_, last)| (last + 1..=at).any(|i| page.parts(i)));
                text.push_str(if parted { " ; " } else { " " });
            }
            kept.push((text.len(), at));
            text.push_str(&page.folded.text[token.from..token.to]);
        }
        let is_phrase = |found: &Found| {
            let mut meanings = self.cues.phrases.meanings(*found).iter();
            meanings.any(|cue| !cue.is_frame())
        };
        for found in longest(self.cues.phrases.all(&text).into_iter().filter(is_phrase)) {
            let of = |byte: usize| kept.partition_point(|&(from, _)| from < byte);
            let (Some(&(_, first)), Some(&(_, last))) = (
                kept.get(of(found.from)),
                of(found.to).checked_sub(1).and_then(|i| kept.get(i)),
            ) else {
                continue;
            };
            let words = of(found.to) - of(found.from);
            if last + 1 - first > words {
                let end = last + 1;
                let meanings = self.cues.phrases.meanings(found).iter();
                let meant = meanings.filter(|cue| !cue.is_frame());
                cues.extend(meant.map(|&cue| CueAt { first, end, cue }));
            }
        }
    }

    fn mention(&self, page: &Page, scene: &Scene<'_>, candidate: &Candidate) -> Option<Mention> {
        let competitor = self
            .dictionary
            .competitors
            .get(candidate.known.competitor?)?;
        let verdict = scene.judge(candidate.name);
        let (from, to) = page.folded.span(candidate.found.from, candidate.found.to);
        let (sentence, sentence_span) = page.sentence(candidate.name.first);
        Some(Mention {
            competitor: competitor.id.clone(),
            role: verdict.role,
            supposed: verdict.supposed,
            negated: verdict.negated,
            span: page.plain.span(from, to),
            sentence,
            sentence_span,
        })
    }

    fn suspects(&self, page: &Page, scene: &Scene<'_>) -> Vec<Suspect> {
        let mut found: Vec<Suspect> = Vec::new();
        for near in &self.near {
            for (first, tokens) in page.tokens.windows(near.words()).enumerate() {
                let (Some(start), Some(last)) = (tokens.first(), tokens.last()) else {
                    continue;
                };
                let written = &page.folded.text[start.from..last.to];
                let Some(edits) = near.edits(written) else {
                    continue;
                };
                let end = first + near.words();
                let known = scene.names.iter().any(|n| n.first < end && first < n.end);
                let Some(competitor) = self.dictionary.competitors.get(near.competitor) else {
                    continue;
                };
                if !known && !self.ordinary.iter().any(|word| word == written) {
                    found.push(Suspect {
                        competitor: competitor.id.clone(),
                        written: page.written(first, end).to_owned(),
                        edits,
                        span: page.source_span(first, end),
                        sentence: page.sentence(first).0,
                    });
                }
            }
        }
        found.sort_by(|a, b| (a.span, &a.competitor).cmp(&(b.span, &b.competitor)));
        found.dedup_by(|a, b| a.span == b.span && a.competitor == b.competitor);
        found
    }
}
