//! Shows the events of one launch in the way the output wants them.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use slipway_core::event::Event;
use slipway_core::view::{LaunchView, LogLine};

use crate::failure::Result;
use crate::follow::now;
use crate::output::frame::{self, Look};
use crate::output::plain::Plain;
use crate::output::screen::Screen;
use crate::output::{Mode, Output, words};

/// Pictures follow each other no faster, however much happens.
const FASTEST: Duration = Duration::from_millis(80);
/// Running times go on at this pace where nothing else happens.
const SLOWEST: Duration = Duration::from_millis(500);
/// Lines kept for the foot of a redrawn view.
const KEPT: usize = 20;

/// What was shown so far.
pub struct Show {
    output: Output,
    screen: Option<Screen>,
    plain: Plain,
    launch: Option<LaunchView>,
    /// Lines that came before the first snapshot, which names their server and steps.
    early: Vec<LogLine>,
    tail: VecDeque<LogLine>,
    drawn: Option<Instant>,
    stale: bool,
}

impl Show {
    /// Takes the terminal, where the output is one.
    pub fn open(output: Output) -> Result<Self> {
        let screen = if output.mode == Mode::Live {
            Some(Screen::open()?)
        } else {
            None
        };
        Ok(Show {
            output,
            screen,
            plain: Plain::default(),
            launch: None,
            early: Vec::new(),
            tail: VecDeque::new(),
            drawn: None,
            stale: false,
        })
    }

    /// Shows an event.
    pub fn event(&mut self, event: Event) -> Result<()> {
        if self.output.mode == Mode::Json {
            self.output.raw(&event)?;
        }
        match event {
            Event::Launch { launch } => self.snapshot(*launch),
            Event::Lines { lines, .. } => self.lines(lines),
            Event::Image { .. } | Event::Notice | Event::List { .. } | Event::Waits { .. } => Ok(()),
        }
    }

    /// Draws what is due.
    pub fn tick(&mut self) -> Result<()> {
        let pause = if self.stale { FASTEST } else { SLOWEST };
        if self.drawn.is_none_or(|drawn| drawn.elapsed() >= pause) {
            self.redraw(false)
        } else {
            Ok(())
        }
    }

    /// The newest snapshot.
    pub fn launch(&self) -> Option<&LaunchView> {
        self.launch.as_ref()
    }

    /// The revision of the newest snapshot; -1 before the first.
    pub fn revision(&self) -> i64 {
        self.launch.as_ref().map_or(-1, |launch| launch.server.revision)
    }

    /// Gives the terminal back; the last picture stays.
    pub fn close(mut self) -> Option<LaunchView> {
        self.tail.clear();
        // The picture is an ornament here: what matters is said after it.
        drop(self.redraw(true));
        self.launch.take()
    }

    fn snapshot(&mut self, launch: LaunchView) -> Result<()> {
        let mut news = Vec::new();
        if self.output.mode == Mode::Plain {
            news = self.plain.launch(&launch, now());
        }
        self.launch = Some(launch);
        let early = std::mem::take(&mut self.early);
        news.extend(self.keep(early));
        // What is caught up comes from two sources; by time it reads as it happened.
        news.sort_by_key(|(at, _)| *at);
        self.say(news)?;
        self.stale = true;
        self.tick()
    }

    fn lines(&mut self, lines: Vec<LogLine>) -> Result<()> {
        if self.launch.is_none() {
            self.early.extend(lines);
            return Ok(());
        }
        let news = self.keep(lines);
        self.say(news)
    }

    /// Keeps the newest lines for redrawing; returns what there is to print.
    fn keep(&mut self, lines: Vec<LogLine>) -> Vec<(i64, String)> {
        let name = self.launch.as_ref().map_or("", |launch| &launch.server.name);
        let plain = self.output.mode == Mode::Plain;
        let news = if plain {
            lines
                .iter()
                .filter_map(|line| self.plain.line(name, line))
                .collect()
        } else {
            Vec::new()
        };
        self.tail
            .extend(lines.into_iter().filter(|line| words::said(line).is_some()));
        self.tail.drain(..self.tail.len().saturating_sub(KEPT));
        news
    }

    fn say(&self, news: Vec<(i64, String)>) -> Result<()> {
        news.iter().try_for_each(|(_, line)| self.output.line(line))
    }

    fn redraw(&mut self, last: bool) -> Result<()> {
        let (Some(screen), Some(launch)) = (&mut self.screen, &self.launch) else {
            return Ok(());
        };
        let (columns, rows) = crossterm::terminal::size().unwrap_or((80, 24));
        let look = Look {
            now: now(),
            columns: columns.into(),
            rows: rows.into(),
            style: self.output.style,
            last,
        };
        let picture = frame::draw(launch, self.tail.make_contiguous(), look);
        screen.draw(&picture, columns.into())?;
        (self.drawn, self.stale) = (Some(Instant::now()), false);
        Ok(())
    }
}
