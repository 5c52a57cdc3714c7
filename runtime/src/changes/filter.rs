//! Which changes a consumer wants, as Lambda's event filter patterns.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde_json::{Value, json};

use super::info::EventKind;
use super::table_change::{ChangedIn, TableChange};
use crate::facts::{Beginning, Discriminator, Facts, Untyped};
use crate::table::StreamView;

/// Which changes of a table a consumer wants, by model and by kind of change.
///
/// ```
/// # use dynamorm::changes::{ChangedIn, EventFilter, EventKind, TableChange};
/// # fn example<ShopChange: TableChange, Order: ChangedIn<ShopChange>>() {
/// let wanted = EventFilter::<ShopChange>::new()
///     .model::<Order>([EventKind::Insert, EventKind::Modify])
///     .to_json();
/// # }
/// ```
///
/// [`to_json`](Self::to_json) gives the `FilterCriteria` of Lambda's event source mapping. Lambda then calls the function for
/// these changes alone, and counts the others as handled.
#[derive(Clone, Debug)]
#[must_use = "it changes nothing until Lambda is told"]
pub struct EventFilter<C> {
    wanted: Vec<(&'static Facts, Vec<EventKind>)>,
    marker: PhantomData<fn() -> C>,
}

impl<C: TableChange> Default for EventFilter<C> {
    fn default() -> Self {
        Self::new()
    }
}

impl<C: TableChange> EventFilter<C> {
    /// A filter that wants nothing yet.
    pub fn new() -> Self {
        EventFilter { wanted: Vec::new(), marker: PhantomData }
    }

    /// Wants changes of these kinds of items of `M`; every kind, if none is given.
    pub fn model<M: ChangedIn<C>>(mut self, kinds: impl IntoIterator<Item = EventKind>) -> Self {
        let mut kinds: Vec<_> = kinds.into_iter().collect();
        if kinds.is_empty() {
            kinds = vec![EventKind::Insert, EventKind::Modify, EventKind::Remove];
        }
        self.wanted.push((M::FACTS, kinds));
        self
    }

    /// The patterns. A change is wanted if any of them matches.
    ///
    /// If keys tell the models apart, a pattern matches the beginnings of the record's `Keys`. If the keys of another model begin
    /// alike, it matches changes of both.
    ///
    /// If an attribute tells the models apart, a pattern matches that attribute in the image that the stream keeps. If the stream
    /// keeps no image, the pattern matches such changes of every model.
    pub fn patterns(&self) -> Vec<Value> {
        let mut patterns = Vec::new();
        for (facts, kinds) in &self.wanted {
            let mut by_image: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
            for kind in kinds {
                let image = match facts.discriminator {
                    Discriminator::Type(..) => image_of(*kind, C::TABLE.stream.on()),
                    _ => Some("Keys"),
                };
                let names = by_image.entry(image).or_default();
                if !names.contains(&kind.name()) {
                    names.push(kind.name());
                }
            }
            patterns.extend(by_image.into_iter().map(|(image, names)| pattern(facts, image, &names)));
        }
        patterns.dedup();
        patterns
    }

    /// The patterns as the `FilterCriteria` of an event source mapping, in JSON for consoles and infrastructure declarations.
    /// Lambda accepts 5 patterns, and more on request.
    pub fn to_json(&self) -> String {
        let filters: Vec<_> =
            self.patterns().iter().map(|one| json!({ "Pattern": one.to_string() })).collect();
        json!({ "Filters": filters }).to_string()
    }
}

/// The image that a stream keeps for a change of that kind.
fn image_of(kind: EventKind, view: Option<StreamView>) -> Option<&'static str> {
    let has_new = matches!(view, Some(StreamView::NewImage | StreamView::NewAndOldImages));
    let has_old = matches!(view, Some(StreamView::OldImage | StreamView::NewAndOldImages));
    match kind {
        EventKind::Insert | EventKind::Modify if has_new => Some("NewImage"),
        EventKind::Modify | EventKind::Remove if has_old => Some("OldImage"),
        _ => None,
    }
}

fn pattern(facts: &Facts, image: Option<&str>, names: &[&str]) -> Value {
    let mut attributes = serde_json::Map::new();
    match &facts.discriminator {
        Discriminator::Type(attribute, names, untyped) => {
            let mut tests: Vec<Value> = names.iter().map(|name| json!(name)).collect();
            tests.extend((*untyped == Untyped::Own).then(|| json!({ "exists": false })));
            attributes.insert((*attribute).to_owned(), json!({ "S": tests }));
        }
        Discriminator::Key(beginnings) | Discriminator::WholeKey { beginnings, .. } => {
            for (attribute, beginning) in *beginnings {
                let text = match beginning {
                    Beginning::Whole(text) => json!(text),
                    // Every text begins with the empty text.
                    Beginning::With("") | Beginning::Context("", _) => continue,
                    Beginning::With(text) | Beginning::Context(text, _) => json!({ "prefix": text }),
                };
                attributes.insert((*attribute).to_owned(), json!({ "S": [text] }));
            }
        }
        Discriminator::Alone | Discriminator::AnyOf(_) => {}
    }
    let mut pattern = json!({ "eventName": names });
    if let Some(image) = image.filter(|_| !attributes.is_empty()) {
        pattern["dynamodb"] = json!({ image: attributes });
    }
    pattern
}
