package io.maestro.http;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections whose sender trickles the head of a request: the idle timeout starts anew with each byte, so it
 * alone would let 16 KiB of headers take days. Looks around every few seconds on the connector's scheduler.
 */
final class SlowHeads extends AbstractLifeCycle {
    private static final long PERIOD_SECONDS = 5;
    private static final long HEAD_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final ServerConnector connector;
    private final Map<EndPoint, Head> heads = new HashMap<>();

    SlowHeads(ServerConnector connector) {
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
            scheduler.schedule(this::look, PERIOD_SECONDS, TimeUnit.SECONDS);
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
                    || before.bytes == connection.getBytesIn()) {
                heads.put(endPoint, new Head(now, messages, connection.getBytesIn()));
            } else if (now - before.since > HEAD_NANOS) {
                heads.remove(endPoint);
                endPoint.close();
            }
        }
        schedule();
    }
}
