//! The small part of YAML that front matter of brain files uses: `name: text`, quoted text, `[flow, lists]`, `- item` lists.
//!
//! Must not fail: what is no field is left out.

/// The fields of front matter in order: name in lower case and its values (one for a scalar).
#[must_use]
pub fn fields(lines: &[&str]) -> Vec<(String, Vec<String>)> {
    let mut fields: Vec<(String, Vec<String>)> = Vec::new();
    for line in lines {
        let item = line.trim_start().strip_prefix("- ").filter(|_| !line.contains(": ") || line.starts_with([' ', '-']));
        match (item, line.split_once(':')) {
            (Some(item), _) => {
                if let Some((_, values)) = fields.last_mut() {
                    values.push(unquote(item));
                }
            }
            (None, Some((name, value))) if !line.trim_start().starts_with('#') => fields.push((name.trim().to_lowercase(), flow(value))),
            (None, _) => {}
        }
    }
    fields
}

/// A YAML scalar or `[flow, list]` as texts.
fn flow(text: &str) -> Vec<String> {
    let text = text.trim();
    let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) else {
        return vec![unquote(text)];
    };
    let mut items = Vec::new();
    let mut item = String::new();
    let mut quote = None;
    let mut escaped = false;
    for c in inside.chars() {
        match (quote, c) {
            (None, ',') => items.push(std::mem::take(&mut item)),
            (None, '"' | '\'') => {
                quote = Some(c);
                item.push(c);
            }
            (Some(open), c) => {
                if c == open && !escaped {
                    quote = None;
                }
                item.push(c);
            }
            (None, c) => item.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    items.push(item);
    items.iter().map(|item| unquote(item)).collect()
}

fn unquote(text: &str) -> String {
    let text = text.trim();
    if let Some(inside) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return inside.replace("''", "'");
    }
    if text.len() >= 2 && text.starts_with('"') && text.ends_with('"') {
        // Double-quoted YAML is JSON for everything that occurs here.
        return serde_json::from_str(text).unwrap_or_else(|_| text.trim_matches('"').to_owned());
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn st_3_scalars_lists_and_quotes_are_read() {
        let text = "slug: a-b\r\nname: \"A \\\"B\\\" & C: d\"\nphones: [\"+1, 2\", '+3', +4]\nemails:\n  - a@x.example\n  - 'b@x.example'\n# note: x\ntags: []\nempty:";
        let lines: Vec<&str> = text.lines().collect();
        let found = fields(&lines);
        let expected = [
            ("slug", vec!["a-b"]),
            ("name", vec!["A \"B\" & C: d"]),
            ("phones", vec!["+1, 2", "+3", "+4"]),
            ("emails", vec!["", "a@x.example", "b@x.example"]),
            ("tags", vec![""]),
            ("empty", vec![""]),
        ];
        let found: Vec<(&str, Vec<&str>)> =
            found.iter().map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect())).collect();
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn st_3_any_front_matter_is_read_without_panic(text in "\\PC*") {
            let lines: Vec<&str> = text.lines().collect();
            let _ = fields(&lines);
        }
    }
}
