//! Which clients agree on which API.

use std::collections::BTreeMap;

use crate::Told;

/// One row an API, one column a client.
#[derive(Default)]
pub struct Table {
    peers: Vec<(&'static str, bool)>,
    rows: BTreeMap<String, BTreeMap<&'static str, Option<String>>>,
}

impl Table {
    /// Adds a column.
    pub fn add(&mut self, told: Told) {
        self.peers.push((told.peer, told.apis.is_some()));
        for (api, wrong) in told.apis.into_iter().flatten() {
            self.rows.entry(api).or_default().insert(told.peer, wrong);
        }
    }

    /// What was wrong, in words.
    pub fn wrong(&self) -> Vec<String> {
        let cells = self
            .rows
            .iter()
            .flat_map(|(api, row)| row.iter().map(move |cell| (api, cell)));
        cells
            .filter_map(|(api, (peer, wrong))| wrong.as_ref().map(|wrong| format!("{peer}, {api}: {wrong}")))
            .collect()
    }

    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!(
            "{:52}{}",
            "",
            self.row(|peer, there| match there {
                true => peer.to_owned(),
                false => format!("{peer}: skipped"),
            })
        )];
        for (api, row) in &self.rows {
            let cells = self.row(|peer, _| match row.get(peer) {
                Some(None) => "agrees".into(),
                Some(Some(_)) => "DIFFERS".into(),
                None => "–".into(),
            });
            lines.push(format!("{api:52}{cells}"));
        }
        lines
    }

    fn row(&self, cell: impl Fn(&str, bool) -> String) -> String {
        let cells = self
            .peers
            .iter()
            .map(|(peer, there)| format!("{:20}", cell(peer, *there)));
        cells.collect::<String>().trim_end().to_owned()
    }
}
