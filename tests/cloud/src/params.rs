//! The form of an EC2 request: `Filter.1.Value.2=…`, in the order in which it came.

use url::form_urlencoded;

/// Names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(pub Vec<(String, String)>);

impl Params {
    /// Reads a form.
    pub fn decode(body: &[u8]) -> Self {
        Params(form_urlencoded::parse(body).into_owned().collect())
    }

    /// Writes it again.
    pub fn encode(&self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&self.0);
        form.finish()
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A boolean; false where it is not there.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name)
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Sets or adds a value.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.0.push((name.to_owned(), value.into()));
    }

    /// Removes a name and everything below it.
    pub fn remove(&mut self, name: &str) {
        let below = format!("{name}.");
        self.0
            .retain(|(known, _)| known != name && !known.starts_with(&below));
    }

    /// `name.1`, `name.2`, …
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = (1..).map_while(|index| self.get(&format!("{name}.{index}")));
        values.map(str::to_owned).collect()
    }

    /// Numbers of the structures `name.1.…`, `name.2.…` that are there.
    pub fn indexes(&self, name: &str) -> Vec<usize> {
        let below = |index: usize| format!("{name}.{index}.");
        (1..)
            .take_while(|index| self.0.iter().any(|(known, _)| known.starts_with(&below(*index))))
            .collect()
    }

    /// Takes a filter out: its values, or `None` where there is no such filter.
    pub fn take_filter(&mut self, name: &str) -> Option<Vec<String>> {
        let filters: Vec<(String, Vec<String>)> = self
            .indexes("Filter")
            .into_iter()
            .map(|index| {
                let name = self.get(&format!("Filter.{index}.Name")).unwrap_or_default();
                (name.to_owned(), self.list(&format!("Filter.{index}.Value")))
            })
            .collect();
        let (taken, kept): (Vec<_>, Vec<_>) = filters.into_iter().partition(|(known, _)| known == name);
        self.remove("Filter");
        for (name, values) in kept {
            self.add_filter(&name, &values);
        }
        (!taken.is_empty()).then(|| taken.into_iter().flat_map(|(_, values)| values).collect())
    }

    /// Adds a filter.
    pub fn add_filter(&mut self, name: &str, values: &[String]) {
        let base = format!("Filter.{}", self.indexes("Filter").len() + 1);
        self.set(&format!("{base}.Name"), name);
        for (at, value) in values.iter().enumerate() {
            self.set(&format!("{base}.Value.{}", at + 1), value);
        }
    }

    /// Tags for one kind of resource, of `TagSpecification.N`.
    pub fn tags_for(&self, resource: &str) -> Vec<(String, String)> {
        let mut tags = Vec::new();
        for index in self.indexes("TagSpecification") {
            let base = format!("TagSpecification.{index}");
            if self.get(&format!("{base}.ResourceType")) == Some(resource) {
                tags.extend(self.tags(&format!("{base}.Tag")));
            }
        }
        tags
    }

    /// Tags below a name.
    pub fn tags(&self, name: &str) -> Vec<(String, String)> {
        let tag = |index| {
            let part = |what: &str| self.get(&format!("{name}.{index}.{what}")).unwrap_or_default();
            (part("Key").to_owned(), part("Value").to_owned())
        };
        self.indexes(name).into_iter().map(tag).collect()
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Params {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Params(
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_taken_out_and_the_others_move_up() {
        let form = b"Filter.1.Name=instance-state-name&Filter.1.Value.1=running&Filter.1.Value.2=pending\
            &Filter.2.Name=tag%3Aa&Filter.2.Value.1=b";
        let mut params = Params::decode(form);
        assert_eq!(
            params.take_filter("instance-state-name"),
            Some(vec!["running".into(), "pending".into()])
        );
        assert_eq!(params.encode(), "Filter.1.Name=tag%3Aa&Filter.1.Value.1=b");
        assert_eq!(params.take_filter("client-token"), None);
    }

    #[test]
    fn tags_are_found_by_the_resource_that_they_are_for() {
        let form = b"TagSpecification.1.ResourceType=volume&TagSpecification.1.Tag.1.Key=a\
            &TagSpecification.2.ResourceType=instance&TagSpecification.2.Tag.1.Key=b&TagSpecification.2.Tag.1.Value=c";
        let params = Params::decode(form);
        assert_eq!(params.tags_for("instance"), [("b".to_owned(), "c".to_owned())]);
        assert_eq!(params.tags_for("volume"), [("a".to_owned(), String::new())]);
    }
}
