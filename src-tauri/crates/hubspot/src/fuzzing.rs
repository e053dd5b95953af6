//! Every reader of bytes from outside, for the fuzzer: bytes in, nothing out, and no input panics.

use crm::{Moment, RecordId};
use http::HeaderMap;
use secrecy::SecretString;

use crate::answer::{self, associations, batches};
use crate::classify::{self, Grant};
use crate::error_body::ErrorBody;
use crate::transport::Answer;
use crate::{oauth, webhook};

/// The answers of the token calls: tokens, what a token is, and refusals.
pub fn token_answer(bytes: &[u8]) {
    oauth::read_token_answers(bytes);
    for grant in [Grant::Code, Grant::Refresh] {
        let _ = classify::token(&failed(400, bytes), grant).to_string();
    }
}

/// A page of records with their values and histories, of a list and of a search.
pub fn page_of_records(bytes: &[u8]) {
    let _ = (
        answer::records(bytes),
        answer::search(bytes),
        answer::record(bytes),
    );
    let asked = [1, 2, 3].map(RecordId::new);
    let _ = (
        batches::read_by_id(bytes, &asked),
        batches::updated(bytes, &asked),
    );
    let _ = (
        batches::archived(200, bytes, &asked),
        answer::nothing(200, bytes),
    );
    let values = ["ana@acme.test".to_owned()];
    let _ = batches::read_by_value(bytes, "email", &values);
    let sent = [batches::Sent::new(0, std::iter::empty())];
    let _ = (
        batches::created(bytes, &sent),
        batches::upserted(bytes, &sent),
    );
}

/// The body of an answer that is no success, in each class of status.
pub fn error_body(bytes: &[u8]) {
    for status in [302, 400, 401, 403, 404, 409, 423, 429, 477, 500, 520] {
        let error = classify::data(&failed(status, bytes));
        let _ = format!("{error} {error:?}");
    }
    let _ = ErrorBody::parse(bytes).as_input_error();
}

/// A batch of associations.
pub fn associations_batch(bytes: &[u8]) {
    let _ = associations::batch_read(bytes);
    let _ = answer::all::<crate::AssociationLabel>(bytes);
}

/// One record's properties and histories: what `page_of_records` reads, without the page.
pub fn property_values(bytes: &[u8]) {
    let mut record = br#"{"id":"1","properties":"#.to_vec();
    record.extend_from_slice(bytes);
    record.extend_from_slice(br#","propertiesWithHistory":"#);
    record.extend_from_slice(bytes);
    record.push(b'}');
    let _ = answer::record(&record);
}

/// What a portal is made of: definitions, pipelines, owners, schemas, the account.
pub fn definitions(bytes: &[u8]) {
    let _ = answer::all::<crate::PropertyDefinition>(bytes);
    let _ = (
        answer::all::<crate::PropertyGroup>(bytes),
        answer::all::<crate::Pipeline>(bytes),
    );
    let _ = (
        answer::all::<crate::ObjectSchema>(bytes),
        answer::page::<crate::Owner>(bytes),
    );
    let _ = (
        answer::lenient_page::<crate::Owner>(bytes),
        answer::lists(bytes),
    );
    let _ = (
        answer::one::<crate::Allowance>(bytes),
        answer::all::<crate::PipelineAudit>(bytes),
    );
    let _ = (
        answer::all::<crate::PropertyRules>(bytes),
        answer::one::<crate::AccountInfo>(bytes),
    );
}

/// A webhook call: signature, time and address on the first three lines, then the body.
pub fn webhook_call(bytes: &[u8]) {
    let mut parts = bytes.splitn(4, |byte| *byte == b'\n');
    let mut line = || std::str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default();
    let (signature, timestamp, uri) = (line(), line(), line());
    let body = parts.next().unwrap_or_default();
    let request = webhook::Request {
        method: "POST",
        uri,
        body,
    };
    let secret = SecretString::from("11111111-2222-3333-4444-555555555555");
    let now = Moment::from_millis(1_790_000_000_123);
    let _ = webhook::verify_v3(&secret, &request, signature, timestamp, now);
    let _ = webhook::verify_v2(&secret, &request, signature);
    let _ = webhook::verify_v1(&secret, body, signature);
    for body in [bytes, body] {
        for event in webhook::read(body).unwrap_or_default().events {
            let _ = event.key();
        }
    }
}

/// The head of a request to the listener that waits for the consent page's answer.
pub fn callback_head(bytes: &[u8]) {
    oauth::read_callback(bytes);
}

fn failed(status: u16, body: &[u8]) -> Answer {
    Answer {
        status,
        headers: HeaderMap::new(),
        body: body.to_vec(),
    }
}
