package io.maestro.bench;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.storage.s3.StorageS3Component;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.GeneratedContent;
import io.maestro.testing.peers.S3Proxy;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Puts and gets through the S3 adapter, in turn with the SDK of AWS alone, against the same server; and a stream that no heap holds. */
final class StorageMeasure {
    private static final String BUCKET = "bench";
    private static final int THREADS = 2;
    private static final int ROUNDS = 7;
    private static final int KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long LARGE = Long.getLong("maestro.bench.stream", 5 * 1024 * MIB);
    private static final long BETWEEN_LOOKS = 256 * MIB;

    private final List<Figure> figures = new ArrayList<>();

    /** Something that keeps objects. */
    private interface Store {
        void put(String key, byte[] bytes) throws IOException;

        long get(String key) throws IOException;
    }

    private record Through(ObjectStorage storage) implements Store {
        @Override
        public void put(String key, byte[] bytes) {
            var _ = storage.putObject(
                    call(),
                    PutObject.of(key),
                    new Content(new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length)));
        }

        @Override
        public long get(String key) throws IOException {
            try (OpenObject open = storage.getObject(call(), new GetObject(key))) {
                return open.content().transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    private record Bare(S3Client client) implements Store {
        @Override
        public void put(String key, byte[] bytes) {
            var _ = client.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
        }

        @Override
        public long get(String key) throws IOException {
            try (ResponseInputStream<?> open =
                    client.getObject(request -> request.bucket(BUCKET).key(key))) {
                return open.transferTo(OutputStream.nullOutputStream());
            }
        }
    }

    /** What one round of one store took. */
    @SuppressWarnings("ArrayRecordComponent") // read here, and nowhere else
    private record Round(double bytesPerSecond, double[] millis) {}

    private static CallContext call() {
        return new CallContext("bench", InstantSource.system().instant().plus(Duration.ofMinutes(10)), null);
    }

    static List<Figure> figures(Path work, Path jar) throws Exception {
        StorageMeasure measure = new StorageMeasure();
        try (S3Proxy server = S3Proxy.start(Files.createDirectories(work.resolve("s3")), jar)) {
            server.createBucket(BUCKET);
            Map<String, Object> configuration = Map.of(
                    "endpoint",
                    server.endpoint().toString(),
                    "bucket",
                    BUCKET,
                    "accessKeyId",
                    S3Proxy.ACCESS_KEY_ID,
                    "secretAccessKey",
                    S3Proxy.SECRET_ACCESS_KEY);
            try (TestAdapterContext context = new TestAdapterContext(work, configuration);
                    S3Client client = bare(server)) {
                ObjectStorage storage = (ObjectStorage) new StorageS3Component().open(context);
                Store through = new Through(storage);
                Store bare = new Bare(client);
                measure.beside(through, bare, 64 * KIB, 300);
                measure.beside(through, bare, (int) (8 * MIB), 16);
                measure.large(storage);
                storage.close();
            }
        }
        return measure.figures;
    }

    private static S3Client bare(S3Proxy server) {
        return S3Client.builder()
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(S3Proxy.ACCESS_KEY_ID, S3Proxy.SECRET_ACCESS_KEY)))
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .build();
    }

    private void beside(Store through, Store bare, int size, int objects) throws Exception {
        byte[] bytes = new byte[size];
        String what = size < MIB ? size / KIB + " KiB" : size / MIB + " MiB";
        for (String act : List.of("put", "get")) {
            List<Round> adapter = new ArrayList<>();
            List<Round> sdk = new ArrayList<>();
            double[] ratios = new double[ROUNDS];
            for (int round = -1; round < ROUNDS; round++) {
                boolean first = round % 2 == 0;
                Round one = round(first ? through : bare, first ? "a" : "b", act, bytes, objects);
                Round other = round(first ? bare : through, first ? "b" : "a", act, bytes, objects);
                if (round >= 0) {
                    adapter.add(first ? one : other);
                    sdk.add(first ? other : one);
                    ratios[round] =
                            adapter.getLast().bytesPerSecond() / sdk.getLast().bytesPerSecond();
                }
            }
            String how = objects + " objects a round, " + THREADS + " virtual threads, " + ROUNDS
                    + " rounds in turn with the SDK";
            figures.add(Figure.atLeast(
                    act + " of " + what + " by storage-s3 ÷ SDK of AWS, throughput",
                    Figure.median(ratios),
                    0.9,
                    "",
                    how + "; adapter " + told(adapter) + "; SDK " + told(sdk)));
        }
    }

    private static String told(List<Round> rounds) {
        double[] speeds = rounds.stream().mapToDouble(Round::bytesPerSecond).toArray();
        double[] millis = rounds.stream()
                .flatMapToDouble(round -> Arrays.stream(round.millis()))
                .toArray();
        return "%.0f MiB/s, p50 %.1f ms, p99 %.1f ms"
                .formatted(Figure.median(speeds) / MIB, Figure.median(millis), Figure.percentile(millis, 0.99));
    }

    private static Round round(Store store, String prefix, String act, byte[] bytes, int objects) throws Exception {
        double[] millis = new double[objects];
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int from = thread;
                running.add(threads.submit(() -> {
                    for (int i = from; i < objects; i += THREADS) {
                        long start = System.nanoTime();
                        String key = prefix + "-" + bytes.length + "-" + i;
                        if (act.equals("put")) {
                            store.put(key, bytes);
                        } else if (store.get(key) != bytes.length) {
                            throw new IllegalStateException(key + " is of another size");
                        }
                        millis[i] = (System.nanoTime() - start) / 1e6;
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                var _ = one.get();
            }
        }
        return new Round((double) bytes.length * objects / ((System.nanoTime() - begin) / 1e9), millis);
    }

    /** Of known length, put and got. What is alive is looked at again and again while it passes. */
    private void large(ObjectStorage storage) throws IOException {
        Watch watch = new Watch();
        long begin = System.nanoTime();
        try (InputStream content = watch.over(GeneratedContent.of(7, LARGE))) {
            var _ = storage.putObject(call(), PutObject.of("large"), new Content(content, OptionalLong.of(LARGE)));
        }
        double putSeconds = (System.nanoTime() - begin) / 1e9;
        begin = System.nanoTime();
        try (OpenObject open = storage.getObject(call(), new GetObject("large"));
                InputStream content = watch.over(open.content())) {
            if (content.transferTo(OutputStream.nullOutputStream()) != LARGE) {
                throw new IllegalStateException("it did not come whole");
            }
        }
        double getSeconds = (System.nanoTime() - begin) / 1e9;
        figures.add(Figure.atMost(
                "heap that a stream of " + LARGE / MIB + " MiB takes, put and get",
                watch.most / (double) MIB,
                64,
                " MiB",
                "most alive after a collection each %d MiB, over what was before; put %.0f s, get %.0f s"
                        .formatted(BETWEEN_LOOKS / MIB, putSeconds, getSeconds)));
    }

    /** Looks at the heap while a stream is read. */
    private static final class Watch {
        private final long before = alive();
        private long most;

        private static long alive() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        InputStream over(InputStream stream) {
            return new FilterInputStream(stream) {
                private long passed;

                @Override
                public int read(byte[] target, int offset, int length) throws IOException {
                    int read = super.read(target, offset, length);
                    long next = passed + Math.max(0, read);
                    if (next / BETWEEN_LOOKS > passed / BETWEEN_LOOKS) {
                        most = Math.max(most, alive() - before);
                    }
                    passed = next;
                    return read;
                }
            };
        }
    }
}
