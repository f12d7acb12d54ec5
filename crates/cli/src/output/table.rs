//! Rows in columns as wide as they need to be. Where they don't fit, free text is cut on a terminal; where that does not
//! help, or in a pipe, each row becomes a few lines. What is to be copied, such as a name or an address, is never cut.

use super::clean;
use super::style::Style;
use super::text::{pad, width, wrap};

const GAP: usize = 2;
/// Narrower columns say nothing.
const NARROWEST: usize = 12;

/// The head of a column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    title: &'static str,
    text: bool,
}

/// A column of free text, which may be cut on a terminal.
pub const fn text(title: &'static str) -> Column {
    Column { title, text: true }
}

/// A column of names, addresses and figures.
pub const fn whole(title: &'static str) -> Column {
    Column { title, text: false }
}

/// Where a table is written.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// Columns of the terminal.
    pub columns: usize,
    /// Free text may be cut.
    pub may_cut: bool,
}

/// Lays out rows under a head. Cells are made safe to print.
pub fn layout(head: &[Column], rows: &[Vec<String>], room: Room, style: Style) -> Vec<String> {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| clean::line(cell).into_owned()).collect())
        .collect();
    let mut widths = natural(head, &rows);
    if !fits(&widths, room.columns) && room.may_cut {
        cut(head, &mut widths, room.columns);
    }
    if !fits(&widths, room.columns) {
        return one_below_the_other(head, &rows, room.columns, style);
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<String> = cells
            .zip(&widths)
            .map(|(cell, width)| pad(cell, *width))
            .collect();
        cells.join(&" ".repeat(GAP)).trim_end().to_owned()
    };
    let mut lines = vec![style.dim(line(&mut head.iter().map(|column| column.title)))];
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines
}

fn natural(head: &[Column], rows: &[Vec<String>]) -> Vec<usize> {
    let widest = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| width(cell))
            .max()
    };
    head.iter()
        .enumerate()
        .map(|(at, column)| widest(at).unwrap_or(0).max(width(column.title)))
        .collect()
}

fn fits(widths: &[usize], columns: usize) -> bool {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1) <= columns
}

/// The widest column of text gives way, again and again.
fn cut(head: &[Column], widths: &mut [usize], columns: usize) {
    while !fits(widths, columns) {
        let texts = head
            .iter()
            .zip(widths.iter_mut())
            .filter(|(column, _)| column.text);
        let widest = texts.map(|(_, width)| width).max();
        let Some(widest) = widest.filter(|width| **width > NARROWEST) else {
            return;
        };
        *widest -= 1;
    }
}

/// A row as lines of title and value: the first cell stands alone, empty cells are left out.
fn one_below_the_other(head: &[Column], rows: &[Vec<String>], columns: usize, style: Style) -> Vec<String> {
    let titles = head.iter().map(|column| width(column.title)).max().unwrap_or(0);
    let indent = GAP + titles + GAP;
    let mut lines = Vec::new();
    for row in rows {
        let mut cells = head.iter().zip(row);
        lines.extend(cells.next().map(|(_, name)| name.clone()));
        for (column, cell) in cells.filter(|(_, cell)| !cell.is_empty()) {
            let (title, blank) = (style.dim(pad(column.title, titles)), pad("", titles));
            for (at, part) in parts(cell, columns.saturating_sub(indent)).iter().enumerate() {
                let before = if at == 0 { &title } else { &blank };
                lines.push(format!("{:GAP$}{before}{:GAP$}{part}", "", ""));
            }
        }
    }
    lines
}

/// Broken at spaces only: a word may be an address.
fn parts(cell: &str, columns: usize) -> Vec<String> {
    let longest = cell.split_whitespace().map(width).max().unwrap_or(0);
    wrap(cell, columns.max(longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: [Column; 3] = [whole("NAME"), whole("SITE"), text("ABOUT")];
    const URL: &str = "http://a.very.long.example/that/goes/on";
    const PLAIN: Style = Style { colour: false };

    fn rows() -> Vec<Vec<String>> {
        vec![
            ["demo", URL, "a description of some length"]
                .map(str::to_owned)
                .to_vec(),
        ]
    }

    fn room(columns: usize, may_cut: bool) -> Room {
        Room { columns, may_cut }
    }

    #[test]
    fn where_there_is_room_nothing_is_cut() {
        for may_cut in [true, false] {
            let lines = layout(&HEAD, &rows(), room(200, may_cut), PLAIN);
            assert_eq!(lines.len(), 2);
            assert_eq!(lines[1], format!("demo  {URL}  a description of some length"));
        }
    }

    #[test]
    fn on_a_terminal_free_text_gives_way_and_an_address_never() {
        let lines = layout(&HEAD, &rows(), room(65, true), PLAIN);
        assert_eq!(lines[1], format!("demo  {URL}  a description of …"));
        let narrow = layout(&HEAD, &rows(), room(30, true), PLAIN);
        assert!(narrow.iter().any(|line| line.contains(URL)), "{narrow:#?}");
    }

    #[test]
    fn in_a_pipe_a_row_that_does_not_fit_becomes_lines_and_nothing_is_lost() {
        let lines = layout(&HEAD, &rows(), room(30, false), PLAIN);
        let expected = [
            "demo",
            &format!("  SITE   {URL}"),
            "  ABOUT  a description of some",
            "         length",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_cell_can_not_leave_its_line() {
        let rows = vec![vec!["a\nb\x1b[31m".to_owned()]];
        assert_eq!(
            layout(&[whole("NAME")], &rows, room(80, true), PLAIN)[1],
            "a␊b␛[31m"
        );
    }
}
