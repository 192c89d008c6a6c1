package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.Secret;

/** How an instance of the sample is configured. */
record SampleConfiguration(String endpoint, String place, Secret password) {}
