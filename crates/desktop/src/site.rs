//! Opens the pages of a server's site in the user's browser.

use slipway_core::error::{Error, ErrorKind, Result};
use slipway_core::view::AccessView;
use slipway_core::view::choice::SitePage;

use crate::open::{self, blocking};
use crate::wiring::Desk;

impl Desk {
    /// Opens a page of a server's site.
    pub async fn open_site(&self, id: &str, page: SitePage) -> Result<()> {
        let url = address(self.engine.access(id).await?, page)?;
        blocking(move || open::url(&url)).await
    }
}

fn address(access: AccessView, page: SitePage) -> Result<String> {
    let url = match page {
        SitePage::Home => access.site_url,
        SitePage::Admin => access.admin.map(|admin| admin.url),
    };
    url.ok_or_else(|| {
        Error::new(ErrorKind::WrongState, "The site has no such page yet.")
            .hint("Wait until the site has answered.")
    })
}
