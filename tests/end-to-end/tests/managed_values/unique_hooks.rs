//! Hooks of writes that take several requests for their unique values.

use std::sync::{Arc, Mutex};

use dynamorm::{Hooks, Operations};
use end_to_end::connector::{Step, disturbed};

use crate::models::Member;
use crate::unique::{assert_clean, guards, member, members, put};
use crate::until_sent;

#[tokio::test]
async fn a_write_that_begins_anew_runs_its_hooks_once_and_none_for_guards() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (before, after) = (Arc::clone(&seen), Arc::clone(&seen));
    let hooks = Hooks::new()
        .before_any_write(move |write| {
            before.lock().unwrap().push(format!(
                "before {:?} {}",
                write.kind(),
                write.key()["id"].as_s().unwrap()
            ));
            Ok(())
        })
        .after_any_write(move |write| {
            after.lock().unwrap().push(format!(
                "after {:?} {}",
                write.kind(),
                write.key()["id"].as_s().unwrap()
            ));
        });
    let slow = Step::Delay(std::time::Duration::from_millis(100));
    let (hooked, record) = disturbed(&db, [Step::Pass, slow]);
    let hooked = hooked.with_hooks(hooks);

    let task = tokio::spawn(async move {
        let transaction = dynamorm::transaction().put(member("1", Some("grace@example.org"), 1).put());
        transaction.send(&hooked).await?;
        put(&hooked, "1", Some("mary@example.org"), 1).await?;
        member("2", None, 2).put().or_get().send(&hooked).await?;
        Member::delete(("acme", "1")).send(&hooked).await
    });
    until_sent(&record, 2).await;
    put(&db, "1", Some("other@example.org"), 1).await.unwrap();
    task.await.unwrap().unwrap();

    let expected = ["Put 1", "Put 1", "Put 2", "Delete 1"];
    let expected: Vec<_> =
        expected.iter().flat_map(|write| [format!("before {write}"), format!("after {write}")]).collect();
    assert_eq!(*seen.lock().unwrap(), expected);
    assert_eq!(guards(&db).await, 1);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_unique_value_that_a_hook_makes_is_guarded() {
    let db = members().await;
    let hooked = db.clone().with_hooks(Hooks::new().before_put::<Member>(|member| {
        member.email = member.email.as_ref().map(|email| email.to_lowercase());
        Ok(())
    }));

    put(&hooked, "1", Some("Ada@example.org"), 1).await.unwrap();
    let error = put(&hooked, "2", Some("ADA@example.org"), 2).await.unwrap_err();

    assert!(error.is_not_unique() && error.attribute() == Some("email"), "{error:?}");
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_unique_value_that_a_hook_changes_in_a_save_is_guarded() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let hooked = db.clone().with_hooks(Hooks::new().before_save::<Member>(|member| {
        member.email = Some("hook@example.org".to_owned());
        Ok(())
    }));
    let mut tracked = member("1", Some("ada@example.org"), 1).tracked();

    tracked.name = "Ada".to_owned();
    tracked.save().send(&hooked).await.unwrap();

    assert_eq!(tracked.email.as_deref(), Some("hook@example.org"));
    let error = put(&db, "2", Some("hook@example.org"), 2).await.unwrap_err();
    assert!(error.is_not_unique(), "{error:?}");
    assert_clean(&db).await;
}
