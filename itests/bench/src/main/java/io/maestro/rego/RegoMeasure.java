package io.maestro.rego;

import io.maestro.rego.bundle.ActivePolicy;
import io.maestro.rego.bundle.Bundle;
import io.maestro.rego.bundle.BundleBuilder;
import io.maestro.rego.bundle.BundleKey;
import io.maestro.rego.bundle.BundleReader;
import io.maestro.rego.bundle.Limits;
import io.maestro.rego.bundle.Manifest;
import io.maestro.rego.bundle.Verification;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.lang.management.ManagementFactory;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Measures decisions of a pack of 200 rules. */
@SuppressWarnings("ArrayRecordComponent") // samples, never compared
public final class RegoMeasure {
    private static final int SAMPLES = 200_000;
    private static final long ROUND = 3_000_000_000L;
    private static final Instant NOW = Instant.parse("2026-01-27T12:00:00Z");

    private final Map<String, String> sources = LifecyclePack.sources();
    private final List<Question> questions = new ArrayList<>();
    private final Policy policy;
    private final Policy naive;

    /** Compiles the pack. */
    public RegoMeasure() {
        policy = compile();
        naive = policy.withoutIndex();
        ObjectValue data = LifecyclePack.data();
        for (Value input : LifecyclePack.inputs()) {
            questions.add(Question.at(NOW).withData(data).withInput(input));
        }
        for (Question question : questions) {
            if (!answer(policy, question).equals(answer(naive, question))) {
                throw new IllegalStateException("the index changes an answer");
            }
        }
    }

    private Policy compile() {
        return Rego.compile(sources, Capabilities.standard());
    }

    private static Value answer(Policy policy, Question question) {
        return Objects.requireNonNull(policy.evaluate(LifecyclePack.path(), question));
    }

    /** How many rules the pack has. */
    public int rules() {
        return policy.definitions();
    }

    /** Nanoseconds of single decisions: with the index, and without. */
    public record Samples(double[] indexed, double[] naive) {}

    /** Both in turn, after as many that are not counted. */
    public Samples decisions() {
        double[] indexed = new double[SAMPLES];
        double[] without = new double[SAMPLES];
        for (int round = 0; round < 2; round++) {
            for (int begin = 0; begin < SAMPLES; begin += 1_000) {
                time(policy, indexed, begin, 1_000);
                time(naive, without, begin, 1_000);
            }
        }
        return new Samples(indexed, without);
    }

    private void time(Policy asked, double[] nanos, int begin, int count) {
        for (int i = begin; i < begin + count; i++) {
            Question question = questions.get(i % questions.size());
            long start = System.nanoTime();
            Value answer = asked.evaluate(LifecyclePack.path(), question);
            nanos[i] = System.nanoTime() - start;
            if (answer == null) {
                throw new IllegalStateException("a decision is undefined");
            }
        }
    }

    /** Decisions per second on the wall, and per second in which each thread had a core. */
    public record Rates(double[] perSecond, double[] perCpuSecond) {}

    /** What threads make that share one policy, as fast as they can. */
    public Rates perSecond(int threads, int rounds) {
        double[] wall = new double[rounds];
        double[] cpu = new double[rounds];
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int round = -1; round < rounds; round++) {
                long start = System.nanoTime();
                List<CompletableFuture<Counted>> counts = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    counts.add(CompletableFuture.supplyAsync(() -> count(start + ROUND), executor));
                }
                List<Counted> counted =
                        counts.stream().map(CompletableFuture::join).toList();
                if (round >= 0) {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    wall[round] = counted.stream().mapToLong(Counted::decisions).sum() / seconds;
                    cpu[round] = counted.stream()
                            .mapToDouble(each -> each.decisions() / (each.cpuNanos() / 1e9))
                            .sum();
                }
            }
        }
        return new Rates(wall, cpu);
    }

    private record Counted(long decisions, long cpuNanos) {}

    private Counted count(long end) {
        long begin = cpuNanos();
        long count = 0;
        while (System.nanoTime() < end) {
            for (Question question : questions) {
                answer(policy, question);
                count++;
            }
        }
        return new Counted(count, cpuNanos() - begin);
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** Milliseconds of pushes: on the wall, and of the core that did the work. */
    public record Pushes(double[] wallMillis, double[] cpuMillis) {}

    /** From a signed bundle to an active policy that has passed its tests, after as many that are not counted. */
    public Pushes pushes(int times) throws GeneralSecurityException {
        double[] wall = new double[times];
        double[] cpu = new double[times];
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Verification verification = Verification.Signed.by(new BundleKey("bench", "EdDSA", pair.getPublic()));
        ActivePolicy active = new ActivePolicy("the bench's policy");
        for (int i = -times; i < times; i++) {
            Manifest manifest = new Manifest(Integer.toString(i + times), List.of(""), ObjectValue.EMPTY);
            byte[] archive = BundleBuilder.of(manifest, LifecyclePack.files())
                    .signed(new BundleKey("bench", "EdDSA", pair.getPrivate()), "")
                    .archive();
            long start = System.nanoTime();
            long begin = cpuNanos();
            Bundle bundle = BundleReader.read(archive, Limits.STANDARD, verification);
            active.activate(active.prepare(bundle, Capabilities.standard(), Question.at(NOW)));
            if (i >= 0) {
                wall[i] = (System.nanoTime() - start) / 1e6;
                cpu[i] = (cpuNanos() - begin) / 1e6;
            }
        }
        return new Pushes(wall, cpu);
    }

    /** Bytes on the heap of one compiled pack, as many share nothing but constants of the engine. */
    public double bytesPerPack() {
        int count = 40;
        List<Policy> packs = new ArrayList<>();
        long before = used();
        for (int i = 0; i < count; i++) {
            packs.add(compile());
        }
        long after = used();
        // they are asked afterwards, so that they are there until here
        packs.forEach(pack -> answer(pack, questions.getFirst()));
        return (double) (after - before) / count;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Bytes that one decision allocates. */
    public double bytesPerDecision() {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int times = 100;
        for (int i = 0; i < times; i++) {
            questions.forEach(question -> answer(policy, question));
        }
        return (double) (threads.getCurrentThreadAllocatedBytes() - before) / ((double) times * questions.size());
    }
}
