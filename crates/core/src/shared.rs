//! One question for all who ask the same at about the same time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use tokio::time::Instant;

use crate::error::Result;

/// An answer, under way or there.
pub type Answer<A> = Shared<BoxFuture<'static, Result<A>>>;

/// Questions of one kind: those under way, and those answered a moment ago.
pub struct SharedQuestions<Q, A: Clone> {
    /// What is not good may have been mended meanwhile: it is told to those who waited for it, and to nobody after them.
    good: fn(&A) -> bool,
    asked: Mutex<Vec<Asked<Q, A>>>,
}

struct Asked<Q, A: Clone> {
    question: Q,
    at: Instant,
    answer: Answer<A>,
}

impl<Q: PartialEq, A: Clone> SharedQuestions<Q, A> {
    /// Nothing was asked yet.
    pub fn new(good: fn(&A) -> bool) -> Self {
        SharedQuestions {
            good,
            asked: Mutex::default(),
        }
    }

    /// The answer that somebody waits for, or a good one to what was asked within `fresh`; asks only where there is
    /// neither.
    pub fn ask<F>(&self, question: Q, fresh: Duration, ask: impl FnOnce() -> F) -> Answer<A>
    where
        F: Future<Output = Result<A>> + Send + 'static,
    {
        let now = Instant::now();
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|each| self.is_of_use(each, now, fresh));
        if let Some(same) = asked.iter().find(|each| each.question == question) {
            return same.answer.clone();
        }
        let answer = ask().boxed().shared();
        asked.push(Asked {
            question,
            at: now,
            answer: answer.clone(),
        });
        answer
    }

    /// One under way is of use only while somebody waits for it: nobody else brings it to its end.
    fn is_of_use(&self, asked: &Asked<Q, A>, now: Instant, fresh: Duration) -> bool {
        match asked.answer.peek() {
            Some(Ok(answer)) => (self.good)(answer) && now.duration_since(asked.at) < fresh,
            Some(Err(_)) => false,
            None => asked.answer.strong_count().is_some_and(|holders| holders > 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::future::join_all;

    use super::*;
    use crate::error::{Error, ErrorKind};

    const FRESH: Duration = Duration::from_secs(10);

    /// A cloud that takes a second for each answer, and counts how often it is asked.
    #[derive(Default)]
    struct Slow {
        times: Arc<AtomicU32>,
    }

    impl Slow {
        fn answers(&self, answer: Result<u32>) -> impl Future<Output = Result<u32>> + Send + 'static {
            let times = Arc::clone(&self.times);
            async move {
                times.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_secs(1)).await;
                answer
            }
        }

        fn times(&self) -> u32 {
            self.times.load(Ordering::Relaxed)
        }
    }

    fn even(answer: &u32) -> bool {
        answer.is_multiple_of(2)
    }

    #[tokio::test(start_paused = true)]
    async fn a_hundred_who_ask_together_are_one_question_and_whoever_asks_later_another() {
        let (slow, questions) = (Slow::default(), SharedQuestions::new(even));
        let together = (0..100).map(|_| questions.ask("a", FRESH, || slow.answers(Ok(2))));
        assert!(join_all(together).await.iter().all(|answer| *answer == Ok(2)));
        assert_eq!(questions.ask("a", FRESH, || slow.answers(Ok(4))).await, Ok(2));
        assert_eq!(slow.times(), 1);
        assert_eq!(questions.ask("b", FRESH, || slow.answers(Ok(6))).await, Ok(6));
        tokio::time::sleep(FRESH).await;
        assert_eq!(questions.ask("a", FRESH, || slow.answers(Ok(8))).await, Ok(8));
        assert_eq!(slow.times(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_have_been_mended_is_asked_again() {
        let refused = || Err(Error::new(ErrorKind::CloudTrouble, "Not now."));
        let (slow, questions) = (Slow::default(), SharedQuestions::new(even));
        for bad in [Ok(3), refused()] {
            let together = (0..5).map(|_| questions.ask("a", FRESH, || slow.answers(bad.clone())));
            assert!(join_all(together).await.iter().all(|answer| *answer == bad));
        }
        assert_eq!(slow.times(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_goes_away_leaves_nobody_waiting() {
        let (slow, questions) = (Slow::default(), SharedQuestions::new(even));
        let left = questions.ask("a", FRESH, || slow.answers(Ok(2)));
        assert!(
            tokio::time::timeout(Duration::from_millis(1), left)
                .await
                .is_err()
        );
        assert_eq!(questions.ask("a", FRESH, || slow.answers(Ok(4))).await, Ok(4));

        let (left, stays) = (
            questions.ask("b", FRESH, || slow.answers(Ok(6))),
            questions.ask("b", FRESH, || slow.answers(Ok(8))),
        );
        assert!(
            tokio::time::timeout(Duration::from_millis(1), left)
                .await
                .is_err()
        );
        assert_eq!(stays.await, Ok(6));
    }
}
