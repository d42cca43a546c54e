package rookery.coordinator.trust;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Bounds what strangers cost. A connection is a stranger's until it has shown a certificate:
/// accepted -> (handshake) -> known, or anonymous. Too many under way and a new one is closed at
/// once; too many anonymous ones and the oldest makes place.
@ChannelHandler.Sharable
final class Connections extends ChannelInboundHandlerAdapter {
    /// Connections in all; handshakes under way (a farm of a thousand agents comes back at once);
    /// connections that showed no certificate, which people who join have for a moment.
    record Bounds(int all, int handshakes, int anonymous) {
        static final Bounds USUAL = new Bounds(16_384, 2_048, 128);
    }

    private final Bounds bounds;
    // All guarded by this.
    private final Map<SocketAddress, Channel> handshaking = new HashMap<>();
    private final Map<SocketAddress, Channel> anonymous = new LinkedHashMap<>();
    private int all;
    private long refused;

    Connections(Bounds bounds) {
        this.bounds = bounds;
    }

    /// A listening socket with this before everything else.
    NioServerSocketChannel socket() {
        var socket = new NioServerSocketChannel();
        socket.pipeline().addLast(this);
        return socket;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        var channel = (Channel) accepted;
        if (!accept(channel)) {
            channel.unsafe().closeForcibly(); // it belongs to no event loop yet
            return;
        }
        channel.closeFuture().addListener(_ -> closed(channel));
        context.fireChannelRead(accepted);
    }

    private synchronized boolean accept(Channel channel) {
        if (all >= bounds.all() || handshaking.size() >= bounds.handshakes()) {
            refused++;
            return false;
        }
        all++;
        handshaking.put(channel.remoteAddress(), channel);
        return true;
    }

    /// The handshake is over.
    synchronized void ready(@Nullable SocketAddress remote, boolean known) {
        Channel channel = remote == null ? null : handshaking.remove(remote);
        if (channel == null || known) return;
        anonymous.put(channel.remoteAddress(), channel);
        if (anonymous.size() <= bounds.anonymous()) return;
        Iterator<Channel> oldest = anonymous.values().iterator();
        Channel leaves = oldest.next();
        oldest.remove();
        refused++;
        // From the pipeline's head: HTTP/2's own handler would wait for the open streams to end.
        ChannelHandlerContext head = leaves.pipeline().firstContext();
        var _ = head == null ? leaves.close() : head.close();
    }

    private synchronized void closed(Channel channel) {
        all--;
        handshaking.values().remove(channel);
        anonymous.values().remove(channel);
    }

    /// How many were turned away.
    synchronized long refused() {
        return refused;
    }

    synchronized int all() {
        return all;
    }
}
