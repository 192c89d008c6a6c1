package io.maestro.conformance.identity;

import io.maestro.adapter.spi.Secret;
import org.jspecify.annotations.Nullable;

/** How an instance of the sample is configured. */
record SampleConfiguration(
        String issuer,
        String clientId,
        Secret clientSecret,
        String audience,
        @Nullable Boolean login) {}
