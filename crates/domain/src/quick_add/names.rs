//! Whom a name means: one, nobody, or several, who are all told. Never a guess.

/// What a name was found to mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<T> {
    /// This one.
    One(T),
    /// Nobody.
    Nobody,
    /// Any of these.
    Several(Vec<T>),
}

impl<T> Found<T> {
    fn of(mut found: Vec<T>) -> Self {
        match found.len() {
            0 => Self::Nobody,
            1 => found.pop().map_or(Self::Nobody, Self::One),
            _ => Self::Several(found),
        }
    }
}

/// Short forms of first names in the United States, with the names they stand for.
const SHORT: [(&str, &[&str]); 44] = [
    ("abby", &["abigail"]),
    ("al", &["alan", "albert", "alexander", "alfred"]),
    ("alex", &["alexander", "alexandra", "alexis"]),
    ("andy", &["andrew"]),
    ("annie", &["ann", "anna", "anne"]),
    ("becky", &["rebecca"]),
    ("ben", &["benjamin"]),
    ("beth", &["elizabeth"]),
    ("betty", &["elizabeth"]),
    ("bill", &["william"]),
    ("bob", &["robert"]),
    ("cathy", &["catherine", "kathleen"]),
    ("chris", &["christopher", "christine", "christina"]),
    ("chuck", &["charles"]),
    ("dan", &["daniel"]),
    ("dave", &["david"]),
    ("debbie", &["deborah"]),
    ("dick", &["richard"]),
    ("ed", &["edward", "edwin", "edmund"]),
    ("fred", &["frederick", "alfred"]),
    ("greg", &["gregory"]),
    ("harry", &["harold", "henry"]),
    ("jack", &["john"]),
    ("jen", &["jennifer"]),
    ("jim", &["james"]),
    ("joe", &["joseph"]),
    ("kate", &["katherine", "catherine", "kathleen"]),
    ("ken", &["kenneth"]),
    ("larry", &["lawrence"]),
    ("liz", &["elizabeth"]),
    ("maggie", &["margaret"]),
    ("matt", &["matthew"]),
    ("meg", &["margaret", "megan"]),
    ("mike", &["michael"]),
    ("nell", &["eleanor", "ellen", "helen"]),
    ("nick", &["nicholas"]),
    ("pat", &["patrick", "patricia"]),
    ("peggy", &["margaret"]),
    ("rick", &["richard"]),
    ("sam", &["samuel", "samantha"]),
    ("sue", &["susan", "suzanne"]),
    ("ted", &["edward", "theodore"]),
    ("tom", &["thomas"]),
    ("will", &["william", "wilson"]),
];

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The colleague whom `handle` names among those of (value, name, e-mail address): by the whole name, else by the first name,
/// a short form of it or the part of the address before the `@`, else by the beginning of name or address.
pub fn colleague<T: Clone>(handle: &str, among: &[(T, &str, &str)]) -> Found<T> {
    let wanted = plain(handle);
    if wanted.is_empty() {
        return Found::Nobody;
    }
    let first = |name: &str| plain(name.split_whitespace().next().unwrap_or_default());
    let local = |email: &str| plain(email.split('@').next().unwrap_or_default());
    let short = |name: &str| SHORT.iter().any(|(form, names)| *form == wanted && names.contains(&name));
    let matching = |test: &dyn Fn(&str, &str) -> bool| -> Vec<T> {
        among.iter().filter(|(_, name, email)| test(name, email)).map(|(value, ..)| value.clone()).collect()
    };
    let steps = [
        matching(&|name, _| plain(name) == wanted),
        // One step: that a Sam has the address must not hide that there are two.
        matching(&|name, email| local(email) == wanted || first(name) == wanted || short(&first(name))),
        matching(&|name, email| plain(name).starts_with(&wanted) || local(email).starts_with(&wanted)),
    ];
    Found::of(steps.into_iter().find(|found| !found.is_empty()).unwrap_or_default())
}

/// The household that `text` names among those of (value, name) that a search found: the one of that name, else those whose
/// name begins with it, else those with a word that does, else all that were found.
pub fn household<T: Clone>(text: &str, among: &[(T, &str)]) -> Found<T> {
    let text = text.replace(['-', '_'], " ").to_lowercase();
    let tests: [&dyn Fn(&str) -> bool; 4] = [
        &|name| name == text || name.strip_suffix(" family") == Some(text.as_str()),
        &|name| name.starts_with(&text),
        &|name| name.split_whitespace().any(|word| word.starts_with(&text)),
        &|_| true,
    ];
    for test in tests {
        let found: Vec<T> = among.iter().filter(|(_, name)| test(&name.to_lowercase())).map(|(value, _)| value.clone()).collect();
        if !found.is_empty() {
            return Found::of(found);
        }
    }
    Found::Nobody
}
