//! What lies in place of a file is told at once, whatever it is.

use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use super::*;

/// The refusal; a call that blocks fails the test instead of hanging it.
fn refusal(path: PathBuf) -> Error {
    let (answer, answered) = mpsc::channel();
    std::thread::spawn(move || answer.send(read(&path, SMALL)));
    let outcome = answered.recv_timeout(Duration::from_secs(10));
    outcome.expect("reading blocks").expect_err("something was read")
}

#[test]
fn a_file_is_read_up_to_its_limit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("some.txt");
    std::fs::write(&file, "words").unwrap();
    assert_eq!(read_text(&file, 5).unwrap(), "words");
    assert_eq!(read_text(&file, 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
    std::fs::write(&file, [0xff]).unwrap();
    assert_eq!(read_text(&file, 5).unwrap_err().kind(), ErrorKind::InvalidData);
    let missing = folder.path().join("none");
    assert_eq!(read(&missing, 5).unwrap_err().kind(), ErrorKind::NotFound);
}

#[test]
fn a_folder_is_called_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let error = refusal(folder.path().to_owned());
    assert_eq!(error.to_string(), "it is a folder, not a file");
}

#[cfg(unix)]
#[test]
fn a_pipe_a_device_and_a_socket_are_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    assert_eq!(
        refusal(pipe.clone()).to_string(),
        "it is a named pipe, not a file"
    );
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("/dev/zero", &link).unwrap();
    assert_eq!(refusal(link).to_string(), "it is a device, not a file");
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    assert_eq!(refusal(socket).to_string(), "it is a socket, not a file");
    // A lock or a log is opened for writing, which blocks on a pipe as well.
    let (answer, answered) = mpsc::channel();
    std::thread::spawn(move || answer.send(open_with(&pipe, OpenOptions::new().append(true).create(true))));
    assert!(answered.recv_timeout(Duration::from_secs(10)).unwrap().is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_without_end_takes_no_more_than_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sparse");
    File::create(&file).unwrap().set_len(6 << 30).unwrap();
    assert_eq!(refusal(file).to_string(), "it has more than 1024 KiB");
}
