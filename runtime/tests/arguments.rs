//! What may be given where a value is wanted.

use std::collections::{BTreeMap, BTreeSet};

use dynamorm::Argument;

fn given<T>(value: impl Argument<T>) -> T {
    value.into_argument()
}

#[test]
fn options_are_given_as_they_are_by_reference_and_as_none_without_a_type() {
    let name = String::from("Ada");
    assert_eq!(given::<Option<String>>("Ada"), Some(name.clone()));
    assert_eq!(given::<Option<String>>(None), None);
    assert_eq!(given::<Option<String>>(&Some(name.clone())), Some(name));
}

#[test]
fn arrays_are_given_for_collections_and_empty_ones_too() {
    assert_eq!(given::<Vec<String>>(["a", "b"]), ["a", "b"]);
    assert_eq!(given::<Vec<String>>([]), Vec::<String>::new());
    assert_eq!(given::<Option<Vec<u32>>>([]), Some(Vec::new()));
    assert_eq!(given::<BTreeSet<String>>([]), BTreeSet::new());
    assert_eq!(given::<BTreeMap<String, u32>>([]), BTreeMap::new());
    assert_eq!(given::<Option<BTreeMap<String, u32>>>([("a", 1)]), Some([("a".to_owned(), 1)].into()));
    assert_eq!(given::<Vec<u32>>([7; 32]).len(), 32);
}
