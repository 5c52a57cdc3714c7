//! AWS's complaints, player profiles and forum.

use dynamorm::{Operations, Timestamp};

use crate::database;
use crate::models::{
    Answer, Complaint, ComplaintFile, Forum, ForumWithTopics, Friend, Message, Player, Possession, Profile,
    ProfileWithFriends, Topic, tables,
};

fn at(hour: u8) -> Timestamp {
    format!("2026-03-01T{hour:02}:00:00Z").parse().unwrap()
}

#[tokio::test]
async fn a_complaint_is_read_with_its_messages_and_found_by_customer_and_agent() {
    let (db, log) = database(&tables::COMPLAINTS).await;
    let complaint = |id, hour, severity, agent: Option<&str>| Complaint {
        id,
        buyer: "ada".to_owned(),
        opened_at: at(hour),
        severity,
        agent: agent.map(str::to_owned),
    };
    complaint(1, 1, 2, None).put().send(&db).await.unwrap();
    complaint(2, 2, 9, Some("max")).put().send(&db).await.unwrap();
    for number in [1, 2] {
        let (buyer, text) = ("ada".to_owned(), "Hello".to_owned());
        Message { complaint: 1, sent_at: at(3), number, buyer, text }.put().send(&db).await.unwrap();
    }
    log.clear();
    let file: ComplaintFile = ComplaintFile::query(1).items(&db).gather().await.unwrap();
    assert_eq!((file.complaints.len(), file.messages.len()), (1, 2));
    let newest = Message::query(1).descending().limit(1).items(&db).all().await.unwrap();
    assert_eq!(newest[0].number, 2);
    let of_buyer = Complaint::of_buyer("ada").opened_at().ge(at(2)).items(&db).all().await.unwrap();
    assert_eq!(of_buyer, [complaint(2, 2, 9, Some("max"))]);
    assert_eq!(Message::of_sender("ada").count(&db).await.unwrap(), 2);
    let worst = Complaint::escalated("max").descending().items(&db).all().await.unwrap();
    assert_eq!(worst, [complaint(2, 2, 9, Some("max"))]);
    log.assert_requests(5);
    // The agent is alone in its key attribute, and set by itself. The severity stands in one with the moment.
    log.clear();
    Complaint::update(1).set(Complaint::AGENT, "max").send(&db).await.unwrap();
    Complaint::update(1).set_key(Complaint::severity_and_opened_at(10, at(1))).send(&db).await.unwrap();
    let worst = Complaint::escalated("max").descending().items(&db).all().await.unwrap();
    assert_eq!(worst, [complaint(1, 1, 10, Some("max")), complaint(2, 2, 9, Some("max"))]);
    log.assert_requests(3);
}

#[tokio::test]
async fn a_profile_is_one_request_with_all_or_with_friends_alone() {
    let (db, log) = database(&tables::PLAYERS).await;
    let player = || "ada".to_owned();
    Player { player: player(), rank: 3 }.put().send(&db).await.unwrap();
    for friend in ["bob", "zoe"] {
        Friend { player: player(), friend: friend.to_owned() }.put().send(&db).await.unwrap();
    }
    for (kind, item) in [("sword", 1), ("shield", 2)] {
        Possession { player: player(), kind: kind.to_owned(), item }.put().send(&db).await.unwrap();
    }
    log.clear();
    let all: Profile = Profile::query("ada").items(&db).gather().await.unwrap();
    assert_eq!((all.players.len(), all.friends.len(), all.possessions.len()), (1, 2, 2));
    let with_friends = ProfileWithFriends::query("ada").send(&db).await.unwrap();
    assert_eq!(with_friends.scanned(), 3);
    let with_friends: ProfileWithFriends = with_friends.into_items().unwrap().into_iter().collect();
    assert_eq!((with_friends.players[0].rank, with_friends.friends.len()), (3, 2));
    assert_eq!(Possession::query("ada").kind().eq("sword").count(&db).await.unwrap(), 1);
    assert_eq!(Possession::query("ada").kind().begins_with("s").count(&db).await.unwrap(), 2);
    assert_eq!(Friend::query("ada").count(&db).await.unwrap(), 2);
    assert!(Player::get("ada").send(&db).await.unwrap().is_some());
    log.assert_requests(6);
}

#[tokio::test]
async fn a_forum_is_read_with_its_topics_and_answers_by_topic_and_by_author() {
    let (db, log) = database(&tables::FORUMS).await;
    let (forum, topic) = (|| "rust".to_owned(), || "async".to_owned());
    Forum { forum: forum(), about: "Rust".to_owned() }.put().send(&db).await.unwrap();
    Topic { forum: forum(), opened_at: at(1), topic: topic() }.put().send(&db).await.unwrap();
    Topic { forum: forum(), opened_at: at(2), topic: "macros".to_owned() }.put().send(&db).await.unwrap();
    for (hour, author) in [(3, "ada"), (4, "bob"), (5, "ada")] {
        let (author, text) = (author.to_owned(), "Yes".to_owned());
        let answer = Answer { forum: forum(), topic: topic(), written_at: at(hour), author, text };
        answer.put().send(&db).await.unwrap();
    }
    log.clear();
    let found: ForumWithTopics = ForumWithTopics::query("rust").items(&db).gather().await.unwrap();
    assert_eq!((found.forums.len(), found.topics.len()), (1, 2));
    let newest = Topic::query("rust").descending().limit(1).items(&db).all().await.unwrap();
    assert_eq!(newest[0].topic, "macros");
    let recent = Answer::query("rust", "async").written_at().ge(at(4)).items(&db).all().await.unwrap();
    assert_eq!(recent.len(), 2);
    let day = "2026-03-01".parse::<dynamorm::Date>().unwrap();
    assert_eq!(Answer::by_author("ada").written_at().on(day).count(&db).await.unwrap(), 2);
    log.assert_requests(4);
}
