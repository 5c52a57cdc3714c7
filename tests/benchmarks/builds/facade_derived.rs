    use dynamodb_facade::dynamodb_item;

    #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    pub struct ModelINDEX {
        pub id: String,
        pub owner: String,
        pub placed_at: u64,
        pub title: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub subtitle: Option<String>,
        pub pages: u32,
        pub rating: f64,
        pub active: bool,
        #[serde(with = "serde_dynamo::string_set")]
        pub labels: BTreeSet<String>,
        pub lines: Vec<String>,
    }

    dynamodb_item! {
        #[table = TableINDEX]
        ModelINDEX {
            #[partition_key]
            Id {
                fn attribute_id(&self) -> &'id str { &self.id }
                fn attribute_value(id) -> String { id.to_owned() }
            }
            #[marker_only]
            Owner {
                fn attribute_id(&self) -> &'id str { &self.owner }
                fn attribute_value(id) -> String { id.to_owned() }
            }
            #[marker_only]
            PlacedAt {
                fn attribute_id(&self) -> u64 { self.placed_at }
                fn attribute_value(id) -> u64 { id }
            }
        }
    }
