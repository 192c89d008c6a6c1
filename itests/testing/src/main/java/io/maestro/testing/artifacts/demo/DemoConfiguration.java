package io.maestro.testing.artifacts.demo;

import io.maestro.adapter.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * What an instance of the demo adapter is configured with.
 *
 * @param greeting any text; {@code broken} makes the instance fail to open
 * @param password never shown
 */
public record DemoConfiguration(
        @Nullable String greeting, @Nullable Secret password) {}
