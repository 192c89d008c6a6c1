package io.maestro.testing.artifacts.demo;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import java.util.concurrent.CountDownLatch;

/** Is never made: its constructor waits until it is interrupted. */
public final class HangingFactory implements AdapterFactory {
    /** Waits. */
    public HangingFactory() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at start", e);
        }
    }

    @Override
    public AdapterInstance open(AdapterContext context) {
        throw new IllegalStateException("never made");
    }
}
