use windows_sys::Win32::Security::Authorization::{
    ConvertSecurityDescriptorToStringSecurityDescriptorW, GetNamedSecurityInfoW,
};

use super::*;
use crate::private;

/// The access rules of a file as Windows writes them down.
fn rules_of(path: &Path) -> String {
    let name = wide(path);
    let (mut descriptor, mut text, mut length) = (null_mut(), null_mut(), 0);
    // SAFETY: the name ends with 0, and the pointers for the results live through the calls; both results are copied
    // before anything frees them, and the process ends soon.
    unsafe {
        let code = GetNamedSecurityInfoW(
            name.as_ptr(),
            SE_FILE_OBJECT,
            DACL_SECURITY_INFORMATION,
            null_mut(),
            null_mut(),
            null_mut(),
            null_mut(),
            &raw mut descriptor,
        );
        assert_eq!(code, 0);
        let done = ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor,
            SDDL_REVISION_1,
            DACL_SECURITY_INFORMATION,
            &raw mut text,
            &raw mut length,
        );
        assert_ne!(done, 0);
        let wide = std::slice::from_raw_parts(text, length as usize);
        String::from_utf16_lossy(wide).trim_end_matches('\0').to_owned()
    }
}

/// True where everybody, all users, or whoever has signed in may do anything.
fn is_open_to_others(rules: &str) -> bool {
    [";;;WD)", ";;;BU)", ";;;AU)", ";;;IU)"]
        .iter()
        .any(|others| rules.contains(others))
}

#[test]
fn a_file_for_its_owner_alone_has_no_rule_for_others() {
    let folder = tempfile::tempdir().unwrap();
    let (usual, own) = (folder.path().join("usual"), folder.path().join("own"));
    std::fs::write(&usual, "x").unwrap();
    std::io::Write::write_all(&mut create_new(&own).unwrap(), b"secret").unwrap();
    assert!(!is_open_to_others(&rules_of(&own)), "{}", rules_of(&own));
    assert_eq!(std::fs::read_to_string(&own).unwrap(), "secret");
    println!("usual {}, own {}", rules_of(&usual), rules_of(&own));
}

#[test]
fn a_file_that_is_there_is_neither_opened_nor_emptied() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "x").unwrap();
    assert_eq!(
        create_new(&path).unwrap_err().kind(),
        io::ErrorKind::AlreadyExists
    );
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "x");
}

#[test]
fn a_closed_folder_has_no_rule_for_others_and_takes_files() {
    let folder = tempfile::tempdir().unwrap();
    let closed = folder.path().join("data");
    private::folder(&closed).unwrap();
    assert!(!is_open_to_others(&rules_of(&closed)), "{}", rules_of(&closed));
    private::write(&closed.join("file"), b"one").unwrap();
    private::write(&closed.join("file"), b"two").unwrap();
    assert_eq!(private::read(&closed.join("file")).unwrap(), b"two");
}
