//! Turning amounts into the home currency, at the rates with which HubSpot itself did.

use std::collections::BTreeMap;

use crm::Currency;
use rust_decimal::Decimal;

/// Decimal places of a learned rate.
const RATE_PLACES: u32 = 8;

/// The largest amount that is believed, in any currency. Sums of more deals than there are places for
/// then still fit a [`Decimal`], whose addition panics where they do not.
const MOST: u64 = 1_000_000_000_000_000_000;

/// An amount, unless it is so large that it can only be a slip of a hand.
pub(crate) fn believable(amount: Decimal) -> Option<Decimal> {
    (amount.abs() <= Decimal::from(MOST)).then_some(amount)
}

/// What one unit of a currency is worth in the home currency, learned from deals for which HubSpot
/// had computed both amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearnedRate {
    /// The currency.
    pub currency: Currency,
    /// The median over the deals.
    pub rate: Decimal,
    /// The lowest rate seen.
    pub lowest: Decimal,
    /// The highest rate seen.
    pub highest: Decimal,
    /// Deals it was learned from.
    pub deals: u32,
}

/// The rates of a portal. HubSpot keeps no history of them here, so one rate serves all moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExchangeRates {
    home: Currency,
    rates: BTreeMap<Currency, LearnedRate>,
}

impl ExchangeRates {
    /// Learns from deals: their currency, amount, and the amount that HubSpot computed.
    pub(crate) fn learn(
        home: Currency,
        deals: impl Iterator<Item = (Currency, Option<Decimal>, Option<Decimal>)>,
    ) -> Self {
        let mut seen: BTreeMap<Currency, Vec<Decimal>> = BTreeMap::new();
        for (currency, amount, home_amount) in deals {
            let (Some(amount), Some(home_amount)) = (amount, home_amount) else {
                continue;
            };
            // Amounts under one unit say little about a rate once rounded to the cent.
            if currency == home || amount.abs() < Decimal::ONE {
                continue;
            }
            if let Some(rate) = home_amount
                .checked_div(amount)
                .filter(|r| *r > Decimal::ZERO)
            {
                seen.entry(currency)
                    .or_default()
                    .push(rate.round_dp(RATE_PLACES));
            }
        }
        let rates = seen
            .into_iter()
            .filter_map(|(currency, mut rates)| {
                rates.sort_unstable();
                let learned = LearnedRate {
                    currency,
                    rate: *rates.get((rates.len() - 1) / 2)?,
                    lowest: *rates.first()?,
                    highest: *rates.last()?,
                    deals: u32::try_from(rates.len()).unwrap_or(u32::MAX),
                };
                Some((currency, learned))
            })
            .collect();
        Self { home, rates }
    }

    /// The home currency.
    #[must_use]
    pub fn home(&self) -> Currency {
        self.home
    }

    /// An amount in the home currency; none when no rate is known.
    #[must_use]
    pub fn to_home(&self, amount: Decimal, currency: Currency) -> Option<Decimal> {
        if currency == self.home {
            return Some(amount);
        }
        amount
            .checked_mul(self.rates.get(&currency)?.rate)
            .map(|a| a.round_dp(2))
            .and_then(believable)
    }

    /// The learned rates, by currency.
    pub fn iter(&self) -> impl Iterator<Item = &LearnedRate> {
        self.rates.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crm::parse_amount;

    fn c(code: &str) -> Currency {
        code.parse().unwrap()
    }

    #[test]
    fn rates_are_hubspots_own_and_a_strange_deal_does_not_move_them() {
        let deals = [
            ("USD", "1000", Some("900")),
            ("USD", "20", Some("18.00")),
            ("USD", "500", Some("4500")),
            ("USD", "0.5", Some("99")),
            ("USD", "100", None),
            ("EUR", "7", Some("7")),
            ("GBP", "0", Some("0")),
        ];
        let deals = deals.map(|(code, amount, home)| {
            (c(code), parse_amount(amount), home.and_then(parse_amount))
        });
        let rates = ExchangeRates::learn(c("EUR"), deals.into_iter());
        let usd: Vec<_> = rates.iter().collect();
        assert_eq!(usd.len(), 1);
        assert_eq!(
            (usd[0].rate, usd[0].deals),
            (parse_amount("0.9").unwrap(), 3)
        );
        assert_eq!(usd[0].highest, Decimal::from(9));
        assert_eq!(
            rates.to_home(Decimal::from(10), c("USD")),
            Some(Decimal::from(9))
        );
        assert_eq!(
            rates.to_home(Decimal::from(10), c("EUR")),
            Some(Decimal::from(10))
        );
        assert_eq!(rates.to_home(Decimal::from(10), c("GBP")), None);
    }
}
