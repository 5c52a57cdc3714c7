//! Hooks: what the application does before and after writes, and when a value is built.

use std::sync::{Arc, Mutex};

use dynamorm::{Client, Hooks, Operations, WriteKind};
use end_to_end::connector::{Record, recorded};
use end_to_end::samples::database;

use models::{Draft, Note, tables};

pub mod models {
    dynamorm::include_models!("hooks");
}

/// What every note passes when it is built: a declared hook.
pub fn tidy(note: &mut Note) -> Result<(), String> {
    note.text = note.text.trim().to_owned();
    if note.text == "spam" { Err(format!("{} is spam", note.id)) } else { Ok(()) }
}

async fn notes() -> (Client, Record) {
    recorded(&database(&[&tables::NOTES, &tables::DRAFTS]).await)
}

fn note(id: &str) -> Note {
    Note::builder().id(id).text("two words").build().unwrap()
}

fn draft(id: &str) -> Draft {
    Draft::builder().id(id).text("draft").build().unwrap()
}

async fn stored(db: &Client, id: &str) -> Option<Note> {
    Note::get(id).send(db).await.unwrap()
}

fn count_words(note: &mut Note) -> dynamorm::HookResult {
    note.words = u32::try_from(note.text.split_whitespace().count())?;
    Ok(())
}

/// Hooks that write down what they see of notes and of any model.
fn listening() -> (Hooks, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = |what: &'static str| {
        let seen = Arc::clone(&seen);
        move |detail: String| seen.lock().unwrap().push(format!("{what} {detail}"))
    };
    let (before_put, after_put) = (note("before put"), note("after put"));
    let (before_save, after_save) = (note("before save"), note("after save"));
    let (before_update, after_update) = (note("before update"), note("after update"));
    let (before_delete, after_delete) = (note("before delete"), note("after delete"));
    let (before_any, after_any) = (note("before any"), note("after any"));
    let key = |item: &dynamorm::Item| item["id"].as_s().unwrap().clone();
    let hooks = Hooks::new()
        .before_put::<Note>(move |note| {
            before_put(note.id.clone());
            Ok(())
        })
        .after_put::<Note>(move |note| after_put(note.id.clone()))
        .before_save::<Note>(move |note| {
            before_save(note.id.clone());
            Ok(())
        })
        .after_save::<Note>(move |note| after_save(note.id.clone()))
        .before_update::<Note>(move |update| {
            before_update(key(update.key()));
            Ok(())
        })
        .after_update::<Note>(move |update| after_update(key(update.key())))
        .before_delete::<Note>(move |delete| {
            before_delete(key(delete.key()));
            Ok(())
        })
        .after_delete::<Note>(move |delete| after_delete(key(delete.key())))
        .before_any_write(move |write| {
            before_any(format!("{:?} of {} {}", write.kind(), write.model(), key(write.key())));
            Ok(())
        })
        .after_any_write(move |write| {
            after_any(format!("{:?} of {} {}", write.kind(), write.model(), key(write.key())));
        });
    (hooks, seen)
}

fn taken(seen: &Mutex<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut *seen.lock().unwrap())
}

#[tokio::test]
async fn a_hook_before_a_put_can_change_what_is_stored() {
    let (db, _) = notes().await;
    let db = db.with_hooks(Hooks::new().before_put::<Note>(count_words));
    let note = note("a");

    note.put().send(&db).await.unwrap();

    assert_eq!(stored(&db, "a").await.unwrap().words, 2);
    assert_eq!(note.words, 0);
}

#[tokio::test]
async fn what_a_hook_changes_is_written_back_into_a_value_that_is_put_by_mut() {
    let (db, _) = notes().await;
    let db = db.with_hooks(Hooks::new().before_put::<Draft>(|draft| {
        draft.text.push('!');
        Ok(())
    }));
    let mut alone = draft("a");
    let mut together = draft("b");

    alone.put().send(&db).await.unwrap();
    dynamorm::transaction().put(together.put()).send(&db).await.unwrap();

    assert_eq!((alone.text.as_str(), alone.version), ("draft!", 1));
    assert_eq!((together.text.as_str(), together.version), ("draft!", 1));
    assert_eq!(Draft::get("a").send(&db).await.unwrap(), Some(alone));
}

#[tokio::test]
async fn a_hook_can_refuse_a_write_and_then_nothing_is_sent() {
    let (db, record) = notes().await;
    let db = db.with_hooks(
        Hooks::new()
            .before_put::<Note>(|_| Err("notes are closed".into()))
            .before_update::<Note>(|_| Err("notes are closed".into()))
            .before_save::<Note>(|_| Err("notes are closed".into()))
            .before_delete::<Note>(|_| Err("notes are closed".into())),
    );
    record.forget();

    let put = note("a").put().send(&db).await.unwrap_err();
    let update = Note::update("a").set(Note::TEXT, "b").send(&db).await.unwrap_err();
    let save = note("a").tracked().save().send(&db).await.unwrap_err();
    let delete = Note::delete("a").send(&db).await.unwrap_err();
    let batch = dynamorm::batch_write().put(&note("a")).send(&db).await.unwrap_err();
    let transaction = dynamorm::transaction().delete(Note::delete("a")).send(&db).await.unwrap_err();

    for error in [put, update, save, delete, batch, transaction] {
        assert!(error.is_refused(), "{error}");
        assert_eq!((error.model(), error.table()), (Some("Note"), Some("notes")));
        assert_eq!(error.key(), Some("id = \"a\""));
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "notes are closed");
    }
    assert_eq!(record.operations(), Vec::<String>::new());
}

#[tokio::test]
async fn what_a_hook_makes_of_a_value_is_validated() {
    let (db, _) = notes().await;
    let db = db.with_hooks(Hooks::new().before_put::<Note>(|note| {
        note.text = "far too long for a note".to_owned();
        Ok(())
    }));

    let error = note("a").put().send(&db).await.unwrap_err();

    assert!(error.is_validation());
    assert_eq!(error.attribute(), Some("text"));
}

#[tokio::test]
async fn single_writes_run_the_hooks_of_their_model_and_then_those_of_any() {
    let (engine, _) = notes().await;
    let (hooks, seen) = listening();
    let db = engine.with_hooks(hooks);

    note("a").put().send(&db).await.unwrap();
    assert_eq!(
        taken(&seen),
        ["before put a", "before any Put of Note a", "after put a", "after any Put of Note a"]
    );
    Note::update("a").add(Note::LIKES, 1).send(&db).await.unwrap();
    assert_eq!(
        taken(&seen),
        ["before update a", "before any Update of Note a", "after update a", "after any Update of Note a"]
    );
    let mut tracked = stored(&db, "a").await.unwrap().tracked();
    tracked.likes = 7;
    tracked.save().send(&db).await.unwrap();
    assert_eq!(
        taken(&seen),
        ["before save a", "before any Save of Note a", "after any Save of Note a", "after save a"]
    );
    Note::delete("a").send(&db).await.unwrap();
    assert_eq!(
        taken(&seen),
        ["before delete a", "before any Delete of Note a", "after delete a", "after any Delete of Note a"]
    );
    draft("d").put().send(&db).await.unwrap();
    assert_eq!(taken(&seen), ["before any Put of Draft d", "after any Put of Draft d"]);
}

#[tokio::test]
async fn batches_run_hooks_for_each_request() {
    let (engine, _) = notes().await;
    note("c").put().send(&engine).await.unwrap();
    let (hooks, seen) = listening();
    let db = engine.with_hooks(hooks.before_put::<Note>(count_words));

    dynamorm::batch_write().put_all(&[note("a"), note("b")]).delete::<Note>("c").send(&db).await.unwrap();

    let seen = taken(&seen);
    let of_model: Vec<_> = seen.iter().filter(|line| !line.contains("any")).collect();
    assert_eq!(
        of_model,
        ["before put a", "before put b", "before delete c", "after put a", "after put b", "after delete c"]
    );
    assert_eq!(stored(&db, "b").await.unwrap().words, 2);
}

#[tokio::test]
async fn transactions_run_hooks_for_each_part() {
    let (engine, _) = notes().await;
    for id in ["b", "c", "d"] {
        note(id).put().send(&engine).await.unwrap();
    }
    let (hooks, seen) = listening();
    let db = engine.with_hooks(hooks.before_put::<Note>(count_words));
    let transaction = || {
        dynamorm::transaction()
            .put(note("a").put().if_not_exists())
            .update(Note::update("b").add(Note::LIKES, 1))
            .delete(Note::delete("c"))
            .check(Note::check("d").exists())
    };

    transaction().send(&db).await.unwrap();
    let of_model: Vec<_> = taken(&seen).into_iter().filter(|line| !line.contains("any")).collect();
    assert_eq!(
        of_model,
        [
            "before put a",
            "before update b",
            "before delete c",
            "after put a",
            "after update b",
            "after delete c"
        ]
    );
    assert_eq!(stored(&db, "a").await.unwrap().words, 2);

    transaction().send(&db).await.unwrap_err();
    assert!(taken(&seen).iter().all(|line| line.starts_with("before")));
}

#[tokio::test]
async fn hooks_after_a_write_do_not_run_where_it_failed() {
    let (engine, _) = notes().await;
    note("a").put().send(&engine).await.unwrap();
    let (hooks, seen) = listening();
    let db = engine.with_hooks(hooks);

    note("a").put().if_not_exists().send(&db).await.unwrap_err();
    Note::update("b").add(Note::LIKES, 1).send(&db).await.unwrap_err();
    Note::delete("b").if_exists().send(&db).await.unwrap_err();
    let mut gone = note("b").tracked();
    gone.likes = 1;
    gone.save().send(&db).await.unwrap_err();

    let seen = taken(&seen);
    assert_eq!(seen.len(), 8);
    assert!(seen.iter().all(|line| line.starts_with("before")), "{seen:?}");
}

#[tokio::test]
async fn a_save_keeps_what_hooks_change_and_saves_nothing_else() {
    let (engine, record) = notes().await;
    note("a").put().send(&engine).await.unwrap();
    let db = engine.with_hooks(Hooks::new().before_save::<Note>(count_words));
    let mut tracked = note("a").tracked();
    record.forget();

    tracked.save().send(&db).await.unwrap();
    assert_eq!(tracked.words, 2);
    assert_eq!(record.only().body["UpdateExpression"], "SET #0 = :0");

    tracked.save().send(&db).await.unwrap();
    assert_eq!(record.operations(), ["UpdateItem"]);
    assert_eq!(stored(&db, "a").await.unwrap().words, 2);
}

#[tokio::test]
async fn a_hook_sees_the_key_of_an_update_and_what_it_changes() {
    let (engine, _) = notes().await;
    note("a").put().send(&engine).await.unwrap();
    let hooks = Hooks::new().before_update::<Note>(|update| {
        assert_eq!(update.get(Note::ID)?, Some("a".to_owned()));
        assert_eq!(update.attributes().collect::<Vec<_>>(), ["likes", "text"]);
        assert!(update.changes(Note::TEXT) && !update.changes(Note::WORDS));
        assert_eq!(update.get(Note::LIKES)?, None);
        match update.get(Note::TEXT)?.as_deref() {
            Some("secret") => Err("not here".into()),
            _ => Ok(()),
        }
    });
    let db = engine.with_hooks(hooks);

    let update = |text: &str| Note::update("a").set(Note::TEXT, text).add(Note::LIKES, 1);
    update("open").send(&db).await.unwrap();
    assert!(update("secret").send(&db).await.unwrap_err().is_refused());

    assert_eq!(stored(&db, "a").await.unwrap().text, "open");
}

#[tokio::test]
async fn a_hook_sees_the_key_of_a_deletion() {
    let (engine, _) = notes().await;
    let db = engine.with_hooks(Hooks::new().before_delete::<Note>(|delete| {
        if delete.get(Note::ID)?.as_deref() == Some("kept") { Err("kept".into()) } else { Ok(()) }
    }));

    Note::delete("other").send(&db).await.unwrap();
    assert!(Note::delete("kept").send(&db).await.unwrap_err().is_refused());
}

#[tokio::test]
async fn hooks_may_be_asynchronous() {
    let (engine, _) = notes().await;
    let log = engine.clone();
    let check = engine.clone();
    let db = engine.with_hooks(
        Hooks::new()
            .before_put_async::<Note>(move |note| {
                let check = check.clone();
                Box::pin(async move {
                    if Draft::get(&note.id).send(&check).await?.is_none() {
                        return Err("a note needs a draft".into());
                    }
                    note.words = 9;
                    Ok(())
                })
            })
            .after_put_async::<Note>(move |note| {
                let log = log.clone();
                Box::pin(async move {
                    Draft::delete(&note.id).send(&log).await.unwrap();
                })
            }),
    );

    assert!(note("a").put().send(&db).await.unwrap_err().is_refused());
    draft("a").put().send(&db).await.unwrap();
    note("a").put().send(&db).await.unwrap();

    assert_eq!(stored(&db, "a").await.unwrap().words, 9);
    assert_eq!(Draft::get("a").send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn hooks_belong_to_the_client_on_which_they_are_registered() {
    let (plain, _) = notes().await;
    let hooked = plain.clone().with_hooks(Hooks::new().before_put::<Note>(|_| Err("closed".into())));
    let (hooks, seen) = listening();
    let listening = plain.clone().with_hooks(hooks);

    note("a").put().send(&plain).await.unwrap();
    assert!(note("a").put().send(&hooked).await.unwrap_err().is_refused());
    assert!(taken(&seen).is_empty());
    note("a").put().send(&listening).await.unwrap();
    assert_eq!(taken(&seen).len(), 4);
}

#[tokio::test]
async fn hooks_run_in_the_order_in_which_they_are_registered() {
    let (engine, _) = notes().await;
    let append = |text: &'static str| {
        move |note: &mut Note| {
            note.text.push_str(text);
            Ok(())
        }
    };
    let first = Hooks::new().before_put::<Note>(append("1")).before_put::<Note>(append("2"));
    let db = engine.with_hooks(first).with_hooks(Hooks::new().before_put::<Note>(append("3")));

    Note::builder().id("a").text("").build().unwrap().put().send(&db).await.unwrap();

    assert_eq!(stored(&db, "a").await.unwrap().text, "123");
}

#[tokio::test]
async fn an_item_and_its_new_partner_run_their_hooks_when_they_are_saved_together() {
    let (engine, _) = notes().await;
    note("a").put().send(&engine).await.unwrap();
    let kinds = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&kinds);
    let hooks = Hooks::new()
        .before_save::<Note>(count_words)
        .before_put::<Draft>(|draft| {
            draft.text.push('!');
            Ok(())
        })
        .after_any_write(move |write| seen.lock().unwrap().push((write.model(), write.kind())));
    let db = engine.with_hooks(hooks);
    let mut pair = note("a").with_sketch(&db).await.unwrap();

    pair.set_partner(draft("x")).unwrap();
    pair.save().send(&db).await.unwrap();

    let partner = pair.partner.as_ref().unwrap();
    assert_eq!((pair.parent.words, partner.text.as_str(), partner.version), (2, "draft!", 1));
    assert_eq!(*kinds.lock().unwrap(), [("Note", WriteKind::Save), ("Draft", WriteKind::Put)]);
    assert_eq!(Draft::get("a").send(&db).await.unwrap().as_ref(), Some(&**partner));
}

#[tokio::test]
async fn a_put_or_get_is_a_put_whose_hooks_after_it_run_if_it_wrote() {
    let (engine, _) = notes().await;
    let (hooks, seen) = listening();
    let db = engine.with_hooks(hooks.before_put::<Note>(count_words));

    assert_eq!(note("a").put().or_get().send(&db).await.unwrap(), None);
    assert_eq!(
        taken(&seen),
        ["before put a", "before any Put of Note a", "after put a", "after any Put of Note a"]
    );
    let there = note("a").put().or_get().send(&db).await.unwrap().unwrap();
    assert_eq!(taken(&seen), ["before put a", "before any Put of Note a"]);
    assert_eq!(there.words, 2);
}

#[tokio::test]
async fn a_put_or_get_writes_back_what_hooks_changed_if_it_wrote() {
    let (engine, _) = notes().await;
    let db = engine.with_hooks(Hooks::new().before_put::<Draft>(|draft| {
        draft.text.push('!');
        Ok(())
    }));
    let (mut first, mut second) = (draft("a"), draft("a"));

    assert_eq!(first.put().or_get().send(&db).await.unwrap(), None);
    let there = second.put().or_get().send(&db).await.unwrap();

    assert_eq!((first.text.as_str(), first.version), ("draft!", 1));
    assert_eq!((second.text.as_str(), second.version), ("draft", 0));
    assert_eq!(there, Some(first));
}

#[tokio::test]
async fn a_put_or_get_can_be_refused() {
    let (engine, record) = notes().await;
    let db = engine.with_hooks(Hooks::new().before_put::<Note>(|_| Err("closed".into())));
    record.forget();

    assert!(note("a").put().or_get().send(&db).await.unwrap_err().is_refused());
    assert_eq!(record.operations(), Vec::<String>::new());
}

#[tokio::test]
async fn an_upsert_is_an_update_whose_hooks_see_what_it_changes_and_what_only_creation_needs() {
    let (engine, _) = notes().await;
    let (hooks, seen) = listening();
    let views = Arc::new(Mutex::new(Vec::new()));
    let note_view = Arc::clone(&views);
    let db = engine.with_hooks(hooks.before_update::<Note>(move |update| {
        let attributes: Vec<_> = update.attributes().map(str::to_owned).collect();
        note_view.lock().unwrap().push((attributes, update.changes(Note::TEXT), update.get(Note::LIKES)?));
        Ok(())
    }));

    // Once to create it, once to change it.
    for likes in [1, 2] {
        note("a").upsert().set(Note::LIKES, likes).send(&db).await.unwrap();
        assert_eq!(
            taken(&seen),
            [
                "before update a",
                "before any Update of Note a",
                "after update a",
                "after any Update of Note a"
            ]
        );
    }
    let attributes: Vec<String> = ["likes", "text", "words"].map(str::to_owned).into();
    let expected = [1, 2].map(|likes| (attributes.clone(), true, Some(likes)));
    assert_eq!(*views.lock().unwrap(), expected);
    let created = draft("d").upsert().return_new().send(&db).await.unwrap();
    assert_eq!(created.version, 1);
    assert_eq!(taken(&seen), ["before any Update of Draft d", "after any Update of Draft d"]);
}

#[tokio::test]
async fn an_update_that_is_returned_into_a_value_runs_its_hooks_once() {
    let (engine, _) = notes().await;
    note("a").put().send(&engine).await.unwrap();
    let (hooks, seen) = listening();
    let db = engine.clone().with_hooks(hooks);
    let mut value = note("a");

    Note::update("a").add(Note::LIKES, 2).return_updated_into(&mut value).send(&db).await.unwrap();
    assert_eq!(
        taken(&seen),
        ["before update a", "before any Update of Note a", "after update a", "after any Update of Note a"]
    );
    assert_eq!(value.likes, 2);

    // Of another item: refused before any hook has run.
    let update = Note::update("b").add(Note::LIKES, 1).return_updated_into(&mut value);
    assert!(update.send(&db).await.unwrap_err().is_validation());
    assert_eq!(taken(&seen), Vec::<String>::new());
    let closed = engine.with_hooks(Hooks::new().before_update::<Note>(|_| Err("closed".into())));
    let update = Note::update("a").add(Note::LIKES, 1).return_updated_into(&mut value);
    assert!(update.send(&closed).await.unwrap_err().is_refused());
    assert_eq!(value.likes, 2);
}

#[test]
fn a_declared_function_changes_every_value_that_is_built_before_its_rules_are_checked() {
    let note = Note::builder().id("a").text("   spaces   ").build().unwrap();

    assert_eq!(note.text, "spaces");
}

#[test]
fn a_declared_function_can_refuse_a_value() {
    let error = Note::builder().id("a").text("spam").build().unwrap_err();

    assert!(error.is_refused());
    assert_eq!(error.model(), Some("Note"));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "a is spam");
}
