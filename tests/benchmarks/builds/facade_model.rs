pub mod model_INDEX {
    use std::collections::BTreeSet;

    use dynamodb_facade::{
        Condition, DynamoDBItemOp, KeyCondition, KeyId, NumberAttribute, StringAttribute, Update,
        attribute_definitions, index_definitions, table_definitions,
    };
    use futures_util::{StreamExt, future::BoxFuture};

    attribute_definitions! {
        Id { "id": StringAttribute }
        Owner { "owner": StringAttribute }
        PlacedAt { "placed_at": NumberAttribute }
    }

    table_definitions! {
        TableINDEX {
            type PartitionKey = Id;
            fn table_name() -> String { "table-INDEX".to_owned() }
        }
    }

    index_definitions! {
        #[table = TableINDEX]
        ByOwner {
            type PartitionKey = Owner;
            type SortKey = PlacedAt;
            fn index_name() -> String { "by-owner".to_owned() }
        }
    }

    STRUCT

    pub fn operations<'a>() -> BoxFuture<'a, dynamodb_facade::Result<usize>> {
        Box::pin(async move {
            let item = ModelINDEX {
                id: "id".to_owned(),
                owner: "owner".to_owned(),
                placed_at: 1,
                title: "title".to_owned(),
                subtitle: Some("subtitle".to_owned()),
                pages: 10,
                rating: 4.5,
                active: true,
                labels: BTreeSet::from(["a".to_owned(), "b".to_owned()]),
                lines: vec!["c".to_owned(), "d".to_owned()],
            };
            item.put().not_exists().await?;
            let read = ModelINDEX::get(KeyId::pk("id")).consistent_read().await?;
            ModelINDEX::update_by_id(
                KeyId::pk("id"),
                Update::set("title", "other").and(Update::increment("pages", 1)),
            )
            .condition(ModelINDEX::exists() & Condition::eq("active", true))
            .return_none()
            .await?;
            let page = ModelINDEX::query_index::<ByOwner>(KeyCondition::pk("owner").sk_between(1, 2)).all().await?;
            let scanned = ModelINDEX::scan().filter(Condition::gt("pages", 3)).all().await?;
            let mut pages = Box::pin(ModelINDEX::query_index::<ByOwner>(KeyCondition::pk("owner")).stream());
            let mut count = usize::from(read.is_some()) + page.len() + scanned.len();
            while let Some(page) = pages.next().await {
                count += page?.iter().map(|item| item.title.len()).sum::<usize>();
            }
            ModelINDEX::delete_by_id(KeyId::pk("id")).return_none().await?;
            Ok(count)
        })
    }
}
