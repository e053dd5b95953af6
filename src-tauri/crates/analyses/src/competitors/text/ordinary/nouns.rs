//! Vendors called like words that are nouns in German, too, and have a capital there anyway: "Front", "Drift".

use super::{Word, german};

/// The word, and its neighbours in ordinary use.
pub(super) const KNOWN: &[(&str, Word)] = &[
    (
        "front",
        german(
            &[
                "a", "an", "der", "die", "home", "in", "one", "our", "product", "shop", "store",
                "the", "to", "up", "cost", "price", "pricing", "legal", "budget", "security",
                "this", "that",
            ],
            &[
                "de", "desk", "door", "end", "foot", "gegen", "line", "load", "loaded", "of",
                "office", "page", "row", "runner", "runners", "the", "seat", "up",
            ],
        ),
    ),
    (
        "drift",
        german(
            &[
                "a", "data", "model", "scope", "the", "their", "to", "your", "my", "our",
            ],
            &[
                "apart", "away", "back", "in", "into", "off", "toward", "towards",
            ],
        ),
    ),
    (
        "gong",
        german(
            &["a", "the", "rang", "ring", "hit"],
            &["rang", "rings", "show", "bath"],
        ),
    ),
    (
        "notion",
        german(
            &[
                "a", "any", "aucune", "la", "no", "of", "some", "that", "the", "their", "this",
                "une", "cette", "die", "der", "vague", "keine", "eine", "de", "wrong",
            ],
            &["de", "idee", "of", "that", "is", "was", "que"],
        ),
    ),
    ("chorus", german(&["a", "the", "in"], &["of"])),
];
