package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import java.util.concurrent.CountDownLatch;

/** Is never made, and does not care for interrupts. */
public final class HangingFactory implements AdapterFactory {
    /** Hangs. */
    public HangingFactory() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // hangs in spite of it
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public AdapterInstance open(AdapterContext context) {
        throw new UnsupportedOperationException();
    }
}
