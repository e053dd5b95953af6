//! The values of properties: times, amounts, and the words that name things.

use crm::{Currency, Moment, ObjectType, PortalId, PropertyValue, RecordId, parse_amount};

/// A time reads back as what it was written as, and its calendar day can always be asked.
pub fn moment(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let Ok(moment) = text.parse::<Moment>() else {
        return;
    };
    assert_eq!(moment.to_string().parse(), Ok(moment));
    assert_eq!(Moment::from_millis(moment.millis()), moment);
    let json = serde_json::to_string(&moment).expect("a time is JSON");
    assert_eq!(serde_json::from_str::<Moment>(&json).ok(), Some(moment));
}

/// An amount reads back as what it was written as, to the last digit.
pub fn amount(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let Some(amount) = parse_amount(text) else {
        return;
    };
    assert_eq!(parse_amount(&amount.to_string()), Some(amount));
}

/// Ids, types and currencies read back as what they were written as; a value is text or nothing.
pub fn words(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if let Ok(object_type) = text.parse::<ObjectType>() {
        assert_eq!(object_type.to_string().parse(), Ok(object_type));
    }
    if let Ok(currency) = text.parse::<Currency>() {
        assert_eq!(currency.code().parse(), Ok(currency));
    }
    if let Ok(id) = text.parse::<RecordId>() {
        assert_eq!(id.to_string().parse(), Ok(id));
    }
    let _ = serde_json::from_slice::<PortalId>(input);
    let _ = serde_json::from_slice::<RecordId>(input);
    if let Ok(value) = serde_json::from_slice::<PropertyValue>(input) {
        let json = serde_json::to_vec(&value).expect("a value is JSON");
        assert_eq!(
            serde_json::from_slice::<PropertyValue>(&json).ok(),
            Some(value)
        );
    }
}
