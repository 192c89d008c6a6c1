/** Tests of the adapter {@code storage-s3}, most of them against a real S3 server. */
@NullMarked
package io.maestro.adapter.storage.s3;

import org.jspecify.annotations.NullMarked;
