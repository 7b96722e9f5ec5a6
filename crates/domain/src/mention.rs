//! Mentions of colleagues in a note: `@[Name](user:ID)`. The id says who is meant, the name is there to be read.

use uuid::Uuid;

use crate::ids::UserId;

/// The most colleagues that one note may mention.
pub const MOST_MENTIONS: usize = 50;

/// Whom a text mentions, each once, in the order in which they are named.
#[must_use]
pub fn mentioned(text: &str) -> Vec<UserId> {
    let mut users = Vec::new();
    for rest in text.split("@[").skip(1) {
        let Some((name, rest)) = rest.split_once("](user:") else { continue };
        let id = rest.split_once(')').and_then(|(id, _)| Uuid::try_parse(id).ok()).map(UserId);
        match id {
            // A name ends at the first bracket: what spans lines or holds another mention is no mention.
            Some(id) if !name.contains(['[', ']', '\n']) && !users.contains(&id) => users.push(id),
            _ => {}
        }
    }
    users
}

#[cfg(test)]
mod tests {
    use super::mentioned;

    #[test]
    fn a_mention_names_a_user_by_id_and_nothing_else_is_one() {
        let (a, b) = ("01900000-0000-7000-8000-00000000000a", "01900000-0000-7000-8000-00000000000b");
        let text = format!("@[Will](user:{a}) and @[Matt B.](user:{b}), again @[Will](user:{a})");
        assert_eq!(mentioned(&text).iter().map(ToString::to_string).collect::<Vec<_>>(), [a, b]);
        for none in
            ["", "@Will", "@[Will](user:x)", "[Will](user:x)", "@[Will]", &format!("@[a\nb](user:{a})"), &format!("@[x @ (user:{a})")]
        {
            assert!(mentioned(none).is_empty(), "{none}");
        }
        assert_eq!(mentioned(&format!("@[x @[Will](user:{a})")).len(), 1, "what is broken off does not hide the next");
    }
}
