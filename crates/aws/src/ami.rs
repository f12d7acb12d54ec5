//! The image to launch from: the newest public one of a family, or an own one.

use std::sync::Arc;
use std::time::Duration;

use slipway_core::cloud::{ImageChoice, ImageFamily};
use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::shared::SharedQuestions;

use crate::actions::Action;
use crate::session::Session;
use crate::tags::filter;

/// Public images that Slipway knows. AWS hides each after four months, so an id is kept for moments only: the public
/// parameter is read anew for each launch, or for those made together (“AWS Windows AMIs reference”).
pub const FAMILIES: &[Family] = &[
    Family {
        id: "windows-2022",
        title: "Windows Server 2022",
        parameter: "Windows_Server-2022-English-Full-Base",
    },
    Family {
        id: "windows-2025",
        title: "Windows Server 2025",
        parameter: "Windows_Server-2025-English-Full-Base",
    },
    Family {
        id: "windows-2022-sql-express",
        title: "Windows Server 2022 with SQL Server 2022 Express",
        parameter: "Windows_Server-2022-English-Full-SQL_2022_Express",
    },
    Family {
        id: "windows-2025-sql-express",
        title: "Windows Server 2025 with SQL Server 2025 Express",
        parameter: "Windows_Server-2025-English-Full-SQL_2025_Express",
    },
];

const PARAMETERS: &str = "/aws/service/ami-windows-latest/";

/// A family of public images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// As recipes name it.
    pub id: &'static str,
    /// For people.
    pub title: &'static str,
    /// Its name in AWS's public parameters.
    parameter: &'static str,
}

/// All of them, for whoever chooses.
pub(crate) fn families() -> Vec<ImageFamily> {
    let family = |family: &Family| ImageFamily {
        id: family.id.to_owned(),
        title: family.title.to_owned(),
    };
    FAMILIES.iter().map(family).collect()
}

/// What people call a family; its id where it is none of these.
pub(crate) fn title(family: &str) -> &str {
    let known = FAMILIES.iter().find(|known| known.id == family);
    known.map_or(family, |known| known.title)
}

/// What a launch must know of its image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseImage {
    /// `ami-…`.
    pub id: String,
    /// Where its root disk is attached, such as `/dev/sda1`.
    pub root_device: String,
    /// Size of its root disk in GiB: a server's can't be smaller.
    pub root_gib: i32,
}

/// How long an image that was just found is the one to launch from: those who launch together ask once.
const FRESH: Duration = Duration::from_secs(10);

/// Finds images.
pub(crate) struct BaseImages {
    session: Arc<Session>,
    asked: SharedQuestions<ImageChoice, BaseImage>,
}

impl BaseImages {
    pub fn new(session: Arc<Session>) -> Self {
        let asked = SharedQuestions::new(|_| true);
        BaseImages { session, asked }
    }

    /// Finds the image.
    pub async fn resolve(&self, choice: &ImageChoice) -> Result<BaseImage> {
        let (session, wanted) = (Arc::clone(&self.session), choice.clone());
        let ask = || async move { resolve(&session, &wanted).await };
        self.asked.ask(choice.clone(), FRESH, ask).await
    }
}

async fn resolve(session: &Session, choice: &ImageChoice) -> Result<BaseImage> {
    let id = match choice {
        ImageChoice::Family(family) => newest(session, family).await?,
        ImageChoice::Own(id) => id.clone(),
    };
    look(session, &id).await
}

/// Public parameters can be read by every account, but a user still needs `ssm:GetParameter`.
async fn newest(session: &Session, family: &str) -> Result<String> {
    let parameter = format!("{PARAMETERS}{}", known(family)?.parameter);
    let found = session
        .ask(Action::GetParameter, |aws| {
            aws.ssm.get_parameter().name(parameter).send()
        })
        .await?;
    let id = found.parameter().and_then(|parameter| parameter.value());
    id.map(str::to_owned).ok_or_else(|| no_image(family))
}

fn known(family: &str) -> Result<&'static Family> {
    FAMILIES.iter().find(|known| known.id == family).ok_or_else(|| {
        let names: Vec<_> = FAMILIES.iter().map(|family| family.id).collect();
        Error::new(
            ErrorKind::Recipe,
            format!("EC2 has no images of the family “{family}”."),
        )
        .hint(format!("The recipe should name one of {}.", names.join(", ")))
    })
}

/// The root disk can't be given by itself: its device name differs between images, and a disk smaller than the image's
/// snapshot is refused (“BlockDeviceMapping”, API reference).
async fn look(session: &Session, id: &str) -> Result<BaseImage> {
    let found = session
        .ask(Action::DescribeImages, |aws| {
            aws.ec2.describe_images().filters(filter("image-id", [id])).send()
        })
        .await?;
    let image = found.images().first().ok_or_else(|| no_image(id))?;
    let root = image.root_device_name().unwrap_or("/dev/sda1");
    let disks = image.block_device_mappings().iter();
    let disk = disks
        .filter(|disk| disk.device_name() == Some(root))
        .find_map(|disk| disk.ebs());
    Ok(BaseImage {
        id: id.to_owned(),
        root_device: root.to_owned(),
        root_gib: disk.and_then(|disk| disk.volume_size()).unwrap_or(0),
    })
}

fn no_image(what: &str) -> Error {
    Error::new(
        ErrorKind::NotFound,
        format!("There is no image “{what}” in this region."),
    )
    .hint("It may have been deleted or made private. Refresh the list and choose another image.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_family_is_refused_with_the_known_ones() {
        let error = known("windows-95").unwrap_err();
        assert!(error.hint.contains("windows-2022") && error.kind == ErrorKind::Recipe);
    }
}
