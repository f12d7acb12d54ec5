use super::*;

fn secret(text: &str) -> Secret<Vec<u8>> {
    Secret::new(text.as_bytes().to_vec())
}

async fn read(secrets: &SecretFiles, name: &str) -> Option<Vec<u8>> {
    secrets
        .get(name)
        .await
        .unwrap()
        .map(|value| value.expose().clone())
}

#[tokio::test]
async fn a_secret_is_stored_replaced_and_deleted() {
    let room = tempfile::tempdir().unwrap();
    let secrets = SecretFiles::new(room.path().join("secrets"));
    assert_eq!(read(&secrets, "launch/A/token").await, None);
    secrets.put("launch/A/token", &secret("one")).await.unwrap();
    secrets.put("launch/A/token", &secret("two")).await.unwrap();
    assert_eq!(
        read(&secrets, "launch/A/token").await.as_deref(),
        Some(&b"two"[..])
    );
    secrets.delete("launch/A/token").await.unwrap();
    secrets.delete("launch/A/token").await.unwrap();
    assert_eq!(read(&secrets, "launch/A/token").await, None);
    assert_eq!(std::fs::read_dir(room.path().join("secrets")).unwrap().count(), 0);
}

#[cfg(unix)]
#[tokio::test]
async fn files_and_folder_belong_to_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let room = tempfile::tempdir().unwrap();
    let folder = room.path().join("secrets");
    let secrets = SecretFiles::new(&folder);
    secrets.put("token", &secret("one")).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("token")), 0o600);
}

#[tokio::test]
async fn odd_names_stay_inside_the_folder_and_apart() {
    let room = tempfile::tempdir().unwrap();
    let secrets = SecretFiles::new(room.path().join("secrets"));
    let names = ["../../escape", "..", "a/b", "a%2fb", "A", "a", "ü\n", "CON"];
    for name in names {
        secrets.put(name, &secret(name)).await.unwrap();
    }
    for name in names {
        assert_eq!(
            read(&secrets, name).await.as_deref(),
            Some(name.as_bytes()),
            "{name:?}"
        );
    }
    assert_eq!(std::fs::read_dir(room.path()).unwrap().count(), 1);
    assert!(secrets.put(&"x".repeat(300), &secret("")).await.is_err());
}

#[tokio::test]
async fn what_the_windows_keychain_could_not_hold_is_refused_here_too() {
    let room = tempfile::tempdir().unwrap();
    let secrets = SecretFiles::new(room.path());
    secrets.put("large", &Secret::new(vec![7; 2_560])).await.unwrap();
    assert!(secrets.put("larger", &Secret::new(vec![7; 2_561])).await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn a_keychain_of_files_is_for_its_owner_alone_whoever_opened_its_folder_before() {
    use std::os::unix::fs::PermissionsExt;
    let room = tempfile::tempdir().unwrap();
    let folder = room.path().join("keychain");
    std::fs::create_dir(&folder).unwrap();
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o777)).unwrap();
    let secrets = SecretFiles::guarded(&folder);
    secrets.put("launch/A/token", &secret("one")).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.iter().map(|file| mode(file)).collect::<Vec<_>>(), [0o600]);
    let place = SecretPlace::Files(folder.display().to_string());
    assert_eq!(secrets.place().await.unwrap(), place);
}
