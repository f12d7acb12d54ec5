use super::*;
use crate::recipe::Recipe;

fn size(id: &str, vcpus: u32, gib: u32, usd_per_hour: f64) -> Size {
    Size {
        id: id.into(),
        vcpus,
        memory_mib: gib * 1024,
        usd_per_hour: Some(usd_per_hour),
        zones: Vec::new(),
    }
}

fn sizes() -> Vec<Size> {
    vec![
        size("t3.small", 2, 2, 0.039),
        size("c6i.large", 2, 4, 0.177),
        size("t3.medium", 2, 4, 0.060),
        size("t3.large", 2, 8, 0.111),
        size("m6i.xlarge", 4, 16, 0.376),
    ]
}

fn needs(gib: u32) -> Base {
    let text = include_str!("../../../../recipes/practice-site.toml");
    let mut base = Recipe::parse(text, "practice-site.toml").unwrap().base;
    base.recommended_memory_gib = gib;
    base
}

fn ids(proposals: &Proposals) -> [Option<&str>; 3] {
    [&proposals.smallest, &proposals.recommended, &proposals.larger].map(Option::as_deref)
}

#[test]
fn the_cheapest_of_the_smallest_with_enough_memory_is_recommended() {
    let of = |base: Option<&Base>| recommended(&sizes(), base).map(|size| size.id.clone());
    assert_eq!(of(None).as_deref(), Some("t3.medium"));
    assert_eq!(of(Some(&needs(8))).as_deref(), Some("t3.large"));
    assert_eq!(of(Some(&needs(1))).as_deref(), Some("t3.small"));
    let none_has_enough = of(Some(&needs(64)));
    assert_eq!(none_has_enough.as_deref(), Some("m6i.xlarge"));
    assert_eq!(recommended(&[], None), None);
}

#[test]
fn a_smaller_and_a_larger_one_stand_beside_it_where_there_are_any() {
    let of = |gib| proposals(&sizes(), Some(&needs(gib)));
    assert_eq!(
        ids(&of(4)),
        [Some("t3.small"), Some("t3.medium"), Some("t3.large")]
    );
    assert_eq!(ids(&of(2)), [None, Some("t3.small"), Some("t3.medium")]);
    assert_eq!(ids(&of(16)), [Some("t3.small"), Some("m6i.xlarge"), None]);
    assert_eq!(ids(&proposals(&[], None)), [None, None, None]);
}
