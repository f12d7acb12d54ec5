//! A stand-in of GNOME's prompter, the program that shows the dialog for a keyring's password: the daemon beside it is the
//! real one. It speaks the D-Bus interface of gcr's `gcr-prompter`, with the password sealed as gcr's `GcrSecretExchange`
//! (`sx-aes-1`) does: Diffie-Hellman in the 1536-bit group of RFC 3526, HKDF with SHA-256, AES-128 in CBC mode.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_lc_rs::cipher::{AES_128, PaddedBlockEncryptingKey, UnboundCipherKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use num::BigUint;
use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::message::Header;
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

const PRIME: &str = "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD\
    EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
    EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F\
    83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA237327FFFFFFFFFFFFFFFF";
const PRIME_BYTES: usize = 192;
/// A method has returned by then.
const RETURNED: Duration = Duration::from_millis(300);

/// What its user does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Types the right password.
    Unlocks,
    /// Closes the dialog.
    Dismisses,
    /// Is not there.
    Absent,
}

/// The prompter, until it is dropped.
pub struct Prompter {
    /// How often a password was asked for.
    pub asked: Arc<AtomicU32>,
    _connection: Connection,
}

impl Prompter {
    /// Takes the prompter's name on the session's bus.
    pub fn start(user: User) -> Self {
        let asked = Arc::new(AtomicU32::new(0));
        let desk = Desk {
            user,
            asked: Arc::clone(&asked),
            secret: BigUint::from_bytes_be(&fastrand_bytes()),
        };
        let builder = Builder::session().unwrap();
        let builder = builder.name("org.gnome.keyring.SystemPrompter").unwrap();
        let builder = builder.serve_at("/org/gnome/keyring/Prompter", desk).unwrap();
        Prompter {
            asked,
            _connection: builder.build().unwrap(),
        }
    }
}

struct Desk {
    user: User,
    asked: Arc<AtomicU32>,
    /// The private number of the exchange.
    secret: BigUint,
}

type Properties = HashMap<String, OwnedValue>;

#[zbus::interface(name = "org.gnome.keyring.internal.Prompter")]
impl Desk {
    async fn begin_prompting(
        &self,
        callback: OwnedObjectPath,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
    ) {
        let begin = format!("[sx-aes-1]\npublic={}\n", self.public());
        ready(connection, &header, callback, "", begin);
    }

    async fn perform_prompt(
        &self,
        callback: OwnedObjectPath,
        _kind: String,
        _properties: Properties,
        exchange: String,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
    ) {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let (reply, sent) = match self.user {
            User::Unlocks => ("yes", self.seal(b"test-password", &exchange)),
            User::Dismisses => ("no", format!("[sx-aes-1]\npublic={}\n", self.public())),
            User::Absent => return,
        };
        ready(connection, &header, callback, reply, sent);
    }

    async fn stop_prompting(
        &self,
        callback: OwnedObjectPath,
        #[zbus(header)] header: Header<'_>,
        #[zbus(connection)] connection: &zbus::Connection,
    ) {
        call(connection, &header, callback, "PromptDone", ());
    }
}

impl Desk {
    fn public(&self) -> String {
        let public = BigUint::from(2_u32).modpow(&self.secret, &prime());
        STANDARD.encode(public.to_bytes_be())
    }

    fn seal(&self, password: &[u8], exchange: &str) -> String {
        let theirs = exchange.lines().find_map(|line| line.strip_prefix("public="));
        let theirs = STANDARD.decode(theirs.unwrap().trim()).unwrap();
        let shared = BigUint::from_bytes_be(&theirs)
            .modpow(&self.secret, &prime())
            .to_bytes_be();
        let mut padded = vec![0; PRIME_BYTES - shared.len()];
        padded.extend(shared);
        let mut key = [0; 16];
        let extracted = Salt::new(HKDF_SHA256, &[]).extract(&padded);
        extracted.expand(&[], Sixteen).unwrap().fill(&mut key).unwrap();
        let key = UnboundCipherKey::new(&AES_128, &key).unwrap();
        let mut sealed = password.to_vec();
        let context = PaddedBlockEncryptingKey::cbc_pkcs7(key)
            .unwrap()
            .encrypt(&mut sealed)
            .unwrap();
        let iv: &[u8] = (&context).try_into().unwrap();
        format!(
            "[sx-aes-1]\npublic={}\nsecret={}\niv={}\n",
            self.public(),
            STANDARD.encode(&sealed),
            STANDARD.encode(iv)
        )
    }
}

struct Sixteen;

impl KeyType for Sixteen {
    fn len(&self) -> usize {
        16
    }
}

fn prime() -> BigUint {
    BigUint::parse_bytes(PRIME.as_bytes(), 16).unwrap()
}

fn fastrand_bytes() -> [u8; 32] {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).unwrap();
    bytes
}

fn ready(
    connection: &zbus::Connection,
    to: &Header<'_>,
    callback: OwnedObjectPath,
    reply: &str,
    exchange: String,
) {
    let arguments = (reply.to_owned(), Properties::new(), exchange);
    call(connection, to, callback, "PromptReady", arguments);
}

/// Calls the daemon back some time after this method has returned: it does not listen before.
fn call<A>(
    connection: &zbus::Connection,
    to: &Header<'_>,
    callback: OwnedObjectPath,
    method: &'static str,
    arguments: A,
) where
    A: serde::Serialize + zbus::zvariant::DynamicType + Send + Sync + 'static,
{
    let (connection, daemon) = (connection.clone(), to.sender().unwrap().to_owned());
    std::thread::spawn(move || {
        std::thread::park_timeout(RETURNED);
        let interface = Some("org.gnome.keyring.internal.Prompter.Callback");
        let connection = Connection::from(connection);
        // A daemon that has gone meanwhile hears nothing.
        drop(connection.call_method(Some(daemon), callback, interface, method, &arguments));
    });
}
