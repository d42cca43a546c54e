package rookery.coordinator.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import rookery.access.Role;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.Digest;

/// The books: tokens and certificates, in SQLite. What a method changed is on the disk when it
/// returns. One thread at a time.
final class Ledger implements AutoCloseable {
    /// The form of the tables; `1.sql` beside this class makes it.
    private static final int FORM = 1;

    private final Path file;
    private final Connection sql;

    private Ledger(Path file, Connection sql) {
        this.file = file;
        this.sql = sql;
    }

    /// Opens the books, or begins them.
    ///
    /// @throws RookeryException with blame HOST when they cannot be opened or are a newer version's
    static Ledger open(Path file) {
        try {
            Connection sql = DriverManager.getConnection("jdbc:sqlite:" + file);
            var ledger = new Ledger(file, sql);
            try (var s = sql.createStatement()) {
                s.execute("pragma journal_mode = wal");
                s.execute("pragma synchronous = full");
                s.execute("pragma busy_timeout = 10000");
            }
            ledger.bringUp();
            return ledger;
        } catch (SQLException | IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the books of tokens and certificates in "
                            + file
                            + " cannot be opened: "
                            + e.getMessage()
                            + "; is the disk full, or another coordinator running on them?",
                    e);
        }
    }

    private void bringUp() throws SQLException, IOException {
        int form;
        try (var s = sql.createStatement();
                ResultSet found = s.executeQuery("pragma user_version")) {
            found.next();
            form = found.getInt(1);
        }
        if (form > FORM)
            throw new RookeryException(
                    Blame.HOST,
                    "the books in " + file + " were written by a newer Rookery; run that one");
        if (form == FORM) return;
        sql.setAutoCommit(false);
        try (InputStream in = Ledger.class.getResourceAsStream(FORM + ".sql");
                var s = sql.createStatement()) {
            if (in == null) throw new IllegalStateException(FORM + ".sql is not in the jar");
            for (String one : new String(in.readAllBytes(), UTF_8).split(";\\s*\\n", -1)) {
                if (!one.isBlank()) s.execute(one);
            }
            s.execute("pragma user_version = " + FORM);
            sql.commit();
        } finally {
            sql.setAutoCommit(true);
        }
    }

    void add(Token token) {
        act(
                "add a token",
                () -> {
                    try (var put =
                            sql.prepareStatement(
                                    "insert into token (id, secret_hash, role, name, created_ms, expires_ms, created_by)"
                                            + " values (?, ?, ?, ?, ?, ?, ?)")) {
                        put.setString(1, token.id());
                        put.setString(2, token.secretHash().hex());
                        put.setString(3, token.role().word());
                        put.setString(4, token.name());
                        put.setLong(5, token.created().toEpochMilli());
                        put.setLong(6, token.expires().toEpochMilli());
                        put.setString(7, token.createdBy());
                        return put.executeUpdate();
                    }
                });
    }

    Optional<Token> token(String id) {
        return act(
                "find a token",
                () -> {
                    try (var query = sql.prepareStatement("select * from token where id = ?")) {
                        query.setString(1, id);
                        try (ResultSet found = query.executeQuery()) {
                            return found.next() ? Optional.of(token(found)) : Optional.empty();
                        }
                    }
                });
    }

    /// Newest first.
    List<Token> tokens() {
        return act(
                "list tokens",
                () -> {
                    var tokens = new ArrayList<Token>();
                    try (var s = sql.createStatement();
                            ResultSet found =
                                    s.executeQuery(
                                            "select * from token order by created_ms desc, id")) {
                        while (found.next()) tokens.add(token(found));
                    }
                    return tokens;
                });
    }

    List<Issued> certificates() {
        return act(
                "list certificates",
                () -> {
                    var certificates = new ArrayList<Issued>();
                    try (var s = sql.createStatement();
                            ResultSet found = s.executeQuery("select * from certificate")) {
                        while (found.next()) certificates.add(issued(found));
                    }
                    return certificates;
                });
    }

    /// A token is used up, certificates end and one begins, all or nothing.
    void join(Token used, Issued fresh, Collection<String> ended, Instant now) {
        act(
                "save who joined",
                () ->
                        commit(() -> {
                            try (var use =
                                    sql.prepareStatement(
                                            "update token set used_ms = ?, used_by = ?, used_key = ? where id = ? and used_ms is null and revoked_ms is null")) {
                                use.setLong(1, now.toEpochMilli());
                                use.setString(2, used.usedBy());
                                use.setString(3, used.usedKey().orElseThrow().hex());
                                use.setString(4, used.id());
                                if (use.executeUpdate() != 1)
                                    throw new RookeryException(
                                            Blame.BUG,
                                            "the token " + used.id() + " was used twice");
                            }
                            end(ended, now);
                            insert(fresh);
                        }));
    }

    void issue(Issued fresh) {
        act("save a certificate", () -> commit(() -> insert(fresh)));
    }

    void revoke(@Nullable String token, Collection<String> serials, Instant now) {
        act(
                "save what was revoked",
                () ->
                        commit(() -> {
                            if (token != null) {
                                try (var s =
                                        sql.prepareStatement(
                                                "update token set revoked_ms = ? where id = ? and revoked_ms is null")) {
                                    s.setLong(1, now.toEpochMilli());
                                    s.setString(2, token);
                                    s.executeUpdate();
                                }
                            }
                            end(serials, now);
                        }));
    }

    /// Forgets what ended before these moments.
    void prune(Instant tokens, Instant certificates) {
        act(
                "forget what ended",
                () ->
                        commit(() -> {
                            delete("delete from token where expires_ms < ?", tokens);
                            delete("delete from certificate where not_after_ms < ?", certificates);
                        }));
    }

    private void delete(String statement, Instant before) throws SQLException {
        try (var s = sql.prepareStatement(statement)) {
            s.setLong(1, before.toEpochMilli());
            s.executeUpdate();
        }
    }

    private void end(Collection<String> serials, Instant now) throws SQLException {
        try (PreparedStatement s =
                sql.prepareStatement(
                        "update certificate set revoked_ms = ? where serial = ? and revoked_ms is null")) {
            for (String serial : serials) {
                s.setLong(1, now.toEpochMilli());
                s.setString(2, serial);
                s.addBatch();
            }
            s.executeBatch();
        }
    }

    private void insert(Issued fresh) throws SQLException {
        try (PreparedStatement s =
                sql.prepareStatement(
                        "insert into certificate (serial, role, name, not_before_ms, not_after_ms, token) values (?, ?, ?, ?, ?, ?)")) {
            s.setString(1, fresh.serial());
            s.setString(2, fresh.role().word());
            s.setString(3, fresh.name());
            s.setLong(4, fresh.notBefore().toEpochMilli());
            s.setLong(5, fresh.notAfter().toEpochMilli());
            s.setString(6, fresh.token());
            s.executeUpdate();
        }
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString("id"),
                new Digest(row.getString("secret_hash")),
                role(row),
                row.getString("name"),
                Instant.ofEpochMilli(row.getLong("created_ms")),
                Instant.ofEpochMilli(row.getLong("expires_ms")),
                row.getString("created_by"),
                moment(row, "used_ms"),
                Optional.ofNullable(row.getString("used_by")).orElse(""),
                Optional.ofNullable(row.getString("used_key")).map(Digest::new),
                moment(row, "revoked_ms"));
    }

    private static Issued issued(ResultSet row) throws SQLException {
        return new Issued(
                row.getString("serial"),
                role(row),
                row.getString("name"),
                Instant.ofEpochMilli(row.getLong("not_before_ms")),
                Instant.ofEpochMilli(row.getLong("not_after_ms")),
                row.getString("token"),
                moment(row, "revoked_ms"));
    }

    private static Role role(ResultSet row) throws SQLException {
        String word = row.getString("role");
        return Role.of(word).orElseThrow(() -> new SQLException("the role '" + word + "' is none"));
    }

    private static Optional<Instant> moment(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(value));
    }

    @Override
    public void close() {
        act(
                "close",
                () -> {
                    sql.close();
                    return file;
                });
    }

    private Path commit(Change change) throws SQLException {
        sql.setAutoCommit(false);
        boolean done = false;
        try {
            change.make();
            sql.commit();
            done = true;
        } finally {
            if (!done) sql.rollback();
            sql.setAutoCommit(true);
        }
        return file;
    }

    @SuppressWarnings("UnusedReturnValue")
    private <T> T act(String what, Sql<T> body) {
        try {
            return body.run();
        } catch (SQLException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the books in "
                            + file
                            + " could not "
                            + what
                            + ": "
                            + e.getMessage()
                            + "; is the disk full?",
                    e);
        }
    }

    private interface Sql<T> {
        T run() throws SQLException;
    }

    private interface Change {
        void make() throws SQLException;
    }
}
