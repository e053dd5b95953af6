//! The JSON schema of a report, read from the same declarations as the TypeScript: it cannot say
//! anything else than what is sent.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The schema of the type `root`, with every type that it mentions.
pub(super) fn of(
    title: &str,
    description: &str,
    root: &str,
    declarations: &BTreeMap<String, String>,
) -> String {
    let mut defs = BTreeMap::new();
    let mut wanted = vec![root.to_owned()];
    while let Some(name) = wanted.pop() {
        if defs.contains_key(&name) {
            continue;
        }
        let text = declarations
            .get(&name)
            .unwrap_or_else(|| panic!("{name} is not declared"));
        let mut reader = Reader {
            tokens: tokens(text),
            at: 0,
            named: Vec::new(),
        };
        let declared = reader.declaration();
        wanted.append(&mut reader.named);
        defs.insert(name, declared);
    }
    let mut schema = Map::new();
    let dialect = "https://json-schema.org/draft/2020-12/schema";
    schema.insert("$schema".to_owned(), dialect.into());
    schema.insert("title".to_owned(), title.into());
    schema.insert("description".to_owned(), description.into());
    schema.insert("$ref".to_owned(), format!("#/$defs/{root}").into());
    schema.insert("$defs".to_owned(), json!(defs));
    serde_json::to_string_pretty(&schema).unwrap() + "\n"
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Doc(String),
    Word(String),
    Text(String),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let token;
        (token, rest) = if let Some(inside) = rest.strip_prefix("/**") {
            let (doc, after) = inside.split_once("*/").unwrap();
            let lines = doc
                .lines()
                .map(|line| line.trim().trim_start_matches('*').trim());
            let words: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
            (Token::Doc(words.join(" ")), after)
        } else if let Some(inside) = rest.strip_prefix('"') {
            let (text, after) = inside.split_once('"').unwrap();
            (Token::Text(text.to_owned()), after)
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            (Token::Word(word.to_owned()), after)
        } else {
            (Token::Sign(first), &rest[first.len_utf8()..])
        };
        found.push(token);
        rest = rest.trim_start();
    }
    found
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    /// The types that were mentioned.
    named: Vec<String>,
}

impl Reader {
    fn next(&mut self) -> Token {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token.unwrap_or_else(|| panic!("a declaration ends early: {:?}", self.tokens))
    }

    fn takes(&mut self, sign: char) -> bool {
        let there = self.tokens.get(self.at) == Some(&Token::Sign(sign));
        self.at += usize::from(there);
        there
    }

    fn expects(&mut self, sign: char) {
        assert!(self.takes(sign), "{sign} expected in {:?}", self.tokens);
    }

    fn doc(&mut self) -> Option<String> {
        let Some(Token::Doc(text)) = self.tokens.get(self.at) else {
            return None;
        };
        self.at += 1;
        Some(text.clone())
    }

    /// `/** What it is. */ export type Name = … ;`
    fn declaration(&mut self) -> Value {
        let doc = self.doc();
        let before: Vec<Token> = (0..3).map(|_| self.next()).collect();
        assert_eq!(before[1], Token::Word("type".to_owned()), "{before:?}");
        self.expects('=');
        described(self.union(), doc)
    }

    fn union(&mut self) -> Value {
        self.takes('|');
        let mut choices = vec![self.one()];
        while self.takes('|') {
            choices.push(self.one());
        }
        if choices.len() == 1 {
            return choices.remove(0);
        }
        let texts: Option<Vec<Value>> = choices.iter().map(|c| c.get("const").cloned()).collect();
        match texts {
            Some(texts) => json!({ "enum": texts }),
            None => json!({ "anyOf": choices }),
        }
    }

    fn one(&mut self) -> Value {
        let _ = self.doc();
        if self.takes('{') {
            return self.object();
        }
        if self.takes('[') {
            let mut items = Vec::new();
            while !self.takes(']') {
                items.push(self.union());
                self.takes(',');
            }
            return json!({ "type": "array", "prefixItems": items, "items": false });
        }
        let found = match self.next() {
            Token::Text(text) => json!({ "const": text }),
            Token::Word(word) => match word.as_str() {
                "string" | "number" | "boolean" | "null" => json!({ "type": word }),
                "Array" => {
                    self.expects('<');
                    let items = self.union();
                    self.expects('>');
                    json!({ "type": "array", "items": items })
                }
                name => {
                    self.named.push(name.to_owned());
                    json!({ "$ref": format!("#/$defs/{name}") })
                }
            },
            other => panic!("{other:?} is not read here: {:?}", self.tokens),
        };
        if self.takes('[') {
            self.expects(']');
            return json!({ "type": "array", "items": found });
        }
        found
    }

    fn object(&mut self) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        while !self.takes('}') {
            let doc = self.doc();
            let (Token::Word(name) | Token::Text(name)) = self.next() else {
                panic!("a field has a name: {:?}", self.tokens);
            };
            if !self.takes('?') {
                required.push(name.clone());
            }
            self.expects(':');
            let of = self.union();
            properties.insert(name, described(of, doc));
            self.takes(',');
        }
        json!({ "type": "object", "properties": properties, "required": required })
    }
}

fn described(mut schema: Value, doc: Option<String>) -> Value {
    if let (Some(doc), Some(fields)) = (doc, schema.as_object_mut()) {
        fields.insert("description".to_owned(), doc.into());
    }
    schema
}
