use super::*;

fn recipe() -> Recipe {
    let text = include_str!("../../../../recipes/practice-site.toml");
    let families = "family = \"practice-windows\"\nother_families = [\"windows-2022\", \"windows-2025\"]";
    Recipe::parse(
        &text.replace("family = \"practice-windows\"", families),
        "both.toml",
    )
    .unwrap()
}

fn chosen(wanted: Option<&str>, offered: &[&str]) -> Result<String> {
    let offered = offered.iter().map(|id| ImageFamily {
        id: (*id).into(),
        title: String::new(),
    });
    family(&recipe(), wanted, &offered.collect::<Vec<_>>())
}

#[test]
fn the_first_windows_of_a_recipe_that_is_offered_is_proposed() {
    assert_eq!(chosen(None, &["practice-windows"]).unwrap(), "practice-windows");
    assert_eq!(
        chosen(None, &["windows-2025", "windows-2022"]).unwrap(),
        "windows-2022"
    );
    assert_eq!(
        chosen(None, &[]).unwrap(),
        "practice-windows",
        "what refuses it says why"
    );
    assert_eq!(
        chosen(Some("windows-2025"), &["windows-2022"]).unwrap(),
        "windows-2025"
    );
    assert!(
        chosen(Some("windows-2019"), &["windows-2019"]).is_err(),
        "the recipe was not made for it"
    );
}
