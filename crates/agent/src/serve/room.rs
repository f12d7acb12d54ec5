//! Who may stay connected. When it gets crowded the newcomer comes in and the one that has been silent longest goes,
//! so that slow connections never keep a good one out.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::limits::Limits;

/// All connections of one listener.
pub struct Room {
    limits: Limits,
    opened: Instant,
    guests: Mutex<HashMap<u64, Guest>>,
    next: AtomicU64,
}

/// A connection's place; leaving is dropping it.
pub struct Place {
    room: Arc<Room>,
    id: u64,
    pulse: Arc<Pulse>,
}

/// When a connection last moved a byte.
pub struct Pulse {
    opened: Instant,
    /// Microseconds since `opened`.
    beat: AtomicU64,
}

struct Guest {
    address: IpAddr,
    proven: bool,
    pulse: Arc<Pulse>,
    leave: CancellationToken,
}

impl Room {
    /// An empty room.
    pub fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Room {
            limits,
            opened: Instant::now(),
            guests: Mutex::default(),
            next: AtomicU64::new(0),
        })
    }

    /// Lets a stranger in. The token is cancelled when it has to leave.
    pub fn enter(self: &Arc<Self>, address: IpAddr) -> (Place, CancellationToken) {
        let pulse = Arc::new(Pulse {
            opened: self.opened,
            beat: AtomicU64::new(0),
        });
        pulse.beat();
        let (id, leave) = (
            self.next.fetch_add(1, Ordering::Relaxed),
            CancellationToken::new(),
        );
        let guest = Guest {
            address,
            proven: false,
            pulse: pulse.clone(),
            leave: leave.clone(),
        };
        let mut guests = self.guests();
        guests.insert(id, guest);
        make_room_among_strangers(&mut guests, self.limits.strangers);
        let room = self.clone();
        (Place { room, id, pulse }, leave)
    }

    /// How many connections there are.
    pub fn crowd(&self) -> usize {
        self.guests().len()
    }

    fn prove(&self, id: u64) {
        let mut guests = self.guests();
        let Some(guest) = guests.get_mut(&id).filter(|guest| !guest.proven) else {
            return;
        };
        guest.proven = true;
        let address = guest.address;
        dismiss_surplus(&mut guests, self.limits.per_address, |guest| {
            guest.proven && guest.address == address
        });
        dismiss_surplus(&mut guests, self.limits.connections, |guest| guest.proven);
    }

    fn guests(&self) -> MutexGuard<'_, HashMap<u64, Guest>> {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The right token was shown: from now on strangers can't push this connection out.
    pub fn prove(&self) {
        self.room.prove(self.id);
    }

    /// For the stream that moves the bytes.
    pub fn pulse(&self) -> Arc<Pulse> {
        self.pulse.clone()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.guests().remove(&self.id);
    }
}

impl Pulse {
    /// A byte has moved.
    pub fn beat(&self) {
        self.beat
            .store(self.opened.elapsed().as_micros() as u64, Ordering::Relaxed);
    }

    /// Ends when no byte has moved for `longest`.
    pub async fn stops(&self, longest: Duration) {
        loop {
            let beat = Duration::from_micros(self.beat.load(Ordering::Relaxed));
            let silent = self.opened.elapsed().saturating_sub(beat);
            match longest.checked_sub(silent).filter(|left| !left.is_zero()) {
                Some(left) => tokio::time::sleep(left).await,
                None => return,
            }
        }
    }
}

/// The address with the most strangers gives one up, so that a crowd from one address costs nobody else a place.
fn make_room_among_strangers(guests: &mut HashMap<u64, Guest>, places: usize) {
    if guests.len() <= places {
        return;
    }
    let mut crowds: HashMap<IpAddr, usize> = HashMap::new();
    for guest in guests.values().filter(|guest| !guest.proven) {
        *crowds.entry(guest.address).or_default() += 1;
    }
    let all: usize = crowds.values().sum();
    let largest = crowds.into_iter().max_by_key(|(_, crowd)| *crowd);
    if let Some((address, crowd)) = largest.filter(|_| all > places) {
        dismiss_surplus(guests, crowd - 1, |guest| {
            !guest.proven && guest.address == address
        });
    }
}

/// Of those that `counts` tells, the ones that have been silent longest have to leave.
fn dismiss_surplus(guests: &mut HashMap<u64, Guest>, places: usize, counts: impl Fn(&Guest) -> bool) {
    let silent_first = |(id, guest): &(&u64, &Guest)| (guest.pulse.beat.load(Ordering::Relaxed), **id);
    while guests.values().filter(|guest| counts(guest)).count() > places {
        let counted = guests.iter().filter(|(_, guest)| counts(guest));
        let Some(id) = counted.min_by_key(silent_first).map(|(id, _)| *id) else {
            return;
        };
        if let Some(guest) = guests.remove(&id) {
            guest.leave.cancel();
        }
    }
}

#[cfg(test)]
#[path = "room_tests.rs"]
mod tests;
