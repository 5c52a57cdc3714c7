use cookbook::models::{File, Profile, Word};
use cookbook::{
    a_back_fill, a_scan_that_can_be_resumed, an_export, an_import, deleting_a_partition, reads_by_many_keys,
};
use dynamorm::testing::Faults;
use dynamorm::{AttributeValue, Client, Operations};

use crate::{Result, database};

async fn words(count: u32) -> Client {
    let db = database().await;
    let words: Vec<Word> = (0..count).map(|count| Word { word: format!("w{count:03}"), count }).collect();
    assert!(an_import::import(&db, &words).await.unwrap().is_none());
    db
}

#[tokio::test]
async fn an_import_hands_back_what_is_left() -> Result<()> {
    let db = words(60).await;
    assert_eq!(Word::scan().count(&db).await?, 60);
    let invalid = [Word { word: String::new(), count: 1 }];
    assert!(an_import::import(&db, &invalid).await.unwrap_err().is_validation());

    let overloaded = db.clone().with_faults(Faults::seeded(1).throttle(1.0));
    let new: Vec<Word> = (0..30).map(|count| Word { word: format!("n{count}"), count }).collect();
    let left = an_import::import(&overloaded, &new).await?.expect("nothing is taken");
    assert_eq!(left.len(), 30);
    left.send(&db).await?;
    assert_eq!(Word::scan().count(&db).await?, 90);
    Ok(())
}

#[tokio::test]
async fn items_come_in_the_order_of_their_keys() -> Result<()> {
    let db = words(3).await;
    assert_eq!(reads_by_many_keys::counts(&db, &["w002", "none", "w000"]).await?, [Some(2), None, Some(0)]);
    Ok(())
}

#[tokio::test]
async fn an_export_passes_over_what_it_cannot_read() -> Result<()> {
    let db = words(40).await;
    let number = AttributeValue::S("many".to_owned());
    let put = db.sdk().put_item().table_name("words").item("word", AttributeValue::S("x".to_owned()));
    put.item("count", number).send().await.unwrap();
    let mut lines = Vec::new();
    let unreadable = an_export::export(&db, |word| lines.push(word.word.clone())).await?;
    assert_eq!((lines.len(), unreadable), (40, 1));
    Ok(())
}

#[tokio::test]
async fn a_partition_is_emptied() -> Result<()> {
    let db = database().await;
    for (drive, path) in [("d", "/a"), ("d", "/b"), ("e", "/a")] {
        File { drive: drive.to_owned(), path: path.to_owned(), bytes: 1 }.put().send(&db).await?;
    }
    assert_eq!(deleting_a_partition::delete_drive(&db, "d").await?, 2);
    assert_eq!((File::query("d").count(&db).await?, File::query("e").count(&db).await?), (0, 1));
    Ok(())
}

#[tokio::test]
async fn a_back_fill_overwrites_nothing() -> Result<()> {
    let db = database().await;
    let old = db.sdk().put_item().table_name("profiles").item("user", AttributeValue::S("old".to_owned()));
    old.send().await.unwrap();
    Profile::builder().user("new").language("fr").build()?.put().send(&db).await?;
    assert_eq!(a_back_fill::back_fill(&db).await?, 1);
    assert_eq!(a_back_fill::back_fill(&db).await?, 0);
    assert_eq!(Profile::get("new").send(&db).await?.unwrap().language, "fr");
    Ok(())
}

#[tokio::test]
async fn a_scan_goes_on_behind_its_last_page() -> Result<()> {
    let db = words(35).await;
    let (first, cursor) = a_scan_that_can_be_resumed::some_pages(&db, None, 2).await?;
    let kept = cursor.expect("there is more").to_string();
    let (rest, end) = a_scan_that_can_be_resumed::some_pages(&db, Some(kept.parse()?), 10).await?;
    assert_eq!((first, rest, end.is_none()), (20, 15, true));
    Ok(())
}
