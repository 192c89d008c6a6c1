package io.maestro.testing.artifacts.demo;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;

/** Cannot be made. */
public final class FailingFactory implements AdapterFactory {
    /** Throws. */
    public FailingFactory() {
        throw new IllegalStateException("this adapter fails at start");
    }

    @Override
    public AdapterInstance open(AdapterContext context) {
        throw new IllegalStateException("never made");
    }
}
