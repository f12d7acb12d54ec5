//! Where everything lies in the practice folder.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// The folder of a practice world.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The world in this folder.
    pub fn new(root: PathBuf) -> Self {
        Layout { root }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the cloud knows.
    pub fn ledger(&self) -> PathBuf {
        self.root.join("cloud.db")
    }

    /// One folder an instance.
    pub fn machines(&self) -> PathBuf {
        self.root.join("machines")
    }

    /// The folder of one instance.
    pub fn machine(&self, instance: &str) -> MachineFolder {
        MachineFolder(self.machines().join(instance))
    }

    /// One folder an image.
    pub fn images(&self) -> PathBuf {
        self.root.join("images")
    }

    /// A finished image; its content is a disk.
    pub fn image(&self, image: &str) -> PathBuf {
        self.images().join(image)
    }

    /// An image in the making. It gets its final name only when it is whole.
    pub fn unfinished_image(&self, image: &str) -> PathBuf {
        self.images().join(format!("{image}.part"))
    }
}

/// The folder of one machine.
#[derive(Debug, Clone)]
pub struct MachineFolder(PathBuf);

impl MachineFolder {
    /// The machine in this folder, which must be in the `machines` folder of a world.
    pub fn new(folder: PathBuf) -> Self {
        MachineFolder(folder)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The instance's id, which is the folder's name.
    pub fn instance(&self) -> String {
        let name = self.0.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// The world that it belongs to.
    pub fn world(&self) -> Layout {
        let root = self.0.parent().and_then(Path::parent);
        Layout::new(root.unwrap_or(&self.0).to_owned())
    }

    /// How the machine was asked to run, see [`Hardware`].
    pub fn hardware(&self) -> PathBuf {
        self.0.join("machine.json")
    }

    /// Locked for as long as the machine process lives.
    pub fn lock(&self) -> PathBuf {
        self.0.join("machine.lock")
    }

    /// What the machine and its agent print, for whoever mends this program.
    pub fn log(&self) -> PathBuf {
        self.0.join("machine.log")
    }

    /// The serial console.
    pub fn console(&self) -> PathBuf {
        self.0.join("console.txt")
    }

    /// The programs that the agent restarts and stops the machine and sets the Administrator password with.
    pub fn tools(&self) -> PathBuf {
        self.0.join("tools")
    }

    /// What an image holds a copy of.
    pub fn disk(&self) -> Disk {
        Disk(self.0.join("disk"))
    }

    /// A disk that is being copied from an image.
    pub fn unfinished_disk(&self) -> PathBuf {
        self.0.join("disk.part")
    }
}

/// The disk of a machine.
#[derive(Debug, Clone)]
pub struct Disk(PathBuf);

impl Disk {
    /// Its folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The agent's data folder.
    pub fn agent(&self) -> PathBuf {
        self.0.join("agent")
    }

    /// What the web server serves.
    pub fn site(&self) -> PathBuf {
        self.0.join("site")
    }

    /// Where installed programs keep their files.
    pub fn server(&self) -> PathBuf {
        self.0.join("server")
    }

    /// The salted hash of the Administrator password.
    pub fn administrator(&self) -> PathBuf {
        self.0.join("administrator.json")
    }

    /// Makes the folders of an empty disk.
    pub fn format(&self) -> io::Result<()> {
        for folder in [self.agent(), self.site(), self.server()] {
            std::fs::create_dir_all(folder)?;
        }
        Ok(())
    }
}

/// How a machine runs: written anew by whoever starts it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hardware {
    /// The agent's program.
    pub agent_program: PathBuf,
    /// All waiting is divided by this.
    pub speed: f64,
}
