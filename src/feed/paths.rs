//! Which paths a delegation covers. tough's own match lets `*` cross a `/`; the specification advises against it, and
//! our table of roles relies on it not doing so.

use tough::schema::PathSet;

use crate::digest::Digest;

/// Whether `path` is among the paths that a delegation names (TUF 1.0.34 §4.5, PATHPATTERN and path_hash_prefixes).
pub fn covers(paths: &PathSet, path: &str) -> bool {
    match paths {
        PathSet::Paths(patterns) => patterns.iter().any(|p| matches(p.value(), path)),
        PathSet::PathHashPrefixes(prefixes) => {
            let digest = Digest::of(path.as_bytes()).to_string();
            prefixes.iter().any(|p| digest.starts_with(p.value()))
        }
    }
}

/// Part by part between slashes: `*` is any run, `?` any one character, everything else itself. Brackets and braces of
/// other glob dialects stand for themselves, so such a pattern covers less than its author thought, never more.
pub fn matches(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(pattern), Some(part)) if part_matches(pattern, part) => {}
            _ => return false,
        }
    }
}

/// Greedy with one point of return, the last `*`: time grows with the product of the lengths at worst.
fn part_matches(pattern: &str, part: &str) -> bool {
    let (pattern, part): (Vec<char>, Vec<char>) = (pattern.chars().collect(), part.chars().collect());
    let (mut p, mut s) = (0, 0);
    let mut back = None;
    while s < part.len() {
        match pattern.get(p) {
            Some('*') => {
                back = Some((p, s));
                p += 1;
            }
            Some(&c) if c == '?' || c == part[s] => {
                p += 1;
                s += 1;
            }
            _ => match &mut back {
                Some((star, from)) => {
                    *from += 1;
                    (p, s) = (*star + 1, *from);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_in_its_folder() {
        for (pattern, path, covered) in [
            ("bulletins/*", "bulletins/a.opus", true),
            ("bulletins/*", "bulletins/a/b.opus", false),
            ("bulletins/*", "areas/x/schedule.yaml", false),
            ("urgent/*.json", "urgent/bao.json", true),
            ("urgent/*.json", "urgent/bao.jsonx", false),
            ("foo-?.tgz", "foo-1.tgz", true),
            ("foo-?.tgz", "foo-12.tgz", false),
            ("*a*b", "xaxbxab", true),
            ("*a*b", "xaxbxa", false),
            ("*", "a/b", false),
            ("*.MD", "x.md", false),
            ("", "", true),
        ] {
            assert_eq!(matches(pattern, path), covered, "{pattern} {path}");
        }
    }
}
