//! Values as the simulator keeps them, sixteen bytes each, and as HubSpot spells them.

use std::borrow::Cow;

use crm::Moment;

use super::phrases::Phrase;
use super::property::Prop;
use super::strings::{Strings, Sym};

/// A property's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// Set once and emptied since: HubSpot answers `""` for it, not `null`.
    Cleared,
    /// Any text.
    Text(Sym),
    /// A whole number.
    Whole(i64),
    /// Hundredths: money.
    Cents(i64),
    /// An instant.
    At(Moment),
    /// A calendar day, as days since 1970-01-01.
    Day(i32),
    /// True or false.
    Flag(bool),
    /// A long text, written out only when somebody asks for it.
    Phrase(Phrase),
}

impl Value {
    /// The value as HubSpot puts it into JSON: always a text.
    pub(crate) fn spell<'a>(&self, strings: &'a Strings) -> Cow<'a, str> {
        match *self {
            Self::Cleared => Cow::Borrowed(""),
            Self::Text(sym) => Cow::Borrowed(strings.text(sym)),
            Self::Whole(number) => Cow::Owned(number.to_string()),
            Self::Cents(cents) => Cow::Owned(spell_cents(cents)),
            Self::At(moment) => Cow::Owned(spell_moment(moment)),
            Self::Day(day) => Cow::Owned(spell_day(day)),
            Self::Flag(true) => Cow::Borrowed("true"),
            Self::Flag(false) => Cow::Borrowed("false"),
            Self::Phrase(phrase) => Cow::Owned(phrase.write()),
        }
    }
}

fn spell_cents(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let (whole, rest) = (cents.unsigned_abs() / 100, cents.unsigned_abs() % 100);
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", rest / 10),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

/// HubSpot leaves the milliseconds away when they are zero.
pub(crate) fn spell_moment(moment: Moment) -> String {
    if moment.millis() % 1000 == 0 {
        format!("{:.0}", moment.timestamp())
    } else {
        moment.to_string()
    }
}

/// Milliseconds in a day.
pub(crate) const DAY: i64 = 86_400_000;

fn spell_day(day: i32) -> String {
    let text = Moment::from_millis(i64::from(day) * DAY).to_string();
    text.split('T').next().unwrap_or_default().to_owned()
}

/// A property and its value in sixteen bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    bits: i64,
    prop: Prop,
    tag: Tag,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Tag {
    Cleared,
    Text,
    Whole,
    Cents,
    At,
    Day,
    Flag,
    Phrase,
}

impl Cell {
    /// Packs a property and its value.
    pub(crate) fn new(prop: Prop, value: Value) -> Self {
        let (tag, bits) = match value {
            Value::Cleared => (Tag::Cleared, 0),
            Value::Text(sym) => (Tag::Text, i64::from(sym.number())),
            Value::Whole(number) => (Tag::Whole, number),
            Value::Cents(cents) => (Tag::Cents, cents),
            Value::At(moment) => (Tag::At, moment.millis()),
            Value::Day(day) => (Tag::Day, i64::from(day)),
            Value::Flag(flag) => (Tag::Flag, i64::from(flag)),
            Value::Phrase(phrase) => (Tag::Phrase, phrase.bits()),
        };
        Self { bits, prop, tag }
    }

    /// Whose value this is.
    pub(crate) fn prop(&self) -> Prop {
        self.prop
    }

    /// The value unpacked.
    #[allow(
        clippy::cast_possible_truncation,
        reason = "each tag restores what `new` widened"
    )]
    pub(crate) fn value(&self) -> Value {
        match self.tag {
            Tag::Cleared => Value::Cleared,
            Tag::Text => Value::Text(Sym::from_number(self.bits as u32)),
            Tag::Whole => Value::Whole(self.bits),
            Tag::Cents => Value::Cents(self.bits),
            Tag::At => Value::At(Moment::from_millis(self.bits)),
            Tag::Day => Value::Day(self.bits as i32),
            Tag::Flag => Value::Flag(self.bits != 0),
            Tag::Phrase => Value::Phrase(Phrase::from_bits(self.bits)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_packing_and_spell_as_hubspot_does() {
        let mut strings = Strings::default();
        let name = strings.keep("Müller & Söhne");
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        let cases = [
            (Value::Cleared, ""),
            (Value::Text(name), "Müller & Söhne"),
            (Value::Whole(-7), "-7"),
            (Value::Cents(1_200_000), "12000"),
            (Value::Cents(1_200_050), "12000.5"),
            (Value::Cents(-1_205), "-12.05"),
            (
                Value::At(moment("2026-11-02T08:00:00Z")),
                "2026-11-02T08:00:00Z",
            ),
            (
                Value::At(moment("2026-11-02T08:00:00.120Z")),
                "2026-11-02T08:00:00.120Z",
            ),
            (Value::Day(-1), "1969-12-31"),
            (Value::Flag(true), "true"),
        ];
        for (value, spelling) in cases {
            let cell = Cell::new(super::super::property::AMOUNT, value);
            assert_eq!(cell.value(), value);
            assert_eq!(value.spell(&strings), spelling);
        }
        assert_eq!(size_of::<Cell>(), 16);
    }
}
