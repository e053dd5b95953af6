//! The listener that the consent page's redirect comes to. Open for one attempt only.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};

use super::callback::{Awaited, Callback, Verdict, judge};

/// The longest head that is read. The redirect's is under 2 KB.
const HEAD_BYTES: usize = 8 << 10;

/// How long a connection may take to send its head, and to take its answer.
const SOCKET_LIMIT: Duration = Duration::from_secs(2);

/// Silent connections that are held at once. Browsers open a few ahead of need.
const SOCKETS: usize = 64;

/// How long a connection may be silent even where another one wants its place. Ours: browsers speak
/// within a millisecond or two of being connected.
const GRACE: Duration = Duration::from_millis(20);

/// A pause after the system refused a connection, so that a shortage of descriptors does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A port of this machine, held in both address families.
pub(crate) struct Listener {
    port: u16,
    v4: TcpListener,
    /// Absent only where the machine has no such addresses at all.
    v6: Option<TcpListener>,
    patience: Patience,
}

/// How long connections are waited for.
#[derive(Debug, Clone, Copy)]
struct Patience {
    /// At most, until they have said what they want.
    head: Duration,
    /// At least, before another one gets their place.
    grace: Duration,
}

impl Listener {
    /// Takes the first of `ports` that is free in both families.
    ///
    /// `localhost` means either, and whoever held the other one would be sent our code: a port that
    /// is only half free is not ours.
    pub(crate) async fn bind(ports: &[u16]) -> Option<Self> {
        for &port in ports {
            let Ok(v4) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await else {
                continue;
            };
            let v6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(v6) => Some(v6),
                Err(error) if has_no_such_family(&error) => None,
                Err(_) => continue,
            };
            return Some(Self {
                port,
                v4,
                v6,
                patience: Patience {
                    head: SOCKET_LIMIT,
                    grace: GRACE,
                },
            });
        }
        None
    }

    /// The port held.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Serves until the answer that is waited for comes. Dropping the future closes every socket.
    pub(crate) async fn callback(self, awaited: &Awaited) -> Callback {
        let mut waiting = Waiting::new(self.patience);
        let mut refused = JoinSet::new();
        loop {
            let full = waiting.full_until();
            tokio::select! {
                // Who has spoken goes before who has only come.
                biased;
                Some((mut stream, head)) = waiting.spoken() => {
                    let verdict = match head {
                        Head::Whole(head) => judge(&head, awaited),
                        Head::TooLong => Verdict::Rejected(431),
                    };
                    match verdict {
                        Verdict::Accepted(callback) => {
                            answer(&mut stream, 200).await;
                            return callback;
                        }
                        Verdict::Rejected(status) => {
                            tracing::debug!(status, "a request to the redirect listener was refused");
                            // Who does not take the answer is not waited for. Beyond some, none is given.
                            if refused.len() < SOCKETS {
                                refused.spawn(async move { answer(&mut stream, status).await });
                            }
                        }
                    }
                }
                Some(_) = refused.join_next() => {}
                accepted = self.accept(full) => match accepted {
                    Ok((stream, _peer)) => waiting.add(stream),
                    Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
                },
            }
        }
    }

    /// The next connection, from a time on where there is one to wait for.
    async fn accept(&self, from: Option<Instant>) -> io::Result<(TcpStream, SocketAddr)> {
        if let Some(from) = from {
            sleep_until(from).await;
        }
        match &self.v6 {
            None => self.v4.accept().await,
            Some(v6) => tokio::select! {
                accepted = self.v4.accept() => accepted,
                accepted = v6.accept() => accepted,
            },
        }
    }
}

/// Whether the machine lacks the address family, so that nobody else can hold the port there either.
fn has_no_such_family(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported)
        // EAFNOSUPPORT on Linux and macOS, WSAEAFNOSUPPORT on Windows; no kind of its own.
        || matches!(error.raw_os_error(), Some(97 | 47 | 10_047))
}

/// The connections that have not said yet what they want.
///
/// Where there are too many, the one that has been silent for the longest time goes: a browser
/// speaks as soon as it is connected, and must not wait behind those who never will.
struct Waiting {
    patience: Patience,
    heads: JoinSet<Option<(TcpStream, Head)>>,
    /// All of `heads` with the time they came, the first first.
    by_age: VecDeque<(Instant, AbortHandle)>,
}

impl Waiting {
    fn new(patience: Patience) -> Self {
        Self {
            patience,
            heads: JoinSet::new(),
            by_age: VecDeque::new(),
        }
    }

    /// When the longest silent one may be turned away, where there is room for no other. Who has
    /// spoken is silent no more.
    fn full_until(&mut self) -> Option<Instant> {
        self.by_age.retain(|(_, head)| !head.is_finished());
        let (came, _) = self.by_age.front()?;
        (self.by_age.len() >= SOCKETS).then_some(*came + self.patience.grace)
    }

    /// Begins to read what a connection asks, in place of the longest silent one where it is full.
    fn add(&mut self, mut stream: TcpStream) {
        if self.full_until().is_some()
            && let Some((_, oldest)) = self.by_age.pop_front()
        {
            oldest.abort();
        }
        let limit = self.patience.head;
        let head = self.heads.spawn(async move {
            match timeout(limit, read_head(&mut stream)).await {
                Ok(Ok(head)) => Some((stream, head)),
                // Nothing was asked: an idle connection, or one that broke.
                Ok(Err(_)) | Err(_) => None,
            }
        });
        self.by_age.push_back((Instant::now(), head));
    }

    /// The next one that has said what it wants; `None` while there is nobody.
    async fn spoken(&mut self) -> Option<(TcpStream, Head)> {
        loop {
            // The turned away, and those who gave up, say nothing.
            if let Ok(Some(spoken)) = self.heads.join_next().await? {
                return Some(spoken);
            }
        }
    }
}

enum Head {
    Whole(Vec<u8>),
    TooLong,
}

/// Reads up to the empty line. What was sent beyond it makes the head no head, and is refused.
async fn read_head(stream: &mut TcpStream) -> io::Result<Head> {
    let mut head = Vec::new();
    let mut chunk = [0_u8; 1024];
    loop {
        let count = stream.read(&mut chunk).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&chunk[..count]);
        if head.len() > HEAD_BYTES {
            return Ok(Head::TooLong);
        }
        if head.windows(4).any(|window| window == b"\r\n\r\n") {
            return Ok(Head::Whole(head));
        }
    }
}

/// Answers with one of two fixed pages: nothing of the request is ever echoed. Whether the other
/// side takes it does not matter to the attempt.
async fn answer(stream: &mut TcpStream, status: u16) {
    let (reason, body) = match status {
        200 => ("OK", include_str!("received.html")),
        404 => ("Not Found", REFUSED),
        405 => ("Method Not Allowed", REFUSED),
        421 => ("Misdirected Request", REFUSED),
        431 => ("Request Header Fields Too Large", REFUSED),
        _ => ("Bad Request", REFUSED),
    };
    let page = format!(
        "HTTP/1.1 {status} {reason}\r\n\
         Content-Type: text/html; charset=utf-8\r\n\
         Content-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'\r\n\
         Cache-Control: no-store\r\n\
         Referrer-Policy: no-referrer\r\n\
         X-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\
         \r\n{body}",
        body.len(),
    );
    let _shown = timeout(SOCKET_LIMIT, async {
        stream.write_all(page.as_bytes()).await?;
        stream.shutdown().await
    })
    .await;
}

const REFUSED: &str = "<!doctype html><title>Plumbline</title><p>This is not a page.</p>\n";

#[cfg(test)]
mod tests;
