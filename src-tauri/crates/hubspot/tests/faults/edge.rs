//! A server that misbehaves byte by byte, which no HTTP library would let one do.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How one request is answered.
#[derive(Debug, Clone)]
pub(crate) enum Say {
    /// As the route should be.
    Good,
    /// A status, headers and a body.
    Status(u16, &'static [(&'static str, &'static str)], String),
    /// The connection ends before anything is said.
    CutBeforeHeaders,
    /// The connection ends after the headers.
    CutAfterHeaders,
    /// The connection ends in the middle of the body.
    CutInBody,
    /// Nothing comes, and the connection stays.
    Silent,
    /// The headers come, and nothing else.
    SilentBody,
    /// A byte now and then, without end.
    Trickle,
    /// Half of the good body, as if it were all.
    HalfBody,
    /// More bytes than anybody should keep; never built in memory.
    Huge(u16),
    /// The length promises more than comes.
    LengthTooLong,
    /// The length promises less than comes.
    LengthTooShort,
    /// What is said to be compressed is not.
    BrokenGzip,
    /// Bytes that are no text.
    NotText,
    /// Brackets in brackets in brackets.
    Nested,
    /// Not HTTP at all.
    NotHttp,
    /// Headers without end.
    HeaderFlood,
}

/// What is said, and how often something was asked since.
#[derive(Default)]
struct Play {
    script: Vec<Say>,
    asked: usize,
}

/// What a path is answered where nothing is wrong: how the path ends, status, body.
pub(crate) type Good = (&'static str, u16, &'static str);

/// A server that answers in turn, the last answer for ever.
pub(crate) struct Edge {
    pub(crate) base: String,
    task: tokio::task::JoinHandle<()>,
    play: Arc<Mutex<Play>>,
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Edge {
    /// A server for a route whose answer, where nothing is wrong, is `good`.
    pub(crate) async fn start((status, body): (u16, &'static str)) -> Self {
        Self::start_among(vec![("", status, body)]).await
    }

    /// A server for several routes, of which the first is the one that the script is for, and the
    /// others answer as they should be.
    pub(crate) async fn start_among(good: Vec<Good>) -> Self {
        let good = Arc::new(good);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let play = Arc::<Mutex<Play>>::default();
        let shared = Arc::clone(&play);
        let task = tokio::spawn(async move {
            // Connections end with the server: they are tasks of this set.
            let mut open = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (play, good) = (Arc::clone(&shared), Arc::clone(&good));
                open.spawn(async move {
                    // A client that goes away is no failure of the server.
                    let _ = serve(stream, &play, &good).await;
                });
            }
        });
        Self { base, task, play }
    }

    /// Begins a script.
    pub(crate) fn play(&self, script: Vec<Say>) {
        *self.play.lock().unwrap() = Play { script, asked: 0 };
    }

    /// How many requests came since the script began.
    pub(crate) fn asked(&self) -> usize {
        self.play.lock().unwrap().asked
    }
}

/// Reads a request whole and gives its path; `None` when the client is gone.
async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"))
        .and_then(|value| value.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let target = text.split(' ').nth(1)?;
    Some(target.split('?').next()?.to_owned())
}

async fn serve(mut stream: TcpStream, play: &Mutex<Play>, good: &[Good]) -> std::io::Result<()> {
    while let Some(path) = read_request(&mut stream).await {
        let of_path = good.iter().position(|(end, ..)| path.ends_with(end));
        let place = of_path.unwrap_or_default();
        let (_, status, body) = good[place];
        let say = if place > 0 {
            Say::Good
        } else {
            let mut play = play.lock().unwrap();
            play.asked += 1;
            let turn = play.asked.min(play.script.len());
            play.script[turn - 1].clone()
        };
        if !answer(&mut stream, &say, (status, body)).await? {
            return stream.shutdown().await;
        }
    }
    Ok(())
}

fn head(status: u16, length: usize, headers: &[(&str, &str)]) -> String {
    let mut head = format!("HTTP/1.1 {status} Said\r\n");
    if !headers.iter().any(|(name, _)| *name == "content-type") {
        head += "content-type: application/json;charset=utf-8\r\n";
    }
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    // 204 has no body and says no length.
    if status != 204 {
        head += &format!("content-length: {length}\r\n");
    }
    head + "\r\n"
}

/// Answers one request. Says whether the connection goes on.
async fn answer(
    stream: &mut TcpStream,
    say: &Say,
    (status, body): (u16, &'static str),
) -> std::io::Result<bool> {
    // A route that answers nothing has no body to spoil: it is given one.
    let (full, content) = if body.is_empty() {
        (200, r#"{"status":"COMPLETE","results":[]}"#)
    } else {
        (status, body)
    };
    let half = &content[..content.len() / 2];
    let mut send = async |text: String| stream.write_all(text.as_bytes()).await;
    match say {
        Say::Good => send(head(status, body.len(), &[]) + body).await?,
        Say::Status(status, headers, body) => {
            send(head(*status, body.len(), headers) + body).await?;
        }
        Say::CutBeforeHeaders => return Ok(false),
        Say::CutAfterHeaders => {
            send(head(full, content.len(), &[])).await?;
            return Ok(false);
        }
        Say::CutInBody | Say::LengthTooLong => {
            let missing = if matches!(say, Say::CutInBody) {
                half
            } else {
                content
            };
            send(head(full, content.len() + 100, &[]) + missing).await?;
            return Ok(false);
        }
        Say::Silent => std::future::pending::<()>().await,
        Say::SilentBody => {
            send(head(full, content.len(), &[])).await?;
            std::future::pending::<()>().await;
        }
        Say::Trickle => {
            send(head(full, 1 << 30, &[])).await?;
            loop {
                send(" ".to_owned()).await?;
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        Say::HalfBody => send(head(full, half.len(), &[]) + half).await?,
        Say::Huge(status) => {
            let kind = "content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
            send(format!("HTTP/1.1 {status} Said\r\n{kind}")).await?;
            let chunk = format!("10000\r\n{}\r\n", " ".repeat(1 << 16));
            // Four times the most that a client may keep.
            for _ in 0..(hubspot::limits::ANSWER_BYTES * 4) >> 16 {
                send(chunk.clone()).await?;
            }
            return Ok(false);
        }
        Say::LengthTooShort => {
            send(head(full, half.len(), &[]) + content).await?;
            return Ok(false);
        }
        Say::BrokenGzip => {
            let headers = [("content-encoding", "gzip")];
            send(head(full, half.len(), &headers) + half).await?;
        }
        Say::NotText => {
            send(head(full, 4, &[])).await?;
            stream.write_all(&[b'{', 0xff, 0xfe, b'}']).await?;
        }
        Say::Nested => {
            let nest = "[".repeat(200_000);
            send(head(full, nest.len(), &[]) + &nest).await?;
        }
        Say::NotHttp => {
            send("SSH-2.0-OpenSSH_9.2\r\n".to_owned()).await?;
            return Ok(false);
        }
        Say::HeaderFlood => {
            send("HTTP/1.1 200 Said\r\n".to_owned()).await?;
            for number in 0..200_000 {
                send(format!("x-flood-{number}: on and on\r\n")).await?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}
