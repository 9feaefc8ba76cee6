//! Which requests begin alike: the common beginnings are evaluated once.
//!
//! The prompts are the paths of a tree. An inner node is a stretch of tokens that at least two requests have
//! in common; each request's own rest, at least its last token, is a leaf.

/// A shared stretch shorter than this is cheaper evaluated twice than kept apart.
const MIN_SHARED: usize = 8;

/// A stretch of tokens shared by several requests.
#[derive(Debug, PartialEq)]
pub(crate) struct Node {
    pub parent: Option<usize>,
    /// Where in the prompt it begins and ends.
    pub start: usize,
    pub end: usize,
    /// A request whose prompt has these tokens.
    pub request: usize,
    /// Nodes and leaves directly below.
    pub users: usize,
}

/// The part of a request no other has.
#[derive(Debug, PartialEq)]
pub(crate) struct Leaf {
    pub request: usize,
    pub parent: Option<usize>,
    pub start: usize,
}

/// Nodes, parents before children, and leaves, those with a common parent side by side.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Tree {
    pub nodes: Vec<Node>,
    pub leaves: Vec<Leaf>,
}

/// Finds what `prompts` share. Prompts must not be empty.
pub(crate) fn tree(prompts: &[Vec<u32>]) -> Tree {
    let mut order: Vec<usize> = (0..prompts.len()).collect();
    order.sort_by(|&a, &b| prompts[a].cmp(&prompts[b]).then(a.cmp(&b)));
    let mut tree = Tree::default();
    tree.split(prompts, &order, 0, None);
    tree
}

impl Tree {
    /// Adds `order`, whose prompts are the same up to `start` and lie below `parent` from there on.
    fn split(&mut self, prompts: &[Vec<u32>], order: &[usize], start: usize, parent: Option<usize>) {
        let mut rest = order;
        while let Some(&first) = rest.first() {
            // The prompts that share at least MIN_SHARED tokens with the first one: a run, as they are sorted.
            let want = start + MIN_SHARED;
            let same = |&&other: &&usize| {
                let (a, b) = (&prompts[first], &prompts[other]);
                a.len() > want && b.len() > want && a[start..want] == b[start..want]
            };
            let run = 1 + rest[1..].iter().take_while(same).count();
            let (group, after) = rest.split_at(run);
            rest = after;
            if let Some(parent) = parent {
                self.nodes[parent].users += 1;
            }
            if run == 1 {
                self.leaves.push(Leaf { request: first, parent, start });
                continue;
            }
            let last = &prompts[group[run - 1]];
            let shortest = group.iter().map(|&i| prompts[i].len()).min().expect("a run has members");
            let common =
                prompts[first].iter().zip(last).take_while(|(a, b)| a == b).count().min(shortest - 1);
            self.nodes.push(Node { parent, start, end: common, request: first, users: 0 });
            self.split(prompts, group, common, Some(self.nodes.len() - 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn five_targets_of_one_sentence_share_it() {
        let source: Vec<u32> = (0..20).collect();
        let prompts: Vec<Vec<u32>> = (100..105).map(|t| [&source[..], &[t, 7]].concat()).collect();
        let tree = tree(&prompts);
        assert_eq!(tree.nodes, [Node { parent: None, start: 0, end: 20, request: 0, users: 5 }]);
        assert!(tree.leaves.iter().all(|l| l.parent == Some(0) && l.start == 20));
    }

    #[test]
    fn equal_prompts_keep_their_last_token() {
        let prompt: Vec<u32> = (0..20).collect();
        let tree = tree(&[prompt.clone(), prompt]);
        assert_eq!(tree.nodes[0].end, 19);
        assert_eq!(tree.leaves.len(), 2);
    }

    proptest! {
        #[test]
        fn paths_rebuild_the_prompts(
            prompts in prop::collection::vec(prop::collection::vec(0u32..3, 1..40), 1..30)
        ) {
            let tree = tree(&prompts);
            let mut seen: Vec<usize> = tree.leaves.iter().map(|l| l.request).collect();
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..prompts.len()).collect::<Vec<_>>());
            let mut users = vec![0; tree.nodes.len()];
            for leaf in &tree.leaves {
                let mut rebuilt = prompts[leaf.request][leaf.start..].to_vec();
                prop_assert!(!rebuilt.is_empty());
                let mut at = leaf.parent;
                if let Some(n) = at { users[n] += 1; }
                while let Some(n) = at {
                    let node = &tree.nodes[n];
                    prop_assert!(node.parent.is_none_or(|p| p < n && tree.nodes[p].end == node.start));
                    rebuilt.splice(0..0, prompts[node.request][node.start..node.end].iter().copied());
                    at = node.parent;
                }
                prop_assert_eq!(&rebuilt, &prompts[leaf.request]);
            }
            for node in &tree.nodes {
                if let Some(p) = node.parent { users[p] += 1; }
            }
            prop_assert_eq!(users, tree.nodes.iter().map(|n| n.users).collect::<Vec<_>>());
        }
    }
}
