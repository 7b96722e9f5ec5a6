//! What a search says it found, in any script and any format of a number.

use super::*;
use crate::phone;
use proptest::prelude::*;

fn marked(why: &Why) -> String {
    why.parts.iter().map(|p| if p.hit { format!("[{}]", p.text) } else { p.text.clone() }).collect()
}

#[test]
fn the_field_that_holds_most_of_the_words_is_the_reason() {
    let fields = [(Field::Name, "José Álvarez-O’Dell".to_owned()), (Field::Household, "Alvarez Family".to_owned())];
    let why = |text: &str, near: &[&str]| Looked::new(text).why(&fields, &near.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
    assert_eq!(marked(&why("jose alv", &[])), "[José] [Álvarez]-O’Dell");
    assert_eq!(marked(&why("odell", &[])), "José Álvarez-[O’Dell]");
    assert_eq!(marked(&why("Alvares", &["alvarez"])), "José [Álvarez]-O’Dell");
    let family = why("family", &[]);
    assert_eq!((family.field, marked(&family)), (Field::Household, "Alvarez [Family]".to_owned()));
    assert_eq!(marked(&why("zebra", &[])), "José Álvarez-O’Dell");
}

#[test]
fn other_scripts_and_emoji_are_marked_at_whole_characters() {
    for (text, looked, expected) in [
        ("林秀英", "秀英", "林[秀][英]"),
        ("דוד לוי", "לוי", "דוד [לוי]"),
        ("مُحَمَّد الحداد", "محمد", "[مُحَمَّد] الحداد"),
        ("Very happy 🎉 day", "happy", "Very [happy] 🎉 day"),
        ("👩‍👩‍👧 tea", "tea", "👩‍👩‍👧 [tea]"),
        ("Łucja Øverland Strauß", "lucja overland strauss", "[Łucja] [Øverland] [Strauß]"),
    ] {
        assert_eq!(marked(&Looked::new(looked).why(&[(Field::Name, text.to_owned())], &[])), expected);
    }
}

#[test]
fn of_a_long_text_the_part_around_the_first_match_is_shown() {
    let text = format!("{} the annuity question\nis open {}", "word ".repeat(100), "tail ".repeat(100));
    let why = Looked::new("annuity").why(&[(Field::Text, text)], &[]);
    let shown = marked(&why);
    assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("the [annuity] question is open"), "{shown}");
    assert!(shown.chars().count() <= SNIPPET + 4, "{shown}");
}

#[test]
fn ph_4_a_number_is_looked_up_by_its_digits_in_any_format() {
    for text in
        ["4255550138", "(425) 555-0138", "425.555.0138 x12", "425-555-0138 ext. 7", "425\u{2011}555\u{a0}0138", "４２５５５５０１３８"]
    {
        assert_eq!(digits(text).as_deref(), Some("4255550138"), "{text}");
    }
    assert_eq!(digits("+1 (425) 555-0138").as_deref(), Some("14255550138"));
    for text in ["+44 20 7946 0018", "0044 20 7946 0018", "011 44 20 7946 0018"] {
        assert_eq!(digits(text).as_deref(), Some("442079460018"), "{text}");
    }
    assert_eq!(digits("020 7946 0018").as_deref(), Some("2079460018"));
    assert_eq!(digits("555-0138").as_deref(), Some("5550138"));
    assert_eq!(digits("0138").as_deref(), Some("0138"));
    for text in ["", "x12", "12", "call 5550138", "Whitfield", "🎉", "٣٤٥٦"] {
        assert_eq!(digits(text), None, "{text}");
    }
}

#[test]
fn ph_4_the_digits_that_were_looked_for_are_marked() {
    let shown = "(425) 555-0138";
    for (looked, expected) in [
        ("5550138", "(425) [555-0138]"),
        ("14255550138", "([425) 555-0138]"),
        ("425555", "([425) 555]-0138"),
        ("99999999", "([425) 555-0138]"),
    ] {
        assert_eq!(marked(&why_number(shown, looked)), expected);
    }
}

proptest! {
    #[test]
    fn any_text_is_explained_without_loss_or_panic(text in "\\PC{0,300}", looked in "\\PC{1,40}") {
        let why = Looked::new(&looked).why(&[(Field::Text, text.clone())], std::slice::from_ref(&looked));
        let shown: String = why.parts.iter().map(|p| p.text.as_str()).collect();
        prop_assert!(text.chars().count() > SNIPPET || shown == text);
        let _ = digits(&text);
        let _ = why_number(&text, "5550138");
    }

    /// However the same number is written, the same digits are looked up: those that the number is kept by, or its end.
    #[test]
    fn ph_4_every_spelling_of_a_number_finds_it(area in 200u32..1000, exchange in 200u32..1000, line in 0u32..10_000,
        spelling in 0usize..8, extension in proptest::option::of(1u32..99_999)) {
        let (a, e, l) = (area.to_string(), exchange.to_string(), format!("{line:04}"));
        let base = match spelling {
            0 => format!("{a}{e}{l}"), 1 => format!("({a}) {e}-{l}"), 2 => format!("{a}.{e}.{l}"), 3 => format!("+1 {a} {e} {l}"),
            4 => format!("1-{a}-{e}-{l}"), 5 => format!("+1({a}){e}{l}"), 6 => format!("{e}-{l}"), _ => format!("{a} {e} {l}"),
        };
        let typed = extension.map_or(base.clone(), |x| format!("{base} x{x}"));
        let kept = phone::parse(&format!("{a}{e}{l}")).number().map(|p| p.e164).unwrap_or_default();
        let found = digits(&typed).unwrap_or_default();
        prop_assert!(kept.trim_start_matches('+').ends_with(found.as_str()) && found.len() >= 7, "{typed}: {found} of {kept}");
    }
}
