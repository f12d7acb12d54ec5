//! How a part learns that it should stop: by the system's signals, or because whoever started it is gone.

use std::io::Read as _;

use tokio::sync::oneshot;

/// Ends when the process should stop. With `by_stdin` also when standard input ends: the pipe from the starting
/// process closes however that one ends, even when it is killed.
pub async fn requested(by_stdin: bool) {
    tokio::select! {
        () = signal() => {}
        () = stdin_ends(), if by_stdin => {}
    }
}

/// A thread of its own: the runtime would wait for a read that may never end.
async fn stdin_ends() {
    let (ended, end) = oneshot::channel::<()>();
    std::thread::spawn(move || {
        let mut rest = [0; 64];
        while std::io::stdin().read(&mut rest).is_ok_and(|read| read > 0) {}
        drop(ended);
    });
    let _ = end.await;
}

#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

#[cfg(windows)]
async fn signal() {
    use tokio::signal::windows::{ctrl_break, ctrl_shutdown};
    let (Ok(mut stop), Ok(mut shutdown)) = (ctrl_break(), ctrl_shutdown()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = stop.recv() => {}
        _ = shutdown.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
