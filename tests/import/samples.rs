//! The recordings of audio/ are fit to be imported, cover the campaign, and say what their descriptions say.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use loaxa::{
    bulletin::{Category, Kind},
    office::import::{Description, Overrides, Setting, describe},
};
use unicode_normalization::is_nfc;

use crate::bench::Office;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("audio")
}

fn all() -> BTreeMap<PathBuf, Description> {
    let setting = Setting { zone: chrono_tz::Asia::Ho_Chi_Minh, today: "2026-11-25".parse().unwrap() };
    let sounds = fs::read_dir(folder()).unwrap().flatten().map(|e| e.path());
    let sounds = sounds.filter(|p| p.extension().is_some_and(|e| e == "ogg"));
    sounds
        .map(|p| {
            let said = describe(&p, &Overrides::default(), setting).unwrap_or_else(|f| panic!("{f}"));
            (p, said)
        })
        .collect()
}

#[test]
fn the_samples_cover_five_categories_and_two_languages() {
    let all: Vec<_> = all().into_values().collect();
    let spoken = |c, lang: &str| {
        all.iter().filter(|d| d.category == Some(c) && d.languages[0].as_str() == lang).count()
    };
    for category in Category::ALL {
        assert!(spoken(category, "vi") >= 2, "{category:?}");
    }
    let vi: BTreeSet<_> =
        all.iter().filter(|d| d.languages.iter().any(|l| l.as_str() == "vi")).map(|d| &d.work).collect();
    let other =
        all.iter().filter(|d| d.languages.iter().any(|l| l.as_str() != "vi") && vi.contains(&d.work)).count();
    assert!(vi.len() >= 10 && other >= 3, "{} works, {other} translations", vi.len());
    assert_eq!(all.iter().filter(|d| d.kind == Kind::Chime).count(), 2);
}

#[test]
fn each_sample_has_a_clean_text_an_id_like_its_name_and_few_bytes() {
    let mut bytes = 0;
    for (path, said) in all() {
        assert_eq!(path.file_stem().unwrap().to_str(), Some(said.id.as_str()));
        assert!(
            !said.transcript.is_empty() && is_nfc(&fs::read_to_string(path.with_extension("txt")).unwrap())
        );
        if let Some(hotline) = &said.hotline {
            assert!(said.transcript.contains(hotline.as_str()), "{}: {hotline}", said.id);
        }
    }
    for entry in fs::read_dir(folder()).unwrap().flatten() {
        bytes += entry.metadata().unwrap().len();
    }
    assert!(bytes < 2_000_000, "{bytes}");
}

#[test]
fn the_samples_pass_the_import() {
    let office = Office::new();
    let all: Vec<_> = all().into_iter().collect();
    std::thread::scope(|scope| {
        for half in all.chunks(all.len().div_ceil(2)) {
            let office = &office;
            scope.spawn(move || {
                for (path, said) in half {
                    let started = std::time::Instant::now();
                    let made = office.import(path).unwrap_or_else(|e| panic!("{}: {e:?}", said.id));
                    let seconds = made.frames.0 as f64 / 48_000.0;
                    let fit = if said.kind == Kind::Chime { 2.0..=3.0 } else { 20.0..=60.0 };
                    assert!(fit.contains(&seconds), "{}: {seconds}", said.id);
                    assert_eq!(made.warnings, [], "{}", said.id);
                    assert!((-1640..=-1560).contains(&made.loudness_clufs) && made.true_peak_cdb <= -150);
                    eprintln!(
                        "| {} | {seconds:.1} | {:.1} / {:.1} | {:.1} / {:.1} | {} | {} | {:.1} |",
                        said.id,
                        f64::from(made.source_loudness_clufs) / 100.0,
                        f64::from(made.source_true_peak_cdb) / 100.0,
                        f64::from(made.loudness_clufs) / 100.0,
                        f64::from(made.true_peak_cdb) / 100.0,
                        made.rounds,
                        made.length,
                        started.elapsed().as_secs_f32()
                    );
                }
            });
        }
    });
}
