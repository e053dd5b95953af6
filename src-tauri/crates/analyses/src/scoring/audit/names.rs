//! What a column's name says of when it is written, in seven languages. It is only asked where nothing
//! else is known of that: a history says it better.
//!
//! The words are data, a file a language in `names/`. A line is `kind: word word`. Words are whole ones,
//! but for those that others `begin` or `end` with, as German and Dutch put words together. Each language
//! is asked by itself: a word of one may be honest in another.

use super::Definition;
use std::sync::OnceLock;
use unicode_normalization::char::{decompose_compatible, is_combining_mark};

const FILES: [&str; 7] = [
    include_str!("names/en.txt"),
    include_str!("names/de.txt"),
    include_str!("names/fr.txt"),
    include_str!("names/es.txt"),
    include_str!("names/nl.txt"),
    include_str!("names/pt.txt"),
    include_str!("names/it.txt"),
];

/// Internal names that HubSpot writes as one word, or that do not say what writes them: its own, in every
/// language. What begins with one of them is meant too.
const HUBSPOTS: [&str; 10] = [
    "closedate",
    "first_deal_",
    "hs_date_entered_",
    "hs_date_exited_",
    "hs_lead_status",
    "hs_lifecyclestage_",
    "lifecyclestage",
    "num_associated_deals",
    "recent_deal_",
    "total_revenue",
];

/// The words of a language, folded.
#[derive(Debug, Default)]
struct Language {
    ends: Vec<String>,
    ends_begin: Vec<String>,
    ends_end: Vec<String>,
    last: Vec<String>,
    overwritten: Vec<String>,
    days: Vec<String>,
    counted: Vec<String>,
    stage: Vec<String>,
    grows: Vec<String>,
    foretold: Vec<String>,
}

/// Why a name says that its column is written at the end. None where it does not.
pub(super) fn says(name: &str) -> Option<&'static str> {
    static LANGUAGES: OnceLock<Vec<Language>> = OnceLock::new();
    let languages =
        LANGUAGES.get_or_init(|| FILES.iter().map(|file| Language::read(file)).collect());
    let words = words(name);
    languages.iter().find_map(|language| language.says(&words))
}

/// Why the definition of a property says that it is written at the end. None where it does not.
pub(super) fn defined(definition: &Definition) -> Option<&'static str> {
    let begins = |name: &&str| definition.name.starts_with(*name);
    let named = || says(&definition.name);
    match definition.is_hubspots {
        true if HUBSPOTS.iter().any(begins) => {
            Some("HubSpot writes it by what becomes of the deal")
        }
        true => named(),
        false => None,
    }
}

impl Language {
    fn read(file: &str) -> Self {
        let mut language = Self::default();
        for line in file.lines() {
            let Some((kind, text)) = line.split_once(':') else {
                continue;
            };
            let slot = match kind {
                "ends" => &mut language.ends,
                "ends begin" => &mut language.ends_begin,
                "ends end" => &mut language.ends_end,
                "last" => &mut language.last,
                "overwritten" => &mut language.overwritten,
                "days" => &mut language.days,
                "counted" => &mut language.counted,
                "stage" => &mut language.stage,
                "grows" => &mut language.grows,
                "foretold" => &mut language.foretold,
                _ => continue,
            };
            for word in text.split_whitespace() {
                slot.push(folded(word));
                // Where there are no umlauts, they are spelt so.
                let spelt = word
                    .replace('ä', "ae")
                    .replace('ö', "oe")
                    .replace('ü', "ue");
                slot.push(folded(&spelt));
            }
        }
        language
    }

    fn says(&self, words: &[String]) -> Option<&'static str> {
        let has = |wanted: &[String]| words.iter().any(|word| wanted.contains(word));
        let begins = |word: &String| self.ends_begin.iter().any(|start| word.starts_with(start));
        let ends = |word: &String| self.ends_end.iter().any(|end| word.ends_with(end));
        let is_put_together = words.iter().any(|word| begins(word) || ends(word));
        if has(&self.ends) || is_put_together {
            return Some("its name speaks of the end");
        }
        if has(&self.last) && has(&self.overwritten) {
            return Some("its name says that it holds the last of something");
        }
        let counts = has(&self.days) && has(&self.counted);
        if counts || (has(&self.stage) && has(&self.grows)) {
            return Some("its name says that it counts on to the end");
        }
        if has(&self.foretold) {
            return Some(
                "its name says that a program foretells something, which may know the end",
            );
        }
        None
    }
}

/// A word in lower case and without accents.
fn folded(word: &str) -> String {
    let mut bare = String::with_capacity(word.len());
    for letter in word.chars() {
        match letter {
            'ß' | 'ẞ' => bare.push_str("ss"),
            _ => decompose_compatible(letter, |part| {
                if !is_combining_mark(part) {
                    bare.extend(part.to_lowercase());
                }
            }),
        }
    }
    bare
}

/// The words of a name, folded: `hs_is_closed`, `daysToClose` and `Days to close` have them alike.
pub(in crate::scoring) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_is_lower = false;
    for letter in name.chars().filter(|letter| !is_combining_mark(*letter)) {
        let begins = !letter.is_alphanumeric() || (letter.is_uppercase() && before_is_lower);
        if begins {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(letter);
        }
        before_is_lower = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words.iter().map(|word| folded(word)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, suspected: bool) {
        assert_eq!(says(name).is_some(), suspected, "{name}: {:?}", says(name));
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
            "Win probability",
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
            "Lead source",
            "Issue type",
        ] {
            check(name, false);
        }
    }

    #[test]
    fn names_of_the_end_are_known_in_seven_languages() {
        for name in [
            // German, with and without umlauts, put together or not.
            "Abschlussdatum",
            "Grund für Verlust",
            "Verlustgrund",
            "Schließungsdatum",
            "Gesprächsdauer",
            "Letzte Aktivität",
            "letzte_aktivitaet",
            "Zuletzt geändert",
            "Tage bis Abschluss",
            "Tage in Phase",
            "Abschlusswahrscheinlichkeit",
            // French, also with accents that stand by themselves.
            "Date de clôture",
            "date_de_cloture",
            "Date de clo\u{302}ture",
            "Motif de perte",
            "Durée de l'appel",
            "Dernière activité",
            "Dernière mise à jour",
            "Nombre de jours dans l'étape",
            "Probabilité de gain",
            // Spanish.
            "Fecha de cierre",
            "Motivo de pérdida",
            "Duración de la llamada",
            "Última actividad",
            "Días hasta el cierre",
            "Tiempo en la etapa",
            // Dutch.
            "Sluitingsdatum",
            "Verliesreden",
            "Gespreksduur",
            "Laatste activiteit",
            "Dagen in fase",
            "Laatst gewijzigd",
            // Portuguese.
            "Data de fechamento",
            "Motivo da perda",
            "Duração da chamada",
            "Última atividade",
            "Dias até o fechamento",
            "Pontuação do lead",
            // Italian.
            "Data di chiusura",
            "Motivo della perdita",
            "Durata della chiamata",
            "Ultima attività",
            "Giorni nella fase",
            "Esito",
        ] {
            check(name, true);
        }
        for name in [
            "Branche",
            "Bildungsabschluss",
            "Abschlussjahr",
            "Hintergrund",
            "Letzter Name",
            "Anzahl Mitarbeiter",
            "Raison sociale",
            "Dernier diplôme",
            "Secteur d'activité",
            "Nombre d'employés",
            "Jours de la semaine",
            "Razón social",
            "Último apellido",
            "Número de empleados",
            "Aantal medewerkers",
            "Sector",
            "Contactpersoon",
            "Número de funcionários",
            "Cidade",
            "Settore",
            "Numero di dipendenti",
            "Ragione sociale",
            "Ultimo cognome",
        ] {
            check(name, false);
        }
    }

    #[test]
    fn definitions_of_hubspot_say_it_in_no_language() {
        let check = |name: &str, is_hubspots: bool, suspected: bool| {
            let definition = Definition {
                name: name.to_owned(),
                is_hubspots,
                is_computed: false,
            };
            assert_eq!(defined(&definition).is_some(), suspected, "{name}");
        };
        for name in [
            "closedate",
            "closed_won_reason",
            "hs_closed_amount",
            "hs_is_closed_won",
            "hs_deal_stage_probability",
            "hs_date_exited_closedwon",
            "days_to_close",
            "lifecyclestage",
            "recent_deal_amount",
            "notes_last_contacted",
        ] {
            check(name, true, true);
        }
        for name in ["industry", "hs_analytics_source", "dealtype", "createdate"] {
            check(name, true, false);
        }
        // What a portal calls its own is read by its label alone.
        check("closedate_of_the_fair", false, false);
    }
}
