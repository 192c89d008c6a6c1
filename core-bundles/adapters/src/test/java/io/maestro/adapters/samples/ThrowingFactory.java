package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;

/** Cannot be made. */
public final class ThrowingFactory implements AdapterFactory {
    /** Throws. */
    public ThrowingFactory() {
        throw new IllegalStateException("the licence is missing");
    }

    @Override
    public AdapterInstance open(AdapterContext context) {
        throw new UnsupportedOperationException();
    }
}
