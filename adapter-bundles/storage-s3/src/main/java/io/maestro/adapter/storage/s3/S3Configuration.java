package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * How an instance is configured.
 *
 * @param endpoint address of the store without a path
 * @param region region of the bucket; {@code us-east-1} when null
 * @param bucket name of the bucket
 * @param accessKeyId names the credentials
 * @param secretAccessKey signs the requests
 * @param pathStyle whether the bucket stands in the path; true when null. If not, the endpoint's host names the bucket
 * @param prefix put before each key; none when null
 */
record S3Configuration(
        String endpoint,
        @Nullable String region,
        String bucket,
        String accessKeyId,
        Secret secretAccessKey,
        @Nullable Boolean pathStyle,
        @Nullable String prefix) {}
