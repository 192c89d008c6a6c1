package io.maestro.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;

/**
 * A way to an outside system on which things go wrong: it passes bytes on as they come, and does to each connection what is asked
 * for. Any thread. Close it after the test; that ends all its connections.
 */
public final class FaultyProxy implements AutoCloseable {
    private static final int CHUNK = 8192;
    private static final int WAITING = 50;

    private final ServerSocket socket;
    private final URI system;
    private final URI address;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicLong asked = new AtomicLong();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Fault fault = new None();

    /** What goes wrong. */
    public sealed interface Fault {}

    /** Nothing. */
    public record None() implements Fault {}

    /** Every answer takes so much longer. */
    public record Latency(Duration by) implements Fault {}

    /** The connection ends after so many bytes of a request; with a reset, or as if all was well. */
    public record CutRequest(long after, boolean reset) implements Fault {}

    /** The connection ends after so many bytes of an answer; with a reset, or as if all was well. */
    public record CutAnswer(long after, boolean reset) implements Fault {}

    /** After so many bytes of an answer nothing comes any more, and the connection stays. */
    public record Stall(long after) implements Fault {}

    /** After so many bytes of an answer they come one by one, with so much time between. */
    public record Trickle(long after, Duration every) implements Fault {}

    private FaultyProxy(URI system, ServerSocket socket, String origin) {
        this.system = system;
        this.socket = socket;
        this.address = URI.create(origin + ":" + socket.getLocalPort());
        Thread.ofVirtual().start(this::accept);
    }

    /** A way to what listens at host and port of this address; nothing goes wrong on it yet. */
    public static FaultyProxy to(URI system) throws IOException {
        return new FaultyProxy(
                system, new ServerSocket(0, WAITING, InetAddress.getLoopbackAddress()), "http://127.0.0.1");
    }

    /** The same at this address, for hosts that move. */
    public static FaultyProxy at(InetAddress address, int port, URI system) throws IOException {
        return new FaultyProxy(system, new ServerSocket(port, WAITING, address), "http://" + address.getHostAddress());
    }

    /**
     * A way to the same that is reached by TLS, at {@code localhost}.
     *
     * @param tls has the certificate that is shown
     */
    public static FaultyProxy to(URI system, SSLContext tls) throws IOException {
        return new FaultyProxy(
                system,
                tls.getServerSocketFactory().createServerSocket(0, WAITING, InetAddress.getLoopbackAddress()),
                "https://localhost");
    }

    /** Where to connect instead. */
    public URI address() {
        return address;
    }

    /** What goes wrong from now on; where something has gone wrong already, that stays. Bytes count from a connection's first one. */
    public void fault(Fault next) {
        fault = next;
    }

    /** How many connections were made. */
    public int connections() {
        return connections.get();
    }

    /** How many bytes of requests came. */
    public long asked() {
        return asked.get();
    }

    /** How many connections are open to whoever calls. */
    public int open() {
        return open.size();
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = socket.accept();
                connections.incrementAndGet();
                open.add(caller);
                Thread.ofVirtual().start(() -> serve(caller));
            }
        } catch (SocketException e) {
            // closed: the test is over
            over.countDown();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Socket caller) {
        try (caller;
                Socket far = new Socket(system.getHost(), system.getPort())) {
            caller.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread requests = Thread.ofVirtual().start(() -> passRequests(caller, far));
            passAnswers(far, caller);
            end(caller, false);
            end(far, false);
            requests.join();
        } catch (IOException e) {
            // one of the two has gone, and so does the other
            end(caller, false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(caller);
        }
    }

    private void passRequests(Socket caller, Socket far) {
        try {
            long passed = 0;
            byte[] chunk = new byte[CHUNK];
            InputStream from = caller.getInputStream();
            OutputStream to = far.getOutputStream();
            for (int length = from.read(chunk); length >= 0; length = from.read(chunk)) {
                asked.addAndGet(length);
                if (fault instanceof CutRequest cut && passed + length >= cut.after()) {
                    to.write(chunk, 0, (int) Math.max(0, cut.after() - passed));
                    end(far, true);
                    end(caller, cut.reset());
                    return;
                }
                to.write(chunk, 0, length);
                passed += length;
            }
        } catch (IOException e) {
            // as if whoever calls had gone
        }
        // who has nothing more to say wants nothing more
        end(far, false);
        end(caller, false);
    }

    private void passAnswers(Socket far, Socket caller) throws IOException, InterruptedException {
        InputStream from = far.getInputStream();
        OutputStream to = caller.getOutputStream();
        long passed = 0;
        byte[] chunk = new byte[CHUNK];
        for (int length = from.read(chunk); length >= 0; length = from.read(chunk)) {
            Fault now = fault;
            int soundly = (int) Math.min(length, Math.max(0, soundBytes(now) - passed));
            if (now instanceof Latency latency) {
                pause(latency.by());
            }
            to.write(chunk, 0, soundly);
            passed += soundly;
            if (passed >= soundBytes(now)) {
                switch (now) {
                    case CutAnswer cut -> {
                        end(caller, cut.reset());
                        return;
                    }
                    case Stall stall -> {
                        awaitEnd(caller);
                        return;
                    }
                    case Trickle trickle -> {
                        for (int i = soundly; i < length; i++) {
                            pause(trickle.every());
                            to.write(chunk, i, 1);
                        }
                    }
                    case None none -> throw new IllegalStateException("it ends nowhere");
                    case Latency latency -> throw new IllegalStateException("it ends nowhere");
                    case CutRequest cut -> throw new IllegalStateException("it ends no answer");
                }
            }
        }
    }

    private static long soundBytes(Fault now) {
        return switch (now) {
            case CutAnswer cut -> cut.after();
            case Stall stall -> stall.after();
            case Trickle trickle -> trickle.after();
            case None none -> Long.MAX_VALUE;
            case Latency latency -> Long.MAX_VALUE;
            case CutRequest cut -> Long.MAX_VALUE;
        };
    }

    /** Until whoever calls has given up, which the other direction notices, or the test is over. */
    private void awaitEnd(Socket caller) throws InterruptedException {
        while (!caller.isClosed() && over.getCount() > 0) {
            pause(Duration.ofMillis(20));
        }
    }

    private void pause(Duration length) throws InterruptedException {
        var _ = over.await(length.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void end(Socket one, boolean reset) {
        try (one) {
            if (reset) {
                one.setSoLinger(true, 0);
            }
        } catch (SocketException e) {
            // the other direction has ended it already
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        open.forEach(one -> end(one, true));
    }
}
