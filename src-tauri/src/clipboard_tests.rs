use super::*;

/// A clipboard in memory, one for each test's thread.
struct InMemory;

thread_local! {
    static TEXT: std::cell::RefCell<Option<String>> = const { std::cell::RefCell::new(None) };
}

impl Board for InMemory {
    fn set(&mut self, password: &str) -> Result<(), arboard::Error> {
        TEXT.set(Some(password.to_owned()));
        Ok(())
    }

    fn text(&mut self) -> Option<String> {
        TEXT.with_borrow(Clone::clone)
    }

    fn clear(&mut self) -> Result<(), arboard::Error> {
        TEXT.set(None);
        Ok(())
    }
}

fn copied(password: &str) -> (Clipboard, u64) {
    let clipboard = Clipboard::over(|| Ok(Box::new(InMemory)));
    let count = clipboard.put(Secret::new(password.to_owned())).unwrap();
    assert_eq!(InMemory.text().as_deref(), Some(password));
    (clipboard, count)
}

#[test]
fn a_password_is_gone_once_its_time_is_over() {
    let (clipboard, count) = copied("Correct-Horse-7");
    clipboard.expire(count);
    assert_eq!(InMemory.text(), None);
}

#[test]
fn a_password_is_gone_when_the_window_closes_before() {
    let (clipboard, _) = copied("Correct-Horse-7");
    clipboard.forget();
    assert_eq!(InMemory.text(), None);
}

#[test]
fn something_else_that_was_copied_since_stays() {
    let (clipboard, count) = copied("Correct-Horse-7");
    InMemory.set("a shopping list").unwrap();
    clipboard.expire(count);
    clipboard.forget();
    assert_eq!(InMemory.text().as_deref(), Some("a shopping list"));
}

#[test]
fn a_password_that_is_copied_again_stays_for_its_whole_time() {
    let (clipboard, first) = copied("Correct-Horse-7");
    let second = clipboard.put(Secret::new("Correct-Horse-7".to_owned())).unwrap();
    clipboard.expire(first);
    assert_eq!(InMemory.text().as_deref(), Some("Correct-Horse-7"));
    clipboard.expire(second);
    assert_eq!(InMemory.text(), None);
}

#[test]
fn a_window_in_which_nothing_was_copied_opens_no_clipboard() {
    let clipboard = Clipboard::over(|| panic!("it is opened"));
    clipboard.forget();
}
