package io.maestro.adapters;

import io.maestro.adapters.Opener.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes back what a rollout has open. Calls go to the old versions at once; that the new ones drain and close is waited for by
 * nobody who has something else to do. Belongs to the thread of the rollout.
 */
final class RolloutEnd {
    private static final int CLOSING = 64;

    private final List<Tried> members;
    private final TriedHealth health;
    private final Opener opener;
    private final List<Left> left = new ArrayList<>();
    private @Nullable Thread closing;

    /** Whether calls of what is closed have no time left to end. */
    private volatile boolean hurry;

    /**
     * What nobody calls any more.
     *
     * @param patience how long its calls may take to end
     */
    private record Left(Candidate candidate, Duration patience) {}

    RolloutEnd(List<Tried> members, TriedHealth health, Opener opener) {
        this.members = members;
        this.health = health;
        this.opener = opener;
    }

    /** All calls go to the old versions from now on, and the new ones begin to be closed; waits for nothing. */
    void begin() {
        health.end();
        for (Tried member : members) {
            boolean hopeless = member.hasGivenUpCalls();
            Candidate candidate = member.detach();
            if (candidate != null) {
                left.add(new Left(candidate, hopeless ? Duration.ZERO : opener.patience()));
            }
        }
        if (closing == null && !left.isEmpty()) {
            List<Left> all = List.copyOf(left);
            closing = Thread.ofPlatform().daemon().name("rollout-close").start(() -> close(all));
        }
    }

    private void close(List<Left> all) {
        health.awaitEnd();
        // platform threads, as those of the runner; each waits for the calls of one
        ExecutorService closers = Executors.newFixedThreadPool(
                Math.min(CLOSING, all.size()),
                Thread.ofPlatform().daemon().name("rollout-close-", 0).factory());
        all.forEach(
                one -> closers.execute(() -> opener.discard(one.candidate(), hurry ? Duration.ZERO : one.patience())));
        closers.shutdown();
        try {
            var _ = closers.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            hurry = true;
            // those that have not begun hold sessions outside too: they are closed here, and none is dropped
            closers.shutdownNow().forEach(Runnable::run);
            closers.close();
        }
    }

    /** Takes all back, as above, and returns when it is closed; interrupted, it has the rest closed without patience. */
    void await() {
        begin();
        health.awaitEnd();
        Thread thread = closing;
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
