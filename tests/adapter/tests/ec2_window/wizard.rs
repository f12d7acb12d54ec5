//! The wizard on an AWS account: what it asks there and not in practice.

use slipway_tests::window::Page;

/// The large words on the site's home page.
pub const TITLE: &str = "Hello from the window";
/// What the cloud of the tests calls the price of this size.
const PRICE: &str = "$0.123/h";

/// Not what the recipe proposes.
const WINDOWS: &str = "Windows Server 2025 with SQL Server 2025 Express";

/// From the first step to the press on Launch: a recipe, a network, a size with its price, addresses, the checks.
pub fn launch(page: &Page, name: &str) {
    page.will_see("text", "Step 1 of 5");
    page.click_beginning("radio", "EC2 site");
    page.click_beginning("option", WINDOWS);
    page.fill("Site title", TITLE);
    go_on(page, 2);
    page.fill("Name", name);
    page.click_beginning("option", "default subnet, eu-central-1b");
    go_on(page, 3);
    page.click_beginning("option", "t3.large");
    page.sees("text", PRICE);
    page.sees("text", "A month, always on");
    go_on(page, 4);
    page.click_beginning("radio", "Addresses that I name");
    page.fill("Addresses", "198.51.100.7, 203.0.113.0/24");
    go_on(page, 5);
    page.sees("text", WINDOWS);
    page.sees("text", "open to 198.51.100.7, 203.0.113.0/24");
    check_and_launch(page);
}

/// From an image: it asks nothing of the recipe again.
pub fn launch_copy(page: &Page, name: &str) {
    page.will_see("text", "Step 1 of 5");
    go_on(page, 2);
    page.fill("Name", name);
    for step in 3..=5 {
        go_on(page, step);
    }
    check_and_launch(page);
}

fn check_and_launch(page: &Page) {
    page.will_see("text", "Nothing stands in the way");
    page.click("button", "Launch");
}

fn go_on(page: &Page, step: usize) {
    page.click("button", "Continue");
    page.sees("text", &format!("Step {step} of 5"));
}
