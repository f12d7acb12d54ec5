//! Makes text of servers and files safe to print: nothing in it can move the cursor, change colours or turn the
//! direction of its neighbours. What was there stays visible.

use std::borrow::Cow;

use slipway_core::names::is_hidden;

/// One line of text; line ends in it become visible too.
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\t' => clean.push_str("    "),
            // The block “Control Pictures” has one for each C0 control, in the same order.
            '\0'..='\x1f' => clean.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
            '\x7f' => clean.push('\u{2421}'),
            c if is_hidden(c) => clean.extend(c.escape_default()),
            c => clean.push(c),
        }
    }
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn plain_text_and_emoji_are_left_alone() {
        for text in ["", "Hello", "größer 日本語", "👩‍🔧 at work"] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn nothing_that_a_terminal_obeys_comes_through() {
        assert_eq!(line("\x1b[2Jgone"), "␛[2Jgone");
        assert_eq!(line("\x1b]0;title\x07"), "␛]0;title␇");
        assert_eq!(line("\u{9b}31m"), "\\u{9b}31m");
        assert_eq!(line("a\r\nb\x08\x7f"), "a␍␊b␈␡");
        assert_eq!(line("a\tb"), "a    b");
    }

    #[test]
    fn text_that_turns_its_neighbours_is_made_visible() {
        assert_eq!(line("evil\u{202e}exe.txt"), "evil\\u{202e}exe.txt");
        assert_eq!(line("\u{2066}a\u{200f}\u{61c}"), "\\u{2066}a\\u{200f}\\u{61c}");
        assert_eq!(line("\u{e0041}"), "\\u{e0041}");
    }
}
