package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.DeletedObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.SignedUrl;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.CallerProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers with its label, after as long as it is asked to take. Counts its calls where every version can count. */
public final class WorkingStorage implements ObjectStorage {
    /** With what a call names itself behind it: how often it was made. */
    public static final String CALLED = "samples.called.";

    /** When a flaw showed for the first time, by {@link System#nanoTime}. */
    public static final String FLAWED = "samples.flawed";

    /** What burns does so until this is set. */
    public static final String QUENCHED = "samples.quenched";

    private static final int CHUNKS = 10;

    private final AdapterContext context;
    private final WorkingFactory.Settings settings;
    private final String label;
    private final String flaw;
    private final AtomicInteger calls = new AtomicInteger();

    /** Made here, since its class cannot be found any more once the bundle is taken out. */
    private final Health shut = new Health.Down("closed");

    private volatile boolean closed;

    WorkingStorage(AdapterContext context, WorkingFactory.Settings settings, String label, String flaw) {
        this.context = context;
        this.settings = settings;
        this.label = label;
        this.flaw = flaw;
    }

    @Override
    public Health health() {
        if (flaw.equals("down")) {
            return new Health.Down("it is out of order");
        }
        Secret password = settings.password();
        return closed
                ? shut
                : new Health.Degraded(label + " " + settings.greeting() + " " + settings.welcome() + " "
                        + (password == null ? "-" : password.reveal()));
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The prefix says how many milliseconds it takes, and behind a hyphen which call it is. */
    @Override
    public ObjectList list(CallContext call, ListObjects request) {
        requireOpen();
        String[] wanted = String.valueOf(request.prefix()).split("-", 2);
        if (wanted.length == 2) {
            System.getProperties().merge(CALLED + wanted[1], "1", (some, one) -> "" + some + one);
        }
        int number = calls.incrementAndGet();
        sleep(wanted[0].isEmpty() || wanted[0].equals("null") ? 0 : Integer.parseInt(wanted[0]));
        if (!flaw.isEmpty()) {
            flawed();
        }
        switch (flaw) {
            case "leak" -> leaveThreadBehind();
            case "errors" -> {
                if (number % 2 == 0) {
                    throw new IllegalStateException("a fault of the new version");
                }
            }
            case "slow" -> sleep(120);
            case "hang" -> sleep(20_000);
            case "hog" -> {
                long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                while (System.nanoTime() < end
                        && !closed
                        && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                }
            }
            case "burn" -> {
                // heeds no interrupt and no close
                while (System.getProperty(QUENCHED) == null) {
                    Thread.onSpinWait();
                }
            }
            case "permission" ->
                throw io.maestro.model.Problem.of(CallerProblem.INVALID_REQUEST, "not permitted", null)
                        .asException();
            default -> requireOpen();
        }
        String key = flaw.equals("wrong") ? "nonsense" : "answer";
        return new ObjectList(
                List.of(new ObjectList.Entry(key, 1, request.limit() == null ? "same" : label, Instant.EPOCH)), null);
    }

    static void flawed() {
        var _ = System.getProperties().putIfAbsent(FLAWED, Long.toString(System.nanoTime()));
    }

    /** One that nobody ends; that it ends by itself after a while is for the sake of the test's process. */
    private static void leaveThreadBehind() {
        var _ = Thread.ofPlatform().daemon().name("left-behind").start(() -> sleep(15_000));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("called after it was closed");
        }
    }

    private static void sleep(int millis) {
        try {
            var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Gives its bytes one by one and slowly. */
    @Override
    public OpenObject getObject(CallContext call, GetObject request) {
        requireOpen();
        StoredObject object = new StoredObject(request.key(), CHUNKS, label, "text/plain", Instant.EPOCH, Map.of());
        return new OpenObject(object, new InputStream() {
            private int given;

            @Override
            public int read() throws IOException {
                if (closed) {
                    throw new InterruptedIOException("closed in the middle of a stream");
                }
                if (given == CHUNKS) {
                    return -1;
                }
                given++;
                sleep(20);
                return 'x';
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int one = read();
                if (one < 0) {
                    return -1;
                }
                buffer[offset] = (byte) one;
                return 1;
            }
        });
    }

    @Override
    public StoredObject putObject(CallContext call, PutObject request, Content content) {
        throw new UnsupportedOperationException(String.valueOf(context.instance()));
    }

    @Override
    public DeletedObject deleteObject(CallContext call, DeleteObject request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SignedUrl signedUrl(CallContext call, SignUrl request) {
        throw new UnsupportedOperationException();
    }
}
