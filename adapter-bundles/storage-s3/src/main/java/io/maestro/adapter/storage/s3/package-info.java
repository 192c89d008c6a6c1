/**
 * The adapter {@code storage-s3}: objects in a bucket of an S3-compatible store.
 *
 * <p>Speaks S3's REST protocol over the host's HTTP client; the AWS SDK signs the requests. Nothing is held in memory but
 * the chunk on its way and, for content of unknown length, one part. Owns no thread, and tries nothing again that the store has answered.
 */
@NullMarked
package io.maestro.adapter.storage.s3;

import org.jspecify.annotations.NullMarked;
