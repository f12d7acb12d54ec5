//! Several stories at once, each in a room of its own; what goes wrong in one does not hide the others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Stories at once. They mostly wait, so there may be more of them than cores.
pub const AT_ONCE: usize = 4;

/// Tells every story of `0..count`. Panics at the end with the names of those that failed.
pub fn side_by_side(count: usize, tell: impl Fn(usize) + Sync) {
    let (next, failed) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return;
            }
            if catch_unwind(AssertUnwindSafe(|| tell(number))).is_err() {
                failed.lock().expect("no story panics here").push(number);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().expect("no story panics here");
    assert!(
        failed.is_empty(),
        "stories {failed:?} of {count} failed, see above"
    );
}
