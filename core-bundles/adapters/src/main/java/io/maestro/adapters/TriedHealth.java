package io.maestro.adapters;

import io.maestro.adapter.spi.Health;
import io.maestro.adapters.Opener.Candidate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the new versions of a rollout how they are, again and again, beside the thread that watches their calls: one that
 * takes long to say so must hold up nothing else. Platform threads of its own.
 */
final class TriedHealth {
    private static final long PAUSE_MILLIS = 1000;
    private static final int ASKING = 8;

    private final List<Tried> members;
    private final Opener opener;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().daemon().name("rollout-health").unstarted(this::ask);
    private volatile @Nullable Tried down;
    private volatile boolean asked;

    TriedHealth(List<Tried> members, Opener opener) {
        this.members = members;
        this.opener = opener;
    }

    void start() {
        thread.start();
    }

    /** One that has said twice in turn that it is down; null as long as there is none. */
    @Nullable
    Tried down() {
        return down;
    }

    /** Whether it is not known of each one that it is well: an answer is outstanding, or the last one was not good. */
    boolean isDoubtful() {
        return asked || members.stream().anyMatch(Tried::wasDown);
    }

    private void ask() {
        try (ExecutorService asking = Executors.newFixedThreadPool(
                ASKING, Thread.ofPlatform().daemon().name("rollout-health-", 0).factory())) {
            try {
                while (!end.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    round(asking);
                }
            } catch (InterruptedException e) {
                asking.shutdownNow();
            }
        }
    }

    private void round(ExecutorService asking) throws InterruptedException {
        List<Callable<Boolean>> questions = new ArrayList<>();
        for (Tried member : members) {
            Candidate candidate = member.candidate();
            if (candidate != null) {
                questions.add(() -> {
                    if (member.isDown(opener.health(candidate) instanceof Health.Down)) {
                        down = member;
                    }
                    return true;
                });
            }
        }
        asked = !questions.isEmpty();
        try {
            var _ = asking.invokeAll(questions);
        } finally {
            asked = false;
        }
    }

    /** Asks no more; who is being asked is not waited for. */
    void end() {
        end.countDown();
        thread.interrupt();
    }

    /** Whether nobody is being asked any more. */
    boolean hasEnded() {
        return !thread.isAlive();
    }

    /** Returns when nobody is being asked any more. */
    void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
