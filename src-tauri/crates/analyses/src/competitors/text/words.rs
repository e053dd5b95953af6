//! Small words by which names are tied to phrases, in seven languages; all folded.

/// Words that hold a list together.
pub(super) const LINKS: &[&str] = &[
    "and", "or", "und", "oder", "sowie", "et", "ou", "y", "o", "u", "e", "ed", "en", "of", "plus",
    "the", "la", "le", "el", "il", "de", "het", "then", "also", "then", "either", "both", "n",
    "nor", "noch",
];

/// How we call ourselves.
pub(super) const US: &[&str] = &[
    "us",
    "we",
    "ours",
    "uns",
    "wir",
    "nous",
    "nosotros",
    "ons",
    "wij",
    "noi",
    "nos",
    "me",
    "gente",
    "ourselves",
    "unserer",
    "nosotras",
    "onszelf",
];

/// Words that lead to where somebody goes.
pub(super) const TOWARDS: &[&str] = &[
    "to", "zu", "auf", "vers", "a", "ao", "naar", "para", "per", "chez", "into", "onto",
];

/// Last words of phrases that give way to others.
pub(super) const FAINT: &[&str] = &[
    "competitor",
    "competitors",
    "competition",
    "wettbewerber",
    "mitbewerber",
    "konkurrent",
    "konkurrenz",
    "wettbewerb",
    "concurrent",
    "concurrents",
    "concurrence",
    "competidor",
    "competidores",
    "competencia",
    "concurrentie",
    "concurrenten",
    "concorrente",
    "concorrentes",
    "concorrencia",
    "concorrenti",
    "concorrenza",
    "haben",
    "hat",
    "has",
    "have",
    "ont",
    "a",
    "ha",
    "hanno",
    "hebben",
    "heeft",
    "tem",
    "tienen",
    "tiene",
    "contract",
    "agreement",
    "subscription",
    "licence",
    "license",
    "licences",
    "licenses",
    "vertrag",
    "abo",
    "lizenzen",
    "contrat",
    "contrato",
    "contratto",
    "against",
    "versus",
    "vs",
    "gegen",
    "contre",
    "contra",
    "contro",
    "tegen",
    "between",
    "zwischen",
    "entre",
    "tussen",
    "tra",
];

/// People, who come from a vendor and leave nothing.
pub(super) const PEOPLE: &[&str] = &[
    "ae",
    "boss",
    "cfo",
    "ceo",
    "chef",
    "cmo",
    "coo",
    "cro",
    "cto",
    "director",
    "exec",
    "guy",
    "head",
    "hire",
    "lead",
    "leader",
    "leiter",
    "manager",
    "rep",
    "reps",
    "vertriebsleiter",
    "vp",
    "dg",
    "directeur",
    "geschaftsfuhrer",
];

/// Articles, which may stand between a preposition and a name.
pub(super) const ARTICLES: &[&str] = &[
    "the", "a", "an", "der", "die", "das", "den", "dem", "des", "la", "le", "les", "el", "los",
    "il", "lo", "i", "gli", "de", "het", "een", "o", "os", "as", "their", "our",
];

/// Words behind which a denial says no more of what follows: "no answer since the Zoho demo" denies
/// the answer (the termination terms of NegEx).
pub(super) const ENDS_DENIAL: &[&str] = &[
    "because", "since", "due", "after", "until", "till", "when", "if", "that", "which", "who",
    "weil", "seit", "nach", "wegen", "wenn", "dass", "depuis", "apres", "parce", "puisque",
    "quand", "desde", "tras", "despues", "porque", "cuando", "omdat", "sinds", "wanneer", "perche",
    "dopo", "quando", "depois", "pois", "given", "so",
];

/// What stands before a person's name.
pub(super) const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "dr", "herr", "herrn", "frau", "hr", "fr", "m", "mme", "monsieur",
    "madame", "sr", "sra", "senor", "senora", "sig", "signor", "signora", "dhr", "mevr", "meneer",
    "prof",
];

/// Prepositions that tie a name to what stands before them.
pub(super) const TIES: &[&str] = &[
    "at", "of", "with", "from", "to", "by", "in", "on", "for", "bei", "mit", "von", "vom", "an",
    "zu", "aus", "chez", "avec", "de", "par", "con", "da", "di", "per", "em", "com", "por", "op",
    "met", "van", "bij", "do", "da",
];

/// Words that put right what was said before them.
pub(super) const CORRECTIONS: &[&str] = &[
    "sondern", "sino", "but", "bensi", "maar", "mais", "ma", "mas",
];

/// Words that join two objects of one verb.
pub(super) const JOINS: &[&str] = &["and", "und", "et", "y", "e", "en", "sowie"];

/// Words that say where somebody comes from.
pub(super) const FROM: &[&str] = &[
    "from", "off", "von", "vom", "de", "du", "depuis", "desde", "van", "vanaf", "do", "da", "dal",
    "dallo", "dalla",
];

/// First words of phrases of losing: whom a deal was lost to, it was lost to, however long ago.
pub(super) const LOSING: &[&str] = &[
    "lose",
    "loses",
    "losing",
    "lost",
    "loss",
    "beaten",
    "verloren",
    "verlieren",
    "verliert",
    "verlor",
    "perdu",
    "perdue",
    "perdons",
    "perdido",
    "perdimos",
    "perdemos",
    "perso",
    "persa",
    "perdeu",
    "verliezen",
    "undercut",
    "outbid",
];

/// Nouns for whoever competes.
pub(super) const RIVALS: &[&str] = &[
    "competitor",
    "competition",
    "rival",
    "wettbewerber",
    "mitbewerber",
    "wettbewerb",
    "konkurrent",
    "konkurrenz",
    "concurrent",
    "concurrence",
    "competidor",
    "competencia",
    "concurrentie",
    "concorrente",
    "concorrencia",
    "concorrenza",
];

/// "Zoho out, us in."
pub(super) const OUT: &[&str] = &[
    "out", "raus", "weg", "dehors", "fuera", "eruit", "fora", "fuori",
];
pub(super) const IN: &[&str] = &["in", "rein", "drin", "dedans", "dentro", "erin"];

/// What nobody sells as a CRM, and many use as one.
pub(super) const UNSOLD: &[&str] = &[
    "excel",
    "sheets",
    "spreadsheet",
    "spreadsheets",
    "outlook",
    "paper",
    "papier",
    "papel",
    "carta",
    "access",
];
