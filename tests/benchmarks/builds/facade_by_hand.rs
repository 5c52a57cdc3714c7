    use std::collections::HashMap;

    use aws_sdk_dynamodb::types::AttributeValue;
    use dynamodb_facade::{DynamoDBItem, Error, Item, attr_list, has_attributes};
    use serde::{de, ser};

    #[derive(Clone, Debug, PartialEq)]
    pub struct ModelINDEX {
        pub id: String,
        pub owner: String,
        pub placed_at: u64,
        pub title: String,
        pub subtitle: Option<String>,
        pub pages: u32,
        pub rating: f64,
        pub active: bool,
        pub labels: BTreeSet<String>,
        pub lines: Vec<String>,
    }

    has_attributes! {
        ModelINDEX {
            Id {
                fn attribute_id(&self) -> &'id str { &self.id }
                fn attribute_value(id) -> String { id.to_owned() }
            }
            Owner {
                fn attribute_id(&self) -> &'id str { &self.owner }
                fn attribute_value(id) -> String { id.to_owned() }
            }
            PlacedAt {
                fn attribute_id(&self) -> u64 { self.placed_at }
                fn attribute_value(id) -> u64 { id }
            }
        }
    }

    // The operations demand serde's traits of every model, although the conversions below do not use them.
    impl ser::Serialize for ModelINDEX {
        fn serialize<S: ser::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(ser::Error::custom("not used"))
        }
    }

    impl<'de> de::Deserialize<'de> for ModelINDEX {
        fn deserialize<D: de::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Err(de::Error::custom("not used"))
        }
    }

    impl DynamoDBItem<TableINDEX> for ModelINDEX {
        type AdditionalAttributes = attr_list![];

        fn to_item(&self) -> Item<TableINDEX> {
            let mut item = HashMap::with_capacity(10);
            item.insert("id".to_owned(), AttributeValue::S(self.id.clone()));
            item.insert("owner".to_owned(), AttributeValue::S(self.owner.clone()));
            item.insert("placed_at".to_owned(), AttributeValue::N(self.placed_at.to_string()));
            item.insert("title".to_owned(), AttributeValue::S(self.title.clone()));
            if let Some(subtitle) = &self.subtitle {
                item.insert("subtitle".to_owned(), AttributeValue::S(subtitle.clone()));
            }
            item.insert("pages".to_owned(), AttributeValue::N(self.pages.to_string()));
            item.insert("rating".to_owned(), AttributeValue::N(self.rating.to_string()));
            item.insert("active".to_owned(), AttributeValue::Bool(self.active));
            if !self.labels.is_empty() {
                item.insert("labels".to_owned(), AttributeValue::Ss(self.labels.iter().cloned().collect()));
            }
            let lines = self.lines.iter().map(|line| AttributeValue::S(line.clone()));
            item.insert("lines".to_owned(), AttributeValue::L(lines.collect()));
            Item::minimal_from(self).with_attributes(item)
        }

        fn try_from_item(item: Item<TableINDEX>) -> dynamodb_facade::Result<Self> {
            let missing = |name: &str| Error::custom(format!("`{name}` is missing or of another type"));
            let (mut id, mut owner, mut placed_at, mut title, mut subtitle) = (None, None, None, None, None);
            let (mut pages, mut rating, mut active, mut labels, mut lines) = (None, None, None, None, None);
            for (name, value) in item.into_inner() {
                match (name.as_str(), value) {
                    ("id", AttributeValue::S(text)) => id = Some(text),
                    ("owner", AttributeValue::S(text)) => owner = Some(text),
                    ("placed_at", AttributeValue::N(digits)) => placed_at = digits.parse().ok(),
                    ("title", AttributeValue::S(text)) => title = Some(text),
                    ("subtitle", AttributeValue::S(text)) => subtitle = Some(text),
                    ("pages", AttributeValue::N(digits)) => pages = digits.parse().ok(),
                    ("rating", AttributeValue::N(digits)) => rating = digits.parse().ok(),
                    ("active", AttributeValue::Bool(value)) => active = Some(value),
                    ("labels", AttributeValue::Ss(set)) => labels = Some(set.into_iter().collect()),
                    ("lines", AttributeValue::L(list)) => {
                        let texts = list.into_iter().map(|element| match element {
                            AttributeValue::S(text) => Ok(text),
                            _ => Err(missing("lines")),
                        });
                        lines = Some(texts.collect::<Result<_, _>>()?);
                    }
                    _ => {}
                }
            }
            Ok(ModelINDEX {
                id: id.ok_or_else(|| missing("id"))?,
                owner: owner.ok_or_else(|| missing("owner"))?,
                placed_at: placed_at.ok_or_else(|| missing("placed_at"))?,
                title: title.ok_or_else(|| missing("title"))?,
                subtitle,
                pages: pages.ok_or_else(|| missing("pages"))?,
                rating: rating.ok_or_else(|| missing("rating"))?,
                active: active.ok_or_else(|| missing("active"))?,
                labels: labels.unwrap_or_default(),
                lines: lines.ok_or_else(|| missing("lines"))?,
            })
        }
    }
