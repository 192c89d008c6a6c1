package io.maestro.rest;

import jakarta.ws.rs.core.Configuration;
import jakarta.ws.rs.core.FeatureContext;
import java.util.Map;

/** A place where nothing may be registered. */
final class NoFeatures implements FeatureContext {
    @Override
    public Configuration getConfiguration() {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext property(String name, Object value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext register(Class<?> type) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext register(Class<?> type, int priority) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext register(Class<?> type, Class<?>... contracts) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext register(Class<?> type, Map<Class<?>, Integer> contracts) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext register(Object component) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext register(Object component, int priority) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext register(Object component, Class<?>... contracts) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FeatureContext register(Object component, Map<Class<?>, Integer> contracts) {
        throw new UnsupportedOperationException();
    }
}
