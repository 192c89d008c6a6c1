/** Tests of the adapter {@code storage-gcs}, most of them against a protocol server, for want of a real one. */
@NullMarked
package io.maestro.adapter.storage.gcs;

import org.jspecify.annotations.NullMarked;
