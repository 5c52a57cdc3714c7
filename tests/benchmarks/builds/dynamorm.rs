pub mod operations_INDEX {
    use dynamorm::{Client, Operations};
    use futures_util::future::BoxFuture;

    use crate::models::ModelINDEX;

    pub fn operations(db: &Client) -> BoxFuture<'_, dynamorm::Result<usize>> {
        Box::pin(async move {
            let item = ModelINDEX::builder()
                .id("id")
                .owner("owner")
                .placed_at(1)
                .title("title")
                .subtitle("subtitle")
                .pages(10)
                .rating(4.5)
                .active(true)
                .labels(["a", "b"])
                .lines(["c", "d"])
                .build()?;
            item.put().if_not_exists().send(db).await?;
            let read = ModelINDEX::get("id").consistent().send(db).await?;
            ModelINDEX::update("id")
                .set(ModelINDEX::TITLE, "other")
                .add(ModelINDEX::PAGES, 1)
                .when(ModelINDEX::ACTIVE.eq(true))
                .send(db)
                .await?;
            let found = ModelINDEX::by_owner("owner").placed_at().between(1, 2).items(db).all().await?;
            let scanned = ModelINDEX::scan().filter(ModelINDEX::PAGES.gt(3)).items(db).all().await?;
            let mut items = ModelINDEX::by_owner("owner").items(db);
            let mut count = usize::from(read.is_some()) + found.len() + scanned.len();
            while let Some(item) = items.next().await {
                count += item?.title.len();
            }
            ModelINDEX::delete("id").send(db).await?;
            Ok(count)
        })
    }
}
