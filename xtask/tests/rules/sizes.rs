//! How long files and functions may get.

use std::ops::RangeInclusive;

use crate::sources::{all, functions, rust};

const FILE_MEDIAN: usize = 150;
const FILE_LONGEST: usize = 400;
const FUNCTION_MEDIAN: usize = 12;
const FUNCTION_NINE_IN_TEN: usize = 40;
const FUNCTION_LONGEST: usize = 60;
const COMMENT_PERCENT: RangeInclusive<usize> = 7..=14;

#[test]
fn files_hold_one_concept() {
    let code = all()
        .into_iter()
        .filter(|source| source.is(&["rs", "ts", "svelte", "css"]));
    let sizes = Sizes::of(code.map(|source| (source.text.lines().count(), source.path)));
    sizes.report("files");
    assert!(
        sizes.median() <= FILE_MEDIAN,
        "the median file has {} lines",
        sizes.median()
    );
    assert_eq!(sizes.above(FILE_LONGEST), [], "files above {FILE_LONGEST} lines");
}

#[test]
fn functions_do_one_thing() {
    let sizes = Sizes::of(
        functions()
            .into_iter()
            .map(|function| (function.lines, function.name)),
    );
    sizes.report("functions");
    assert!(
        sizes.median() <= FUNCTION_MEDIAN,
        "the median function has {} lines",
        sizes.median()
    );
    let nine_in_ten = sizes.percentile(90);
    assert!(
        nine_in_ten <= FUNCTION_NINE_IN_TEN,
        "one in ten functions has over {nine_in_ten} lines"
    );
    assert_eq!(
        sizes.above(FUNCTION_LONGEST),
        [],
        "functions above {FUNCTION_LONGEST} lines"
    );
}

#[test]
fn comments_say_what_the_code_cannot() {
    let sources = rust();
    let lines = || sources.iter().flat_map(|source| source.text.lines());
    let comments = lines().filter(|line| line.trim_start().starts_with("//")).count();
    let percent = comments * 100 / lines().count();
    println!("{percent} % of the lines of Rust are comments");
    assert!(
        COMMENT_PERCENT.contains(&percent),
        "{percent} % of the lines of Rust are comments"
    );
}

#[test]
fn percentiles_are_taken_from_the_sorted_sizes() {
    let sizes = Sizes::of(
        [5, 1, 9, 3, 7]
            .map(|lines| (lines, lines.to_string()))
            .into_iter(),
    );
    assert_eq!((sizes.median(), sizes.percentile(90)), (5, 9));
    assert_eq!(sizes.above(7), [(9, "9".to_owned())]);
}

/// Lines and names, shortest first.
struct Sizes(Vec<(usize, String)>);

impl Sizes {
    fn of(sizes: impl Iterator<Item = (usize, String)>) -> Self {
        let mut sorted: Vec<_> = sizes.collect();
        sorted.sort();
        Self(sorted)
    }

    fn median(&self) -> usize {
        self.percentile(50)
    }

    fn percentile(&self, percent: usize) -> usize {
        self.0[self.0.len() * percent / 100].0
    }

    fn above(&self, limit: usize) -> Vec<(usize, String)> {
        self.0
            .iter()
            .filter(|(lines, _)| *lines > limit)
            .cloned()
            .collect()
    }

    fn report(&self, what: &str) {
        let (longest, name) = self.0.last().unwrap();
        let (count, median, ninety) = (self.0.len(), self.median(), self.percentile(90));
        println!("{count} {what}: median {median} lines, 9 in 10 up to {ninety}, longest {longest} ({name})");
    }
}
