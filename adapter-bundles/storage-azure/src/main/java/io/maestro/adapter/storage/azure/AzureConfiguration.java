package io.maestro.adapter.storage.azure;

import io.maestro.adapter.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * How an instance is configured.
 *
 * @param endpoint address of the blob service without a path
 * @param account name of the storage account
 * @param accountKey signs the requests, in Base64
 * @param container name of the container
 * @param accountInPath whether the account stands in the path; false when null
 * @param prefix put before each key; none when null
 */
record AzureConfiguration(
        String endpoint,
        String account,
        Secret accountKey,
        String container,
        @Nullable Boolean accountInPath,
        @Nullable String prefix) {}
