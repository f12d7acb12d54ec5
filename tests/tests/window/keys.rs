//! The keys to a server, as its owner uses them: a password that is seen only while it is wanted and does not stay on
//! the clipboard, and a file that a Remote Desktop client opens.

use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use slipway_tests::window::{Page, Screen};

/// How long a copied password stays, with time for a busy computer.
const LEAVES: Duration = Duration::from_secs(45);

#[test]
fn the_password_is_seen_while_held_and_leaves_the_clipboard_and_a_client_opens_the_file() {
    let mut screen = Screen::new();
    screen.launch("keys");
    let access = screen
        .room
        .done(&["access", "keys", "--show-password", "--json"])
        .json();
    let password = access[0]["password"].as_str().unwrap().to_owned();
    let page = screen.open();
    page.click("link", "keys");
    page.sees("heading", "keys is up");
    it_is_seen_while_held(&page, &password);
    it_leaves_the_clipboard(&screen, &page, &password);
    a_client_opens_the_file(&screen, &page);
}

fn it_is_seen_while_held(page: &Page, password: &str) {
    assert!(!page.text().contains(password));
    page.hold("button", "Hold to show the Administrator password");
    page.sees("text", password);
    page.let_go();
    page.until(
        "the password is gone",
        &format!("return !document.body.innerText.includes('{password}')"),
    );
}

fn it_leaves_the_clipboard(screen: &Screen, page: &Page, password: &str) {
    let copied = Instant::now();
    page.click("button", "Copy the Administrator password");
    page.sees("text", "Password copied.");
    assert_eq!(pasted(screen, page), password);
    while pasted(screen, page) == password {
        assert!(
            copied.elapsed() < LEAVES,
            "the password is still on the clipboard"
        );
        page.0.pause(Duration::from_secs(1));
    }
    assert_eq!(pasted(screen, page), "", "nothing is there in its place");
}

/// What a field holds after Ctrl+V.
fn pasted(screen: &Screen, page: &Page) -> String {
    page.click("textbox", "Description");
    screen.press(page, "ctrl+a");
    screen.press(page, "Delete");
    screen.press(page, "ctrl+v");
    page.0.pause(Duration::from_millis(300));
    page.value("Description")
}

/// A practice server has no Remote Desktop, so the test listens in its place: what a client asks first names the user.
fn a_client_opens_the_file(screen: &Screen, page: &Page) {
    page.click("button", "Save .rdp file");
    page.sees("text", "Saved as");
    let file = screen.downloads().join("keys.rdp");
    let text = std::fs::read_to_string(&file).unwrap();
    let port = text
        .lines()
        .find_map(|line| line.strip_prefix("full address:s:127.0.0.1:"));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap().parse().unwrap())).unwrap();
    listener.set_nonblocking(true).unwrap();
    let mut client = screen
        .command("xfreerdp")
        .arg(&file)
        .args(["/cert:ignore", "/p:unused"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut arrived = None;
    page.0.until("the client connects", || {
        arrived = arrived.take().or_else(|| listener.accept().ok());
        arrived.is_some()
    });
    let asked = first_words(&arrived.unwrap().0);
    drop(client.kill());
    client.wait().unwrap();
    assert!(asked.contains("Cookie: mstshash=Administrator\r\n"), "{asked}");
}

fn first_words(mut stream: &TcpStream) -> String {
    stream.set_nonblocking(false).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut asked = [0; 512];
    let length = stream.read(&mut asked).unwrap();
    String::from_utf8_lossy(&asked[..length]).into_owned()
}
