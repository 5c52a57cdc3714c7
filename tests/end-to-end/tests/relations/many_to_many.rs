//! Many-to-many relations, through an adjacency.

use dynamorm::{Client, Operations};
use end_to_end::connector::recorded;

use crate::forum;
use crate::models::{Course, Enrollment, Exam, Student};

fn student(id: u64) -> Student {
    Student::builder().id(id).name(format!("student {id}")).build().unwrap()
}

fn course(code: &str) -> Course {
    Course::builder().code(code).title(code.to_uppercase()).build().unwrap()
}

/// Students 1 and 2, and three courses; the first takes all of them and the second only one.
async fn school() -> (Client, [Student; 2], [Course; 3]) {
    let db = forum().await;
    let students = [student(1), student(2)];
    let courses = [course("art"), course("chess"), course("maths")];
    let batch = dynamorm::batch_write().put_all(&students).put_all(&courses);
    batch.send(&db).await.unwrap();
    for course in &courses {
        students[0].link_courses(course).send(&db).await.unwrap();
    }
    courses[1].link_students(&students[1]).if_not_exists().send(&db).await.unwrap();
    (db, students, courses)
}

#[tokio::test]
async fn each_side_reads_the_other_through_its_links() {
    let (db, students, courses) = school().await;

    let taken = students[0].courses().send(&db).await.unwrap().into_found().unwrap();
    assert_eq!(taken, courses);
    let attending = courses[1].students().send(&db).await.unwrap().into_found().unwrap();
    assert_eq!(attending, students);
    assert_eq!(courses[0].students().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn links_are_filtered_limited_and_ordered_before_their_items_are_read() {
    let (db, [student, _], courses) = school().await;
    Enrollment::update((1, "maths")).set(Enrollment::AUDITS, true).send(&db).await.unwrap();

    let audited = student.courses().filter(Enrollment::AUDITS.eq(true)).send(&db).await.unwrap();
    assert_eq!(audited.into_found().unwrap(), [courses[2].clone()]);
    let last = student.courses().descending().limit(2).send(&db).await.unwrap();
    assert_eq!(last.into_found().unwrap(), [courses[2].clone(), courses[1].clone()]);
}

#[tokio::test]
async fn counting_reads_links_alone() {
    let (engine, [student, _], _) = school().await;
    let (db, record) = recorded(&engine);

    assert_eq!(student.courses().count(&db).await.unwrap(), 3);

    assert_eq!(record.operations(), ["Query"]);
}

#[tokio::test]
async fn a_link_can_be_ended_from_either_side() {
    let (db, [one, two], [art, chess, maths]) = school().await;

    one.unlink_courses(&art).send(&db).await.unwrap();
    chess.unlink_students(&two).if_exists().send(&db).await.unwrap();

    assert_eq!(one.courses().send(&db).await.unwrap().into_found().unwrap(), [chess, maths]);
    assert_eq!(two.courses().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_link_to_an_item_that_is_gone_is_none_in_its_place() {
    let (db, [student, _], [art, _, maths]) = school().await;
    Course::delete("chess").send(&db).await.unwrap();

    let found = student.courses().send(&db).await.unwrap().into_items().unwrap();

    assert_eq!(found, [Some(art), None, Some(maths)]);
}

#[tokio::test]
async fn the_links_themselves_can_be_queried() {
    let (db, [student, _], _) = school().await;

    let page = student.courses().links().page_size(2).send(&db).await.unwrap();

    assert!(page.cursor().is_some());
    let codes: Vec<_> = page.into_items().unwrap().into_iter().map(|link| link.course_code).collect();
    assert_eq!(codes, ["art", "chess"]);
}

#[tokio::test]
async fn a_link_with_more_to_say_is_begun_as_its_builder() {
    let (db, [student, _], [art, ..]) = school().await;

    let exam: Exam = student.link_exams(&art).grade(2).build().unwrap();
    exam.put().send(&db).await.unwrap();

    assert_eq!(student.exams().send(&db).await.unwrap().into_found().unwrap(), [art]);
}
