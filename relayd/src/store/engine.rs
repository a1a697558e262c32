//! What SQLite and PostgreSQL cannot share: how to connect, begin, lock, and read an error.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use sqlx::{
    AnyPool, Connection, Executor,
    any::{AnyConnectOptions, AnyPoolOptions},
    error::{DatabaseError, ErrorKind},
    postgres::PgDatabaseError,
};

use super::{StoreError, rows::Rows};

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Engine {
    /// Embedded; one process, one writer.
    Sqlite,
    /// A server; several nodes.
    Postgres,
}

/// The connections of one store.
#[derive(Debug)]
pub(super) struct Pools {
    pub(super) engine: Engine,
    /// For transactions that write. On SQLite exactly one connection: its writers would block each
    /// other anyway, and waiting in the pool's queue is fair where SQLite's busy handler is not.
    pub(super) writes: AnyPool,
    /// For everything that only reads.
    pub(super) reads: AnyPool,
}

const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 4;
const POSTGRES_WRITERS: u32 = 4;
const POSTGRES_READERS: u32 = 8;

/// Overwrites what is deleted where the page is written anyway: rows of configuration, not the
/// bodies of mail, whose pages would have to be written only to be emptied.
const SQLITE_SECURE_DELETE: &str = "PRAGMA secure_delete = FAST";

/// FULL, since a 250 means fsynced. The log is checkpointed every 16 MiB and cut back to 64 MiB,
/// so that a burst does not leave a huge file behind.
const SQLITE_PRAGMAS: &str = "
    PRAGMA page_size = 8192;
    PRAGMA busy_timeout = 10000;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA wal_autocheckpoint = 2048;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA cache_size = -32768;
    PRAGMA temp_store = MEMORY;
    PRAGMA secure_delete = FAST;
";

const SQLITE_READ_PRAGMAS: &str = "
    PRAGMA busy_timeout = 10000;
    PRAGMA cache_size = -8192;
    PRAGMA temp_store = MEMORY;
    PRAGMA query_only = ON;
";

impl Engine {
    /// The engine that a store's URL names.
    fn of(url: &str) -> Result<Self, StoreError> {
        match url.split_once(':') {
            Some(("sqlite", _)) => Ok(Self::Sqlite),
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres),
            _ => Err(StoreError::Unavailable(
                "the URL of a store begins with sqlite: or postgres:".to_owned(),
            )),
        }
    }

    /// Opens the connections for `url`: `sqlite:PATH`, which is made when it does not exist, or
    /// `postgres://…`, where `sslmode` and `sslrootcert` say how it is encrypted.
    pub(super) async fn connect(url: &str) -> Result<Pools, StoreError> {
        sqlx::any::install_default_drivers();
        match Self::of(url)? {
            Self::Sqlite => connect_sqlite(url).await,
            Self::Postgres => connect_postgres(url).await,
        }
    }

    /// Begins a transaction that writes. IMMEDIATE takes SQLite's write lock at once, since a
    /// reading transaction that starts to write cannot wait for another process.
    pub(super) const fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Begins a transaction that writes events or refusals. On PostgreSQL the numbers of rows are
    /// given when they are written, and become visible when their transactions end: this lock lets
    /// one such transaction run at a time, so that a number that can be seen has none below it
    /// that is still to come. It is taken first of all, so that nobody waits for it with locks of
    /// rows in hand (the whole order: `locks`).
    pub(super) const fn begin_log(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(7165120)",
        }
    }

    /// Begins a transaction that reads one state of the store throughout.
    pub(super) const fn snapshot(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Locks the rows of messages by id until the transaction ends. A writing transaction on
    /// SQLite has locked everything already.
    pub(super) const fn message_lock(self) -> Option<&'static Rows> {
        static LOCK: Rows = Rows::list(
            "SELECT id FROM messages WHERE id IN (",
            ") ORDER BY id FOR UPDATE",
        );
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(&LOCK),
        }
    }

    /// The states of accounts by id, which stay so until the transaction ends. A writing transaction
    /// on SQLite has locked everything already.
    pub(super) const fn account_states(self) -> &'static Rows {
        static READ: Rows = Rows::list("SELECT id, state FROM accounts WHERE id IN (", ")");
        static LOCK: Rows = Rows::list(
            "SELECT id, state FROM accounts WHERE id IN (",
            ") ORDER BY id FOR SHARE",
        );
        match self {
            Self::Sqlite => &READ,
            Self::Postgres => &LOCK,
        }
    }

    /// What a SELECT ends with that locks its rows until the transaction ends. A writing
    /// transaction on SQLite has locked everything already.
    pub(super) const fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// Keeps everybody from counting while a day is summed up, until the transaction ends. A
    /// writing transaction on SQLite is alone already.
    pub(super) const fn summing_lock(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("LOCK TABLE summed_days IN SHARE ROW EXCLUSIVE MODE"),
        }
    }

    /// Migration scripts, oldest first; the version of a store is how many it has seen.
    pub(super) const fn migrations(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[
                include_str!("migrations/sqlite/0001_initial.sql"),
                include_str!("migrations/sqlite/0002_limits.sql"),
                include_str!("migrations/sqlite/0003_bans.sql"),
                include_str!("migrations/sqlite/0004_offers_and_delays.sql"),
                include_str!("migrations/sqlite/0010_access.sql"),
                include_str!("migrations/sqlite/0011_audit.sql"),
                include_str!("migrations/sqlite/0012_idempotency.sql"),
                include_str!("migrations/sqlite/0013_retention.sql"),
                include_str!("migrations/sqlite/0014_domains.sql"),
                include_str!("migrations/sqlite/0015_plans_and_credentials.sql"),
                include_str!("migrations/sqlite/0016_lifecycle.sql"),
                include_str!("migrations/sqlite/0017_statistics.sql"),
                include_str!("migrations/sqlite/0018_notifications.sql"),
                include_str!("migrations/sqlite/0019_second_factor.sql"),
                include_str!("migrations/sqlite/0020_claims.sql"),
                include_str!("migrations/sqlite/0021_code_tries.sql"),
                include_str!("migrations/sqlite/0030_routes.sql"),
                include_str!("migrations/sqlite/0034_delivery.sql"),
                include_str!("migrations/sqlite/0035_fairness.sql"),
                include_str!("migrations/sqlite/0036_bounces.sql"),
                include_str!("migrations/sqlite/0037_trace.sql"),
            ],
            Self::Postgres => &[
                include_str!("migrations/postgres/0001_initial.sql"),
                include_str!("migrations/postgres/0002_limits.sql"),
                include_str!("migrations/postgres/0003_bans.sql"),
                include_str!("migrations/postgres/0004_offers_and_delays.sql"),
                include_str!("migrations/postgres/0010_access.sql"),
                include_str!("migrations/postgres/0011_audit.sql"),
                include_str!("migrations/postgres/0012_idempotency.sql"),
                include_str!("migrations/postgres/0013_retention.sql"),
                include_str!("migrations/postgres/0014_domains.sql"),
                include_str!("migrations/postgres/0015_plans_and_credentials.sql"),
                include_str!("migrations/postgres/0016_lifecycle.sql"),
                include_str!("migrations/postgres/0017_statistics.sql"),
                include_str!("migrations/postgres/0018_notifications.sql"),
                include_str!("migrations/postgres/0019_second_factor.sql"),
                include_str!("migrations/postgres/0020_claims.sql"),
                include_str!("migrations/postgres/0021_code_tries.sql"),
                include_str!("migrations/postgres/0030_routes.sql"),
                include_str!("migrations/postgres/0034_delivery.sql"),
                include_str!("migrations/postgres/0035_fairness.sql"),
                include_str!("migrations/postgres/0036_bounces.sql"),
                include_str!("migrations/postgres/0037_trace.sql"),
            ],
        }
    }

    /// Says that what is deleted from now on is to be overwritten in the file, whatever that costs.
    /// A server keeps old rows until it vacuums, and can be told nothing of the kind.
    pub(super) const fn wipe(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA secure_delete = ON"),
            Self::Postgres => None,
        }
    }

    /// Ends that.
    pub(super) const fn stop_wiping(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some(SQLITE_SECURE_DELETE),
            Self::Postgres => None,
        }
    }

    /// Claims the store for one relayd, for as long as the session that asked lives: 1 or 0. The
    /// file of an embedded database is locked by other means.
    pub(super) const fn claim(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT pg_try_advisory_lock(7165119)::int::bigint AS claimed"),
        }
    }

    /// Asks a database server what time it is. An embedded one goes by our clock.
    pub(super) const fn clock(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => {
                Some("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint AS now")
            }
        }
    }

    /// Keeps a second node from migrating at the same time; ends with the transaction.
    pub(super) const fn migration_lock(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("SELECT pg_advisory_xact_lock(7165118)"),
        }
    }
}

fn options(url: &str) -> Result<AnyConnectOptions, StoreError> {
    use sqlx::ConnectOptions;
    let options: AnyConnectOptions = url
        .parse()
        .map_err(|error: sqlx::Error| StoreError::Unavailable(error.to_string()))?;
    Ok(options.disable_statement_logging())
}

async fn connect_sqlite(url: &str) -> Result<Pools, StoreError> {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    create_private(Path::new(path.split('?').next().unwrap_or(path)))?;
    let options = options(url)?;
    let pool = || {
        AnyPoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .max_lifetime(None)
            .idle_timeout(None)
            .test_before_acquire(false)
    };
    let writes = pool()
        .max_connections(1)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(SQLITE_PRAGMAS).await.map(drop) })
        })
        // SQLite ends a transaction by itself when the disk is full, which sqlx does not notice:
        // such a connection could never begin again. The ping waits for the rollback.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
        .connect_with(options.clone())
        .await?;
    let reads = pool()
        .max_connections(SQLITE_READERS)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(SQLITE_READ_PRAGMAS).await.map(drop) })
        })
        .connect_with(options)
        .await?;
    Ok(Pools {
        engine: Engine::Sqlite,
        writes,
        reads,
    })
}

/// Makes the database file for the owner's eyes only; SQLite gives its log the same mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map(drop)
        .map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))
}

async fn connect_postgres(url: &str) -> Result<Pools, StoreError> {
    let options = options(url)?;
    let pool = |connections| {
        AnyPoolOptions::new()
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .max_connections(connections)
    };
    Ok(Pools {
        engine: Engine::Postgres,
        writes: pool(POSTGRES_WRITERS).connect_with(options.clone()).await?,
        reads: pool(POSTGRES_READERS).connect_with(options).await?,
    })
}

/// What an error of an engine means to the caller.
pub(super) fn judge(error: &(dyn DatabaseError + 'static)) -> StoreError {
    let code = error.code().unwrap_or_default();
    // SQLITE_FULL; SQLSTATE disk_full.
    if code == "13" || code == "53100" {
        return StoreError::Full;
    }
    // SQLITE_TOOBIG, SQLITE_MISMATCH; SQLSTATE class 22 (data exception), such as a NUL in a text.
    let is_bad_data = code == "18" || code == "20" || (code.len() == 5 && code.starts_with("22"));
    if is_bad_data || !matches!(error.kind(), ErrorKind::Other) {
        return StoreError::Conflict(conflicting_columns(error));
    }
    StoreError::Unavailable(error.to_string())
}

/// `table.column, table.column` of a violated uniqueness; otherwise what the engine said.
fn conflicting_columns(error: &(dyn DatabaseError + 'static)) -> String {
    let message = error.message();
    if let Some(columns) = message.strip_prefix("UNIQUE constraint failed: ") {
        return columns.to_owned();
    }
    let detail = error
        .try_downcast_ref::<PgDatabaseError>()
        .and_then(PgDatabaseError::detail);
    let columns = detail
        .and_then(|detail| detail.strip_prefix("Key ("))
        .and_then(|detail| detail.split_once(")="));
    match (error.is_unique_violation(), error.table(), columns) {
        (true, Some(table), Some((columns, _))) => columns
            .split(", ")
            .map(|column| format!("{table}.{column}"))
            .collect::<Vec<_>>()
            .join(", "),
        _ => message.to_owned(),
    }
}
