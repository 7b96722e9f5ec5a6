//! What the functions of the search rest on: the same folding as the screens', words that are near each other, digits.

use magfin_domain::{phone, search};
use magfin_testkit::TestDb;

#[tokio::test]
async fn the_database_and_the_screens_fold_text_alike() {
    let db = TestDb::create().await;
    for text in [
        "José Álvarez-O’Dell, Jr.",
        "Łucja Øverland Đorđe Strauß Æther Œuvre Þór ħ ŧ ı",
        "林秀英 カナ ひらがな",
        "מֹשֶׁה לוי محمّد الحداد عـلـي",
        "J.P. x🌊y 👩‍👩‍👧 \u{202b}abc\u{202c}",
        "ＦＵＬＬ ﬁn №5",
        "  …!? ",
        "Ἀθῆναι Йорк",
    ] {
        let folded = db.value(&format!("select search.plain('{text}')")).await;
        assert_eq!(folded.as_str(), Some(search::plain(text).as_str()), "{text}");
    }
}

#[tokio::test]
async fn misspelt_words_are_near_and_other_words_are_not() {
    let db = TestDb::create().await;
    db.execute(
        "insert into firms (firm_id, name) values ('019a0000-0000-7000-8000-000000000001', 'F');
         select set_config('magfin.firm', '019a0000-0000-7000-8000-000000000001', false);
         select search.learn(sec.firm(), array['john', 'whitfield', 'alvarez', 'katherine', 'stephen', 'lin', 'schmidt', 'brown', 'x2y'])",
    )
    .await;
    for (typed, meant) in [
        ("jhon", "{john}"),
        ("jon", "{john}"),
        ("whitfeild", "{whitfield}"),
        ("witfield", "{whitfield}"),
        ("alvares", "{alvarez}"),
        ("catharine", "{katherine}"),
        ("steven", "{stephen}"),
        ("schmitt", "{schmidt}"),
        ("lim", "{lin}"),
        ("li", ""),
        ("green", ""),
        ("x3y", ""),
    ] {
        let found = db.value(&format!("select coalesce(search.spellings('{typed}')::text, '')")).await;
        assert_eq!(found.as_str(), Some(meant), "{typed}");
    }
}

#[tokio::test]
async fn ph_4_digits_are_kept_as_they_are_looked_for() {
    let db = TestDb::create().await;
    for text in ["(425) 555-0138", "425.555.0138 x12", "+1 425 555 0138", "+44 20 7946 0018", "555-0138"] {
        let kept = match phone::parse(text).number() {
            Some(number) => number.e164.trim_start_matches('+').to_owned(),
            None => db.value(&format!("select search.digits('{text}')")).await.as_str().unwrap().to_owned(),
        };
        let looked = search::digits(text).unwrap();
        assert!(kept.ends_with(&looked), "{text}: {looked} of {kept}");
    }
}
