package io.maestro.adapters;

import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node in a process of its own that does an act and stands still at one of its steps, to be killed there. */
final class DoomedNode {
    private static final long LIMIT_MINUTES = 3;

    private static final String REACHED = "reached ";

    private DoomedNode() {}

    /** Arguments: the name, the data folder, the database's address, user and password, the act, the step. */
    public static void main(String[] args) throws Exception {
        AtomicBoolean acting = new AtomicBoolean();
        PostgresDatabase database = EchoNode.open(args[2], args[3], args[4]);
        EchoNode node = new EchoNode(new TestHost(
                Path.of(args[1]), database, new MemorySecrets(), args[0], TwoNodesTest.PACE, step -> {
                    if (acting.get() && step.equals(args[6])) {
                        System.out.println(REACHED + step);
                        stand();
                    }
                }));
        var _ = node.host().instances().await(EchoNode.ACME, EchoNode.MAIN, EchoNode.PATIENCE);
        acting.set(true);
        CrashAct.valueOf(args[5]).run(node);
        // the last step is reached beside the answer
        stand();
    }

    private static void stand() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts one, and kills it with SIGKILL once it stands at its step. */
    static void dieAt(CrashAct act, String step, String name, Path data, TestDatabase database)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile("doomed", ".log");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DoomedNode.class.getName(),
                        name,
                        data.toString(),
                        database.url(),
                        database.user(),
                        database.password(),
                        act.name(),
                        step)
                .redirectError(log.toFile())
                .start();
        // one that never comes to its step has no more to say, and nobody would wait for it in vain
        Thread limit = Thread.startVirtualThread(() -> {
            try {
                if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null && !line.equals(REACHED + step)) {
                line = lines.readLine();
            }
            if (line == null) {
                throw new IOException("it ended before " + step + ": " + Files.readString(log));
            }
        } finally {
            limit.interrupt();
            process.destroyForcibly().waitFor();
            Files.delete(log);
        }
    }
}
