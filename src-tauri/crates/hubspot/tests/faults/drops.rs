//! Connections that break at any byte of a request or of its answer, a thousand times by chance. A
//! call that reads goes on where it happens once, and says that the network failed where it goes on
//! happening; one that writes says so at once, and that nobody knows whether it was carried out.

use std::sync::{Arc, Mutex};

use futures_util::StreamExt as _;
use hubspot::{Client, Error};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::routes::{self, Route};
use crate::{HANG, class, client};

const CASES: usize = 1_000;

/// Every run breaks the same connections.
const SEED: u64 = 20_261_121;

const AT_ONCE: usize = 12;

/// Where and how a connection breaks.
#[derive(Debug, Clone, Copy)]
struct Drop {
    /// After how many bytes, those of the request and then those of the answer.
    after: usize,
    /// How many requests it happens to; the others are answered.
    times: usize,
    /// Whether the connection is torn down rather than closed.
    reset: bool,
}

/// Nothing breaks.
const NEVER: Drop = Drop {
    after: usize::MAX,
    times: 0,
    reset: false,
};

/// What breaks next, and what was asked since that was said.
struct Play {
    drop: Drop,
    asked: usize,
    /// Bytes of the last request that was read.
    request: usize,
}

/// A server for one route whose connections break. Each carries one request.
struct Breaking {
    base: String,
    play: Arc<Mutex<Play>>,
    task: tokio::task::JoinHandle<()>,
}

impl std::ops::Drop for Breaking {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn answer_of(route: &Route) -> String {
    let (status, body) = route.good;
    let length = if status == 204 {
        String::new()
    } else {
        format!("content-length: {}\r\n", body.len())
    };
    format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\nconnection: close\r\n{length}\r\n{body}"
    )
}

impl Breaking {
    async fn start(answer: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let play = Arc::new(Mutex::new(Play {
            drop: NEVER,
            asked: 0,
            request: 0,
        }));
        let shared = Arc::clone(&play);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let drop = {
                    let mut play = shared.lock().unwrap();
                    play.asked += 1;
                    if play.asked > play.drop.times {
                        NEVER
                    } else {
                        play.drop
                    }
                };
                // A client that goes away is no failure of the server.
                if let Ok(read) = serve(stream, &answer, drop).await {
                    shared.lock().unwrap().request = read;
                }
            }
        });
        Self { base, play, task }
    }
}

/// Serves one request up to so many bytes. Gives the bytes of the request.
async fn serve(mut stream: TcpStream, answer: &str, drop: Drop) -> std::io::Result<usize> {
    let mut read = Vec::new();
    while read.len() < drop.after && !is_whole(&read) {
        let byte = stream.read_u8().await?;
        read.push(byte);
    }
    let rest = drop.after.saturating_sub(read.len()).min(answer.len());
    if is_whole(&read) {
        stream.write_all(&answer.as_bytes()[..rest]).await?;
    }
    if drop.reset {
        stream.set_zero_linger()?;
    } else {
        stream.shutdown().await?;
    }
    Ok(read.len())
}

/// Whether these bytes are a request from its first to its last.
fn is_whole(read: &[u8]) -> bool {
    let Some(head) = read.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let text = String::from_utf8_lossy(&read[..head]).to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|value| value.trim().parse::<usize>().ok());
    read.len() >= head + 4 + length.unwrap_or(0)
}

/// One route's cases, one after the other; says what went wrong.
async fn walk(
    route: &Route,
    breaking: &Breaking,
    client: &Client,
    drops: Vec<Drop>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for drop in drops {
        *breaking.play.lock().unwrap() = Play {
            drop,
            asked: 0,
            request: 0,
        };
        let call = tokio::spawn((route.run)(client.clone()));
        let found = match tokio::time::timeout(HANG, call).await {
            Err(_) => Some("hangs".to_owned()),
            Ok(Err(_)) => Some("panics".to_owned()),
            Ok(Ok(outcome)) => judge(route, drop, outcome, breaking.play.lock().unwrap().asked),
        };
        wrong.extend(found.map(|what| {
            let (method, template) = (route.method, route.template);
            format!("{method} {template} / {drop:?}: {what}")
        }));
    }
    wrong
}

fn judge(route: &Route, drop: Drop, outcome: Result<bool, Error>, asked: usize) -> Option<String> {
    let goes_on = !route.writes && drop.times == 1;
    match outcome {
        Ok(true) if goes_on => (asked != drop.times + 1).then(|| format!("asked {asked} times")),
        Ok(whole) => Some(format!("succeeds, whole: {whole}")),
        Err(error) if goes_on || class(&error) != "Network" => {
            Some(format!("ends {}", class(&error)))
        }
        Err(error) if route.writes => match (asked, error.outcome_is_unknown()) {
            (1, true) => None,
            (1, false) => Some("is taken for undone".to_owned()),
            (times, _) => Some(format!("is sent {times} times")),
        },
        Err(_) => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_may_break_at_any_byte() {
    let routes = routes::all();
    let mut chance = ChaCha8Rng::seed_from_u64(SEED);
    let mut below = |most: usize| chance.next_u64() as usize % most;
    let mut cases = vec![0; routes.len()];
    for _ in 0..CASES {
        cases[below(routes.len())] += 1;
    }
    let mut walks = Vec::new();
    for (route, cases) in routes.iter().zip(cases) {
        let answer = answer_of(route);
        let breaking = Breaking::start(answer.clone()).await;
        let client = client(&breaking.base, false);
        // Whole, at first: so much can break.
        assert!((route.run)(client.clone()).await.unwrap());
        let length = breaking.play.lock().unwrap().request + answer.len();
        let drop = |_| Drop {
            after: below(length),
            times: if below(2) == 0 { 1 } else { usize::MAX },
            reset: below(2) == 0,
        };
        let drops = (0..cases).map(drop).collect();
        walks.push(async move { walk(route, &breaking, &client, drops).await });
    }
    let wrong: Vec<Vec<String>> = futures_util::stream::iter(walks)
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let wrong = wrong.concat();
    assert!(
        wrong.is_empty(),
        "{} of {CASES}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
