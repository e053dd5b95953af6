//! How many kills, from which seed, and on how many threads.

use std::sync::Mutex;

use crate::seeds::Seeds;

/// Kills that every change is tested with; a soak asks for more.
const KILLS: usize = 200;

/// How many kills are asked for.
pub(crate) fn kills() -> usize {
    number("PLUMBLINE_KILLS").map_or(KILLS, |kills| usize::try_from(kills).unwrap())
}

/// Everything random here follows from this number; it is printed, and may be set to repeat a run.
fn seed() -> u64 {
    let seed = number("PLUMBLINE_KILL_SEED").unwrap_or(20_261_121);
    println!("PLUMBLINE_KILL_SEED={seed}");
    seed
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Kills on two threads, until there were enough kills or one shows what `is_enough` looks for.
/// `once` tells nothing where the process was faster than the kill; that one does not count.
pub(crate) fn kill_often<O: Send>(
    kills: usize,
    once: impl Fn(&mut Seeds) -> Option<O> + Sync,
    is_enough: impl Fn(&O) -> bool + Sync,
) -> Vec<O> {
    let outcomes: Mutex<Vec<O>> = Mutex::default();
    let seed = seed();
    let (once, is_enough, all) = (&once, &is_enough, &outcomes);
    std::thread::scope(|scope| {
        for worker in 0..2 {
            scope.spawn(move || {
                let mut seeds = Seeds::new(seed + worker);
                loop {
                    {
                        let so_far = all.lock().unwrap();
                        if so_far.len() >= kills || so_far.iter().any(is_enough) {
                            return;
                        }
                    }
                    if let Some(outcome) = once(&mut seeds) {
                        all.lock().unwrap().push(outcome);
                    }
                }
            });
        }
    });
    outcomes.into_inner().unwrap()
}
