//! Invented names. Addresses end in `.test`, which no name server will ever resolve (RFC 6761).

/// First names.
pub(crate) const FIRST: [&str; 40] = [
    "Ana", "Jonas", "Mira", "Oskar", "Leila", "Tomasz", "Greta", "Hugo", "Ines", "Pavel", "Sofia",
    "Emil", "Nadia", "Ruben", "Clara", "Yusuf", "Elena", "Marek", "Freya", "Luca", "Amira",
    "Viktor", "Paula", "Henrik", "Zoë", "Karim", "Alma", "Stefan", "Noor", "Bruno", "Ida",
    "Rafael", "Selma", "Anton", "Maya", "Felix", "Rosa", "Dario", "Hanna", "Ciarán",
];

/// Last names.
pub(crate) const LAST: [&str; 48] = [
    "Berger",
    "Novák",
    "Rossi",
    "Lindqvist",
    "Okafor",
    "Keller",
    "Moreau",
    "Schmidt",
    "Ruiz",
    "Kowalska",
    "Fischer",
    "Jansen",
    "Haddad",
    "Weber",
    "Costa",
    "Lehmann",
    "Dubois",
    "Yılmaz",
    "Steiner",
    "Marino",
    "Petrov",
    "Vogel",
    "O'Neill",
    "Sørensen",
    "Baumann",
    "Silva",
    "Hartmann",
    "Laurent",
    "Köhler",
    "Romano",
    "Brandt",
    "Nagy",
    "Winter",
    "García",
    "Huber",
    "Andersson",
    "Pichler",
    "Vidal",
    "Krüger",
    "Bianchi",
    "Sommer",
    "Tanaka",
    "Egger",
    "Marchetti",
    "Frank",
    "Dvořák",
    "Lang",
    "Meier",
];

/// First words of company names.
pub(crate) const COMPANY: [&str; 56] = [
    "Alpenquell",
    "Baltica",
    "Borealis",
    "Brenner",
    "Cascade",
    "Caldera",
    "Danube",
    "Delta",
    "Eisenach",
    "Elbtal",
    "Falken",
    "Fjord",
    "Granit",
    "Halden",
    "Hansa",
    "Helios",
    "Inntal",
    "Isar",
    "Juniper",
    "Kaskade",
    "Karst",
    "Lagune",
    "Lumen",
    "Mistral",
    "Monte",
    "Neckar",
    "Nordsee",
    "Oberland",
    "Orion",
    "Ostwind",
    "Pegnitz",
    "Polaris",
    "Quarz",
    "Rheingau",
    "Ruhr",
    "Saale",
    "Sierra",
    "Spree",
    "Tauern",
    "Tessin",
    "Umbra",
    "Ursa",
    "Valmont",
    "Vento",
    "Weser",
    "Westwall",
    "Xenon",
    "Yara",
    "Zenit",
    "Zillertal",
    "Ardenne",
    "Bodensee",
    "Cumbria",
    "Dolomit",
    "Ebro",
    "Fichtel",
];

/// Second words, by industry, in the order of `portal::standard::INDUSTRIES`.
pub(crate) const TRADES: [[&str; 3]; 8] = [
    ["Maschinenbau", "Precision", "Antriebe"],
    ["Chemie", "Coatings", "Polymers"],
    ["Foods", "Molkerei", "Brewing"],
    ["Stadtwerke", "Water", "Energie"],
    ["Mining", "Steel", "Metallwerke"],
    ["Papier", "Pulp", "Holzwerke"],
    ["Kliniken", "Medical", "Hospital Group"],
    ["Bau", "Construction", "Tiefbau"],
];

/// Legal forms by country, in the order of [`COUNTRIES`].
pub(crate) const FORMS: [&str; 8] = [
    "GmbH",
    "GmbH",
    "AG",
    "SAS",
    "S.p.A.",
    "Inc.",
    "Ltd",
    "Sp. z o.o.",
];

/// Countries with a city and a weight. The country has no effect on anything but the currency.
pub(crate) const COUNTRIES: [(&str, [&str; 3], f64); 8] = [
    ("Germany", ["Hamburg", "Köln", "Nürnberg"], 0.34),
    ("Austria", ["Linz", "Graz", "Innsbruck"], 0.12),
    ("Switzerland", ["Bern", "Zürich", "Basel"], 0.07),
    ("France", ["Lyon", "Nantes", "Lille"], 0.10),
    ("Italy", ["Torino", "Bologna", "Verona"], 0.09),
    ("United States", ["Cleveland", "Houston", "Milwaukee"], 0.18),
    ("United Kingdom", ["Leeds", "Bristol", "Derby"], 0.05),
    ("Poland", ["Gdańsk", "Poznań", "Łódź"], 0.05),
];

/// The index of the country that pays in dollars.
pub(crate) const UNITED_STATES: usize = 5;

/// What people do.
pub(crate) const JOBS: [&str; 10] = [
    "Plant manager",
    "Head of procurement",
    "Maintenance engineer",
    "Managing director",
    "CFO",
    "Process engineer",
    "Head of production",
    "Buyer",
    "Energy manager",
    "Project lead",
];

/// What is sold.
pub(crate) const PRODUCTS: [&str; 8] = [
    "Pump line",
    "Compressor station",
    "Valve refit",
    "Remote monitoring",
    "Service contract",
    "Heat exchanger",
    "Dosing unit",
    "Spare parts frame",
];

/// Reasons for a loss without a competitor, in the words of the people who lost.
pub(crate) const LOSSES: [&str; 12] = [
    "Price too high for this year's budget",
    "No budget until next fiscal year",
    "Went silent after the offer",
    "Project was cancelled by the board",
    "They decided to repair the old line instead",
    "Delivery time too long",
    "Our contact left the company",
    "Could not meet the hygiene requirements",
    "Stayed with the present supplier",
    "Kein Budget, nächstes Jahr wieder anfragen",
    "Lead was only collecting quotes",
    "Timing - merger in progress, everything frozen",
];

/// Reasons for a loss to a competitor; `{}` is the competitor.
pub(crate) const LOSSES_TO: [&str; 5] = [
    "Lost to {}",
    "{} was 12 % cheaper",
    "Went with {}, shorter delivery",
    "{} offered a better service contract",
    "Customer chose {} because of the references",
];

/// Reasons for a win.
pub(crate) const WINS: [&str; 5] = [
    "Energy savings convinced the board",
    "Best service contract",
    "Reference visit made the difference",
    "Fast delivery",
    "Long-standing relationship",
];

/// Something an address or a domain can be made of.
pub(crate) fn slug(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter_map(|c| match c {
            'a'..='z' | '0'..='9' => Some(c),
            'ä' | 'á' => Some('a'),
            'ö' | 'ø' => Some('o'),
            'ü' => Some('u'),
            'é' | 'ë' => Some('e'),
            'í' | 'ı' => Some('i'),
            'ř' => Some('r'),
            'ł' => Some('l'),
            ' ' | '-' => Some('-'),
            _ => None,
        })
        .collect()
}
