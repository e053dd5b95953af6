//! Measures large worlds: how long one takes to make, what it weighs, and how fast its pages are
//! served. `cargo run --release -p hubspot-sim --example worlds -- demo [DEALS]` or `… -- bulk
//! [CONTACTS] [DEALS]`.

#![allow(
    clippy::print_stdout,
    reason = "printing the figures is what this program is for"
)]

use std::time::Instant;

use hubspot_sim::{Bulk, Limits, Sim, SimOptions, WorldKind, serve};
use reqwest::{Client, redirect};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

/// As many pages or batches as are read of each kind.
const PAGES: usize = 200;

/// What a sync asks of a contact, about.
const PROPERTIES: &str = "email,firstname,lastname,jobtitle,company,lifecyclestage,hs_lead_status,\
    hubspot_owner_id,createdate,lastmodifieddate,associatedcompanyid,hs_analytics_source,country,\
    num_conversion_events,num_associated_deals,notes_last_contacted,hs_merged_object_ids,\
    hs_object_source,hs_email_optout,phone";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |index: usize, usual: usize| {
        words
            .get(index)
            .map_or(Ok(usual), |text| text.parse::<usize>())
    };
    let (world, deals) = match words.first().map(String::as_str) {
        Some("bulk") => {
            let size = Bulk {
                contacts: number(1, 100_000)?,
                deals: number(2, 20_000)?,
                activities: 0,
            };
            (WorldKind::Bulk(size), None)
        }
        _ => (WorldKind::Demo, Some(number(1, 100_000)?)),
    };
    let options = SimOptions {
        world,
        seed: 7,
        now: "2026-11-21T10:00:00Z".parse()?,
        deals,
        port: 0,
        limits: Limits::Off,
    };
    let started = Instant::now();
    let sim = serve(options).await?;
    let seconds = started.elapsed().as_secs_f64();
    println!("made in {seconds:.1} s, {}", memory());
    for (name, count) in sim.counts().as_object().into_iter().flatten() {
        println!("  {name}: {}", count["live"]);
    }
    read(&sim).await?;
    sim.stop().await;
    Ok(())
}

/// What the process holds, as Linux tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS"));
    line.unwrap_or("VmRSS: unknown").replace('\t', " ")
}

async fn read(sim: &Sim) -> Result<(), Failure> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let http = Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()?;
    let address = sim.address();
    let objects = format!("{}/crm/objects/2026-09", address.base_url);
    let send = |request: reqwest::RequestBuilder| async {
        let answer = request.bearer_auth(&address.token).send().await?;
        answer.error_for_status()?.bytes().await
    };
    let ids = sim.ids("contacts");
    let deals = sim.ids("deals");
    let begun = Instant::now();
    let (mut records, mut bytes, mut after) = (0, 0, String::new());
    for _ in 0..PAGES {
        let url = format!("{objects}/contacts?limit=100&properties={PROPERTIES}&after={after}");
        let page = send(http.get(url)).await?;
        bytes += page.len();
        records += 100;
        let page: Value = serde_json::from_slice(&page)?;
        match page["paging"]["next"]["after"].as_str() {
            Some(next) => next.clone_into(&mut after),
            None => break,
        }
    }
    tell("list of contacts", records, bytes, begun);
    let batches: [(&str, &str, &[String], usize, Value); 3] = [
        (
            "batch read of contacts with history",
            "contacts",
            &ids,
            50,
            json!({
                "properties": PROPERTIES.split(',').collect::<Vec<_>>(),
                "propertiesWithHistory": ["lifecyclestage", "hs_lead_status"],
            }),
        ),
        (
            "batch read of deals with history",
            "deals",
            &deals,
            50,
            json!({
                "properties": ["dealname", "amount", "dealstage", "pipeline", "closedate", "hs_is_closed",
                    "hs_is_closed_won", "amount_in_home_currency", "num_notes", "num_associated_contacts"],
                "propertiesWithHistory": ["dealstage", "amount", "closedate", "pipeline",
                    "hubspot_owner_id", "hs_manual_forecast_category"],
            }),
        ),
        (
            "batch read of contacts",
            "contacts",
            &ids,
            100,
            json!({
                "properties": PROPERTIES.split(',').collect::<Vec<_>>(),
            }),
        ),
    ];
    for (name, object, ids, size, body) in batches {
        let begun = Instant::now();
        let (mut records, mut bytes) = (0, 0);
        for chunk in ids.chunks(size).take(PAGES) {
            let mut body = body.clone();
            body["inputs"] = chunk.iter().map(|id| json!({ "id": id })).collect();
            let url = format!("{objects}/{object}/batch/read");
            bytes += send(http.post(url).json(&body)).await?.len();
            records += chunk.len();
        }
        tell(name, records, bytes, begun);
    }
    let begun = Instant::now();
    let (mut records, mut bytes) = (0, 0);
    for chunk in ids.chunks(1_000).take(PAGES / 10) {
        let inputs: Value = chunk.iter().map(|id| json!({ "id": id })).collect();
        let url = format!(
            "{}/crm/associations/2026-09/contacts/companies/batch/read",
            address.base_url
        );
        bytes += send(http.post(url).json(&json!({ "inputs": inputs })))
            .await?
            .len();
        records += chunk.len();
    }
    tell("associations of contacts", records, bytes, begun);
    let begun = Instant::now();
    let search = json!({ "limit": 200, "sorts": ["hs_object_id"], "properties": ["email"],
        "filterGroups": [{ "filters": [
            { "propertyName": "lastmodifieddate", "operator": "GTE", "value": "2026-09-01T00:00:00Z" },
            { "propertyName": "hs_object_id", "operator": "GT", "value": "0" },
        ] }] });
    let turns = 10;
    let mut bytes = 0;
    for _ in 0..turns {
        bytes += send(
            http.post(format!("{objects}/contacts/search"))
                .json(&search),
        )
        .await?
        .len();
    }
    tell("search", turns * 200, bytes, begun);
    println!("{}", memory());
    Ok(())
}

fn tell(what: &str, records: usize, bytes: usize, begun: Instant) {
    let seconds = begun.elapsed().as_secs_f64();
    let rate = records as f64 / seconds;
    println!("{what}: {records} records, {bytes} bytes, {seconds:.2} s, {rate:.0} a second");
}
