use proptest::prelude::*;

use super::*;

const SECRET: &str = "11111111-2222-3333-4444-555555555555";
const BODY: &str = r#"[{"eventId":100,"subscriptionId":7,"portalId":4242,"occurredAt":1790000000000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123}]"#;
const TIMESTAMP: &str = "1790000000123";
const SENT: i64 = 1_790_000_000_123;
const URI: &str = "https://hooks.example.test/hubspot?acct=42";
const V3: &str = "BjhgVS7cG4bBtPIX9hdKNbkQKqKd4Nb0OQ89PPlZ2Q8=";
const V2: &str = "f1b541b421bcc93dec762ad4e5afdc590dd3d4cf2a434d6c9ae0c4d0461d2511";
const V1: &str = "2a63ac13ca2df432465796287113d8fd3715516f0822a0eb93a2454b6598394e";

/// The hex digest of an HMAC over the body alone.
const WIDESPREAD_MISTAKE: &str = "81e4b922453a32511743e535ccac1bd6c640bda3a54721171589b1f10dcd21b4";

/// HubSpot's own examples use this secret.
const OFFICIAL: &str = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";

fn post(uri: &'static str) -> Request<'static> {
    Request {
        method: "POST",
        uri,
        body: BODY.as_bytes(),
    }
}

fn v3(request: &Request<'_>, signature: &str, timestamp: &str, now: i64) -> Result<(), Refused> {
    let now = Moment::from_millis(now);
    verify_v3(&SECRET.into(), request, signature, timestamp, now)
}

#[test]
fn each_version_knows_its_own_signature_and_no_other() {
    assert_eq!(BODY.len(), 150);
    let secret = SECRET.into();
    for signature in [V1, V2, V3, WIDESPREAD_MISTAKE, "", "=", "AAAA"] {
        let outcome = |right: &str| {
            if signature == right {
                Ok(())
            } else {
                Err(Refused::WrongSignature)
            }
        };
        assert_eq!(v3(&post(URI), signature, TIMESTAMP, SENT), outcome(V3));
        assert_eq!(verify_v2(&secret, &post(URI), signature), outcome(V2));
        assert_eq!(verify_v1(&secret, BODY.as_bytes(), signature), outcome(V1));
    }
}

/// HubSpot, legacydocs: "Validating the v1 request signature" and "… v2 …".
#[test]
fn hubspots_own_examples_are_accepted() {
    let secret = OFFICIAL.into();
    let body = r#"[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]"#;
    let v1 = "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de";
    assert_eq!(verify_v1(&secret, body.as_bytes(), v1), Ok(()));
    let of = |method, body: &'static str| Request {
        method,
        uri: "https://www.example.com/webhook_uri",
        body: body.as_bytes(),
    };
    let v2 = "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e";
    assert_eq!(verify_v2(&secret, &of("GET", ""), v2), Ok(()));
    let v2 = "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900";
    let body = r#"{"example_field":"example_value"}"#;
    assert_eq!(verify_v2(&secret, &of("POST", body), v2), Ok(()));
}

#[test]
fn the_address_is_signed_with_twelve_escapes_decoded() {
    let escaped = "https://hooks.example.test/hubspot?to=a%40b.test&t=1%3A2";
    let signature = "XcDY4epGiEgEhIC9150OZoj5An1+IbcGVZvWQbXDefo=";
    assert_eq!(v3(&post(escaped), signature, TIMESTAMP, SENT), Ok(()));
    let plain = "https://hooks.example.test/hubspot?to=a@b.test&t=1:2";
    assert_eq!(v3(&post(plain), signature, TIMESTAMP, SENT), Ok(()));
    #[track_caller]
    fn check(escaped: &str, expected: &str) {
        assert_eq!(decoded(escaped), expected);
    }
    check("%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B", ":/?@!$'()*,;");
    check("%3a%2f%3f%2a%2c%3b", ":/?*,;");
    check(
        "a?b=%20%26%3D%25%2B%23%C3%A9",
        "a?b=%20%26%3D%25%2B%23%C3%A9",
    );
    check("%2540", "%2540");
    check("%", "%");
    check("%4", "%4");
    check("%%40", "%@");
    check("%é0", "%é0");
}

#[test]
fn time_decides_before_the_signature_does() {
    let five_minutes = 300_000;
    let check = |now: i64, expected: Result<(), Refused>| {
        assert_eq!(v3(&post(URI), V3, TIMESTAMP, now), expected, "{now}");
    };
    check(SENT, Ok(()));
    check(SENT + five_minutes, Ok(()));
    check(SENT + five_minutes + 1, Err(Refused::TooOld));
    check(SENT - 1, Err(Refused::FromTheFuture));
    for timestamp in [
        "",
        "-1",
        "+1790000000123",
        " 1790000000123",
        "1790000000123.0",
        "soon",
        "99999999999999999999",
    ] {
        let outcome = v3(&post(URI), V3, timestamp, SENT);
        assert_eq!(outcome, Err(Refused::NoTime), "{timestamp:?}");
    }
}

#[test]
fn whatever_is_changed_on_the_way_shows() {
    let later = "1790000000124";
    assert_eq!(
        v3(&post(URI), V3, later, SENT + 5),
        Err(Refused::WrongSignature)
    );
    let lower = Request {
        method: "post",
        ..post(URI)
    };
    assert_eq!(v3(&lower, V3, TIMESTAMP, SENT), Ok(()));
    for request in [
        Request {
            method: "PUT",
            ..post(URI)
        },
        post("https://hooks.example.test/hubspot?acct=43"),
        post("http://127.0.0.1:8080/hubspot?acct=42"),
        Request {
            body: b"[]",
            ..post(URI)
        },
    ] {
        let outcome = v3(&request, V3, TIMESTAMP, SENT);
        assert_eq!(outcome, Err(Refused::WrongSignature), "{request:?}");
    }
    let now = Moment::from_millis(SENT);
    let other = verify_v3(&OFFICIAL.into(), &post(URI), V3, TIMESTAMP, now);
    assert_eq!(other, Err(Refused::WrongSignature));
}

proptest! {
    #[test]
    fn nothing_by_chance_is_a_signature(
        uri in ".{0,60}", body in prop::collection::vec(any::<u8>(), 0..60),
        signature in "[A-Za-z0-9+/=]{0,64}", timestamp in "[0-9]{1,20}", now in any::<i64>(),
    ) {
        let request = Request { method: "POST", uri: &uri, body: &body };
        prop_assert!(v3(&request, &signature, &timestamp, now).is_err());
        prop_assert!(verify_v2(&SECRET.into(), &request, &signature).is_err());
        prop_assert!(verify_v1(&SECRET.into(), &body, &signature).is_err());
    }
}
