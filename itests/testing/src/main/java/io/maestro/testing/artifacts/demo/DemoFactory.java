package io.maestro.testing.artifacts.demo;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;

/** Opens storage that keeps its objects in memory; fails to open when it is configured so. */
public final class DemoFactory implements AdapterFactory {
    @Override
    public AdapterInstance open(AdapterContext context) {
        DemoConfiguration configuration = context.configuration(DemoConfiguration.class);
        if ("broken".equals(configuration.greeting())) {
            throw new IllegalStateException("configured to break");
        }
        return new DemoStorage(context.clock());
    }
}
