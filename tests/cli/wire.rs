//! A tap on the wire: what program and simulator say to each other, remembered.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::simulator::Simulator;

/// Stands between the program and a simulator.
pub(crate) struct Wire {
    /// The address that the program is given.
    pub(crate) base: String,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Wire {
    /// Begins to listen. Ends with the process.
    pub(crate) fn tap(sim: &Simulator) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let said = Arc::new(Mutex::new(Vec::new()));
        let (target, memory) = (format!("127.0.0.1:{}", sim.port()), Arc::clone(&said));
        std::thread::spawn(move || {
            for near in listener.incoming().flatten() {
                let Ok(far) = TcpStream::connect(&target) else {
                    continue;
                };
                let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                let (there, back) = (Arc::clone(&memory), Arc::clone(&memory));
                std::thread::spawn(move || pass_on(near, far, &there));
                std::thread::spawn(move || pass_on(far_too, near_too, &back));
            }
        });
        Self { base, said }
    }

    /// Every value that followed one of these words up to the next character that ends a JSON text
    /// or a form's field.
    pub(crate) fn values_after(&self, word: &str) -> Vec<String> {
        let said = String::from_utf8_lossy(&self.said.lock().unwrap()).into_owned();
        let value = |rest: &str| {
            let end = rest.find(['"', '&', ' ', '\r', '\n']).unwrap_or(rest.len());
            rest[..end].to_owned()
        };
        said.split(word).skip(1).map(value).collect()
    }
}

/// Copies one direction, and remembers it.
fn pass_on(mut from: TcpStream, mut to: TcpStream, memory: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(length) = from.read(&mut buffer) {
        let said = &buffer[..length];
        memory.lock().unwrap().extend_from_slice(said);
        if length == 0 || to.write_all(said).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
