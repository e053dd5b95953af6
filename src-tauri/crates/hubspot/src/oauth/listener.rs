//! The listener that the consent page's redirect comes to. Open for one attempt only.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::callback::{Callback, Verdict, judge};

/// The longest head that is read. The redirect's is under 2 KB.
const HEAD_BYTES: usize = 8 << 10;

/// How long a connection may take to send its head, and to take its answer.
const SOCKET_LIMIT: Duration = Duration::from_secs(2);

/// Connections that are served at once. Browsers open a few ahead of need.
const SOCKETS: usize = 64;

/// A pause after the system refused a connection, so that a shortage of descriptors does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A port of this machine, held in both address families.
pub(crate) struct Listener {
    port: u16,
    v4: TcpListener,
    /// Absent only where the machine has no such addresses at all.
    v6: Option<TcpListener>,
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
            match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
                Ok(v6) => {
                    return Some(Self {
                        port,
                        v4,
                        v6: Some(v6),
                    });
                }
                Err(error) if has_no_such_family(&error) => {
                    return Some(Self { port, v4, v6: None });
                }
                Err(_) => {}
            }
        }
        None
    }

    /// The port held.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Serves until the answer with this state comes. Dropping the future closes every socket.
    pub(crate) async fn callback(self, state: &SecretString) -> Callback {
        let mut served: JoinSet<Option<Callback>> = JoinSet::new();
        loop {
            let room = served.len() < SOCKETS;
            tokio::select! {
                accepted = self.accept(), if room => match accepted {
                    Ok((stream, _peer)) => {
                        served.spawn(serve(stream, self.port, state.clone()));
                    }
                    Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
                },
                Some(done) = served.join_next() => {
                    if let Ok(Some(callback)) = done {
                        return callback;
                    }
                }
            }
        }
    }

    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
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

/// Serves one connection, one request at most.
async fn serve(mut stream: TcpStream, port: u16, state: SecretString) -> Option<Callback> {
    let head = match timeout(SOCKET_LIMIT, read_head(&mut stream)).await {
        Ok(Ok(head)) => head,
        // Nothing was asked: an idle connection, or one that broke.
        Ok(Err(_)) | Err(_) => return None,
    };
    let verdict = match head {
        Head::Whole(head) => judge(&head, port, &state),
        Head::TooLong => Verdict::Rejected(431),
    };
    let status = match &verdict {
        Verdict::Accepted(_) => 200,
        Verdict::Rejected(status) => *status,
    };
    // Whether the browser takes the page does not matter to the attempt.
    let _shown = timeout(SOCKET_LIMIT, answer(&mut stream, status)).await;
    match verdict {
        Verdict::Accepted(callback) => Some(callback),
        Verdict::Rejected(_) => {
            tracing::debug!(status, "a request to the redirect listener was refused");
            None
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

/// Answers with one of two fixed pages: nothing of the request is ever echoed.
async fn answer(stream: &mut TcpStream, status: u16) -> io::Result<()> {
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
    stream.write_all(page.as_bytes()).await?;
    stream.shutdown().await
}

const REFUSED: &str = "<!doctype html><title>Plumbline</title><p>This is not a page.</p>\n";
