//! A line between two ports of this computer that carries a random number of bytes, sometimes late, and then breaks off.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fastrand::Rng;
use slipway_tests::long::number;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Bytes from the agent that a connection carries. A TLS handshake takes about one and a half thousand of them.
const CARRIED: std::ops::Range<usize> = 1_000..50_000;
/// One connection in so many is late, by up to two seconds.
const LATE: u32 = 20;
const LATEST: Duration = Duration::from_secs(2);

/// Opens a line to a port; its own port comes back. What breaks off is counted.
pub async fn to(port: u16, cut: Arc<AtomicUsize>) -> u16 {
    let seed = number("SLIPWAY_SEED").unwrap_or_else(|| fastrand::u64(..));
    println!("SLIPWAY_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((app, _)) = listener.accept().await {
            tokio::spawn(carry(app, port, random.fork(), cut.clone()));
        }
    });
    own
}

async fn carry(mut app: TcpStream, port: u16, mut random: Rng, cut: Arc<AtomicUsize>) {
    if random.u32(0..LATE) == 0 {
        tokio::time::sleep(LATEST.mul_f64(random.f64())).await;
    }
    let Ok(mut agent) = TcpStream::connect(("127.0.0.1", port)).await else {
        return;
    };
    let mut left = random.usize(CARRIED);
    let (mut asked, mut answered) = ([0; 4096], [0; 4096]);
    loop {
        tokio::select! {
            read = app.read(&mut asked) => match read {
                Ok(length) if length > 0 && agent.write_all(&asked[..length]).await.is_ok() => {}
                _ => return,
            },
            read = agent.read(&mut answered) => match read {
                Ok(length) if length > 0 => {
                    let carried = length.min(left);
                    left -= carried;
                    if app.write_all(&answered[..carried]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
        }
        if left == 0 {
            cut.fetch_add(1, Ordering::Relaxed);
            // As a reset half of the time, as an early end otherwise.
            if random.bool() {
                let _ = app.set_zero_linger();
            }
            return;
        }
    }
}
