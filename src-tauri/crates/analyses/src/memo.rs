//! Things that are made once, each under what it depends on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What was made so far, at most so many things. What was made is given out as often as it is asked
/// for; two who ask at once make it once.
#[derive(Debug)]
pub(crate) struct Memo<K, V> {
    made: Mutex<BTreeMap<K, Arc<OnceLock<V>>>>,
    most: usize,
}

impl<K: Ord, V: Clone> Memo<K, V> {
    /// Keeps at most so many things: when there would be more, all are made anew.
    pub(crate) fn keeping(most: usize) -> Self {
        Self {
            made: Mutex::default(),
            most,
        }
    }

    /// The thing of this key. `make` must depend on nothing but the key, and on what never changes.
    pub(crate) fn get(&self, key: K, make: impl FnOnce() -> V) -> V {
        let slot = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            if made.len() >= self.most && !made.contains_key(&key) {
                made.clear();
            }
            Arc::clone(made.entry(key).or_default())
        };
        slot.get_or_init(make).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks for a number's double; says whether it had to be made.
    #[track_caller]
    fn check(memo: &Memo<u32, u32>, key: u32, made: bool) {
        let mut asked = false;
        let value = memo.get(key, || {
            asked = true;
            2 * key
        });
        assert_eq!((value, asked), (2 * key, made), "{key}");
    }

    #[test]
    fn nothing_is_made_twice_until_there_is_too_much() {
        let memo = Memo::keeping(2);
        check(&memo, 1, true);
        check(&memo, 2, true);
        check(&memo, 1, false);
        check(&memo, 2, false);
        check(&memo, 3, true);
        check(&memo, 3, false);
        check(&memo, 1, true);
    }

    #[test]
    fn two_who_ask_at_once_make_it_once() {
        let memo: Memo<u32, usize> = Memo::keeping(4);
        let makers = std::sync::atomic::AtomicUsize::new(0);
        let ask = || {
            memo.get(7, || {
                makers.fetch_add(1, std::sync::atomic::Ordering::SeqCst)
            })
        };
        std::thread::scope(|scope| {
            let other = scope.spawn(ask);
            assert_eq!(ask(), 0);
            assert_eq!(other.join().ok(), Some(0));
        });
    }
}
