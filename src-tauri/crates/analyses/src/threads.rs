//! Work that is the same for each of many things, by two threads: as many as the machines have that this
//! must be quick on.

/// What `ask` says of each, in their order, by two threads.
pub(crate) fn by_two<T: Sync, A: Send>(all: &[T], ask: impl Fn(&T) -> A + Sync) -> Vec<A> {
    let (evens, odds) = std::thread::scope(|scope| {
        let every_other = |from: usize| all.iter().skip(from).step_by(2).map(&ask).collect();
        let other = scope.spawn(move || -> Vec<A> { every_other(1) });
        let own: Vec<A> = all.iter().step_by(2).map(&ask).collect();
        match other.join() {
            Ok(other) => (own, other),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    let (mut evens, mut odds) = (evens.into_iter(), odds.into_iter());
    let pairs = std::iter::from_fn(|| {
        let even = evens.next()?;
        Some(std::iter::once(even).chain(odds.next()))
    });
    pairs.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(n: u32) {
        let all: Vec<u32> = (0..n).collect();
        let doubled: Vec<u32> = all.iter().map(|i| 2 * i).collect();
        assert_eq!(by_two(&all, |i| 2 * i), doubled);
    }

    #[test]
    fn the_order_is_kept() {
        (0..8).for_each(check);
    }
}
