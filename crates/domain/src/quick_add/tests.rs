//! What a line is read as, in a table and for any text.

use jiff::civil::{DateTime, datetime};
use proptest::prelude::*;

use super::names::{Found, colleague, household};
use super::{QuickTask, read};

/// A Wednesday.
fn now() -> DateTime {
    datetime(2026, 3, 11, 10, 0, 0, 0)
}

fn line(text: &str) -> QuickTask {
    read(text, now(), &[])
}

/// Title, day, time and rule.
fn said(text: &str) -> (String, String, String, String) {
    let task = line(text);
    (
        task.title,
        task.due_on.map(|d| d.date().to_string()).unwrap_or_default(),
        task.due_time.map(|t| t.value.as_str().to_owned()).unwrap_or_default(),
        task.repeats.map(|r| r.value.as_str().to_owned()).unwrap_or_default(),
    )
}

fn check(table: &[(&str, &str, &str, &str, &str)]) {
    for (text, title, day, time, rule) in table {
        assert_eq!(said(text), ((*title).into(), (*day).into(), (*time).into(), (*rule).into()), "{text}");
    }
}

#[test]
fn st_1_the_line_of_the_specification_is_read_whole() {
    let task = line("call Ellen re RMD next Tue 9am !high @sam #Whitfield");
    assert_eq!(task.title, "call Ellen re RMD");
    assert_eq!((task.due_on.unwrap().date().to_string().as_str(), task.due_from.as_deref()), ("2026-03-17", Some("next Tue")));
    let time = task.due_time.unwrap();
    assert_eq!((time.value.as_str(), time.from.as_str()), ("09:00", "9am"));
    assert_eq!(serde_json::to_value(task.priority.unwrap().value).unwrap(), 1);
    assert_eq!((task.assignee.unwrap().value, task.household.unwrap().value), ("sam".to_owned(), "Whitfield".to_owned()));
}

#[test]
fn st_1_days_in_words_and_numbers() {
    check(&[
        ("call today", "call", "2026-03-11", "", ""),
        ("call tomorrow", "call", "2026-03-12", "", ""),
        ("call Friday", "call", "2026-03-13", "", ""),
        ("call by fri", "call", "2026-03-13", "", ""),
        // Today's own name is that day of the next week; there is "today" for today.
        ("call Wed", "call", "2026-03-18", "", ""),
        ("call this Thursday", "call", "2026-03-12", "", ""),
        ("call next thu", "call", "2026-03-19", "", ""),
        ("call next week", "call", "2026-03-16", "", ""),
        ("call next month", "call", "2026-04-01", "", ""),
        ("call in 3 days", "call", "2026-03-14", "", ""),
        ("call in a week", "call", "2026-03-18", "", ""),
        ("call in 1 month", "call", "2026-04-11", "", ""),
        ("call 12 May", "call", "2026-05-12", "", ""),
        ("call May 12", "call", "2026-05-12", "", ""),
        ("call on the phone 12th of May", "call on the phone", "2026-05-12", "", ""),
        ("call May 12, 2027", "call", "2027-05-12", "", ""),
        ("call 5/12", "call", "2026-05-12", "", ""),
        ("call 1/2", "call", "2027-01-02", "", ""),
        ("call 5/12/26", "call", "2026-05-12", "", ""),
        ("call due 2026-05-12", "call", "2026-05-12", "", ""),
        ("call 29 February", "call", "2028-02-29", "", ""),
        ("call by end of the month", "call", "2026-03-31", "", ""),
        ("call Ellen Sat", "call Ellen", "2026-03-14", "", ""),
        ("call Sun Life re annuity", "call Sun Life re annuity", "", "", ""),
        ("prepare forms for Sun Life", "prepare forms for Sun Life", "", "", ""),
        ("call Ellen Friday Re: RMD", "call Ellen Re: RMD", "2026-03-13", "", ""),
        ("move 1/2 of cash to T-bills", "move 1/2 of cash to T-bills", "", "", ""),
        // The last day counts; the one before belongs to what is to be done.
        ("prepare the 5/12 meeting by Friday", "prepare the 5/12 meeting", "2026-03-13", "", ""),
    ]);
}

#[test]
fn st_1_times_of_day_and_the_day_that_they_imply() {
    check(&[
        ("call 9am", "call", "2026-03-12", "09:00", ""),
        ("call 3pm", "call", "2026-03-11", "15:00", ""),
        ("call at 9:30 pm tomorrow", "call", "2026-03-12", "21:30", ""),
        ("call Friday at 14:00", "call", "2026-03-13", "14:00", ""),
        ("call noon", "call", "2026-03-11", "12:00", ""),
        ("call 12am Fri", "call", "2026-03-13", "00:00", ""),
        ("call 13pm", "call 13pm", "", "", ""),
        ("call 25:00", "call 25:00", "", "", ""),
        ("call at 9", "call at 9", "", "", ""),
        ("call Fri 3:30 p.m.", "call", "2026-03-13", "15:30", ""),
        ("call Fri 9 a.m., then write", "call then write", "2026-03-13", "09:00", ""),
        ("call Fri 9A.M.", "call", "2026-03-13", "09:00", ""),
        // Within a working day, unless it is written as a clock of 24 hours shows it.
        ("call Fri 2:30", "call", "2026-03-13", "14:30", ""),
        ("call Fri 9:30", "call", "2026-03-13", "09:30", ""),
        ("call Fri 02:30", "call", "2026-03-13", "02:30", ""),
        ("call Fri 2:30 am", "call", "2026-03-13", "02:30", ""),
    ]);
}

#[test]
fn st_1_how_often() {
    check(&[
        ("water plants every day", "water plants", "2026-03-11", "", "FREQ=DAILY"),
        ("report every 2 weeks", "report", "2026-03-11", "", "FREQ=WEEKLY;INTERVAL=2"),
        ("report every other week from Friday", "report from", "2026-03-13", "", "FREQ=WEEKLY;INTERVAL=2"),
        ("stand-up every weekday 9am", "stand-up", "2026-03-11", "09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("fees every month on the 1st", "fees", "2026-04-01", "", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("fees every 1st of the month", "fees", "2026-04-01", "", "FREQ=MONTHLY;BYMONTHDAY=1"),
        ("fees every month on the 31st", "fees", "2026-03-31", "", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("fees every month", "fees", "2026-03-11", "", "FREQ=MONTHLY;BYMONTHDAY=11"),
        ("fees quarterly", "fees", "2026-03-11", "", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=11"),
        ("call every Mon and Thu", "call", "2026-03-12", "", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("call Ellen every other Friday", "call Ellen", "2026-03-13", "", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("call every week on Tuesday", "call", "2026-03-17", "", "FREQ=WEEKLY;BYDAY=TU"),
        ("board every first Monday of the month", "board", "2026-04-06", "", "FREQ=MONTHLY;BYDAY=1MO"),
        ("board every month on the last Friday", "board", "2026-03-27", "", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("card every 12th of May", "card", "2026-05-12", "", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=12"),
        ("call every day for 5 times", "call", "2026-03-11", "", "FREQ=DAILY;COUNT=5"),
        ("call every week until 12/31", "call", "2026-03-11", "", "FREQ=WEEKLY;UNTIL=20261231"),
        ("call every 30 Jan", "call", "2027-01-30", "", "FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=30"),
        // Adjectives and bounds.
        ("send the weekly report", "send the weekly report", "", "", ""),
        ("call every 0 days", "call every 0 days", "", "", ""),
        ("ask every client", "ask every client", "", "", ""),
    ]);
}

#[test]
fn st_1_what_is_not_understood_stays_in_the_title() {
    check(&[
        ("sat with Ellen, sun room", "sat with Ellen, sun room", "", "", ""),
        ("split 50/50 and 2/30", "split 50/50 and 2/30", "", "", ""),
        ("read \"next Tue\" aloud", "read \"next Tue\" aloud", "", "", ""),
        ("say \"five", "say \"five", "", "", ""),
        ("ask about Roth in May", "ask about Roth in May", "", "", ""),
        ("mail ellen@example.com #401k !now", "mail ellen@example.com #401k !now", "", "", ""),
        ("  many   spaces  ", "many spaces", "", "", ""),
        ("", "", "", "", ""),
        ("day 2026-02-30 9999-99-99 13/45/2026", "day 2026-02-30 9999-99-99 13/45/2026", "", "", ""),
    ]);
    assert_eq!(line("call #\"Two Rivers\" now").household.unwrap().value, "Two Rivers");
    assert_eq!(line("call @ann, then @bob").title, "call then @bob");
    let kept = read("call @ann, then @bob Fri", now(), &["@ann,".to_owned()]);
    assert_eq!((kept.title.as_str(), kept.assignee.unwrap().value.as_str()), ("call @ann, then", "bob"));
}

#[test]
fn st_1_a_name_means_one_colleague_or_says_whom_it_may_mean() {
    let staff = [
        (1, "Samuel Ortiz", "samuel@x.example"),
        (2, "Samantha Lee", "slee@x.example"),
        (3, "William Arden", "w.arden@x.example"),
        (4, "José Ruiz", "jr@x.example"),
    ];
    for (handle, found) in [
        ("sam", Found::Several(vec![1, 2])),
        ("samuel", Found::One(1)),
        ("slee", Found::One(2)),
        ("Will", Found::One(3)),
        ("bill", Found::One(3)),
        ("w.arden", Found::One(3)),
        ("samantha.lee", Found::One(2)),
        ("jos", Found::One(4)),
        ("josé", Found::One(4)),
        ("nobody", Found::Nobody),
        ("-", Found::Nobody),
    ] {
        assert_eq!(colleague(handle, &staff), found, "{handle}");
    }
    // An address that is exactly the name does not hide the other of that name.
    assert_eq!(colleague("sam", &[(1, "Sam Ortiz", "ortiz@x.example"), (2, "Robert Lee", "sam@x.example")]), Found::Several(vec![1, 2]));
    let homes = [(1, "Whitfield Family"), (2, "Whitman & Co"), (3, "The Whitfield Trust")];
    assert_eq!(household("whitfield", &homes), Found::One(1));
    assert_eq!(household("whit", &homes), Found::Several(vec![1, 2]));
    assert_eq!(household("trust", &homes), Found::One(3));
    assert_eq!(household("ellen", &homes[..1]), Found::One(1));
    assert_eq!(household("x", &homes[..0]), Found::Nobody);
}

proptest! {
    #[test]
    fn st_1_no_word_of_a_line_is_lost(text in "(call|next|every|[Tt]ue|on|the|1st|of|month|week|9am|at|5/12|12|May|until|for|3|times|!high|@sam|#wh|\"|\\PC{0,4}| ){0,16}") {
        let task = line(&text);
        let rest: Vec<&str> = task.title.split(' ').filter(|w| !w.is_empty()).collect();
        let mut parts = rest.clone();
        let read = [task.due_from.as_deref(), task.due_time.as_ref().map(|t| t.from.as_str()), task.priority.as_ref().map(|t| t.from.as_str()),
            task.repeats.as_ref().map(|t| t.from.as_str()), task.assignee.as_ref().map(|t| t.from.as_str()), task.household.as_ref().map(|t| t.from.as_str())];
        read.iter().flatten().for_each(|from| parts.extend(from.split(' ')));
        let mut typed: Vec<&str> = text.split_whitespace().collect();
        // What stays keeps its order; together with what was read it is the line.
        let mut left = typed.iter();
        prop_assert!(rest.iter().all(|w| left.any(|t| t == w)));
        parts.sort_unstable();
        typed.sort_unstable();
        prop_assert_eq!(parts, typed);
        prop_assert!(task.due_on.is_some() || task.repeats.is_none());
    }

    #[test]
    fn st_1_any_day_that_is_written_out_is_read_back(days in 0..2_000_i32) {
        let day = crate::time::Day::parse("2026-03-11").unwrap().plus(days);
        let date = day.date();
        for text in [format!("pay {date}"), format!("pay {}/{}/{}", date.month(), date.day(), date.year()), date.strftime("pay %-d %B %Y").to_string(), date.strftime("pay %b %-d %Y").to_string(), format!("pay in {} days", days.clamp(1, 999))] {
            let read = line(&text);
            prop_assert_eq!(read.title.as_str(), "pay", "{}", text);
            if !text.contains("in ") { prop_assert_eq!(read.due_on, Some(day), "{}", text); }
        }
    }
}
