//! The wizard's five steps, answered as a person would.

use slipway_tests::window::Page;

/// From the first step to the press on Launch; the rest stays as proposed.
pub fn launch(page: &Page, name: &str) {
    page.sees("text", "Step 1 of 5");
    page.click_beginning("radio", "Practice site");
    page.fill("Site title", "Slipway’s first site");
    name_and_launch(page, name);
}

/// From the second step on.
pub fn name_and_launch(page: &Page, name: &str) {
    name_and_check(page, name);
    page.click("button", "Launch");
}

/// From the first step, answered, to the last one.
pub fn name_and_check(page: &Page, name: &str) {
    page.click("button", "Continue");
    page.sees("text", "Step 2 of 5");
    page.fill("Name", name);
    for step in 3..=5 {
        page.click("button", "Continue");
        page.sees("text", &format!("Step {step} of 5"));
    }
}
