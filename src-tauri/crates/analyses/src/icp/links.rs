//! Which company's values a record has: contacts, companies and deals are many to many.

use std::collections::BTreeMap;

use crm::Moment;

use super::rows::{CompanyLink, Dimension, Values};
use super::size::size_band;

/// Companies with their shares in a record: the primary one alone; without it, those associated
/// first by the time the record was created; without those, all in equal parts.
pub(crate) fn shares(companies: &[CompanyLink], created_at: Moment) -> Vec<(&CompanyLink, f64)> {
    let primary: Vec<_> = companies.iter().filter(|link| link.primary).collect();
    if !primary.is_empty() {
        return equally(primary);
    }
    let known = |link: &&CompanyLink| link.since.is_some_and(|since| since <= created_at);
    let first = companies.iter().filter(known).map(|link| link.since).min();
    match first {
        Some(first) => equally(companies.iter().filter(|l| l.since == first).collect()),
        None => equally(companies.iter().collect()),
    }
}

fn equally(links: Vec<&CompanyLink>) -> Vec<(&CompanyLink, f64)> {
    let share = 1.0 / links.len() as f64;
    links.into_iter().map(|link| (link, share)).collect()
}

/// A record's values in a dimension with their shares, which sum to 1. None is unknown.
pub(crate) fn values_in(
    dimension: &Dimension,
    own: &Values,
    shares: &[(&CompanyLink, f64)],
) -> Vec<(Option<String>, f64)> {
    let value = own.get(dimension).and_then(|value| tidy(value));
    if value.is_some() || shares.is_empty() {
        return vec![(value, 1.0)];
    }
    let mut parts: BTreeMap<Option<String>, f64> = BTreeMap::new();
    for (link, share) in shares {
        let given = link.values.get(dimension).and_then(|value| tidy(value));
        let value = match dimension {
            Dimension::Size => given.or(link.employees.and_then(size_band).map(str::to_owned)),
            _ => given,
        };
        *parts.entry(value).or_default() += share;
    }
    parts.into_iter().collect()
}

/// A text of spaces is no value.
fn tidy(value: &str) -> Option<String> {
    let value = value.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crm::RecordId;

    fn link(company: u64, primary: bool, since: Option<i64>, industry: &str) -> CompanyLink {
        CompanyLink {
            company: RecordId::new(company),
            primary,
            since: since.map(Moment::from_millis),
            employees: Some(30.0),
            values: [(Dimension::Industry, industry.to_owned())].into(),
        }
    }

    fn check(links: &[CompanyLink], expected: &[(Option<&str>, f64)]) {
        let shares = shares(links, Moment::from_millis(100));
        let found = values_in(&Dimension::Industry, &Values::new(), &shares);
        let found: Vec<_> = found.iter().map(|(v, w)| (v.as_deref(), *w)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_primary_company_goes_before_the_first_and_that_before_all() {
        let early = link(1, false, Some(10), "Retail");
        let late = link(2, false, Some(200), "Energy");
        check(&[], &[(None, 1.0)]);
        let primary = link(3, true, Some(300), "Media");
        check(&[early.clone(), primary], &[(Some("Media"), 1.0)]);
        check(&[late.clone(), early], &[(Some("Retail"), 1.0)]);
        let other = link(4, false, None, "Retail");
        check(
            &[late.clone(), other],
            &[(Some("Energy"), 0.5), (Some("Retail"), 0.5)],
        );
        // Two companies of one industry are one whole, and a blank is unknown.
        check(
            &[late.clone(), link(5, false, None, "Energy")],
            &[(Some("Energy"), 1.0)],
        );
        check(
            &[late, link(6, false, None, "  ")],
            &[(None, 0.5), (Some("Energy"), 0.5)],
        );
    }

    #[test]
    fn own_values_go_first_and_employees_are_banded() {
        let links = [link(1, true, None, "Retail")];
        let shares = shares(&links, Moment::from_millis(0));
        let own: Values = [(Dimension::Industry, "Banking".to_owned())].into();
        let industry = values_in(&Dimension::Industry, &own, &shares);
        assert_eq!(industry, [(Some("Banking".to_owned()), 1.0)]);
        let size = values_in(&Dimension::Size, &own, &shares);
        assert_eq!(size, [(Some("11-50".to_owned()), 1.0)]);
    }
}
