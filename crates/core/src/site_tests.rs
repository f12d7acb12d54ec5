use super::*;

fn site(scheme: &str, port: u16) -> Site {
    Site {
        scheme: scheme.into(),
        port,
        path: "/".into(),
    }
}

fn at(host: &str, port: u16) -> Endpoints {
    Endpoints {
        host: host.into(),
        agent: 8080,
        rdp: 3389,
        site: port,
    }
}

fn page(path: &str) -> String {
    address(&site("http", 80), &at("203.0.113.7", 80), path).unwrap()
}

#[test]
fn a_usual_port_is_not_written_and_one_of_the_machine_itself_is() {
    assert_eq!(page("/admin?first=1"), "http://203.0.113.7/admin?first=1");
    let of = |scheme: &str, port: u16, own: u16| address(&site(scheme, port), &at("127.0.0.1", own), "/");
    assert_eq!(of("http", 80, 20_002).unwrap(), "http://127.0.0.1:20002/");
    assert_eq!(of("http", 8000, 80).unwrap(), "http://127.0.0.1:8000/");
    assert_eq!(of("https", 443, 80).unwrap(), "https://127.0.0.1/");
}

#[test]
fn an_address_of_the_newer_kind_stands_in_brackets() {
    let page = address(&site("http", 80), &at("2001:db8::7", 80), "/x");
    assert_eq!(page.unwrap(), "http://[2001:db8::7]/x");
}

#[test]
fn no_path_leads_off_the_site() {
    let hostile = [
        "@127.0.0.1:8000/",
        "//127.0.0.1/",
        "/\\127.0.0.1/",
        "\\\\127.0.0.1/",
        "https://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://user:word@203.0.113.7/",
        "http:@127.0.0.1/",
        ":8000/",
        ".example.com/",
        "/%0d%0aHost: x",
        "/a\tb",
    ];
    for path in hostile {
        let page = Url::parse(&page(path)).unwrap();
        assert_eq!(page.host_str(), Some("203.0.113.7"), "{path}");
        assert_eq!((page.scheme(), page.port()), ("http", None), "{path}");
        assert!(!has_login(&page), "{path}");
    }
}

#[test]
fn what_is_no_host_or_no_website_has_no_address() {
    for host in ["a@127.0.0.1", "a/b", "", "a b", "203.0.113.7#"] {
        assert_eq!(address(&site("http", 80), &at(host, 80), "/"), None, "{host}");
    }
    assert_eq!(address(&site("file", 80), &at("203.0.113.7", 80), "/"), None);
}
