package io.maestro.testing.artifacts.demo;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;

/** Opens storage that says it is well and fails at every call. */
public final class UnfitFactory implements AdapterFactory {
    @Override
    public AdapterInstance open(AdapterContext context) {
        return new UnfitStorage();
    }
}
