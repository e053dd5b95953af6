//! Money always knows its currency, and amounts are decimals: sums must agree to the cent.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A three-letter currency code in capitals, such as `EUR`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// The text was not three letters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a currency code: expected three letters such as EUR")]
pub struct InvalidCurrency;

impl Currency {
    /// The code as text.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    fn from_str(text: &str) -> Result<Self, InvalidCurrency> {
        let bytes: [u8; 3] = text
            .trim()
            .as_bytes()
            .try_into()
            .map_err(|_| InvalidCurrency)?;
        if bytes.iter().all(u8::is_ascii_alphabetic) {
            Ok(Self(bytes.map(|b| b.to_ascii_uppercase())))
        } else {
            Err(InvalidCurrency)
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in a currency. There is no addition here on purpose: adding asks for a common
/// currency first, and the caller who knows the rates says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// The amount, in units of the currency (not in cents).
    pub amount: Decimal,
    /// The currency of the amount.
    pub currency: Currency,
}

/// Reads an amount as HubSpot spells it: plain digits with at most one point, now and then in
/// exponent form. Empty text is no amount.
#[must_use]
pub fn parse_amount(text: &str) -> Option<Decimal> {
    let text = text.trim();
    text.parse::<Decimal>()
        .or_else(|_| Decimal::from_scientific(text))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_cents() {
        assert_eq!(parse_amount("12000.10").unwrap().to_string(), "12000.10");
        assert_eq!(parse_amount("1.2E4"), Some(Decimal::from(12_000)));
        assert_eq!(parse_amount(" -3 "), Some(Decimal::from(-3)));
        for text in ["", "n/a", "1,000", "NaN", "1;2"] {
            assert_eq!(parse_amount(text), None, "{text:?}");
        }
    }

    #[test]
    fn currencies_are_three_letters() {
        assert_eq!("eur".parse::<Currency>().unwrap().code(), "EUR");
        for text in ["", "EU", "EURO", "12A", "€"] {
            assert!(text.parse::<Currency>().is_err(), "{text:?}");
        }
    }
}
