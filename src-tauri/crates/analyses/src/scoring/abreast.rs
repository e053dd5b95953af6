//! Work on many things by several threads, whose results do not depend on how many they are.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What `work` makes of each of the places `0..count`, in their order. Whoever is free takes the next
/// place: what takes longest belongs first.
pub(super) fn abreast<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let turn = || {
        let mut made = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= count {
                return made;
            }
            made.push((place, work(place)));
        }
    };
    let turn = &turn;
    let mut all = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(turn)).collect();
        let mut all = turn();
        for other in others {
            match other.join() {
                Ok(theirs) => all.extend(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_is_worked_on_once_whoever_does_it() {
        for threads in [0, 1, 2, 7] {
            for count in [0, 1, 5, 100] {
                let squares: Vec<usize> = (0..count).map(|place| place * place).collect();
                assert_eq!(abreast(threads, count, |place| place * place), squares);
            }
        }
    }
}
