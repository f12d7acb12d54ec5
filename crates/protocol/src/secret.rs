//! A value that must not be seen by accident.

use std::fmt;

use zeroize::Zeroize;

/// Fewest characters of a secret that can be kept out of logs: a shorter one is in too many words by chance, so that
/// taking it out would make them unreadable and show where it is.
pub const SHORTEST: usize = 6;

/// Holds a secret: it can't be printed, compared in variable time or serialised, and its memory is wiped when it
/// is dropped (best effort: copies that the compiler made are out of reach).
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a value.
    pub fn new(value: T) -> Self {
        Secret(value)
    }

    /// The value itself. Every caller is a place to review.
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Secret(…)")
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Secret(value)
    }
}
