package io.maestro.bench;

import io.maestro.adapters.CanaryMeasure;
import io.maestro.adapters.GuardedCallBenchmark;
import io.maestro.adapters.IndexLookUp;
import io.maestro.adapters.LeakMeasure;
import io.maestro.adapters.ReachMeasure;
import io.maestro.adapters.UpgradeMeasure;
import io.maestro.provenance.ReceiptsMeasure;
import io.maestro.provenance.ReceiptsMeasure.Work;
import io.maestro.rego.RegoMeasure;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.Population;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks that are asked for and prints the table. */
public final class Bench {
    private static final String SCOPE = "/api/tenants/acme/environments/prod/instances";

    private final Path distribution;
    private final Path karaf;
    private final Path work;
    private final PrintStream out;
    private final List<Figure> figures = new ArrayList<>();

    private Bench(Path distribution, Path karaf, Path work, PrintStream out) {
        this.distribution = distribution;
        this.karaf = karaf;
        this.work = work;
        this.out = out;
    }

    /**
     * Arguments: the folder of the distribution, the folder with Karaf, then the names of the benchmarks, or none for all:
     * {@code guard}, {@code index}, {@code boot}, {@code memory}, {@code drop}, {@code rest}, {@code receipts}, {@code rego},
     * {@code upgrades}, {@code canary}, {@code leaks}, {@code sizes}, {@code reach}, {@code console}, {@code storage}, {@code tokens},
     * {@code events}, {@code requests}.
     */
    public static void main(String[] args) throws Exception {
        List<String> wanted = List.of(args).subList(2, args.length);
        Path work = Files.createTempDirectory("maestro-bench");
        Bench bench = new Bench(Path.of(args[0]), Path.of(args[1]), work, System.out);
        bench.run("guard", wanted, bench::guard);
        bench.run("index", wanted, bench::index);
        bench.run("boot", wanted, bench::boot);
        bench.run("memory", wanted, bench::memory);
        bench.run("drop", wanted, bench::drop);
        bench.run("rest", wanted, bench::rest);
        bench.run("receipts", wanted, bench::receipts);
        bench.run("rego", wanted, bench::rego);
        bench.run("upgrades", wanted, bench::upgrades);
        bench.run("canary", wanted, bench::canary);
        bench.run("leaks", wanted, bench::leaks);
        bench.run("sizes", wanted, bench::sizes);
        bench.run("reach", wanted, bench::reach);
        bench.run("console", wanted, bench::console);
        bench.run("storage", wanted, bench::storage);
        bench.run("tokens", wanted, bench::tokens);
        bench.run("events", wanted, bench::events);
        bench.run("requests", wanted, bench::requests);
        bench.print();
        // the embedded PostgreSQL of the benchmarks ends with the process
        System.exit(0);
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    private void run(String name, List<String> wanted, Step step) {
        if (!wanted.isEmpty() && !wanted.contains(name)) {
            return;
        }
        out.println("… " + name);
        try {
            step.run();
        } catch (Exception e) {
            figures.add(Figure.missing(name, "", e.toString()));
        }
    }

    private void storage() throws Exception {
        figures.addAll(StorageMeasure.figures(
                Files.createDirectories(work.resolve("storage")), karaf.resolveSibling("peers/s3proxy.jar")));
    }

    private void tokens() throws Exception {
        figures.addAll(TokenMeasure.figures(Files.createDirectories(work.resolve("tokens"))));
    }

    private void events() throws Exception {
        figures.addAll(EventsMeasure.figures(
                distribution, Files.createDirectories(work.resolve("events")), TestPostgres.fresh()));
    }

    private void requests() throws Exception {
        figures.addAll(RequestsMeasure.figures(
                distribution, Files.createDirectories(work.resolve("requests")), TestPostgres.fresh()));
    }

    private void guard() throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(GuardedCallBenchmark.class.getName())
                        .jvmArgsAppend("-Djmh.executor=VIRTUAL")
                        .forks(3)
                        .threads(1)
                        .warmupIterations(3)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(5)
                        .measurementTime(TimeValue.seconds(1))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        Map<String, Double> medians = new HashMap<>();
        for (RunResult result : results) {
            medians.put(
                    result.getPrimaryResult().getLabel(),
                    result.getPrimaryResult().getStatistics().getPercentile(50) / 1000);
        }
        double direct = medians.getOrDefault("direct", Double.NaN);
        String how = "JMH sample time, virtual threads, 3 forks × 5 s";
        figures.add(Figure.beside("direct Java call, p50", direct, " µs", how));
        figures.add(Figure.atMost(
                "guarded call over direct call, p50",
                medians.getOrDefault("guarded", Double.NaN) - direct,
                2,
                " µs",
                how + ", difference of the medians"));
        figures.add(Figure.beside(
                "guarded call over a bare hop to a virtual thread, p50",
                medians.getOrDefault("guarded", Double.NaN) - medians.getOrDefault("hop", Double.NaN),
                " µs",
                how
                        + ", the same run; the hop alone takes %.2f µs"
                                .formatted(medians.getOrDefault("hop", Double.NaN))));
        figures.add(Figure.atMost(
                "guarded call, metrics on ÷ off, p50",
                medians.getOrDefault("guarded", Double.NaN) / medians.getOrDefault("guardedUnmetered", Double.NaN),
                1.3,
                "",
                how + ", the same run"));
        figures.add(Figure.beside(
                "guarded call by name, JSON to JSON, p50",
                medians.getOrDefault("guardedByName", Double.NaN),
                " µs",
                how));
    }

    private void index() throws Exception {
        IndexLookUp.Samples samples = IndexLookUp.measure(20_000, work.resolve("felix"));
        figures.add(Figure.atMost(
                "index look-up at 20,000 bindings, p99",
                Figure.percentile(samples.index(), 0.99) / 1000,
                1,
                " µs",
                "200,000 random look-ups, timer included; p50 " + Math.round(Figure.median(samples.index())) + " ns"));
        figures.add(Figure.beside(
                "registry filter look-up, p50",
                Figure.median(samples.registry()) / 1000,
                " µs",
                "300 random look-ups, same services, same run; p99 "
                        + Math.round(Figure.percentile(samples.registry(), 0.99) / 1000) + " µs"));
    }

    private void receipts() throws Exception {
        try (ReceiptsMeasure measure = new ReceiptsMeasure(TestPostgres.fresh(), work.resolve("receipts"))) {
            double[] sealed = measure.sealedPerSecond(5, 10_000);
            figures.add(Figure.atLeast(
                    "receipts sealed",
                    Figure.median(sealed),
                    5_000,
                    " /s",
                    "backlog of 10,000 facts, one tenant, Ed25519 each; median of " + sealed.length + ", worst "
                            + Math.round(Figure.percentile(sealed, 0.01)) + " /s"));
            Map<Work, String> works = new EnumMap<>(Map.of(
                    Work.ROW, "one row by a ready text, the worst case",
                    Work.ISSUE, "issue a token",
                    Work.ROTATE, "rotate a token"));
            for (Map.Entry<Work, String> work : works.entrySet()) {
                actsBesideOthers(measure.actsUnsealed(work.getKey(), 5), work.getValue() + ", not sealed", false);
            }
            measure.seal();
            for (Map.Entry<Work, String> work : works.entrySet()) {
                actsBesideOthers(
                        measure.actsSealed(work.getKey(), 5),
                        work.getValue() + ", sealed meanwhile on the same cores",
                        work.getKey() != Work.ROW);
            }
            double[] seconds = measure.verifySeconds(5, 10_000);
            figures.add(Figure.atMost(
                    "offline verification of 10,000 receipts",
                    Figure.median(seconds),
                    5,
                    " s",
                    "an export in memory; median of " + seconds.length));
            figures.add(Figure.atMost(
                    "signature through gRPC on loopback, p95",
                    Figure.percentile(measure.signMillis(3_000), 0.95),
                    5,
                    " ms",
                    "a signer process of its own, one call after another, verified"));
        }
    }

    private void actsBesideOthers(ReceiptsMeasure.Acts acts, String what, boolean aimed) {
        String how = "4 threads as fast as they can, in turn, 5 rounds of 1.5 s";
        figures.add(Figure.beside("without a fact: " + what, Figure.median(acts.without()), " /s", how));
        figures.add(Figure.beside("with its fact: " + what, Figure.median(acts.with()), " /s", how));
        String ratio = "with ÷ without: " + what;
        double median = Figure.median(acts.ratios());
        figures.add(aimed ? Figure.atLeast(ratio, median, 0.85, " ×", how) : Figure.beside(ratio, median, " ×", how));
    }

    private void rego() throws Exception {
        RegoMeasure measure = new RegoMeasure();
        String pack = measure.rules() + " rules, 96 inputs, 60 of them allowed";
        RegoMeasure.Samples samples = measure.decisions();
        double median = Figure.median(samples.indexed()) / 1000;
        figures.add(Figure.atMost("decision of a policy, p50", median, 10, " µs", pack + "; parsed input to value"));
        figures.add(Figure.atMost(
                "decision of a policy, p95",
                Figure.percentile(samples.indexed(), 0.95) / 1000,
                50,
                " µs",
                "the same samples; p99 " + Math.round(Figure.percentile(samples.indexed(), 0.99) / 1000) + " µs, "
                        + Math.round(measure.bytesPerDecision()) + " bytes allocated for each"));
        figures.add(Figure.beside(
                "the same without the index of rules, p50",
                Figure.median(samples.naive()) / 1000,
                " µs",
                "each definition tried, same run, in turn; p95 "
                        + Math.round(Figure.percentile(samples.naive(), 0.95) / 1000) + " µs"));
        figures.add(Figure.missing(
                "the same through opa-java-wasm 1.0.4",
                "",
                "needs the pack compiled to WebAssembly, which is not at hand"));
        RegoMeasure.Rates rates = measure.perSecond(2, 5);
        figures.add(Figure.atLeast(
                "decisions of two threads",
                Figure.median(rates.perCpuSecond()),
                100_000,
                " /s",
                "one policy, as fast as they can; for each second in which both had a core: others may use this "
                        + "machine. By the clock on the wall " + Math.round(Figure.median(rates.perSecond())) + " /s"));
        RegoMeasure.Pushes pushes = measure.pushes(40);
        figures.add(Figure.atMost(
                "push of a signed bundle to active policy, p50",
                Figure.median(pushes.cpuMillis()),
                100,
                " ms",
                "read, verified, compiled, its tests run and warmed, in a JVM that has done so before; time of a core, "
                        + Math.round(Figure.median(pushes.wallMillis()))
                        + " ms by the clock on the wall"));
        figures.add(Figure.atMost(
                "memory of a compiled pack", measure.bytesPerPack() / (1 << 20), 1, " MB", "40 of them on the heap"));
    }

    private void upgrades() throws Exception {
        int upgrades = Integer.getInteger("maestro.bench.upgrades", 50);
        Duration between = Duration.ofMillis(1500);
        UpgradeMeasure.Seen ours =
                UpgradeMeasure.measure(work.resolve("switched"), UpgradeMeasure.Way.SWITCH, upgrades, 200, between);
        UpgradeMeasure.Seen inPlace =
                UpgradeMeasure.measure(work.resolve("in-place"), UpgradeMeasure.Way.IN_PLACE, upgrades, 200, between);
        String how = upgrades + " upgrades of 4 tenants at once, " + ours.calls() + " calls of 1 ms to 2 s at 200 /s, "
                + ours.streams() + " streams";
        figures.add(Figure.atMost(
                "calls and streams that failed in upgrades",
                ours.failed(),
                0,
                "",
                how + (ours.failures().isEmpty() ? "" : "; " + ours.failures())));
        figures.add(Figure.atMost("calls that were made twice", ours.doubled(), 0, "", "the same calls"));
        double steady = Figure.percentile(ours.steady(), 0.99);
        double switching = Figure.percentile(ours.switching(), 0.99);
        figures.add(Figure.beside(
                "time of a call outside of upgrades, p99", steady, " ms", ours.steady().length + " calls"));
        figures.add(Figure.atMost(
                "time of a call in an upgrade ÷ outside, p99",
                switching / steady,
                2,
                " ×",
                ours.switching().length + " calls that began between an upgrade's begin and its answer; "
                        + Math.round(switching) + " ms"));
        double steadyBeyond = Figure.percentile(ours.steadyBeyond(), 0.99);
        double switchingBeyond = Figure.percentile(ours.switchingBeyond(), 0.99);
        figures.add(Figure.beside(
                "the same beyond what the adapter was asked to take, p99",
                switchingBeyond,
                " ms",
                String.format(
                        Locale.ROOT,
                        "outside of upgrades %.2f ms; p50 %.2f and %.2f ms",
                        steadyBeyond,
                        Figure.median(ours.switchingBeyond()),
                        Figure.median(ours.steadyBeyond()))));
        figures.add(Figure.atLeast(
                "upgrades in place that lost calls",
                100.0 * inPlace.losing() / inPlace.upgrades(),
                90,
                " %",
                inPlace.upgrades() + " upgrades by stop, replace, start under the same load, same run; "
                        + inPlace.failed() + " calls and streams failed, " + inPlace.doubled() + " were made twice"));
    }

    private void canary() throws Exception {
        int each = Integer.getInteger("maestro.bench.bad", 25);
        int good = Integer.getInteger("maestro.bench.good", 50);
        int tenants = Integer.getInteger("maestro.bench.tenants", 200);
        long begin = System.nanoTime();
        CanaryMeasure.Seen seen = CanaryMeasure.measure(
                work.resolve("canary"),
                tenants,
                8,
                each,
                good,
                said -> System.err.printf("  %4d s  %s%n", (System.nanoTime() - begin) / 1_000_000_000, said));
        double[] seconds = seen.seconds();
        long inTime = Arrays.stream(seconds).filter(one -> one <= 5).count();
        figures.add(Figure.atLeast(
                "bad versions that went back by themselves within 5 s",
                100.0 * inTime / seen.bad(),
                95,
                " %",
                "8 kinds × " + each + " over " + tenants
                        + " tenants, 8 of them in the canary, every fifth to go on to all; " + seconds.length
                        + " went back at all"));
        figures.add(Figure.beside(
                "from the first breach until all was back, p95",
                Figure.percentile(seconds, 0.95),
                " s",
                String.format(
                        Locale.ROOT,
                        "p50 %.2f s, longest %.2f s; from the first bad answer, or the first open that failed",
                        Figure.median(seconds),
                        Figure.percentile(seconds, 1))));
        seen.stopped().forEach((kind, took) -> {
            double[] back = took.stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(Double::isFinite)
                    .toArray();
            figures.add(Figure.beside(
                    "  " + kind + ", p50",
                    back.length == 0 ? Double.NaN : Figure.median(back),
                    " s",
                    back.length + " of " + took.size() + " went back; longest "
                            + (back.length == 0
                                    ? "-"
                                    : String.format(Locale.ROOT, "%.2f s", Figure.percentile(back, 1)))));
        });
        figures.add(Figure.atMost(
                "errors of tenants outside of the canary",
                seen.errorsOutside(),
                0,
                "",
                seen.callsOutside() + " calls of " + (tenants - 8) + " tenants meanwhile"));
        seen.naively()
                .forEach((kind, naive) -> figures.add(Figure.beside(
                        "  the same when everybody gets it at once: " + kind,
                        naive.errors(),
                        "",
                        naive.calls()
                                + " calls of the same tenants, until it was taken back after two seconds; same run")));
        figures.add(Figure.atMost(
                "good versions that went back",
                seen.falsely().size(),
                0,
                "",
                seen.good() + " good versions, every tenth to all tenants"
                        + (seen.falsely().isEmpty() ? "" : "; " + seen.falsely())));
    }

    private void leaks() throws Exception {
        int cycles = Integer.getInteger("maestro.bench.cycles", 200);
        LeakMeasure.Seen seen = LeakMeasure.measure(work.resolve("leaks"), 50, cycles);
        figures.add(Figure.atMost(
                "class loaders alive after upgrades",
                seen.alive(),
                0,
                "",
                cycles + " upgrades of one instance, up and back, of an adapter that behaves"));
        figures.add(Figure.atMost(
                "growth of the metaspace",
                100 * seen.growth(),
                5,
                " %",
                "in these, after 50 to warm up: from " + (seen.before() >> 10) + " to " + (seen.after() >> 10)
                        + " KB"));
    }

    private void sizes() throws Exception {
        Population population = new Population(
                Integer.getInteger("maestro.bench.adapters", 500),
                Integer.getInteger("maestro.bench.tenants", 1_000),
                Integer.getInteger("maestro.bench.bindings", 20_000));
        Sizes.Seen seen = new Sizes(distribution, work.resolve("sizes"), population, TestPostgres.fresh()).measure(3);
        String how = population.adapters() + " adapters, " + population.tenants() + " tenants × 3 environments, "
                + population.instances() + " instances";
        figures.add(Figure.beside(
                "admission of one adapter more, p95",
                Figure.percentile(seen.admissionMillis(), 0.95),
                " ms",
                "upload to answer, " + population.adapters() + " one after the other; p50 "
                        + Math.round(Figure.median(seen.admissionMillis())) + " ms"));
        figures.add(Figure.atMost(
                "warm boot of a full node to ready",
                Figure.median(seen.warmSeconds()),
                15,
                " s",
                how + "; median of " + Sizes.text(seen.warmSeconds()) + " s, of which processors worked "
                        + Sizes.text(seen.warmCpuSeconds()) + " s; the first boot on these rows "
                        + Sizes.text(new double[] {seen.firstSeconds()}) + " s"));
        figures.add(Figure.beside(
                "the same to all instances open, as a node that waits for them would be ready",
                Figure.median(seen.openSeconds()),
                " s",
                "same boots: " + Sizes.text(seen.openSeconds()) + " s, of which processors worked "
                        + Sizes.text(seen.openCpuSeconds()) + " s"));
        figures.add(Figure.beside(
                "first call of an instance of a node that has just become ready, p99",
                Figure.percentile(seen.callMillis(), 0.99),
                " ms",
                seen.callMillis().length + " calls through REST, those included that open their instance; p50 "
                        + Math.round(Figure.median(seen.callMillis())) + " ms; once all are open p50 "
                        + Math.round(Figure.median(seen.restedMillis())) + " ms, p99 "
                        + Math.round(Figure.percentile(seen.restedMillis(), 0.99)) + " ms"));
        figures.add(Figure.atMost(
                "heap of a full node",
                seen.heapMegabytes(),
                512,
                " MB",
                "alive after a collection, with -Xmx512m; resident " + Math.round(seen.residentMegabytes()) + " MB"));
        figures.add(Figure.atLeast(
                "instances of a full node that answer a call",
                seen.answered(),
                seen.callMillis().length,
                "",
                "spread evenly over all"));
        figures.add(Figure.atMost(
                "plan of an act on a full node, p95",
                Figure.percentile(seen.planMillis(), 0.95) / 1000,
                1,
                " s",
                seen.planMillis().length + " plans through REST: stop, configure, create, delete; p50 "
                        + Math.round(Figure.median(seen.planMillis())) + " ms"));
        IndexLookUp.Samples samples = IndexLookUp.measure(population.instances(), work.resolve("sizes-felix"));
        figures.add(Figure.atMost(
                "look-up of a binding among as many, p99",
                Figure.percentile(samples.index(), 0.99) / 1000,
                50,
                " µs",
                "200,000 random look-ups, timer included; the filter of the registry, same run: p99 "
                        + Math.round(Figure.percentile(samples.registry(), 0.99) / 1000) + " µs"));
    }

    private void reach() throws Exception {
        int adapters = Integer.getInteger("maestro.bench.adapters", 500);
        int acts = Integer.getInteger("maestro.bench.acts", 10_000);
        ReachMeasure.Seen seen = ReachMeasure.measure(work.resolve("reach"), adapters, acts);
        figures.add(Figure.atMost(
                "events of other bundles in acts on one adapter",
                (double) seen.strays(),
                0,
                "",
                seen.acts() + " starts and removals at random among " + adapters + " adapters"));
        figures.add(Figure.atMost(
                "other bundles in the refresh closures of these acts",
                (double) (seen.refreshed() + seen.disturbed()),
                0,
                "",
                "as the framework tells it before or after each"));
        figures.add(Figure.beside(
                "the same where adapters share packages, as in a plain framework",
                (double) seen.naiveRefreshed() / seen.naiveActs(),
                " for each act",
                seen.naiveActs() + " acts, ten adapters to a library, same run"));
    }

    private void console() throws Exception {
        Population population = new Population(
                Integer.getInteger("maestro.bench.adapters", 1_000),
                Integer.getInteger("maestro.bench.tenants", 1_000),
                Integer.getInteger("maestro.bench.bindings", 20_000));
        Path web = Path.of(System.getProperty("maestro.bench.console", "core-bundles/console/web"));
        figures.addAll(new ConsoleMeasure(distribution, work, web, population)
                .figures(
                        TestPostgres.fresh(),
                        Integer.getInteger("maestro.bench.loads", 5),
                        Integer.getInteger("maestro.bench.seconds", 240)));
    }

    private void boot() throws Exception {
        int runs = 9;
        TestDatabase database = TestPostgres.fresh();
        Path data = work.resolve("boot");
        Optional<Karaf> measure = Karaf.find(karaf);
        double[] ours = new double[runs];
        double[] theirs = new double[runs];
        for (int i = -2; i < runs; i++) {
            double boot;
            try (Server server = Server.start(distribution, data, database)) {
                boot = server.bootMillis();
            }
            double other = measure.isPresent() ? measure.get().boot() : Double.NaN;
            if (i >= 0) {
                ours[i] = boot / 1000;
                theirs[i] = other / 1000;
            }
        }
        double median = Figure.median(ours);
        figures.add(Figure.atMost(
                "boot to first 200 of /api/health/ready",
                median,
                2,
                " s",
                "process start to answer, used data folder, database running; median of " + runs + ", worst "
                        + Math.round(Figure.percentile(ours, 1) * 1000) + " ms"));
        if (measure.isEmpty()) {
            figures.add(Figure.missing(
                    "boot ÷ Karaf 4.4.8 boot", "≤ 0.50 ×", "needs a JDK 17 to 23 beside JDK 25 to run Karaf"));
            return;
        }
        double beside = Figure.median(theirs);
        figures.add(Figure.beside(
                "Apache Karaf 4.4.8 boot to its shell port",
                beside,
                " s",
                "used data folder, on " + measure.get().java() + " (it does not start on 25), in turn with ours"));
        figures.add(Figure.atMost("boot ÷ Karaf's boot", median / beside, 0.5, " ×", "ratio of the medians"));
    }

    private void memory() throws Exception {
        double[] megabytes = new double[3];
        for (int run = 0; run < megabytes.length; run++) {
            try (Server server = Server.start(distribution, work.resolve("memory-" + run), TestPostgres.fresh())) {
                server.done("POST", "/api/tenants", "{\"id\":\"acme\",\"displayName\":\"Acme\"}");
                await(() -> server.send("GET", "/api/adapters/storage-file/1.0.0", "")
                                .statusCode()
                        == 200);
                uploadS3(server);
                server.done("POST", SCOPE, instance("files", "storage-file", "{}"));
                server.done(
                        "POST",
                        SCOPE,
                        instance(
                                "s3",
                                "storage-s3",
                                "{\"endpoint\":\"http://127.0.0.1:9\",\"region\":\"us-east-1\",\"bucket\":\"bench\","
                                        + "\"accessKeyId\":\"a\",\"secretAccessKey\":\"s\"}"));
                for (int i = 0; i < 200; i++) {
                    server.done("POST", SCOPE + "/files/operations/list", "{}");
                }
                // one call through S3, which fails for want of a server, loads its client
                server.send("POST", SCOPE + "/s3/operations/list", "{}");
                megabytes[run] = server.residentMegabytes();
            }
        }
        figures.add(Figure.atMost(
                "resident memory with two adapters",
                Figure.median(megabytes),
                220,
                " MB",
                "VmRSS of the JVM after 200 calls, storage-file and storage-s3 open; median of " + megabytes.length));
    }

    private void uploadS3(Server server) throws Exception {
        try (Stream<Path> shipped = Files.list(distribution.resolve("adapters/signed"))) {
            Path jar = shipped.filter(file -> file.toString().contains("storage.s3"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("the distribution has no signed storage.s3"));
            Files.copy(jar, server.deploy().resolve("storage-s3.jar"));
        }
        await(() -> server.send("GET", "/api/adapters/storage-s3/1.0.0", "").statusCode() == 200);
    }

    private static String instance(String id, String adapter, String configuration) {
        return "{\"id\":\"" + id + "\",\"adapter\":\"" + adapter + "@1.0.0\",\"configuration\":" + configuration + "}";
    }

    private void drop() throws Exception {
        int runs = 20;
        TestPublisher publisher = TestPublisher.create("bench");
        byte[] payload = new byte[5 << 20];
        new Random(1).nextBytes(payload);
        double[] seconds = new double[runs];
        try (Server server = Server.start(distribution, work.resolve("drop"), TestPostgres.fresh())) {
            trust(server, publisher);
            server.done("POST", "/api/tenants", "{\"id\":\"acme\",\"displayName\":\"Acme\"}");
            for (int i = -2; i < runs; i++) {
                String name = "drop-" + (i + 2);
                byte[] jar = AdapterJar.storage(name, "1.0.0")
                        .entry("payload.bin", payload)
                        .signedBy(publisher);
                Path staged = Files.write(work.resolve(name + ".jar"), jar);
                long start = System.nanoTime();
                Files.copy(staged, server.deploy().resolve(name + ".jar"));
                await(() -> {
                    HttpResponse<String> made =
                            server.send("POST", SCOPE, instance(name, name, "{\"greeting\":\"hello\"}"));
                    return made.statusCode() == 201;
                });
                server.done("POST", SCOPE + "/" + name + "/operations/list", "{}");
                if (i >= 0) {
                    seconds[i] = (System.nanoTime() - start) / 1e9;
                }
            }
        }
        figures.add(Figure.atMost(
                "signed 5 MiB bundle, drop to first answered call, p95",
                Figure.percentile(seconds, 0.95),
                1,
                " s",
                runs + " bundles copied into deploy/; median " + Math.round(Figure.median(seconds) * 1000) + " ms"));
    }

    private static void trust(Server server, TestPublisher publisher) throws Exception {
        server.done(
                "POST",
                "/api/publishers",
                Server.json(Map.of("name", publisher.name(), "certificate", publisher.pem())));
    }

    private void rest() throws Exception {
        int rounds = 7;
        TestPublisher publisher = TestPublisher.create("bench-rest");
        try (Server server = Server.start(distribution, work.resolve("rest"), TestPostgres.fresh())) {
            trust(server, publisher);
            server.done("POST", "/api/tenants", "{\"id\":\"acme\",\"displayName\":\"Acme\"}");
            Path staged = Files.write(
                    work.resolve("rest-demo.jar"),
                    AdapterJar.storage("rest-demo", "1.0.0").signedBy(publisher));
            Files.copy(staged, server.deploy().resolve("rest-demo.jar"));
            await(() -> server.send("GET", "/api/adapters/rest-demo/1.0.0", "").statusCode() == 200);
            server.done("POST", SCOPE, instance("demo", "rest-demo", "{\"greeting\":\"hello\"}"));
            byte[] request = Load.post(SCOPE + "/demo/operations/list", server.token(), "{}");
            String answer = answer(server.port(), request);
            int barePort = Server.freePort();
            Process bare = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BareJetty.class.getName(),
                            Integer.toString(barePort),
                            answer)
                    .redirectErrorStream(true)
                    .redirectOutput(work.resolve("bare-jetty.log").toFile())
                    .start();
            try {
                await(() -> reachable(barePort));
                compare(server.port(), barePort, request, rounds);
            } finally {
                bare.destroy();
            }
        }
    }

    private void compare(int port, int barePort, byte[] request, int rounds) {
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        double[] ratios = new double[rounds];
        // a cold virtual machine is another matter than a busy one: a server runs for weeks
        Load.requestsPerSecond(port, request, 16, 40);
        Load.requestsPerSecond(barePort, request, 16, 15);
        for (int i = -1; i < rounds; i++) {
            double call = Load.requestsPerSecond(port, request, 16, 3);
            double plain = Load.requestsPerSecond(barePort, request, 16, 3);
            if (i >= 0) {
                ours[i] = call;
                theirs[i] = plain;
                ratios[i] = call / plain;
            }
        }
        String how = "16 keep-alive connections, same bytes both ways, in turn, " + rounds + " rounds of 3 s";
        figures.add(Figure.beside("REST call throughput", Figure.median(ours), " /s", how));
        figures.add(Figure.beside("bare Jetty handler throughput", Figure.median(theirs), " /s", how));
        figures.add(Figure.atLeast(
                "REST call ÷ bare Jetty handler", Figure.median(ratios), 0.5, " ×", "median of the rounds' ratios"));
    }

    private static String answer(int port, byte[] request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            return new String(Load.readAnswer(in), StandardCharsets.UTF_8);
        }
    }

    private static boolean reachable(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IOException("waited for 60 s in vain");
            }
            LockSupport.parkNanos(5_000_000);
        }
    }

    private void print() {
        out.printf("%n%-55s %14s %12s  %-4s %s%n", "what", "seen", "aim", "", "how");
        for (Figure figure : figures) {
            String mark = figure.aim().isEmpty() ? "" : figure.met() ? "met" : "MISS";
            out.printf("%-55s %14s %12s  %-4s %s%n", figure.what(), figure.seen(), figure.aim(), mark, figure.how());
        }
    }
}
