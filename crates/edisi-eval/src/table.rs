//! The report as text.

use std::fmt::Write;

use crate::Kind;
use crate::guard::{Example, Family, Report, Row};

impl Report {
    /// Recall over several kinds together; `None` when nothing of them could be corrupted.
    pub fn recall(&self, kinds: &[Kind]) -> Option<f64> {
        let rows = kinds.iter().filter_map(|kind| self.kinds.get(kind));
        let sum = rows.fold(Row::default(), |sum, row| Row {
            made: sum.made + row.made,
            noticed: sum.noticed + row.noticed,
            elsewhere: sum.elsewhere + row.elsewhere,
        });
        sum.recall()
    }

    /// The share of clean segments with a finding of `family`.
    pub fn alarm_rate(&self, family: Family) -> f64 {
        share(self.alarms.get(&family).copied().unwrap_or(0), self.segments)
    }

    /// A table of kinds and one of alarms, with the examples that were kept.
    pub fn table(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{:14} {:>7} {:>8} {:>8} {:>11}",
            self.pair, "made", "noticed", "recall", "elsewhere"
        );
        for (kind, row) in &self.kinds {
            let recall = row.recall().map_or("–".to_owned(), |r| format!("{r:.3}"));
            let _ = writeln!(
                out,
                "  {:12} {:>7} {:>8} {:>8} {:>11}",
                kind, row.made, row.noticed, recall, row.elsewhere
            );
        }
        let _ = writeln!(out, "{:14} {:>7} {:>8}", "on clean pairs", "alarms", "share");
        for (family, count) in &self.alarms {
            let (count, of) = match family {
                Family::Sentence => (&self.alarms_sentence, self.passage_lines),
                _ => (count, self.segments),
            };
            let _ = writeln!(out, "  {:12} {:>7} {:>8.3}", family.name(), count, share(*count, of));
        }
        let missed = self.missed.iter().map(|(kind, list)| (format!("missed {kind}"), list));
        let alarms = self.false_alarms.iter().map(|(f, list)| (format!("false alarm, {}", f.name()), list));
        for (title, list) in missed.chain(alarms) {
            examples(&mut out, &title, list);
        }
        out
    }

    /// The line of figures, `key=value` with a space between; a recall of nothing is `nan`.
    pub fn summary(&self) -> String {
        const QUANTITIES: [Kind; 5] = [Kind::Value, Kind::Digit, Kind::Scale, Kind::Unit, Kind::Currency];
        let recalls = [
            ("quantity", &QUANTITIES[..]),
            ("time", &[Kind::Date]),
            ("name", &[Kind::NameSwapped, Kind::NameDropped]),
            ("clause", &[Kind::Clause]),
            ("sentence", &[Kind::Sentence]),
            ("untranslated", &[Kind::Untranslated]),
            ("repeated", &[Kind::Repeated]),
            ("language", &[Kind::Language]),
            ("negation", &[Kind::Negation]),
            ("opposite", &[Kind::Opposite]),
            ("qualifier", &[Kind::Qualifier]),
        ];
        let mut out = format!(
            "pair={} seed={} segments={} left_out={}",
            self.pair, self.seed, self.segments, self.left_out
        );
        for (name, kinds) in recalls {
            let recall = self.recall(kinds).unwrap_or(f64::NAN);
            let _ = write!(
                out,
                " recall_{name}={}",
                if recall.is_nan() { "nan".into() } else { format!("{recall:.4}") }
            );
        }
        for family in
            [Family::Quantity, Family::Time, Family::Name, Family::Clause, Family::Sense, Family::Qualifier]
        {
            let _ = write!(out, " alarms_{}={:.4}", family.name(), self.alarm_rate(family));
        }
        let _ = write!(out, " alarms_sentence={:.4}", share(self.alarms_sentence, self.passage_lines));
        let _ = write!(out, " alarms_other={:.4}", share(self.alarms_other, self.segments));
        let _ = write!(out, " alarms_style={:.4}", self.alarm_rate(Family::Style));
        let _ = write!(out, " pairs_per_s={:.0}", self.pairs_per_s);
        out
    }
}

fn examples(out: &mut String, title: &str, list: &[Example]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    for example in list {
        let _ = writeln!(out, "  line {}: {}", example.line, example.what);
        let _ = writeln!(out, "    S {}\n    T {}", example.source, example.target);
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
