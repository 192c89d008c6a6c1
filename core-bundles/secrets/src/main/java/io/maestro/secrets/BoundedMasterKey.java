package io.maestro.secrets;

import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A master key that may hang, as a device behind a network does: so many calls at a time, and none is waited for longer than
 * patience lasts. A call that was given up keeps its place until it ends, so that no more threads than that are ever stuck.
 */
final class BoundedMasterKey implements KeyManagement {
    static final Duration PATIENCE = Duration.ofSeconds(10);
    static final int AT_A_TIME = 8;

    private final KeyManagement key;
    private final Duration patience;
    private final Semaphore places;

    /** Platform threads: a native call would keep a carrier from all other virtual threads. */
    private final ThreadFactory threads =
            Thread.ofPlatform().daemon().name("master-key-", 0).factory();

    BoundedMasterKey(KeyManagement key, Duration patience, int atATime) {
        this.key = key;
        this.patience = patience;
        this.places = new Semaphore(atATime);
    }

    @Override
    public String id() {
        return key.id();
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] context) throws GeneralSecurityException {
        return bounded(() -> key.wrap(plain, context));
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws GeneralSecurityException {
        return bounded(() -> key.unwrap(wrapped, context));
    }

    private byte[] bounded(Callable<byte[]> work) throws GeneralSecurityException {
        long deadline = System.nanoTime() + patience.toNanos();
        FutureTask<byte[]> task = new FutureTask<>(work);
        try {
            if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new GeneralSecurityException("the calls before have not ended within " + patience);
            }
            start(task);
            return task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            task.cancel(true);
            throw new GeneralSecurityException("no answer within " + patience, e);
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new GeneralSecurityException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GeneralSecurityException expected) {
                throw expected;
            }
            throw new GeneralSecurityException("the key failed", e);
        }
    }

    private void start(FutureTask<byte[]> task) {
        boolean started = false;
        try {
            threads.newThread(() -> {
                        try {
                            task.run();
                        } finally {
                            places.release();
                        }
                    })
                    .start();
            started = true;
        } finally {
            if (!started) {
                places.release();
            }
        }
    }

    @Override
    public String toString() {
        return key.toString();
    }
}
