package io.maestro.adapter.storage.gcs;

import io.maestro.adapter.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * How an instance is configured.
 *
 * @param bucket name of the bucket
 * @param serviceAccountKey the key file of a service account
 * @param endpoint address of the storage service without a path; Google's when null
 * @param tokenEndpoint where access tokens are had; Google's when null
 * @param prefix put before each key; none when null
 */
record GcsConfiguration(
        String bucket,
        Secret serviceAccountKey,
        @Nullable String endpoint,
        @Nullable String tokenEndpoint,
        @Nullable String prefix) {}
