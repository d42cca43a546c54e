package rookery.deploy.chaos;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// The network between one agent and the rest: a namespace with a pair of interfaces where this
/// user is root, else this machine's loopback. Parting it drops packets without a word, which no
/// closed socket does.
final class Net implements Ending {
    private static final int HOSTS = 50;
    private static final int NETS = 250;

    private final String space;
    private final String outside;
    private final boolean isOwn;
    private final AtomicBoolean hasEnded = new AtomicBoolean();

    private Net(String space, String outside, boolean isOwn) {
        this.space = space;
        this.outside = outside;
        this.isOwn = isOwn;
    }

    /// @param number of the agent, from 1 on
    static Net make(int number) throws InterruptedException {
        long pid = ProcessHandle.current().pid();
        String space = "rk" + pid + "-" + number;
        String link = "rk" + pid % 1_000_000 + "n" + number;
        String base = "10." + (200 + pid % HOSTS) + "." + (pid / HOSTS) % NETS + ".";
        String outside = base + 4 * number;
        try {
            outside = base + (4 * number + 1);
            Shell.run("ip", "netns", "add", space);
            Shell.run(
                    "ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns",
                    space);
            Shell.run("ip", "addr", "add", outside + "/30", "dev", link);
            Shell.run("ip", "link", "set", link, "up");
            in(space, "ip", "addr", "add", base + (4 * number + 2) + "/30", "dev", "eth0");
            in(space, "ip", "link", "set", "eth0", "up");
            in(space, "ip", "link", "set", "lo", "up");
            return new Net(space, outside, true);
        } catch (IOException e) {
            System.err.println(
                    "chaos: no network of its own for agent " + number + ": " + e.getMessage());
            try {
                Shell.run("ip", "netns", "del", space);
            } catch (IOException _) {
                // It never came to be.
            }
            return new Net("", "127.0.0.1", false);
        }
    }

    private static void in(String space, String... command)
            throws IOException, InterruptedException {
        String[] all = new String[command.length + 4];
        System.arraycopy(new String[] {"ip", "netns", "exec", space}, 0, all, 0, 4);
        System.arraycopy(command, 0, all, 4, command.length);
        Shell.run(all);
    }

    /// Whether it can be parted by the kernel.
    boolean isOwn() {
        return isOwn;
    }

    /// How this side is dialled from the agent's.
    String address() {
        return outside;
    }

    /// What a command begins with that is to run on the agent's side.
    List<String> prefix() {
        return isOwn ? List.of("ip", "netns", "exec", space) : List.of();
    }

    void part() throws IOException, InterruptedException {
        in(space, "iptables", "-I", "INPUT", "-i", "eth0", "-j", "DROP");
        in(space, "iptables", "-I", "OUTPUT", "-o", "eth0", "-j", "DROP");
    }

    void join() throws IOException, InterruptedException {
        in(space, "iptables", "-D", "INPUT", "-i", "eth0", "-j", "DROP");
        in(space, "iptables", "-D", "OUTPUT", "-o", "eth0", "-j", "DROP");
    }

    /// With the namespace its interfaces go.
    @Override
    public void end() throws InterruptedException {
        if (isOwn && !hasEnded.getAndSet(true)) Shell.attempt("ip", "netns", "del", space);
    }
}
