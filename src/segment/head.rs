//! What is known of segments without reading them: zone maps, and how much of a query they answer.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::index::Bounds;
use crate::error::{Error, Result};
use crate::model::record::{self, Kind};
use crate::model::{Chain, Status, Time};
use crate::model::{Dictionary, StoredTexts, Texts};
use crate::query::{Filter, GroupBy};

/// Up to so many different strings of a segment are counted; with more, it must be read to know.
const MAX_COUNTED: usize = 255;

/// What is known of a segment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Zone {
    /// Its number, unique in the store: segments that are made later have higher ones.
    pub id: u64,
    /// The `seq` of its first entry; it has all up to the next segment's.
    pub first_seq: u64,
    /// How many entries it has.
    pub count: u32,
    /// The oldest time.
    pub oldest: Time,
    /// The newest time.
    pub newest: Time,
    /// How many entries have an agent, by the agent's number; missing if they are too many.
    agents: Option<Vec<(u32, u32)>>,
    /// How many entries have an emoji, by the emoji's number; missing if they are too many.
    emojis: Option<Vec<(u32, u32)>>,
    /// How many entries metrics count as success, warning and error.
    statuses: [u32; 3],
    /// The head of the chain behind its last entry.
    pub chain: Chain,
}

/// How many entries of a segment match, as far as its zone map tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimate {
    /// So many, exactly.
    Exactly(u32),
    /// It has to be read.
    Unknown,
}

/// The format from which on a stored head says whether it has a [`Start`].
const WITH_START: u8 = 2;

/// Where a log begins: behind the entries that were removed.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Start {
    /// The `seq` of the last one; 0 if none was.
    removed: u64,
    /// The head of the chain behind it.
    chain: Chain,
}

/// What is known of all segments of a project.
#[derive(Debug, Clone, Default)]
pub struct Head {
    start: Start,
    agents: Dictionary,
    emojis: Dictionary,
    /// In the order of `seq`, which has no gaps.
    zones: Vec<Zone>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Stored<'a> {
    /// The strings that zones have numbers of.
    #[serde(borrow)]
    agents: StoredTexts<'a>,
    #[serde(borrow)]
    emojis: StoredTexts<'a>,
    zones: Vec<Zone>,
    /// Not there in the format 1.
    start: Option<Start>,
}

impl Zone {
    /// Returns the `seq` of the last entry.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        (self.first_seq + u64::from(self.count)).saturating_sub(1)
    }
}

impl Head {
    /// Makes the head of a log whose entries up to a `seq` were removed; the chain is the one behind them.
    #[must_use]
    pub fn behind(removed: u64, chain: Chain) -> Self {
        Self { start: Start { removed, chain }, ..Self::default() }
    }

    /// Returns the `seq` of the last entry that was removed; 0 if none was.
    #[must_use]
    pub const fn removed(&self) -> u64 {
        self.start.removed
    }

    /// Returns the head of the chain before the first entry.
    #[must_use]
    pub const fn start(&self) -> Chain {
        self.start.chain
    }

    /// Returns the zone maps, in the order of `seq`.
    #[must_use]
    pub fn zones(&self) -> &[Zone] {
        &self.zones
    }

    /// Returns the `seq` of the last entry in a segment, or that was removed; 0 while there is none.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.zones.last().map_or(self.start.removed, Zone::last_seq)
    }

    /// Returns the head of the chain behind the last entry in a segment, or that was removed.
    #[must_use]
    pub fn chain(&self) -> Chain {
        self.zones.last().map_or(self.start.chain, |zone| zone.chain)
    }

    /// Returns the newest time in a segment.
    #[must_use]
    pub fn newest(&self) -> Option<Time> {
        self.zones.iter().map(|zone| zone.newest).max()
    }

    /// Counts entries with the statuses that metrics tell apart: success, warning, error.
    #[must_use]
    pub fn statuses(&self) -> [u64; 3] {
        let mut sums = [0; 3];
        for zone in &self.zones {
            for (sum, count) in sums.iter_mut().zip(zone.statuses) {
                *sum += u64::from(count);
            }
        }
        sums
    }

    /// Takes the last segment off.
    pub fn pop(&mut self) -> Option<Zone> {
        self.zones.pop()
    }

    /// Adds a segment behind the others.
    ///
    /// # Errors
    /// `internal` if it has no rows or its numbers are not in memory.
    pub fn push(&mut self, id: u64, first_seq: u64, columns: &Columns, chain: Chain) -> Result<()> {
        let index = columns.index()?;
        let (oldest, newest) = index.span().ok_or_else(|| Error::internal("a segment has no rows"))?;
        let emojis = index.emoji_counts();
        let (_, agents) = index.agent_counts();
        let zone = Zone {
            id,
            first_seq,
            count: index.len(),
            oldest,
            newest,
            statuses: count_statuses(&emojis),
            agents: numbered(&mut self.agents, &agents),
            emojis: numbered(&mut self.emojis, &emojis),
            chain,
        };
        self.zones.push(zone);
        Ok(())
    }

    /// Adds a segment of another head behind the others.
    pub fn adopt(&mut self, other: &Self, zone: &Zone) {
        let mut zone = zone.clone();
        let lists = [
            (&mut self.agents, &other.agents, &mut zone.agents),
            (&mut self.emojis, &other.emojis, &mut zone.emojis),
        ];
        for (names, old, counts) in lists {
            for (number, _) in counts.iter_mut().flatten() {
                *number = old.string(*number).map_or(*number, |name| names.number(name));
            }
        }
        self.zones.push(zone);
    }

    /// Makes a filter ready for zone maps.
    #[must_use]
    pub fn plan<'f>(&self, filter: &'f Filter, bounds: Bounds) -> Plan<'f> {
        let mask = |dictionary: &Dictionary, wanted: &Dictionary| {
            (!wanted.is_empty()).then(|| dictionary.mask(wanted))
        };
        let agents = mask(&self.agents, &filter.agents);
        let emojis = mask(&self.emojis, &filter.emojis);
        Plan { filter, bounds, agents, emojis }
    }

    /// Counts the entries of a segment that are by an agent, or have an emoji, that a plan's filter wants: by
    /// agent, or by emoji. `None` if the zone map does not tell.
    #[must_use]
    pub fn counts(&self, plan: &Plan<'_>, zone: &Zone, by: GroupBy) -> Option<Vec<(Option<&str>, u32)>> {
        let (names, counts, mask) = match by {
            GroupBy::Agent => (&self.agents, &zone.agents, &plan.agents),
            GroupBy::Emoji => (&self.emojis, &zone.emojis, &plan.emojis),
        };
        let mut found = Vec::new();
        let mut others = zone.count;
        for &(number, count) in counts.as_ref()? {
            others = others.saturating_sub(count);
            if mask.as_ref().is_none_or(|mask| mask.get(number as usize) == Some(&true)) {
                found.push((names.string(number), count));
            }
        }
        if mask.is_none() && others > 0 {
            found.push((None, others));
        }
        Some(found)
    }

    /// Returns roughly how many bytes of memory this takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let counts = |counts: &Option<Vec<(u32, u32)>>| counts.as_ref().map_or(0, |counts| counts.len() * 8);
        let zones =
            self.zones.iter().map(|zone| size_of::<Zone>() + counts(&zone.agents) + counts(&zone.emojis));
        self.agents.bytes() + self.emojis.bytes() + zones.sum::<usize>()
    }

    /// Writes the head of a project.
    ///
    /// # Errors
    /// `internal` if it cannot be written, which no head is.
    pub fn encode(&self, project_id: u64) -> Result<Vec<u8>> {
        let (agents, emojis) = (self.agents.strings().to_stored(), self.emojis.strings().to_stored());
        let start = (self.start.removed > 0).then_some(self.start);
        let zones = self.zones.clone();
        record::encode_packed(Kind::Head, project_id, &Stored { agents, emojis, zones, start })
    }

    /// Reads the head of a project, or of [`record::ANY`].
    ///
    /// # Errors
    /// `corrupt` if the bytes are not what was written; `too_new` if a newer release wrote them.
    pub fn decode(bytes: &[u8], project_id: u64, place: &dyn fmt::Display) -> Result<Self> {
        let mut fields = record::unpack(Kind::Head, project_id, bytes, place)?;
        if record::format_of(bytes) < WITH_START {
            // As if it said that there is none.
            fields.push(0);
        }
        let stored: Stored = record::read_fields(&fields, place)?;
        let start = stored.start.unwrap_or_default();
        let mut next = start.removed + 1;
        for zone in &stored.zones {
            if zone.first_seq != next || zone.count == 0 {
                return Err(Error::corrupt(place, "has segments that do not follow each other"));
            }
            next = zone.last_seq() + 1;
        }
        let unfit = || Error::corrupt(place, "does not fit together");
        let agents = Dictionary::from_texts(Texts::from_stored(&stored.agents).ok_or_else(unfit)?);
        let emojis = Dictionary::from_texts(Texts::from_stored(&stored.emojis).ok_or_else(unfit)?);
        Ok(Self { start, agents, emojis, zones: stored.zones })
    }
}

/// Counts what metrics tell apart: success, warning, error.
#[must_use]
pub fn count_statuses(emojis: &[(&str, u32)]) -> [u32; 3] {
    [Status::Success, Status::Warn, Status::Error].map(|status| {
        emojis.iter().filter(|(emoji, _)| *emoji == status.emoji()).map(|(_, count)| count).sum()
    })
}

/// Numbers the strings that were counted, unless they are too many.
fn numbered(dictionary: &mut Dictionary, counts: &[(&str, u32)]) -> Option<Vec<(u32, u32)>> {
    const LONG: usize = 256;
    let few = counts.len() <= MAX_COUNTED && counts.iter().all(|(string, _)| string.len() <= LONG);
    few.then(|| counts.iter().map(|&(string, count)| (dictionary.number(string), count)).collect())
}

/// A filter made ready for zone maps.
#[derive(Debug)]
pub struct Plan<'f> {
    filter: &'f Filter,
    bounds: Bounds,
    agents: Option<Vec<bool>>,
    emojis: Option<Vec<bool>>,
}

impl Plan<'_> {
    /// Tells how many entries of a segment match.
    #[must_use]
    pub fn estimate(&self, zone: &Zone) -> Estimate {
        let Self { filter, bounds, agents, emojis } = self;
        let none = filter.start.is_some_and(|start| zone.newest < start)
            || filter.end.is_some_and(|end| zone.oldest > end)
            || bounds.after.is_some_and(|after| zone.oldest > after.ts)
            || zone.first_seq > bounds.up_to;
        if none {
            return Estimate::Exactly(0);
        }
        let [agents, emojis] = [(agents, &zone.agents), (emojis, &zone.emojis)].map(|(mask, counts)| {
            let Some(mask) = mask else { return Some(zone.count) };
            let is_wanted = |number: u32| mask.get(number as usize).copied().unwrap_or(false);
            let counts = counts.as_ref()?;
            Some(counts.iter().filter(|(number, _)| is_wanted(*number)).map(|(_, count)| count).sum())
        });
        if agents == Some(0) || emojis == Some(0) {
            return Estimate::Exactly(0);
        }
        let whole = filter.start.is_none_or(|start| zone.oldest >= start)
            && filter.end.is_none_or(|end| zone.newest <= end)
            && bounds.after.is_none_or(|after| zone.newest < after.ts)
            && zone.last_seq() <= bounds.up_to
            && filter.text.is_none()
            && filter.meta.is_empty();
        match (whole, agents, emojis) {
            // Of two sets one of which is all entries, the other is what both have.
            (true, Some(agents), Some(emojis)) if agents == zone.count || emojis == zone.count => {
                Estimate::Exactly(agents.min(emojis))
            }
            _ => Estimate::Unknown,
        }
    }
}
