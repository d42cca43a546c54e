package rookery.deploy.chaos;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// A book inside of the coordinator's own database, written by triggers in the very commits that
/// change a step: whatever kills the coordinator, it has each change that lasted, and no other.
final class Ledger {
    private static final String[] MAKE = {
        """
        create table chaos_ledger (seq integer primary key autoincrement, job text, step text, old_state text,
            new_state text, old_lease integer, new_lease integer, made blob)
        """,
        """
        create trigger chaos_changed after update on step
        when old.state is not new.state or old.lease is not new.lease or old.made is not new.made begin
            insert into chaos_ledger (job, step, old_state, new_state, old_lease, new_lease, made)
            values (new.job, new.id, old.state, new.state, old.lease, new.lease, new.made);
        end
        """,
        """
        create trigger chaos_begun after insert on step when new.state in ('leased', 'done') begin
            insert into chaos_ledger (job, step, old_state, new_state, old_lease, new_lease, made)
            values (new.job, new.id, '', new.state, null, new.lease, new.made);
        end
        """,
        """
        create trigger chaos_gone after delete on step begin
            insert into chaos_ledger (job, step, old_state, new_state) values (old.job, old.id, old.state, 'gone');
        end
        """
    };

    private Ledger() {}

    /// A change that lasted.
    ///
    /// @param oldLease, newLease 0 where there was none
    record Change(
            String job,
            String step,
            String from,
            String to,
            long oldLease,
            long newLease,
            ByteString made) {}

    static void begin(Path database) throws SQLException {
        try (Connection c = connect(database);
                var statement = c.createStatement()) {
            for (String sql : MAKE) statement.execute(sql);
        }
    }

    static Connection connect(Path database) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        try (var statement = connection.createStatement()) {
            statement.execute("pragma busy_timeout = 10000");
        }
        return connection;
    }

    static long count(Path database) throws SQLException {
        try (Connection c = connect(database);
                var statement = c.createStatement();
                ResultSet in = statement.executeQuery("select max(seq) from chaos_ledger")) {
            return in.next() ? in.getLong(1) : 0;
        }
    }

    static List<Change> read(Connection connection) throws SQLException {
        var all = new ArrayList<Change>();
        try (var query = connection.createStatement();
                ResultSet in =
                        query.executeQuery(
                                "select job, step, old_state, new_state, old_lease, new_lease, made from chaos_ledger order by seq")) {
            while (in.next()) {
                byte[] made = in.getBytes(7);
                all.add(
                        new Change(
                                in.getString(1),
                                in.getString(2),
                                in.getString(3),
                                in.getString(4),
                                in.getLong(5),
                                in.getLong(6),
                                made == null ? ByteString.EMPTY : ByteString.copyFrom(made)));
            }
        }
        return all;
    }
}
