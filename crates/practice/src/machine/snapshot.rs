//! Makes an image of the machine's disk while the machine is down, so that the copy is consistent. An image gets its
//! name and its state “available” only when the copy is whole.

use std::io;
use std::path::Path;
use std::time::Instant;

use crate::layout::Layout;
use crate::ledger::{images, instances};
use crate::machine::Machine;
use crate::trouble::Outcome;

/// How long a copy takes at least, as a person watches it.
const SECONDS: f64 = 20.0;

/// Makes the image that was asked for. A copy that fails is told as a failed image; the machine goes on.
pub async fn take(machine: &Machine, image: &str) -> Outcome<()> {
    let whole = copy(machine, image).await;
    let image = image.to_owned();
    machine
        .ask(move |machine| {
            let layout = machine.folder.world();
            let kept = machine.ledger.change(|ledger| {
                instances::image_done(ledger, &machine.id)?;
                match &whole {
                    Ok(true) => images::available(ledger, &image),
                    Ok(false) => Ok(false),
                    Err(trouble) => {
                        images::fail(
                            ledger,
                            &image,
                            &format!("The disk could not be copied: {trouble}."),
                        )?;
                        Ok(false)
                    }
                }
            })?;
            if !kept {
                remove(&layout, &image)?;
            }
            Ok(())
        })
        .await
}

/// False where nobody wants the image any more.
async fn copy(machine: &Machine, image: &str) -> Outcome<bool> {
    let layout = machine.folder.world();
    let part = layout.unfinished_image(image);
    let since = Instant::now();
    let mut told = 0;
    let whole = super::copying::copy(machine.folder.disk().path(), &part, async |share| {
        let ahead = machine.pace.of(SECONDS * share).saturating_sub(since.elapsed());
        machine
            .pace
            .pass(ahead.as_secs_f64() * machine.pace.speed())
            .await;
        // All bytes are there at 100; until they are on the disk under their name, it is 99.
        let percent = (share * 99.0) as u8;
        if percent == told {
            return Ok(true);
        }
        told = percent;
        let image = image.to_owned();
        machine
            .ask(move |machine| {
                machine
                    .ledger
                    .change(|ledger| images::progress(ledger, &image, percent))
            })
            .await
    })
    .await?;
    if whole {
        std::fs::rename(part, layout.image(image))?;
    }
    Ok(whole)
}

/// Removes what there is of an image, finished or not. Blocks.
pub fn remove(layout: &Layout, image: &str) -> io::Result<()> {
    remove_folder(&layout.unfinished_image(image))?;
    remove_folder(&layout.image(image))
}

fn remove_folder(folder: &Path) -> io::Result<()> {
    loop {
        match std::fs::remove_dir_all(folder) {
            // A copy that has not noticed yet has put one more file in; it notices with the next.
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            other => return other,
        }
    }
}
