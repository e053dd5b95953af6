//! Crowds of silent connections. Their limit is taken away, so that nobody who is served owes it to
//! others' running out of time.

use super::*;

/// A test that takes longer hangs.
const HANG: Duration = Duration::from_secs(60);

const FOR_EVER: Duration = Duration::from_secs(1_000_000);

/// A listener whose silent connections may be silent for ever, unless others want their place.
async fn patient(grace: Duration) -> (Listener, Awaited) {
    let held = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = held.local_addr().unwrap().port();
    drop(held);
    let listener = Listener::bind(&[port]).await.unwrap();
    let awaited = Awaited {
        port,
        state: "s3cret".into(),
        page: "https://app.hubspot.com/oauth/authorize".parse().unwrap(),
    };
    let head = FOR_EVER;
    let listener = Listener {
        patience: Patience { head, grace },
        ..listener
    };
    (listener, awaited)
}

async fn connected(port: u16) -> TcpStream {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port))
        .await
        .unwrap()
}

async fn say(stream: &mut TcpStream, port: u16, target: &str) {
    let head = format!("GET {target} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
}

/// What comes until the other side hangs up.
async fn hear(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    text
}

const RIGHT: &str = "/oauth/callback?code=abc&state=s3cret";

/// How many of the connections the other side has not hung up on.
fn open(all: &[TcpStream]) -> usize {
    let is_open = |stream: &&TcpStream| {
        let read = stream.try_read(&mut [0]);
        read.is_err_and(|error| error.kind() == io::ErrorKind::WouldBlock)
    };
    all.iter().filter(is_open).count()
}

async fn answered_among(silent: usize) {
    let (listener, awaited) = patient(GRACE).await;
    let port = awaited.port;
    let served = tokio::spawn(async move { listener.callback(&awaited).await });
    let mut idle = Vec::new();
    for _ in 0..silent {
        idle.push(connected(port).await);
    }
    // A stranger is answered first, so that the listener is still there to be looked at.
    let mut stranger = connected(port).await;
    say(&mut stranger, port, "/favicon.ico").await;
    assert!(hear(&mut stranger).await.starts_with("HTTP/1.1 404"));
    assert!(open(&idle) >= silent.min(SOCKETS - 1), "of {silent}");
    let mut browser = connected(port).await;
    say(&mut browser, port, RIGHT).await;
    assert!(hear(&mut browser).await.starts_with("HTTP/1.1 200"));
    assert!(matches!(served.await.unwrap(), Callback::Code(_)));
    drop(idle);
}

#[tokio::test]
async fn the_answer_passes_by_the_silent() {
    for silent in [5, SOCKETS - 1, SOCKETS, SOCKETS + 1, 4 * SOCKETS] {
        let answered = timeout(HANG, answered_among(silent)).await;
        answered.unwrap_or_else(|_| panic!("not answered among {silent}"));
    }
}

/// The crowd comes behind the browser, all before the listener looks up. It is
/// heard, as long as there is time to.
#[tokio::test]
async fn who_has_spoken_is_not_turned_away() {
    let (listener, awaited) = patient(FOR_EVER).await;
    let mut browser = connected(awaited.port).await;
    say(&mut browser, awaited.port, RIGHT).await;
    let mut idle = Vec::new();
    for _ in 0..SOCKETS + 10 {
        idle.push(connected(awaited.port).await);
    }
    let callback = timeout(HANG, listener.callback(&awaited)).await.unwrap();
    assert!(matches!(callback, Callback::Code(_)));
    assert!(hear(&mut browser).await.starts_with("HTTP/1.1 200"));
}
