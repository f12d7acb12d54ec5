//! The secrets of this machine: born here or sent by the app, in a file that only its owner may read.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use super::redact::Redactor;
use crate::private;

/// Without look-alikes (0 O, 1 l I), and without what a shell, SQL or XML could take for its own.
const CLASSES: [&[u8]; 4] = [
    b"ABCDEFGHJKLMNPQRSTUVWXYZ",
    b"abcdefghijkmnopqrstuvwxyz",
    b"23456789",
    b"-_.+",
];
const LENGTH: usize = 24;

/// The secrets by name. Clones share them.
#[derive(Clone)]
pub struct Secrets {
    path: PathBuf,
    redactor: Redactor,
    values: Arc<Mutex<BTreeMap<String, Zeroizing<String>>>>,
}

impl Secrets {
    /// Reads the file; every value in it is redacted from now on.
    pub fn open(path: &Path, redactor: Redactor) -> io::Result<Self> {
        let values: BTreeMap<String, String> = match private::read(path) {
            Ok(json) => serde_json::from_slice(&json)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return Err(error),
        };
        values.values().for_each(|value| redactor.hide(value));
        let values = values
            .into_iter()
            .map(|(name, value)| (name, Zeroizing::new(value)));
        Ok(Secrets {
            path: path.to_owned(),
            redactor,
            values: Arc::new(Mutex::new(values.collect())),
        })
    }

    /// The value of a secret that is known.
    pub fn get(&self, name: &str) -> Option<String> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.get(name).map(|value| value.as_str().to_owned())
    }

    /// Keeps a secret; when this returns, it would survive a power cut.
    pub fn put(&self, name: &str, value: &str) -> io::Result<()> {
        self.redactor.hide(value);
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(name.to_owned(), Zeroizing::new(value.to_owned()));
        let plain: BTreeMap<&str, &str> = values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let json = Zeroizing::new(serde_json::to_vec(&plain)?);
        private::write(&self.path, &json)
    }

    /// The value of a secret that is born here; made at the first call.
    pub fn born(&self, name: &str) -> io::Result<String> {
        if let Some(value) = self.get(name) {
            return Ok(value);
        }
        let value = generate()?;
        self.put(name, &value)?;
        Ok(value)
    }
}

/// A random password with at least one character of each class.
pub fn generate() -> io::Result<String> {
    let all: Vec<u8> = CLASSES.concat();
    loop {
        let mut value = String::with_capacity(LENGTH);
        for _ in 0..LENGTH {
            value.push(char::from(all[below(all.len())?]));
        }
        let has = |class: &[u8]| value.bytes().any(|byte| class.contains(&byte));
        if CLASSES.iter().all(|class| has(class)) && value.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return Ok(value);
        }
    }
}

/// A random number below `limit` (at most 256), each equally likely.
fn below(limit: usize) -> io::Result<usize> {
    let fair = 256 - 256 % limit;
    loop {
        let mut byte = [0u8];
        getrandom::fill(&mut byte).map_err(io::Error::other)?;
        if usize::from(byte[0]) < fair {
            return Ok(usize::from(byte[0]) % limit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_born_secret_has_24_characters_and_one_of_each_class() {
        for _ in 0..200 {
            let value = generate().unwrap();
            assert_eq!(value.len(), LENGTH);
            for class in CLASSES {
                assert!(value.bytes().any(|byte| class.contains(&byte)), "{value}");
            }
        }
    }

    #[test]
    fn a_born_secret_stays_the_same_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets.json");
        let born = Secrets::open(&path, Redactor::default())
            .unwrap()
            .born("db")
            .unwrap();
        let redactor = Redactor::default();
        let again = Secrets::open(&path, redactor.clone()).unwrap();
        assert_eq!(again.born("db").unwrap(), born);
        assert_eq!(redactor.redact(&format!("x{born}y")), "x•••y");
    }
}
