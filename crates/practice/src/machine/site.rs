//! The web server on the machine. Until the recipe has installed it, its port refuses.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::header::{
    AUTHORIZATION, CONTENT_SECURITY_POLICY, HeaderValue, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Method, Request, StatusCode};
use hyper::body::Incoming;
use slipway_core::files;

use crate::layout::Disk;
use crate::ledger::instances::Ports;
use crate::machine::Machine;
use crate::machine::web::{self, Answer};
use crate::pace::look_again;
use crate::salted::Login;
use crate::tool::installed;
use crate::trouble::Outcome;

/// Most bytes of a file that is served: a recipe may put anything into the site's folder.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Pages may load what lies beside them and nothing else.
const POLICY: HeaderValue = HeaderValue::from_static("default-src 'self'");
const LOGIN: HeaderValue = HeaderValue::from_static("Basic realm=\"Site administration\", charset=\"UTF-8\"");

/// Serves the site as soon as a web server is installed.
pub async fn keep_serving(machine: &Machine, ports: Ports) -> Outcome<Infallible> {
    let disk = machine.folder.disk();
    while !installed::web_server(&disk).exists() {
        look_again().await;
    }
    let listener = web::open(ports.host, ports.site).await?;
    let never = web::serve(listener, move |request| {
        let disk = disk.clone();
        async move { respond(disk, request).await }
    });
    Ok(never.await)
}

async fn respond(disk: Disk, request: Request<Incoming>) -> Answer {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return web::text(StatusCode::METHOD_NOT_ALLOWED, "only GET is possible");
    }
    let (path, headers) = (request.uri().path().to_owned(), request.headers().clone());
    let found = tokio::task::spawn_blocking(move || find(&disk, &path, &headers)).await;
    let mut answer = match found {
        Ok(Ok(answer)) => answer,
        _ => web::text(StatusCode::INTERNAL_SERVER_ERROR, "the page could not be read"),
    };
    let headers = answer.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    answer
}

fn find(disk: &Disk, path: &str, headers: &HeaderMap) -> std::io::Result<Answer> {
    if path == "/admin" || path.starts_with("/admin/") {
        return administration(disk, headers);
    }
    let pages = installed::runtime(disk).exists();
    if let Some(file) = inside(path).and_then(|path| file(&disk.site(), &path, pages)) {
        return Ok(web::answer(
            StatusCode::OK,
            kind(&file),
            files::read(&file, LARGEST)?,
        ));
    }
    let missing = disk.site().join("404.html");
    if pages && missing.is_file() {
        return Ok(web::answer(
            StatusCode::NOT_FOUND,
            kind(&missing),
            files::read(&missing, LARGEST)?,
        ));
    }
    Ok(web::text(StatusCode::NOT_FOUND, "there is no such page"))
}

fn administration(disk: &Disk, headers: &HeaderMap) -> std::io::Result<Answer> {
    let Some(login) = Login::load(&installed::login(disk))? else {
        return Ok(web::text(
            StatusCode::NOT_FOUND,
            "the site has no administration yet",
        ));
    };
    if credentials(headers).is_some_and(|(user, password)| login.admits(&user, password.as_bytes())) {
        let page = files::read(&installed::administration(disk), LARGEST)?;
        return Ok(web::answer(StatusCode::OK, "text/html; charset=utf-8", page));
    }
    let mut answer = web::text(StatusCode::UNAUTHORIZED, "a user name and password are needed");
    answer.headers_mut().insert(WWW_AUTHENTICATE, LOGIN);
    Ok(answer)
}

fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let basic = headers
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Basic ")?;
    let plain = String::from_utf8(BASE64.decode(basic.trim()).ok()?).ok()?;
    let (user, password) = plain.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// The file for a path; folders are pages where the page runtime is installed, and always for the root.
fn file(site: &Path, path: &Path, pages: bool) -> Option<PathBuf> {
    let file = site.join(path);
    if file.is_file() {
        return Some(file);
    }
    let is_root = path.as_os_str().is_empty();
    let index = file.join("index.html");
    ((pages || is_root) && index.is_file()).then_some(index)
}

/// A request path as a path below the site's folder; `None` for everything that could lead out of it.
fn inside(path: &str) -> Option<PathBuf> {
    let mut inside = PathBuf::new();
    for part in decode(path)?.split('/').filter(|part| !part.is_empty()) {
        let odd = part.starts_with('.') || part.contains(['\\', ':', '\0']);
        if odd {
            return None;
        }
        inside.push(part);
    }
    Some(inside)
}

fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("txt") => "text/plain; charset=utf-8",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_site() {
        assert_eq!(inside("/about/"), Some(PathBuf::from("about")));
        assert_eq!(inside("/a%20b.svg"), Some(PathBuf::from("a b.svg")));
        for path in [
            "/../server/login.json",
            "/%2e%2e/x",
            "/a/..%5c..%5cx",
            "/C:/x",
            "/%",
            "/%00",
            "/.git/config",
        ] {
            assert_eq!(inside(path), None, "{path}");
        }
    }
}
