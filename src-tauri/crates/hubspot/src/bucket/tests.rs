use super::*;
use proptest::prelude::*;
use std::sync::Arc;

const TEN_SECONDS: Duration = Duration::from_secs(10);

fn on_paused_time<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(work)
}

/// HubSpot's side: when it counted each call. `way` is how long the n-th call takes to get there,
/// `back` how long its answer takes from there.
#[derive(Clone, Copy)]
struct Roads {
    way: fn(usize) -> Duration,
    back: Duration,
}

const AT_ONCE_THERE: Roads = Roads {
    way: |_| Duration::ZERO,
    back: Duration::from_millis(3),
};

/// The moments at which HubSpot counted `calls` calls of 32 callers.
fn counted(limit: u32, interval: Duration, calls: usize, roads: Roads) -> Vec<Duration> {
    on_paused_time(async {
        let start = Instant::now();
        let bucket = Arc::new(Bucket::new(limit, interval));
        let left = Arc::new(std::sync::atomic::AtomicUsize::new(calls));
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let (bucket, left) = (Arc::clone(&bucket), Arc::clone(&left));
            callers.spawn(async move {
                let mut moments = Vec::new();
                let next = || {
                    use std::sync::atomic::Ordering::SeqCst;
                    left.fetch_update(SeqCst, SeqCst, |left| left.checked_sub(1))
                };
                while let Ok(number) = next() {
                    let place = bucket.take().await;
                    tokio::time::sleep((roads.way)(number)).await;
                    moments.push(start.elapsed());
                    tokio::time::sleep(roads.back).await;
                    bucket.answered(place);
                }
                moments
            });
        }
        let mut moments = callers.join_all().await.concat();
        moments.sort();
        moments
    })
}

/// The most calls that a window of the length saw.
fn fullest(moments: &[Duration], interval: Duration) -> usize {
    let mut first = 0;
    let mut most = 0;
    for (last, at) in moments.iter().enumerate() {
        while *at - moments[first] >= interval {
            first += 1;
        }
        most = most.max(last + 1 - first);
    }
    most
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_window_sees_more_than_the_limit(
        limit in 1_u32..250, seconds in 1_u64..12, back in 0_u64..3_000,
    ) {
        let interval = Duration::from_secs(seconds);
        let roads = Roads { back: Duration::from_millis(back), ..AT_ONCE_THERE };
        let moments = counted(limit, interval, 600, roads);
        prop_assert!(fullest(&moments, interval) <= limit as usize);
    }

    #[test]
    fn calls_that_bunch_up_on_the_way_stay_within_it(limit in 5_u32..250, seconds in 1_u64..12) {
        let interval = Duration::from_secs(seconds);
        // Up to the margin late, each in its own way; tokio's clock counts whole milliseconds.
        let roads = Roads {
            way: |number| Duration::from_millis((number as u64 * 7_919) % 49),
            back: Duration::from_millis(80),
        };
        let moments = counted(limit, interval, 600, roads);
        prop_assert!(fullest(&moments, interval) <= limit as usize);
    }
}

/// Twenty windows' worth of calls, in which what is allowed at once weighs little.
#[track_caller]
fn spends(limit: u32, interval: Duration, roads: Roads, share: f64) {
    let calls = limit as usize * 20;
    let moments = counted(limit, interval, calls, roads);
    let took = moments.last().unwrap().as_secs_f64();
    let spent = calls as f64 / (took / interval.as_secs_f64()) / f64::from(limit);
    assert!(spent >= share, "{spent:.3} of {limit} in {interval:?}");
    assert!(fullest(&moments, interval) <= limit as usize);
}

#[test]
fn nearly_all_of_a_limit_is_used() {
    let second = Duration::from_secs(1);
    let quick = AT_ONCE_THERE;
    let slow = Roads {
        back: Duration::from_millis(700),
        ..AT_ONCE_THERE
    };
    for limit in [100, 110, 150, 190, 250] {
        spends(limit, TEN_SECONDS, quick, 0.99);
        spends(limit, TEN_SECONDS, slow, 0.95);
    }
    spends(5, second, quick, 0.98);
    spends(5, second, slow, 0.95);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_stops_everyone_and_the_longest_wins() {
    let bucket = Bucket::new(100, TEN_SECONDS);
    let start = Instant::now();
    bucket.refused(Duration::from_secs(7));
    bucket.refused(Duration::from_secs(3));
    bucket.take().await;
    assert!(start.elapsed() >= Duration::from_secs(7));
}

/// How many calls get through in a minute.
async fn in_a_minute(bucket: &Bucket) -> usize {
    let end = Instant::now() + Duration::from_secs(60);
    let mut calls = 0;
    while tokio::time::timeout_at(end, bucket.take()).await.is_ok() {
        calls += 1;
    }
    calls
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_remembered_for_a_while() {
    let bucket = Bucket::new(100, TEN_SECONDS);
    let usual = in_a_minute(&bucket).await;
    // One burst of refusals, one lesson; another one later, another lesson.
    bucket.refused(Duration::ZERO);
    bucket.refused(Duration::ZERO);
    assert_eq!(bucket.state().slow, 1);
    tokio::time::advance(TEN_SECONDS).await;
    bucket.refused(Duration::ZERO);
    assert_eq!(bucket.state().slow, 2);
    let slowed = in_a_minute(&bucket).await;
    assert!(slowed < usual * 3 / 4, "{slowed} of {usual}");
    tokio::time::advance(CALM * 3).await;
    assert!(in_a_minute(&bucket).await >= usual - 1);
}

#[tokio::test(start_paused = true)]
async fn a_learned_limit_is_followed() {
    let bucket = Bucket::new(100, TEN_SECONDS);
    let place = bucket.take().await;
    bucket.answered(place);
    bucket.learn(place, 10, 9, TEN_SECONDS);
    let start = Instant::now();
    for _ in 0..19 {
        bucket.take().await;
    }
    let took = start.elapsed();
    assert!(took >= TEN_SECONDS, "two windows of ten, in {took:?}");
    bucket.learn(place, 0, 0, Duration::ZERO);
    bucket.take().await;
}

/// A budget that others spend from as well: nobody's call may be one too many.
#[tokio::test(start_paused = true)]
async fn what_others_spend_is_left_to_them() {
    let limit = 110_usize;
    let bucket = Arc::new(Bucket::new(110, TEN_SECONDS));
    let window: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let most = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = {
        let (window, most) = (Arc::clone(&window), Arc::clone(&most));
        move || {
            let now = Instant::now();
            let mut window = window.lock().unwrap();
            window.retain(|at| now - *at < TEN_SECONDS);
            window.push(now);
            most.fetch_max(window.len(), std::sync::atomic::Ordering::SeqCst);
            window.len()
        }
    };
    // Another program of the account: five a second, in no step with us.
    let theirs = count.clone();
    let other = tokio::spawn(async move {
        loop {
            theirs();
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    // They have been at it for a while when we come.
    tokio::time::sleep(Duration::from_secs(15)).await;
    let mut callers = tokio::task::JoinSet::new();
    let calls = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for _ in 0..6 {
        let (bucket, count, calls) = (Arc::clone(&bucket), count.clone(), Arc::clone(&calls));
        callers.spawn(async move {
            loop {
                let place = bucket.take().await;
                tokio::time::sleep(Duration::from_millis(40)).await;
                let used = count();
                tokio::time::sleep(Duration::from_millis(40)).await;
                bucket.answered(place);
                let left = u32::try_from(limit.saturating_sub(used)).unwrap();
                bucket.learn(place, 110, left, TEN_SECONDS);
                calls.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            }
        });
    }
    tokio::time::sleep(Duration::from_secs(200)).await;
    callers.abort_all();
    other.abort();
    let most = most.load(std::sync::atomic::Ordering::SeqCst);
    let calls = calls.load(std::sync::atomic::Ordering::SeqCst);
    // A call of theirs may come between our looking and our sending: two, never more.
    assert!(most <= limit + 2, "{most} in a window");
    // Sixty of the hundred and ten are ours: twenty windows.
    assert!(calls >= 1_000, "{calls} calls");
}

#[tokio::test(start_paused = true)]
async fn one_alone_never_takes_its_own_calls_for_others() {
    let bucket = Bucket::new(50, TEN_SECONDS);
    let mut places = Vec::new();
    for used in 1..=40_u32 {
        let place = bucket.take().await;
        places.push(place);
        // Answers come out of order and late.
        if used % 3 == 0 {
            bucket.learn(places[0], 50, 50 - used, TEN_SECONDS);
        }
    }
    assert!(bucket.state().foreign.is_none());
}

#[tokio::test(start_paused = true)]
async fn giving_up_spends_nothing() {
    let bucket = Bucket::new(10, TEN_SECONDS);
    bucket.take().await;
    for _ in 0..50 {
        let given_up = tokio::time::timeout(Duration::from_millis(1), bucket.take()).await;
        assert!(given_up.is_err());
    }
    let start = Instant::now();
    bucket.take().await;
    assert!(start.elapsed() < Duration::from_secs(2));
}
