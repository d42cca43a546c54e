package rookery.coordinator.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Brings a database to the newest form: `1.sql`, `2.sql` … beside this class, each in one
/// transaction with the number that says it ran (`pragma user_version`).
final class Migrations {
    static final int NEWEST = 2;

    private Migrations() {}

    static void run(Connection connection, Path file) throws SQLException, IOException {
        int version = version(connection);
        if (version > NEWEST) {
            throw new RookeryException(
                    Blame.HOST,
                    "the farm's database "
                            + file
                            + " was written by a newer Rookery (form "
                            + version
                            + ", this one knows "
                            + NEWEST
                            + "); run that one, or set another state directory");
        }
        for (int next = version + 1; next <= NEWEST; next++) {
            connection.setAutoCommit(false);
            try (var s = connection.createStatement()) {
                for (String statement : script(next).split(";\\s*\\n", -1)) {
                    if (!statement.isBlank()) s.execute(statement);
                }
                s.execute("pragma user_version = " + next);
                connection.commit();
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (var s = connection.createStatement();
                ResultSet found = s.executeQuery("pragma user_version")) {
            found.next();
            return found.getInt(1);
        }
    }

    private static String script(int number) throws IOException {
        try (InputStream in = Migrations.class.getResourceAsStream(number + ".sql")) {
            if (in == null)
                throw new IllegalStateException(
                        "the migration " + number + ".sql is not in the jar");
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
