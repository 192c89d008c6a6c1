package io.maestro.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections that send no request after they were opened, and those whose sender trickles the head of one: the
 * idle timeout starts anew with each byte, so it alone would let 16 KiB of headers take days. Looks around every few
 * seconds on the connector's scheduler.
 */
final class SlowHeads extends AbstractLifeCycle {
    private final ServerConnector connector;
    private final Duration longest;
    private final Map<EndPoint, Head> heads = new HashMap<>();

    SlowHeads(ServerConnector connector, Duration longest) {
        this.longest = longest;
        this.connector = connector;
    }

    /** When a connection was last seen without a head under way, and what it had received then. */
    private record Head(long since, long messages, long bytes) {}

    @Override
    protected void doStart() {
        schedule();
    }

    private void schedule() {
        Scheduler scheduler = connector.getScheduler();
        if (scheduler != null && scheduler.isRunning()) {
            scheduler.schedule(this::look, longest.toMillis() / 4, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        if (!isRunning()) {
            return;
        }
        long now = System.nanoTime();
        heads.keySet().retainAll(connector.getConnectedEndPoints());
        for (EndPoint endPoint : connector.getConnectedEndPoints()) {
            Connection connection = endPoint.getConnection();
            if (connection == null) {
                continue;
            }
            Head before = heads.get(endPoint);
            long messages = connection.getMessagesIn();
            boolean betweenRequests = messages == connection.getMessagesOut();
            if (!betweenRequests
                    || before == null
                    || before.messages != messages
                    || (messages > 0 && before.bytes == connection.getBytesIn())) {
                heads.put(endPoint, new Head(now, messages, connection.getBytesIn()));
            } else if (now - before.since > longest.toNanos()) {
                heads.remove(endPoint);
                endPoint.close();
            }
        }
        schedule();
    }
}
