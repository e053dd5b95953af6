//! Vendors called like a weekday or a first name, which have a capital anyway: "Monday", "Clay".

use super::{Word, name};

/// The word, and its neighbours in ordinary use.
pub(super) const KNOWN: &[(&str, Word)] = &[
    (
        "monday",
        name(
            &[
                "after", "ab", "am", "before", "bis", "by", "close", "each", "every", "for",
                "from", "last", "moved", "next", "on", "per", "since", "starting", "this",
                "through", "till", "until", "until", "by", "happy", "call", "live", "past", "of",
            ],
            &[
                "afternoon",
                "am",
                "at",
                "evening",
                "for",
                "is",
                "latest",
                "meeting",
                "morning",
                "next",
                "night",
                "noon",
                "or",
                "pm",
                "the",
                "then",
                "they",
                "we",
                "i",
                "tuesday",
                "week",
                "intro",
            ],
        ),
    ),
    (
        "clay",
        name(
            &[
                "and", "from", "spoke", "of", "met", "mr", "ask", "tell", "cc", "hi", "hey",
                "dear", "the", "thanks", "per", "via", "emailed", "called", "pinged",
            ],
            &[
                "and",
                "asked",
                "called",
                "confirmed",
                "from",
                "has",
                "is",
                "jennings",
                "mentioned",
                "promised",
                "replied",
                "said",
                "says",
                "thinks",
                "told",
                "wants",
                "was",
                "will",
                "pot",
                "pots",
                "would",
                "needs",
                "sent",
            ],
        ),
    ),
];
