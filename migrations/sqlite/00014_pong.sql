-- +goose Up
-- Side 0 is left, 1 is right. A player without a user is the robot, or the guest of
-- a local match.
CREATE TABLE pong_matches (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    mode          TEXT      NOT NULL CHECK (mode IN ('quick', 'invite', 'ai', 'local', 'tournament')),
    state         TEXT      NOT NULL CHECK (state IN ('invited', 'open', 'live', 'over', 'void', 'closed')),
    reason        TEXT      NOT NULL DEFAULT '', -- how it ended
    points        INTEGER   NOT NULL CHECK (points IN (3, 5, 11)),
    left_id       INTEGER   NOT NULL,
    right_id      INTEGER,
    difficulty    TEXT      NOT NULL DEFAULT '',
    rated         BOOLEAN   NOT NULL,
    seed          INTEGER   NOT NULL,
    score_left    INTEGER   NOT NULL DEFAULT 0,
    score_right   INTEGER   NOT NULL DEFAULT 0,
    winner        INTEGER CHECK (winner IN (0, 1)),
    season        INTEGER   NOT NULL DEFAULT 0, -- in which it was rated
    tournament_id INTEGER,
    round         INTEGER   NOT NULL DEFAULT 0,
    slot          INTEGER   NOT NULL DEFAULT 0,
    rematch_of    INTEGER,
    left_before   REAL, -- ratings
    left_after    REAL,
    right_before  REAL,
    right_after   REAL,
    created_at    TIMESTAMP NOT NULL,
    respond_by    TIMESTAMP, -- of an invitation
    ready_by      TIMESTAMP, -- of an open match
    started_at    TIMESTAMP,
    ended_at      TIMESTAMP,
    CHECK (left_id <> right_id),
    CHECK ((state = 'over') = (winner IS NOT NULL))
);
CREATE INDEX pong_matches_left_idx ON pong_matches (left_id, id);
CREATE INDEX pong_matches_right_idx ON pong_matches (right_id, id) WHERE right_id IS NOT NULL;
CREATE INDEX pong_matches_over_idx ON pong_matches (id) WHERE state = 'over';
CREATE INDEX pong_matches_going_idx ON pong_matches (state, id) WHERE state IN ('invited', 'open', 'live');
CREATE INDEX pong_matches_left_going_idx ON pong_matches (left_id) WHERE state IN ('invited', 'open', 'live');
CREATE INDEX pong_matches_right_going_idx ON pong_matches (right_id) WHERE state IN ('invited', 'open', 'live');
CREATE INDEX pong_matches_cup_idx ON pong_matches (tournament_id, round, slot) WHERE tournament_id IS NOT NULL;
-- The rematch of a match is one.
CREATE UNIQUE INDEX pong_matches_rematch_idx ON pong_matches (rematch_of) WHERE rematch_of IS NOT NULL AND state <> 'closed';

-- What was played, apart from its row: most reads don't want it.
CREATE TABLE pong_replays (
    match_id INTEGER PRIMARY KEY REFERENCES pong_matches (id) ON DELETE CASCADE,
    record   BLOB NOT NULL
);

-- Matches that wait for their server to come back.
CREATE TABLE pong_checkpoints (
    match_id INTEGER PRIMARY KEY REFERENCES pong_matches (id) ON DELETE CASCADE,
    data     BLOB NOT NULL
);

CREATE TABLE pong_queue (
    user_id   INTEGER PRIMARY KEY,
    rating    REAL NOT NULL,
    points    INTEGER          NOT NULL,
    joined_at TIMESTAMP      NOT NULL,
    seen_at   TIMESTAMP      NOT NULL
);

-- How good people are. Season 0 is for ever: what others hold is a copy of it
-- as it was after the last match there.
CREATE TABLE pong_standings (
    season      INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,
    rating      REAL    NOT NULL,
    deviation   REAL    NOT NULL,
    volatility  REAL    NOT NULL,
    wins        INTEGER NOT NULL DEFAULT 0,
    losses      INTEGER NOT NULL DEFAULT 0,
    streak      INTEGER NOT NULL DEFAULT 0, -- wins in a row, or losses below 0
    best_streak INTEGER NOT NULL DEFAULT 0,
    form        TEXT    NOT NULL DEFAULT '', -- of the last ten, the newest last: W or L
    provisional BOOLEAN NOT NULL, -- the deviation is too large to stand among the others
    place       INTEGER NOT NULL, -- by rating and provisional: the least is the first
    absent      BOOLEAN NOT NULL DEFAULT false, -- has left, and may come back
    last_at     TIMESTAMP NOT NULL,
    fades_at    TIMESTAMP NOT NULL, -- when the deviation is too large, if nothing is played
    PRIMARY KEY (season, user_id)
);
CREATE INDEX pong_standings_place_idx ON pong_standings (season, place, user_id) WHERE NOT absent;
CREATE INDEX pong_standings_fades_idx ON pong_standings (fades_at) WHERE season = 0 AND NOT provisional;
CREATE INDEX pong_standings_user_idx ON pong_standings (user_id);

-- Who won how often against whom: two rows a pair.
CREATE TABLE pong_rivals (
    user_id  INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    wins     INTEGER NOT NULL DEFAULT 0,
    losses   INTEGER NOT NULL DEFAULT 0,
    last_at  TIMESTAMP NOT NULL,
    last_match INTEGER NOT NULL,
    PRIMARY KEY (user_id, other_id)
);
CREATE INDEX pong_rivals_last_idx ON pong_rivals (user_id, last_match);

CREATE TABLE pong_tournaments (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT      NOT NULL,
    size        INTEGER   NOT NULL CHECK (size BETWEEN 4 AND 32),
    points      INTEGER   NOT NULL CHECK (points IN (3, 5, 11)),
    state       TEXT      NOT NULL CHECK (state IN ('open', 'running', 'finished', 'cancelled')),
    created_by  INTEGER   NOT NULL,
    entries     INTEGER   NOT NULL DEFAULT 0,
    champion_id INTEGER,
    bracket     TEXT, -- JSON, once it runs
    due_at      TIMESTAMP, -- when it is to be looked at, if nothing happens before
    prize       TEXT, -- JSON: what was escrowed
    version     INTEGER   NOT NULL DEFAULT 0,
    created_at  TIMESTAMP NOT NULL,
    started_at  TIMESTAMP,
    ended_at    TIMESTAMP,
    CHECK ((state = 'finished') = (champion_id IS NOT NULL))
);
CREATE INDEX pong_tournaments_state_idx ON pong_tournaments (state, id);
CREATE INDEX pong_tournaments_due_idx ON pong_tournaments (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE pong_entries (
    tournament_id INTEGER   NOT NULL REFERENCES pong_tournaments (id) ON DELETE CASCADE,
    user_id       INTEGER   NOT NULL,
    rating        REAL      NOT NULL DEFAULT 0, -- at the start
    seed          INTEGER   NOT NULL DEFAULT 0, -- from 1, once it runs
    joined_at     TIMESTAMP NOT NULL,
    withdrawn_at  TIMESTAMP,
    place         INTEGER, -- 1 is the champion
    PRIMARY KEY (tournament_id, user_id)
);
CREATE INDEX pong_entries_user_idx ON pong_entries (user_id, tournament_id);

-- +goose Down
DROP TABLE pong_entries;
DROP TABLE pong_tournaments;
DROP TABLE pong_rivals;
DROP TABLE pong_standings;
DROP TABLE pong_queue;
DROP TABLE pong_checkpoints;
DROP TABLE pong_replays;
DROP TABLE pong_matches;
