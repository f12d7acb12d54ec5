//! Rows in columns as wide as they need to be; the widest gives way where the terminal is narrow.

use super::clean;
use super::style::Style;
use super::text::{pad, width};

const GAP: usize = 2;
/// Narrower columns say nothing.
const NARROWEST: usize = 8;

/// Lays out rows under a head. Cells are made safe to print.
pub fn layout(head: &[&str], rows: &[Vec<String>], columns: usize, style: Style) -> Vec<String> {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| clean::line(cell).into_owned()).collect())
        .collect();
    let widths = widths(head, &rows, columns);
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let cells: Vec<String> = cells
            .zip(&widths)
            .map(|(cell, width)| pad(cell, *width))
            .collect();
        cells.join(&" ".repeat(GAP)).trim_end().to_owned()
    };
    let mut lines = vec![style.dim(line(&mut head.iter().copied()))];
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines
}

fn widths(head: &[&str], rows: &[Vec<String>], columns: usize) -> Vec<usize> {
    let widest = |at: usize| {
        rows.iter()
            .filter_map(|row| row.get(at))
            .map(|cell| width(cell))
            .max()
    };
    let mut widths: Vec<usize> = head
        .iter()
        .enumerate()
        .map(|(at, title)| widest(at).unwrap_or(0).max(width(title)))
        .collect();
    let gaps = GAP * head.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > columns {
        let Some(widest) = widths.iter_mut().max().filter(|width| **width > NARROWEST) else {
            break;
        };
        *widest -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_column_gives_way() {
        let rows = vec![vec![
            "demo".to_owned(),
            "http://a.very.long.example/that/goes/on".to_owned(),
        ]];
        let lines = layout(&["NAME", "SITE"], &rows, 30, Style { colour: false });
        assert_eq!(lines, ["NAME  SITE", "demo  http://a.very.long.exam…"]);
    }

    #[test]
    fn a_cell_can_not_leave_its_line() {
        let rows = vec![vec!["a\nb\x1b[31m".to_owned()]];
        assert_eq!(
            layout(&["NAME"], &rows, 80, Style { colour: false })[1],
            "a␊b␛[31m"
        );
    }
}
