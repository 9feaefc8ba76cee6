//! What is known of which words of a unit's translation came from which of its source.

use std::ops::Range;

use edisi_nmt::markup::Link;

use super::Aligned;
use crate::pipeline::Made;
use crate::translator::{Alignment, Draft};

/// The alignment of a segment's translation, without the white space around it, with the segment; over the
/// English in between where there is one. `None` where an engine gave none.
pub(crate) fn of(made: &Made) -> Option<Vec<Alignment>> {
    let last = made.draft.alignment.as_deref()?;
    let mut links = match &made.pivot {
        None => last.to_vec(),
        Some(pivot) => compose(pivot.alignment.as_deref()?, last),
    };
    // Drafts are taken over without the white space around them.
    let kept = kept(&made.draft);
    for link in &mut links {
        link.target.start = link.target.start.clamp(kept.start, kept.end) - kept.start;
        link.target.end = link.target.end.clamp(kept.start, kept.end) - kept.start;
    }
    Some(links)
}

fn kept(draft: &Draft) -> Range<usize> {
    let start = draft.text.len() - draft.text.trim_start().len();
    start..start + draft.text.trim().len()
}

/// Follows links of the second step back through those of the first.
fn compose(first: &[Alignment], second: &[Alignment]) -> Vec<Alignment> {
    let mut links: Vec<Alignment> = Vec::new();
    for to in second {
        for from in first {
            let shared =
                from.target.end.min(to.source.end).saturating_sub(from.target.start.max(to.source.start));
            if shared == 0 {
                continue;
            }
            let weight = to.weight * from.weight * shared as f32 / (to.source.end - to.source.start) as f32;
            let mut same_target = links.iter_mut().rev().take_while(|link| link.target == to.target);
            match same_target.find(|link| link.source == from.source) {
                Some(link) => link.weight += weight,
                None => links.push(Alignment { target: to.target, source: from.source, weight }),
            }
        }
    }
    links
}

/// The links of all segments in the coordinates of the texts; `None` when those of a translated segment are
/// not known. What stands untranslated is tied to itself.
pub(super) fn whole(segments: &[Aligned], source: &str) -> Option<Vec<Link>> {
    let mut links = Vec::new();
    for segment in segments {
        let link = |target: Range<usize>, source: Range<usize>, weight: f32| Link {
            target: target.start + segment.target.start..target.end + segment.target.start,
            source: source.start + segment.source.start..source.end + segment.source.start,
            weight,
        };
        match &segment.links {
            _ if segment.same => {
                let text = &source[segment.source.clone()];
                links.extend(
                    text.char_indices().map(|(at, c)| at..at + c.len_utf8()).map(|r| link(r.clone(), r, 1.0)),
                );
            }
            Some(known) => {
                links.extend(known.iter().map(|l| link(l.target.into(), l.source.into(), l.weight)));
            }
            None => return None,
        }
    }
    Some(links)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translator::{Alignment, Draft};

    fn link(target: Range<usize>, source: Range<usize>, weight: f32) -> Alignment {
        Alignment { target: target.into(), source: source.into(), weight }
    }

    fn draft(text: &str, alignment: Option<Vec<Alignment>>) -> Draft {
        Draft { alignment, ..Draft::copied(text) }
    }

    fn made(draft: Draft, pivot: Option<Draft>) -> Made {
        Made { pivot, ..Made::of(draft) }
    }

    #[test]
    fn white_space_around_a_draft_moves_its_links() {
        let made =
            made(draft("  the car\n", Some(vec![link(1..5, 0..2, 1.0), link(6..10, 3..6, 0.5)])), None);
        assert_eq!(of(&made), Some(vec![link(0..3, 0..2, 1.0), link(4..7, 3..6, 0.5)]));
    }

    #[test]
    fn a_pivot_is_seen_through() {
        // id "rumah besar" → en "big house" → pt "casa grande"
        let english = draft(
            "big house",
            Some(vec![link(0..3, 6..11, 0.75), link(0..3, 0..5, 0.25), link(4..9, 0..5, 1.0)]),
        );
        let last = vec![link(0..4, 4..9, 1.0), link(5..11, 0..3, 0.5), link(5..11, 4..9, 0.5)];
        let both = made(draft("casa grande", Some(last.clone())), Some(english));
        let expected = [link(0..4, 0..5, 1.0), link(5..11, 6..11, 0.375), link(5..11, 0..5, 0.625)];
        assert_eq!(of(&both).unwrap(), expected);
        let unaligned = made(draft("casa grande", Some(last)), Some(draft("big house", None)));
        assert_eq!(of(&unaligned), None);
    }
}
