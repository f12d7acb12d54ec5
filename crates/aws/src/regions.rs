//! What people call AWS's regions.

const TITLES: &[(&str, &str)] = &[
    ("af-south-1", "Cape Town"),
    ("ap-east-1", "Hong Kong"),
    ("ap-east-2", "Taipei"),
    ("ap-northeast-1", "Tokyo"),
    ("ap-northeast-2", "Seoul"),
    ("ap-northeast-3", "Osaka"),
    ("ap-south-1", "Mumbai"),
    ("ap-south-2", "Hyderabad"),
    ("ap-southeast-1", "Singapore"),
    ("ap-southeast-2", "Sydney"),
    ("ap-southeast-3", "Jakarta"),
    ("ap-southeast-4", "Melbourne"),
    ("ap-southeast-5", "Malaysia"),
    ("ap-southeast-6", "New Zealand"),
    ("ap-southeast-7", "Thailand"),
    ("ca-central-1", "Canada, Montreal"),
    ("ca-west-1", "Canada, Calgary"),
    ("eu-central-1", "Frankfurt"),
    ("eu-central-2", "Zurich"),
    ("eu-north-1", "Stockholm"),
    ("eu-south-1", "Milan"),
    ("eu-south-2", "Spain"),
    ("eu-west-1", "Ireland"),
    ("eu-west-2", "London"),
    ("eu-west-3", "Paris"),
    ("il-central-1", "Tel Aviv"),
    ("me-central-1", "United Arab Emirates"),
    ("me-south-1", "Bahrain"),
    ("mx-central-1", "Mexico"),
    ("sa-east-1", "São Paulo"),
    ("us-east-1", "US East, N. Virginia"),
    ("us-east-2", "US East, Ohio"),
    ("us-west-1", "US West, N. California"),
    ("us-west-2", "US West, Oregon"),
];

/// What people call a region: “Frankfurt” for `eu-central-1`; the id itself for one that came later than this list.
pub fn title(id: &str) -> String {
    let known = TITLES.iter().find(|(known, _)| *known == id);
    known.map_or(id, |(_, title)| title).to_owned()
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn a_region_newer_than_the_list_keeps_its_id() {
        assert_eq!(title("eu-central-1"), "Frankfurt");
        assert_eq!(title("xx-new-1"), "xx-new-1");
    }
}
