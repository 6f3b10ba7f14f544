//! One SQL text, two engines, the same answers.

use loaxa::hub::db::{
    Db,
    inspect::{self, Cut, Key, Search},
};

use crate::seed::{self, DAYS, STATIONS, first_day};

/// Everything that inspectors can ask, as one text.
async fn answers(db: &Db) -> String {
    let mut all = String::new();
    let cut = |now: bool, communes: &[&str]| Cut {
        now,
        communes: (!communes.is_empty()).then(|| communes.iter().map(|c| (*c).to_owned()).collect()),
    };
    let log = seed::key("dong-ky-1").id();
    let (from, to) = (first_day(), first_day() + DAYS);
    let micros = |day: i64| day * 86_400_000_000;
    for cut in [
        cut(false, &[]),
        cut(true, &[]),
        cut(false, &["dong-ky"]),
        cut(false, &["dong-ky", "xuan-luong"]),
        cut(true, &["dong-ky", "nghia-phuong"]),
    ] {
        for (station, category, bulletin, outcome, why, after) in [
            (None, None, None, None, None, None),
            (Some("dong-ky-1"), None, None, Some("partial"), Some("hold"), None),
            (None, Some("law"), None, None, None, None),
            (None, Some("tricks"), None, Some("partial"), Some("hold"), None),
            (None, None, Some("ho-tro-tay"), None, None, None),
            (None, None, None, Some("played"), None, Some(12)),
            (None, Some("law"), None, None, None, Some(9)),
        ] {
            let own = |text: Option<&str>| text.map(str::to_owned);
            let search = Search {
                cut: cut.clone(),
                station: own(station),
                from: micros(from - 1),
                to: micros(to),
                category: own(category),
                language: own(category.map(|_| "vi")),
                bulletin: own(bulletin),
                outcome: own(outcome),
                why: own(why),
                after: after.map(|day| Key { ts: micros(first_day() + day), log: log.0.to_vec(), seq: 3 }),
            };
            let found = inspect::search(db, &search, 40).await.unwrap();
            let keys: Vec<_> = found.iter().map(|f| (f.log.as_slice(), f.seq)).collect();
            let sent = inspect::sent(db, &keys).await.unwrap();
            let count = inspect::count(db, &search, 1000).await.unwrap();
            all += &format!("{found:?}\n{sent:?}\n{count}\n");
        }
        let mut planned = inspect::planned(db, &cut, from, to).await.unwrap();
        planned.sort_by_key(|r| (r.station.clone(), r.day));
        let mut outcomes = inspect::outcomes(db, &cut, from, to).await.unwrap();
        outcomes.sort_by_key(|r| (r.station.clone(), r.day, r.outcome.clone(), r.why.clone()));
        let mut airings = inspect::airings(db, &cut, from, to).await.unwrap();
        airings.sort_by_key(|r| (r.station.clone(), r.category.clone(), r.language.clone()));
        let mut grid = inspect::grid(db, &cut, from, to).await.unwrap();
        grid.sort_by_key(|c| (c.commune.clone(), c.day, c.what.clone()));
        let stations = inspect::stations(db, cut.communes.as_deref(), 100).await.unwrap();
        let heads = inspect::heads(db, cut.communes.as_deref()).await.unwrap();
        let extents = inspect::extents(db, &cut, None, micros(from), micros(from + 3), 100).await.unwrap();
        all += &format!(
            "{planned:?}\n{outcomes:?}\n{airings:?}\n{grid:?}\n{stations:?}\n{heads:?}\n{extents:?}\n"
        );
    }
    for (station, _) in STATIONS {
        let day = inspect::of_station(db, station, micros(from + 2), micros(from + 4), 100).await.unwrap();
        let one = inspect::station(db, station).await.unwrap();
        let log = inspect::registered_log(db, station).await.unwrap();
        all += &format!("{day:?}\n{one:?}\n{log:?}\n");
    }
    let record = inspect::record(db, &log.0, 5).await.unwrap();
    let lines = inspect::lines(db, &log.0, 3, 20, 10).await.unwrap();
    all + &format!("{record:?}\n{lines:?}\n")
}

#[tokio::test]
#[ignore = "needs LOAXA_POSTGRES, the URL of an empty PostgreSQL database"]
async fn postgresql_answers_inspectors_as_sqlite_does() {
    let url = std::env::var("LOAXA_POSTGRES").expect("LOAXA_POSTGRES is set");
    let dir = tempfile::tempdir().unwrap();
    let sqlite = seed::open(dir.path()).await;
    let postgres = Db::postgres(&url).await.unwrap();
    seed::tell(&sqlite).await;
    seed::tell(&postgres).await;
    let (one, other) = (answers(&sqlite).await, answers(&postgres).await);
    for (one, other) in one.lines().zip(other.lines()) {
        assert_eq!(one, other);
    }
    assert!(one.len() > 50_000 && one.len() == other.len(), "{} and {}", one.len(), other.len());
}
