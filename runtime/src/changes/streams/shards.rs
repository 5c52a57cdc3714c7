//! The shards of a stream: how far each has been read, and which may be read next.

use std::collections::{BTreeMap, BTreeSet};

use super::checkpoint::Place;

/// The shards of a stream, by their ids.
#[derive(Debug, Default)]
pub(super) struct Shards(BTreeMap<String, Shard>);

#[derive(Debug)]
struct Shard {
    parent: Option<String>,
    place: Place,
}

/// A shard as the stream's description lists it.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub id: String,
    pub parent: Option<String>,
}

impl Shards {
    /// The shards of a checkpoint, whose parents are not known yet.
    pub fn of(places: BTreeMap<String, Place>) -> Self {
        Shards(places.into_iter().map(|(id, place)| (id, Shard { parent: None, place })).collect())
    }

    pub fn places(&self) -> BTreeMap<String, Place> {
        self.0.iter().map(|(id, shard)| (id.clone(), shard.place.clone())).collect()
    }

    /// Adds the listed shards. Returns those that are gone although they had not been read to their end.
    pub fn update(&mut self, listed: Vec<Listed>) -> Vec<String> {
        let ids: BTreeSet<_> = listed.iter().map(|shard| shard.id.clone()).collect();
        let gone = self.0.extract_if(.., |id, _| !ids.contains(id));
        let lost = gone.filter(|(_, shard)| shard.place != Place::End).map(|(id, _)| id).collect();
        for Listed { id, parent } in listed {
            let place = Place::Start;
            self.0.entry(id).or_insert(Shard { parent: None, place }).parent = parent;
        }
        lost
    }

    /// The shards that may be read: those whose parent has been read to its end or no longer exists.
    pub fn readable(&self) -> impl Iterator<Item = &str> {
        let is_ended = |id: &String| self.0.get(id).is_none_or(|shard| shard.place == Place::End);
        let readable = self.0.iter().filter(move |(_, shard)| {
            shard.place != Place::End && shard.parent.as_ref().is_none_or(is_ended)
        });
        readable.map(|(id, _)| id.as_str())
    }

    /// The readable shard after this one; after the last, the first again.
    pub fn next_readable(&self, last: Option<&str>) -> Option<String> {
        let behind = self.readable().find(|id| last.is_some_and(|last| *id > last));
        behind.or_else(|| self.readable().next()).map(str::to_owned)
    }

    pub fn place(&self, id: &str) -> Option<&Place> {
        self.0.get(id).map(|shard| &shard.place)
    }

    pub fn set(&mut self, id: &str, place: Place) {
        if let Some(shard) = self.0.get_mut(id) {
            shard.place = place;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(shards: &[(&str, Option<&str>)]) -> Vec<Listed> {
        let shard = |(id, parent): &(&str, Option<&str>)| Listed {
            id: (*id).to_owned(),
            parent: parent.map(str::to_owned),
        };
        shards.iter().map(shard).collect()
    }

    fn readable(shards: &Shards) -> Vec<&str> {
        shards.readable().collect()
    }

    #[test]
    fn children_are_read_after_their_parents() {
        let mut shards = Shards::default();
        let tree = listed(&[("a", None), ("b", Some("a")), ("c", Some("a")), ("d", Some("c")), ("e", None)]);
        assert!(shards.update(tree).is_empty());
        assert_eq!(readable(&shards), ["a", "e"]);
        shards.set("a", Place::End);
        assert_eq!(readable(&shards), ["b", "c", "e"]);
        shards.set("c", Place::After("7".to_owned()));
        assert_eq!(readable(&shards), ["b", "c", "e"]);
        shards.set("c", Place::End);
        assert_eq!(readable(&shards), ["b", "d", "e"]);
    }

    #[test]
    fn a_shard_whose_parent_is_gone_is_read() {
        let mut shards = Shards::default();
        assert!(shards.update(listed(&[("b", Some("a"))])).is_empty());
        assert_eq!(readable(&shards), ["b"]);
    }

    #[test]
    fn a_shard_that_is_gone_before_its_end_is_lost() {
        let mut shards = Shards::of(BTreeMap::from([
            ("a".to_owned(), Place::End),
            ("b".to_owned(), Place::After("7".to_owned())),
            ("c".to_owned(), Place::Start),
        ]));
        assert_eq!(shards.update(listed(&[("c", Some("b")), ("d", Some("c"))])), ["b"]);
        assert_eq!(readable(&shards), ["c"]);
        assert_eq!(shards.places().len(), 2);
    }

    #[test]
    fn every_readable_shard_has_its_turn() {
        let mut shards = Shards::default();
        shards.update(listed(&[("a", None), ("b", None), ("c", None)]));
        assert_eq!(shards.next_readable(None).as_deref(), Some("a"));
        assert_eq!(shards.next_readable(Some("a")).as_deref(), Some("b"));
        assert_eq!(shards.next_readable(Some("c")).as_deref(), Some("a"));
        for id in ["a", "b", "c"] {
            shards.set(id, Place::End);
        }
        assert_eq!(shards.next_readable(None), None);
    }
}
