use cookbook::models::{Course, Customer, File, Invoice, Purchase, Student, Task};
use cookbook::{
    a_hot_partition, a_leaderboard, a_list_of_work, folders, many_to_many, places_nearby,
    several_models_in_one_query, tenants, the_newest_item, time_series,
};
use dynamorm::Operations;

use crate::{Result, database, instant};

#[tokio::test]
async fn a_page_has_the_customer_and_the_newest_orders() -> Result<()> {
    let db = database().await;
    Customer::builder().customer_id("ada").name("Ada").build()?.put().send(&db).await?;
    for number in 1..=12 {
        let purchase = Purchase::builder().customer_id("ada").number(number).total(1);
        purchase.build()?.put().send(&db).await?;
    }
    let page = several_models_in_one_query::customer_page(&db, "ada").await?;
    assert_eq!((page.customers[0].name.as_str(), page.purchases.len()), ("Ada", 10));
    assert_eq!(page.purchases[0].number, 12);
    Ok(())
}

#[tokio::test]
async fn students_take_courses_and_courses_have_students() -> Result<()> {
    let db = database().await;
    let ada = Student { id: "s1".to_owned(), name: "Ada".to_owned() };
    let logic = Course { code: "L1".to_owned(), title: "Logic".to_owned() };
    ada.put().send(&db).await?;
    logic.put().send(&db).await?;
    many_to_many::enroll(&db, &ada, &logic).await?;
    assert_eq!(many_to_many::timetable(&db, &ada).await?, std::slice::from_ref(&logic));
    assert_eq!(many_to_many::attendance(&db, &logic).await?, 1);
    Ok(())
}

#[tokio::test]
async fn a_folder_has_what_lies_below_it() -> Result<()> {
    let db = database().await;
    for path in ["/music/a.mp3", "/music/live/b.mp3", "/musicals/c.mp3"] {
        File { drive: "d".to_owned(), path: path.to_owned(), bytes: 10 }.put().send(&db).await?;
    }
    let below = folders::below(&db, "d", "/music").await?;
    assert_eq!(
        below.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
        ["/music/a.mp3", "/music/live/b.mp3"]
    );
    assert_eq!(folders::used(&db, "d").await?, 30);
    Ok(())
}

#[tokio::test]
async fn readings_of_several_days_come_in_their_order() -> Result<()> {
    let db = database().await;
    let moments =
        ["2026-01-01T10:00:00Z", "2026-01-01T23:00:00Z", "2026-01-02T01:00:00Z", "2026-01-03T01:00:00Z"];
    for (celsius, at) in (1..).zip(moments) {
        time_series::record(&db, "roof", instant(at), f64::from(celsius)).await?;
    }
    let (from, to) = (instant("2026-01-01T12:00:00Z"), instant("2026-01-02T12:00:00Z"));
    let readings = time_series::between(&db, "roof", from, to).await?;
    assert_eq!(readings.iter().map(|reading| reading.celsius).collect::<Vec<_>>(), [2.0, 3.0]);
    let day = "2026-01-01".parse().unwrap();
    assert_eq!(the_newest_item::newest(&db, "roof", day).await?.unwrap().celsius, 2.0);
    assert_eq!(the_newest_item::newest(&db, "cellar", day).await?, None);
    Ok(())
}

#[tokio::test]
async fn the_best_score_of_each_player_counts() -> Result<()> {
    let db = database().await;
    for (player, score) in [("ada", 10), ("grace", 30), ("ada", 20), ("grace", 5)] {
        a_leaderboard::report(&db, "chess", player, score).await?;
    }
    let top = a_leaderboard::top(&db, "chess").await?;
    let players: Vec<_> = top.iter().map(|score| (score.player.as_str(), score.score)).collect();
    assert_eq!(players, [("grace", 30), ("ada", 20)]);
    assert_eq!(a_leaderboard::rank(&db, &top[1]).await?, 2);
    Ok(())
}

#[tokio::test]
async fn what_is_near_comes_first() -> Result<()> {
    let db = database().await;
    for (name, latitude, longitude) in [("far", 10.0, 10.0), ("near", 51.501, -0.001), ("nearest", 51.5, 0.0)]
    {
        places_nearby::add_place(&db, name, latitude, longitude).await?;
    }
    let places = places_nearby::nearby(&db, 51.4999, 0.0001).await?;
    assert_eq!(places.iter().map(|place| place.name.as_str()).collect::<Vec<_>>(), ["nearest", "near"]);
    Ok(())
}

#[tokio::test]
async fn a_finished_task_leaves_the_list() -> Result<()> {
    let db = database().await;
    let now = instant("2026-01-02T00:00:00Z");
    for (text, due) in [("late", "2026-01-01T00:00:00Z"), ("later", "2026-01-03T00:00:00Z")] {
        let task = Task::builder().text(text).queue("mail").due_at(instant(due)).build()?;
        task.put().send(&db).await?;
    }
    let due = a_list_of_work::due(&db, "mail", now).await?;
    assert_eq!(due.iter().map(|task| task.text.as_str()).collect::<Vec<_>>(), ["late"]);
    a_list_of_work::finish(&db, due[0].id).await?;
    assert!(a_list_of_work::due(&db, "mail", now).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_shards_of_a_day_are_read_as_one() -> Result<()> {
    let db = database().await;
    let day = "2026-01-01".parse().unwrap();
    for number in 0..10 {
        a_hot_partition::click(&db, day, &format!("/{number}")).await?;
    }
    let clicks = a_hot_partition::clicks(&db, day).await?;
    assert_eq!(clicks.len(), 10);
    assert!(clicks.is_sorted_by_key(|click| click.at));
    Ok(())
}

#[tokio::test]
async fn a_tenant_reads_its_own_invoices() -> Result<()> {
    let db = database().await;
    Invoice::builder().tenant("acme").number(1).total(5).build()?.put().send(&db).await?;
    assert!(tenants::invoice(&db, "acme", 1).await?.is_some());
    assert!(tenants::invoice(&db, "other", 1).await?.is_none());
    let acme = db.within(&Invoice::scope("acme"))?;
    assert!(Invoice::get(("other", 1)).send(&acme).await.is_err());
    Ok(())
}
