//! The code forge among the examples: every access pattern of its table in the documentation, and the requests that it takes.

use dynamorm::testing::RequestLog;
use dynamorm::{Client, Item, Operations, Timestamp};
use example_models::forge::{
    Comment, ForgeItem, Issue, Member, Organization, OrganizationWithMembers, PullRequest, PullRequests,
    Repository, RepositoryWithIssues, RepositoryWithStars, Star, User, tables,
};

use crate::database;

fn at(hour: u8) -> Timestamp {
    format!("2026-03-01T{hour:02}:00:00Z").parse().unwrap()
}

fn repository(owner: &str, name: &str) -> Repository {
    Repository::builder().owner(owner).name(name).build().unwrap()
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// A forge with a repository that has issues, pull requests, stars and a fork.
async fn forge() -> (Client, RequestLog) {
    let (db, log) = database(&tables::FORGE).await;
    User::builder().name("ada").build().unwrap().put().send(&db).await.unwrap();
    Organization { name: text("acme"), owner: text("ada") }.put().send(&db).await.unwrap();
    for user in ["ada", "bob"] {
        let (organization, user) = (text("acme"), text(user));
        Member { organization, user, role: text("member") }.put().send(&db).await.unwrap();
    }
    repository("acme", "db").put().send(&db).await.unwrap();
    for number in 1..=3 {
        let (owner, repository) = (text("acme"), text("db"));
        let is_open = number != 2;
        Issue { owner, repository, number, title: text("Broken"), is_open }.put().send(&db).await.unwrap();
    }
    for number in [7, 70] {
        let (owner, repository) = (text("acme"), text("db"));
        let pull = PullRequest { owner, repository, number, title: text("Mend"), is_open: true };
        pull.put().send(&db).await.unwrap();
        for hour in [1, 2] {
            let (owner, repository, author) = (text("acme"), text("db"), text("bob"));
            let comment = Comment { owner, repository, number, at: at(hour), author, text: text("Fine") };
            comment.put().send(&db).await.unwrap();
        }
    }
    for (user, hour) in [("bob", 3), ("zoe", 4)] {
        let (owner, repository, user) = (text("acme"), text("db"), text(user));
        Star { owner, repository, user, at: at(hour) }.put().send(&db).await.unwrap();
    }
    let mut fork = repository("zoe", "db");
    fork.forked_from = Some(text("acme/db"));
    fork.put().send(&db).await.unwrap();
    log.clear();
    (db, log)
}

#[tokio::test]
async fn accounts_share_their_names() {
    let (db, log) = forge().await;
    assert!(matches!(User::get("acme").any().send(&db).await.unwrap(), Some(ForgeItem::Organization(_))));
    assert!(User::get("ada").send(&db).await.unwrap().is_some());
    assert_eq!(Organization::get("acme").send(&db).await.unwrap().unwrap().owner, "ada");
    let taken = User::builder().name("acme").build().unwrap().put().send(&db).await.unwrap_err();
    assert!(taken.is_of_another_model(), "{taken}");
    log.assert_requests(4);
    log.clear();
    let with_members: OrganizationWithMembers =
        OrganizationWithMembers::query("acme").items(&db).gather().await.unwrap();
    assert_eq!((with_members.organizations.len(), with_members.members.len()), (1, 2));
    assert!(Member::get(("acme", "bob")).send(&db).await.unwrap().is_some());
    assert!(Member::get(("acme", "zoe")).send(&db).await.unwrap().is_none());
    log.assert_requests(3);
}

#[tokio::test]
async fn a_repository_is_read_with_what_is_asked_for_alone() {
    let (db, log) = forge().await;
    assert!(Repository::get(("acme", "db")).send(&db).await.unwrap().is_some());
    let newest = RepositoryWithIssues::query("acme", "db").descending().limit(3).send(&db).await.unwrap();
    assert_eq!(newest.scanned(), 3);
    let newest: RepositoryWithIssues = newest.into_items().unwrap().into_iter().collect();
    assert_eq!((newest.repositories.len(), newest.issues[0].number), (1, 3));
    let open = Issue::query("acme", "db").filter(Issue::IS_OPEN.eq(true)).descending();
    let open = open.items(&db).all().await.unwrap();
    assert_eq!(open.iter().map(|issue| issue.number).collect::<Vec<_>>(), [3, 1]);
    let stars = RepositoryWithStars::query("acme", "db").send(&db).await.unwrap();
    assert_eq!(stars.scanned(), 3);
    let pull: PullRequests =
        PullRequests::query("acme", "db").number().eq(7).items(&db).gather().await.unwrap();
    assert_eq!((pull.pull_requests.len(), pull.comments.len()), (1, 2));
    let pulls = PullRequest::query("acme", "db").descending().items(&db).all().await.unwrap();
    assert_eq!(pulls.iter().map(|pull| pull.number).collect::<Vec<_>>(), [70, 7]);
    log.assert_requests(6);
}

#[tokio::test]
async fn what_is_open_is_found_without_what_is_closed() {
    let (db, log) = forge().await;
    let open = async || {
        let pulls = PullRequest::open_in("acme", "db").descending().items(&db).all().await.unwrap();
        pulls.iter().map(|pull| pull.number).collect::<Vec<_>>()
    };
    assert_eq!(open().await, [70, 7]);
    PullRequest::update(("acme", "db", 70)).set(PullRequest::IS_OPEN, false).send(&db).await.unwrap();
    assert_eq!(open().await, [7]);
    PullRequest::update(("acme", "db", 70)).set(PullRequest::IS_OPEN, true).send(&db).await.unwrap();
    assert_eq!(open().await, [70, 7]);
    let sources = Repository::sources_of("acme").items(&db).all().await.unwrap();
    assert_eq!(sources.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["db"]);
    assert_eq!(Repository::sources_of("zoe").count(&db).await.unwrap(), 0);
    Repository::update(("zoe", "db")).remove(Repository::FORKED_FROM).send(&db).await.unwrap();
    assert_eq!(Repository::sources_of("zoe").count(&db).await.unwrap(), 1);
    assert_eq!(Repository::forks_of("acme/db").count(&db).await.unwrap(), 0);
    log.assert_requests(10);
}

#[tokio::test]
async fn repositories_are_found_by_owner_fork_and_star() {
    let (db, log) = forge().await;
    let forks = Repository::forks_of("acme/db").items(&db).all().await.unwrap();
    assert_eq!(forks[0].owner, "zoe");
    let starred = Star::starred_by("zoe").descending().items(&db).all().await.unwrap();
    assert_eq!(starred[0].repository, "db");
    Repository::update(("acme", "db")).add(Repository::STARS, 1).send(&db).await.unwrap();
    let changed =
        Repository::recently_changed_of("acme").descending().limit(10).items(&db).all().await.unwrap();
    assert_eq!((changed.len(), changed[0].stars), (1, 1));
    assert!(changed[0].changed > at(0));
    log.assert_requests(4);
}

/// What is stored under a repository's key, and what a put of it as it is read would store.
async fn stored_and_fresh(db: &Client, repository: &Repository) -> (Repository, Item, Item) {
    let wanted = repository.to_item().unwrap();
    let key = ["pk", "sk"].map(|name| (name.to_owned(), wanted[name].clone()));
    let request = db.sdk().get_item().table_name(db.table_name(&tables::FORGE)).consistent_read(true);
    let raw = request.set_key(Some(key.into())).send().await.unwrap().item.unwrap();
    let read = Repository::get(repository.key()).consistent().send(db).await.unwrap().unwrap();
    let fresh = read.to_item().unwrap();
    (read, raw, fresh)
}

/// Changes a field by an update and by a save: what is stored is what a put of the whole would store.
macro_rules! changed {
    ($($field:ident = $value:expr => |$update:ident| $change:expr;)*) => { $({
        let (db, _) = database(&tables::FORGE).await;
        let mut initial = repository("acme", "db");
        initial.forked_from = Some(text("bob/db"));
        initial.put().send(&db).await.unwrap();
        let $update = Repository::update(initial.key());
        $change.send(&db).await.unwrap();
        let (read, raw, fresh) = stored_and_fresh(&db, &initial).await;
        assert_eq!(read.$field, $value);
        assert_eq!(raw, fresh, "update of {}", stringify!($field));

        initial.put().send(&db).await.unwrap();
        let mut tracked = initial.tracked();
        tracked.$field = $value;
        tracked.save().send(&db).await.unwrap();
        let (read, raw, fresh) = stored_and_fresh(&db, &tracked).await;
        assert_eq!(read.$field, $value);
        assert_eq!(raw, fresh, "save of {}", stringify!($field));
    })* };
}

#[tokio::test]
async fn every_change_of_a_repository_leaves_no_key_stale() {
    changed!(
        about = Some(text("Fast")) => |update| update.set(Repository::ABOUT, "Fast");
        forked_from = Some(text("zoe/db")) => |update| update.set(Repository::FORKED_FROM, "zoe/db");
        forked_from = None => |update| update.remove(Repository::FORKED_FROM);
        stars = 3 => |update| update.add(Repository::STARS, 3);
    );
}
