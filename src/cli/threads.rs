//! Work on many things at once: as many threads as there are processors, and the results in the order of the things.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// How many threads are used where nobody says.
pub(super) fn available() -> usize {
    thread::available_parallelism().map_or(1, NonZeroUsize::get)
}

/// What comes of each thing, in their order, whatever the number of threads.
pub(super) fn for_each<T: Sync, R: Send>(
    things: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let threads = threads.min(things.len());
    if threads < 2 {
        return things.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let take_turns = || {
        let mut done = Vec::with_capacity(things.len() / threads + 1);
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(thing) = things.get(index) else {
                return done;
            };
            done.push((index, work(thing)));
        }
    };
    let mut done: Vec<(usize, R)> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take_turns)).collect();
        let mut done = take_turns();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::for_each;

    #[test]
    fn results_come_in_order_whatever_the_number_of_threads() {
        let things: Vec<usize> = (0..1000).collect();
        let twice: Vec<usize> = things.iter().map(|thing| thing * 2).collect();
        for threads in [1, 2, 7, 2000] {
            assert_eq!(for_each(&things, threads, |thing| thing * 2), twice);
        }
        assert!(for_each(&[(); 0], 4, |()| ()).is_empty());
    }
}
