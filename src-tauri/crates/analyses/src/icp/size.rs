//! Bands of company sizes. They are fixed: cuts chosen by the data find differences that are none.

/// Lower ends, and names.
const BANDS: [(f64, &str); 6] = [
    (1.0, "1-10"),
    (11.0, "11-50"),
    (51.0, "51-200"),
    (201.0, "201-1000"),
    (1001.0, "1001-5000"),
    (5001.0, "5001+"),
];

/// The band of a number of employees. None of fewer than one, or of what is no number.
#[must_use]
pub fn size_band(employees: f64) -> Option<&'static str> {
    let below = |(from, _): &&(f64, &str)| employees.is_finite() && *from <= employees;
    BANDS.iter().rev().find(below).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_meet_without_a_gap() {
        let check = |employees, band| assert_eq!(size_band(employees), band, "{employees}");
        check(0.0, None);
        check(-3.0, None);
        check(f64::NAN, None);
        check(f64::INFINITY, None);
        check(1.0, Some("1-10"));
        check(10.0, Some("1-10"));
        check(10.5, Some("1-10"));
        check(11.0, Some("11-50"));
        check(50.0, Some("11-50"));
        check(51.0, Some("51-200"));
        check(200.0, Some("51-200"));
        check(201.0, Some("201-1000"));
        check(1000.0, Some("201-1000"));
        check(1001.0, Some("1001-5000"));
        check(5000.0, Some("1001-5000"));
        check(5001.0, Some("5001+"));
        check(2e6, Some("5001+"));
    }
}
