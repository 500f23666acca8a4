//! Entries as results. They are most of what crosses to JavaScript, and are written straight into one text.

use std::fmt::Write;

use crate::model::{Entry, push_json_string};
use crate::query::Page;
use crate::storage::{Batch, Place};

/// What is written as JSON text by itself.
pub trait ToJson {
    /// Appends the JSON.
    fn push_json(&self, out: &mut String);

    /// Returns the JSON.
    fn to_json(&self) -> String {
        let mut out = String::with_capacity(1 << 12);
        self.push_json(&mut out);
        out
    }
}

impl ToJson for Entry {
    fn push_json(&self, out: &mut String) {
        let ts = self.ts.to_string();
        let fields = [
            ("{\"entryId\":", Some(&self.entry_id)),
            (",\"project\":", Some(&self.project)),
            (",\"ts\":", Some(&ts)),
            (",\"emoji\":", Some(&self.emoji)),
            (",\"agent\":", self.agent.as_ref()),
            (",\"message\":", Some(&self.message)),
            (",\"rawLine\":", Some(&self.raw_line)),
            (",\"sha256\":", Some(&self.sha256)),
        ];
        for (key, text) in fields {
            out.push_str(key);
            match text {
                Some(text) => push_json_string(out, text),
                None => out.push_str("null"),
            }
        }
        out.push_str(",\"meta\":");
        out.push_str(self.meta.as_str());
        push_number(out, ",\"seq\":", self.seq);
        out.push('}');
    }
}

impl ToJson for [Entry] {
    fn push_json(&self, out: &mut String) {
        let mut separator = '[';
        for entry in self {
            out.push(separator);
            separator = ',';
            entry.push_json(out);
        }
        out.push_str(if self.is_empty() { "[]" } else { "]" });
    }
}

impl ToJson for Vec<Entry> {
    fn push_json(&self, out: &mut String) {
        self.as_slice().push_json(out);
    }
}

impl ToJson for Option<Entry> {
    fn push_json(&self, out: &mut String) {
        match self {
            Some(entry) => entry.push_json(out),
            None => out.push_str("null"),
        }
    }
}

impl ToJson for Page<Entry> {
    fn push_json(&self, out: &mut String) {
        out.push_str("{\"items\":");
        self.items.push_json(out);
        push_number(out, ",\"page\":", self.page);
        push_number(out, ",\"pageSize\":", self.page_size.into());
        push_number(out, ",\"totalCount\":", self.total_count);
        push_number(out, ",\"totalPages\":", self.total_pages);
        for (key, flag) in [(",\"hasNext\":", self.has_next), (",\"hasPrev\":", self.has_prev)] {
            out.push_str(key);
            out.push_str(if flag { "true" } else { "false" });
        }
        for (key, cursor) in
            [(",\"nextCursor\":", &self.next_cursor), (",\"prevCursor\":", &self.prev_cursor)]
        {
            out.push_str(key);
            match cursor {
                Some(cursor) => push_json_string(out, cursor),
                None => out.push_str("null"),
            }
        }
        out.push('}');
    }
}

/// Some entries of an iteration, and the place to pass for the next ones.
impl ToJson for Batch {
    fn push_json(&self, out: &mut String) {
        out.push_str("{\"entries\":");
        self.entries.push_json(out);
        out.push_str(",\"next\":");
        if let Some(Place { snapshot, after }) = &self.next {
            push_number(out, "{\"projectId\":", snapshot.project_id);
            push_number(out, ",\"lastSeq\":", snapshot.last_seq);
            out.push_str(",\"ts\":");
            push_json_string(out, &after.ts.to_string());
            push_number(out, ",\"seq\":", after.seq);
            out.push('}');
        } else {
            out.push_str("null");
        }
        out.push('}');
    }
}

fn push_number(out: &mut String, key: &str, number: u64) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{key}{number}");
}
