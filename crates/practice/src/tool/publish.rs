//! Renders the site from database and theme into the site's folder, then looks at it through the web server.

use std::net::Ipv4Addr;
use std::path::PathBuf;

use slipway_core::files;
use slipway_protocol::template;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::database::Page;
use super::{Bench, database, installed, say, write};
use crate::trouble::{Outcome, input};

/// Where the theme was unpacked, in the site's folder.
const THEME: &str = "theme";

pub async fn publish(bench: &Bench, port: u16) -> Outcome<()> {
    if !installed::runtime(&bench.disk).exists() {
        return Err(input(
            "The page runtime is not installed, so there is nothing to publish with.",
        ));
    }
    bench
        .work(
            0.0..0.25,
            &[(1.0, "Reading the theme"), (1.0, "Reading the database")],
        )
        .await?;
    let site = bench.disk.site();
    let content = database::read(&installed::content(&bench.disk))?;
    let render = Renderer {
        theme: site.join(THEME),
        title: content.title,
        tagline: content.tagline,
        pages: &content.pages,
    };
    for page in &content.pages {
        write(&site.join(file(page)), render.page(page)?)?;
        say(&format!("Rendered /{}", page.slug))?;
    }
    write(&installed::administration(&bench.disk), render.administration()?)?;
    bench
        .work(
            0.25..0.93,
            &[(4.5, "Compressing pictures"), (4.0, "Warming the cache")],
        )
        .await?;
    let home = fetch(bench.host, port).await?;
    if !home.ends_with(&files::read(&site.join("index.html"), files::SMALL)?) {
        return Err(input(
            "The web server shows another page than the one that was published.",
        ));
    }
    bench
        .work(0.93..1.0, &[(0.5, "The home page is served as it was rendered")])
        .await
}

fn file(page: &Page) -> String {
    match page.slug.as_str() {
        "" => "index.html".into(),
        "404" => "404.html".into(),
        slug => format!("{slug}/index.html"),
    }
}

struct Renderer<'a> {
    theme: PathBuf,
    title: String,
    tagline: String,
    pages: &'a [Page],
}

impl Renderer<'_> {
    fn page(&self, page: &Page) -> Outcome<String> {
        if page.slug.is_empty() {
            let with_picture = self.pages.iter().filter(|page| !page.picture.is_empty());
            let cards: Outcome<String> = with_picture
                .map(|page| self.fill("card.html", page, ""))
                .collect();
            return self.fill("home.html", page, &cards?);
        }
        self.fill("page.html", page, "")
    }

    fn administration(&self) -> Outcome<String> {
        let rows: Outcome<String> = self
            .pages
            .iter()
            .map(|page| self.fill("row.html", page, ""))
            .collect();
        let home = self
            .pages
            .first()
            .ok_or_else(|| input("The database holds no pages."))?;
        self.fill("administration.html", home, &rows?)
    }

    /// Fills a template of the theme; `parts` are filled already.
    fn fill(&self, template: &str, page: &Page, parts: &str) -> Outcome<String> {
        let text = files::read_text(&self.theme.join(template), files::SMALL)?;
        let home = page.slug.is_empty();
        let value = |namespace: &str, name: &str| {
            let value = match (namespace, name) {
                ("site", "title") => &self.title,
                ("site", "tagline") => &self.tagline,
                // The home page carries the user's own line.
                ("page", "lead") if home && !self.tagline.is_empty() => &self.tagline,
                ("page", "title") => &page.title,
                ("page", "lead") => &page.lead,
                ("page", "slug") => &page.slug,
                ("page", "body") => &page.body,
                ("page", "picture") => &page.picture,
                ("page", "parts") => return Some(parts.to_owned()),
                _ => return None,
            };
            Some(value.clone())
        };
        template::expand(&text, value).map_err(|cause| input(format!("The theme can’t be used: {cause}.")))
    }
}

/// The home page with its headers, as the web server gives it.
async fn fetch(host: Ipv4Addr, port: u16) -> Outcome<Vec<u8>> {
    let mut stream = TcpStream::connect((host, port)).await?;
    stream
        .write_all(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        .await?;
    let mut answer = Vec::new();
    stream.take(files::SMALL).read_to_end(&mut answer).await?;
    Ok(answer)
}
