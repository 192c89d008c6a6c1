package io.maestro.rest;

import io.maestro.api.node.ReadinessCheck;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks all readiness checks at once, and waits two seconds for them at most. */
final class Readiness {
    private static final System.Logger LOG = System.getLogger(Readiness.class.getName());
    private static final long PATIENCE_SECONDS = 2;

    private final List<ReadinessCheck> checks;

    /** Asks those that are in {@code checks} at the time; other threads may change it. */
    Readiness(List<ReadinessCheck> checks) {
        this.checks = checks;
    }

    List<HealthResource.Check> checks() {
        List<ReadinessCheck> asked = List.copyOf(checks);
        List<HealthResource.Check> answers = new ArrayList<>();
        // not closed by try: that would wait for a check that hangs
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            List<Callable<HealthResource.Check>> questions = asked.stream()
                    .<Callable<HealthResource.Check>>map(check -> () -> ask(check))
                    .toList();
            List<Future<HealthResource.Check>> given = threads.invokeAll(questions, PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (int i = 0; i < asked.size(); i++) {
                answers.add(answer(asked.get(i), given.get(i)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            answers.add(new HealthResource.Check("node", "down", "the node is stopping"));
        } finally {
            threads.shutdownNow();
        }
        return answers;
    }

    private static HealthResource.Check ask(ReadinessCheck check) {
        return check.unready()
                .map(reason -> new HealthResource.Check(check.name(), "down", reason))
                .orElseGet(() -> new HealthResource.Check(check.name(), "up", null));
    }

    private static HealthResource.Check answer(ReadinessCheck check, Future<HealthResource.Check> given)
            throws InterruptedException {
        try {
            return given.get();
        } catch (CancellationException e) {
            return new HealthResource.Check(check.name(), "down", "the check did not answer in time");
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "the readiness check " + check.name() + " failed", e.getCause());
            return new HealthResource.Check(check.name(), "down", "the check failed; the log says more");
        }
    }
}
