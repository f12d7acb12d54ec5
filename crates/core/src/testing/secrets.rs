//! A keychain in memory.

use async_trait::async_trait;

use super::World;
use crate::error::Result;
use crate::ports::{SecretPlace, Secrets};
use crate::secret::Secret;

#[async_trait]
impl Secrets for World {
    async fn place(&self) -> Result<SecretPlace> {
        self.faults.pass("secret_place", || Ok(SecretPlace::Keychain))
    }

    async fn get(&self, name: &str) -> Result<Option<Secret<Vec<u8>>>> {
        self.faults.answered("secret_get").await;
        self.faults
            .pass("secret_get", || Ok(self.lock().secrets.get(name).cloned()))
    }

    async fn put(&self, name: &str, value: &Secret<Vec<u8>>) -> Result<()> {
        self.faults.pass("secret_put", || {
            self.lock().secrets.insert(name.to_owned(), value.clone());
            Ok(())
        })
    }

    async fn delete(&self, name: &str) -> Result<()> {
        self.faults.pass("secret_delete", || {
            self.lock().secrets.remove(name);
            Ok(())
        })
    }
}
